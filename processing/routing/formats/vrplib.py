"""VRPLIB instances: CVRP, VRPTW, PCVRPTW, MDVRPTW, HFVRP, MTVRPTWR, and ORTEC's with an explicit matrix.

The words of waste collection stand in for those of the literature: customers are containers, and as every vehicle
comes home empty, each depot has a facility, open always and at no time lost, where a trip ends. Trips are one for each
vehicle unless VEHICLES_RELOAD_DEPOT_SECTION lets them come back for more. Prizes are costs of leaving. Route
duration counts from a departure as late as possible. Where no number of vehicles is given, there are as many as
can be of use: two trips that fit into one vehicle together need no second one.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import numpy as np

from domain.planning import (
    ContainerTask,
    Depot,
    DisposalFacility,
    Matrix,
    PlanProblem,
    TimeWindow,
    Vehicle,
)
from domain.planning.sizes import MOST_LEG, MOST_TIME_S
from processing.routing.formats.best_known import BestKnown, best_known_beside
from processing.routing.formats.conventions import (
    HUNDREDTHS,
    Convention,
    convention_of,
    family_of,
    matrix_of,
)
from processing.routing.formats.instance import Instance, Scale
from processing.routing.formats.measures import Measure, Measures
from processing.routing.formats.nodes import Nodes, nodes_of
from processing.routing.formats.routes import RouteLayout, numbered
from processing.routing.formats.sections import Sections, split_sections
from processing.routing.formats.text import Source
from processing.routing.formats.vocabulary import refuse_unknown

DAY_START = datetime(2026, 1, 1, tzinfo=UTC)
GOODS = frozenset({"goods"})
MOST_VEHICLES = 20_000


def read_vrplib(source: Source, path: Path) -> Instance:
    """Read an instance of one of the families.

    Raises
    ------
    BadInstance
        If something is missing, unknown or contradicts itself; names file, line or section, and the remedy.
    """
    file = split_sections(source)
    refuse_unknown(file)
    family, convention = family_of(file), convention_of(file)
    nodes = nodes_of(file, convention)
    vehicles = _vehicles(file, nodes, convention)
    ways = _ways(file, nodes, convention)
    problem = PlanProblem(
        day_start=DAY_START,
        depots=tuple(Depot(id=_place(node), location=node) for node in nodes.depots),
        facilities=tuple(
            DisposalFacility(id=_place(node), location=node, service_s=0, fractions=GOODS)
            for node in nodes.depots
        ),
        vehicles=vehicles,
        containers=tuple(_container(node, nodes) for node in nodes.clients),
        distance_m=ways,
        duration_s=ways,
    )
    best = best_known_beside(path, needed=family == "HFVRP")
    scale = _scale(family, convention, best)
    measure = Measure(per=convention.factor)
    layout = RouteLayout(
        vehicles=tuple(vehicle.id for vehicle in vehicles),
        words=numbered(
            {str(node): str(node) for node in nodes.clients},
            {str(node): _place(node) for node in nodes.depots},
        ),
        final={vehicle.id: vehicle.end_depot for vehicle in vehicles},
        every_vehicle=family in ("MDVRPTW", "HFVRP"),
    )
    name = file.header.get("NAME") or path.stem
    return Instance(
        name=name,
        family=family,
        problem=problem,
        layout=layout,
        scale=scale,
        measures=Measures(distance=measure, time=measure),
        best_known=_whole(best.value) if scale.decimals == 0 else best.value,
        best_known_path=best.path,
        remarks=_remarks(path, family, scale, best),
    )


def read_ortec(source: Source, path: Path) -> Instance:
    """Read an instance of ORTEC's, and none of the other families.

    Raises
    ------
    BadInstance
        As `read_vrplib`, and if the file is of another family.
    """
    instance = read_vrplib(source, path)
    if instance.family != "ORTEC":
        problem = f"this is a {instance.family}, ORTEC's are VRPTW with an explicit matrix"
        source.fail("header", problem, "read it as vrplib")
    return instance


def _scale(family: str, convention: Convention, best: BestKnown) -> Scale:
    decimal = family == "HFVRP" and best.cost is not None and not best.cost.isdigit()
    return HUNDREDTHS if decimal else convention.scale


def _whole(value: float | None) -> float | None:
    return int(value) if value is not None and value.is_integer() else value


def _remarks(path: Path, family: str, scale: Scale, best: BestKnown) -> tuple[str, ...]:
    if best.remark is not None:
        return (best.remark,)
    if family == "HFVRP" and best.cost is None:
        beside = "" if best.path is None else f" such as {best.path.name}"
        remark = (
            f"{path}: there is no best-known solution{beside} that would show the scale of costs; they are"
        )
        return (f"{remark} {scale.unit}.",)
    return ()


def _container(node: int, nodes: Nodes) -> ContainerTask:
    window = None
    if nodes.windows is not None:
        window = TimeWindow(open_s=int(nodes.windows[node, 0]), close_s=int(nodes.windows[node, 1]))
    return ContainerTask(
        id=str(node),
        site=str(node),
        location=node,
        fraction="goods",
        demand_l=int(nodes.demand[node]),
        demand_kg=0,
        service_s=int(nodes.service[node]),
        required=nodes.prize is None,
        cost_of_leaving_ueur=0 if nodes.prize is None else int(nodes.prize[node]),
        windows=() if window is None else (window,),
        released_s=None if nodes.release is None else int(nodes.release[node]),
    )


def _vehicles(file: Sections, nodes: Nodes, convention: Convention) -> tuple[Vehicle, ...]:
    count = _vehicle_count(file, nodes)

    def each(name: str, otherwise: int, factor: int = 1) -> list[int]:
        if name not in file.sections:
            return [otherwise] * count
        return [int(value) for value in np.floor(file.column(name, count) * factor + 0.5)]

    first = nodes.depots[0] + 1
    capacity = file.integer("CAPACITY") if "CAPACITY_SECTION" not in file.sections else 0
    capacities = each("CAPACITY_SECTION", capacity)
    fixed = each("VEHICLES_FIXED_COST_SECTION", 0, convention.factor)
    unit = each("VEHICLES_UNIT_DISTANCE_COST_SECTION", 1)
    homes = each("VEHICLES_DEPOT_SECTION", first)
    reloads = "VEHICLES_RELOAD_DEPOT_SECTION" in file.sections
    for name, depots in (
        ("VEHICLES_DEPOT_SECTION", homes),
        ("VEHICLES_RELOAD_DEPOT_SECTION", each("VEHICLES_RELOAD_DEPOT_SECTION", first)),
    ):
        strange = sorted(set(depots) - {depot + 1 for depot in nodes.depots})
        if strange:
            file.source.fail(name, f"{strange[0]} is no depot", "use nodes of DEPOT_SECTION")
    limits = _limits(file, convention)
    return tuple(
        Vehicle(
            id=f"vehicle {index + 1}",
            start_depot=_place(homes[index] - 1),
            end_depot=_place(homes[index] - 1),
            capacity_l=capacities[index],
            capacity_kg=capacities[index],
            max_trips=max(1, len(nodes.clients)) if reloads else 1,
            fixed_cost_ueur=fixed[index],
            cost_per_m_ueur=unit[index],
            **_shift(nodes, homes[index] - 1),
            **limits,
        )
        for index in range(count)
    )


def _vehicle_count(file: Sections, nodes: Nodes) -> int:
    if "VEHICLES" in file.header:
        return file.integer("VEHICLES", 1, MOST_VEHICLES)
    if "CAPACITY_SECTION" in file.sections:
        return max(1, len(file.section("CAPACITY_SECTION").rows))
    capacity = max(1, file.integer("CAPACITY"))
    return max(1, min(len(nodes.clients), 2 * int(nodes.demand.sum()) // capacity + 1, MOST_VEHICLES))


def _shift(nodes: Nodes, depot: int) -> dict[str, Any]:
    if nodes.windows is None:
        begin, end = 0, MOST_TIME_S
    else:
        begin, end = int(nodes.windows[depot, 0]), int(nodes.windows[depot, 1])
    return {"shift_begin_s": begin, "regular_end_s": end, "latest_end_s": end}


def _limits(file: Sections, convention: Convention) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    for key, name in (
        ("VEHICLES_MAX_DURATION", "max_duration_s"),
        ("VEHICLES_MAX_DISTANCE", "max_distance_m"),
    ):
        if key in file.header:
            limits[name] = int(convention.integers(np.array([file.number(key)]))[0])
    if "max_duration_s" in limits:
        limits["flexible_begin"] = True
    return limits


def _ways(file: Sections, nodes: Nodes, convention: Convention) -> Matrix:
    """Distances, which are durations as well.

    Nobody drives from depot to depot, where another vehicle's facility might seem to lie on the way home.
    """
    ways = matrix_of(file, convention)
    for depot in nodes.depots:
        ways[depot, [other for other in nodes.depots if other != depot]] = MOST_LEG
    return cast(Matrix, ways)


def _place(node: int) -> str:
    return f"depot {node + 1}"
