"""Read CVRP instances of the X family (VRPLIB text) as planning problems."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from domain.planning import ContainerTask, Depot, DisposalFacility, PlanProblem, Vehicle

HORIZON_S = 1 << 28


@dataclass(frozen=True, kw_only=True)
class Instance:
    """A named problem with the best cost known for it."""

    name: str
    problem: PlanProblem
    best_known: int


def read_cvrp(path: Path) -> Instance:
    """The instance and, beside it, its best-known cost from the file ending in ``.sol``."""
    header: dict[str, str] = {}
    places: list[tuple[int, int]] = []
    demands: list[int] = []
    section = ""
    for line in path.read_text().splitlines():
        words = line.replace(":", " : ").split()
        if not words:
            continue
        if len(words) == 1 and not words[0].lstrip("-").isdigit():
            section = words[0]
        elif len(words) > 2 and words[1] == ":":
            header[words[0]] = " ".join(words[2:])
        elif section == "NODE_COORD_SECTION":
            places.append((int(words[1]), int(words[2])))
        elif section == "DEMAND_SECTION":
            demands.append(int(words[1]))
    solution = path.with_suffix(".sol").read_text().split()
    problem = _problem(places, demands, int(header["CAPACITY"]))
    return Instance(name=path.stem, problem=problem, best_known=int(float(solution[-1])))


def _problem(places: list[tuple[int, int]], demands: list[int], capacity: int) -> PlanProblem:
    metres = [[math.floor(math.dist(a, b) + 0.5) for b in places] for a in places]
    fleet = math.ceil(sum(demands) / capacity) + 5 + len(demands) // 100
    return PlanProblem(
        day_start=datetime(2026, 1, 1, tzinfo=UTC),
        depots=(Depot(id="depot", location=0),),
        facilities=(DisposalFacility(id="unload", location=0, service_s=0, fractions=frozenset({"goods"})),),
        vehicles=tuple(_vehicle(number, capacity) for number in range(fleet)),
        containers=tuple(_container(number, demand) for number, demand in enumerate(demands) if number),
        distance_m=metres,
        duration_s=metres,
    )


def _vehicle(number: int, capacity: int) -> Vehicle:
    return Vehicle(
        id=f"vehicle {number}",
        start_depot="depot",
        end_depot="depot",
        shift_begin_s=0,
        regular_end_s=HORIZON_S,
        latest_end_s=HORIZON_S,
        capacity_l=capacity,
        capacity_kg=capacity,
        max_trips=1,
        cost_per_m_ueur=1,
    )


def _container(number: int, demand: int) -> ContainerTask:
    return ContainerTask(
        id=str(number),
        site=str(number),
        location=number,
        fraction="goods",
        demand_l=demand,
        demand_kg=0,
        service_s=0,
    )
