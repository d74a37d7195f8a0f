"""A planning problem as JSON and back, so that what was solved is kept with the plan and edits are judged by it."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from domain.planning.fleet import Vehicle
from domain.planning.places import Depot, DisposalFacility, TimeWindow
from domain.planning.problem import PlanProblem
from domain.planning.tasks import ContainerTask


def to_record(problem: PlanProblem) -> dict[str, Any]:
    """Return plain data for JSON; fractions are sorted lists."""
    record = {
        "day_start": problem.day_start.isoformat(),
        "depots": [asdict(depot) for depot in problem.depots],
        "facilities": [asdict(each) | {"fractions": sorted(each.fractions)} for each in problem.facilities],
        "vehicles": [
            asdict(each) | {"fractions": None if each.fractions is None else sorted(each.fractions)}
            for each in problem.vehicles
        ],
        "containers": [asdict(task) for task in problem.containers],
    }
    matrices = {"distance_m": problem.distance_m, "duration_s": problem.duration_s}
    return record | {name: [list(row) for row in matrix] for name, matrix in matrices.items()}


def from_record(record: dict[str, Any]) -> PlanProblem:
    """Return the problem that `to_record` wrote.

    Raises
    ------
    InvalidProblem
        If the record contradicts itself.
    """
    return PlanProblem(
        day_start=datetime.fromisoformat(record["day_start"]),
        depots=tuple(Depot(**each) for each in record["depots"]),
        facilities=tuple(
            DisposalFacility(
                **each | {"fractions": frozenset(each["fractions"]), "opening": _windows(each["opening"])}
            )
            for each in record["facilities"]
        ),
        vehicles=tuple(
            Vehicle(
                **each | {"fractions": None if each["fractions"] is None else frozenset(each["fractions"])}
            )
            for each in record["vehicles"]
        ),
        containers=tuple(
            ContainerTask(**each | {"windows": _windows(each["windows"])}) for each in record["containers"]
        ),
        distance_m=record["distance_m"],
        duration_s=record["duration_s"],
    )


def _windows(records: list[dict[str, int]]) -> tuple[TimeWindow, ...]:
    return tuple(TimeWindow(**each) for each in records)
