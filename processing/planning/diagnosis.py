"""Why a plan is not feasible, as data: constraint, containers and figures, to be said in any language."""

from collections.abc import Iterable, Sequence
from typing import Any

from domain.planning import (
    ContainerTask,
    Diagnosis,
    PlanEvaluation,
    PlanSolution,
    Vehicle,
    Violation,
    explain_infeasible,
)
from processing.planning.assemble import Assembled

NAMED = 5
"""Containers named in a sentence at most."""
NOT_OF_CONTAINERS = frozenset({"facility_closed", "unknown_facility"})
"""Violations whose subjects are facilities."""


def diagnose(assembled: Assembled, solution: PlanSolution, judged: PlanEvaluation) -> list[dict[str, Any]]:
    """Every reason for which the plan is not feasible; nothing if it is.

    First why required containers are left, then whatever else the evaluator found broken.
    """
    left = _left(assembled, solution)
    broken = [each for each in judged.violations if not (left and each.name == "required_unserved")]
    return [
        *(_entry(assembled, each.constraint, each.containers, each.message) for each in left),
        *(_broken(assembled, each) for each in broken),
    ]


def _left(assembled: Assembled, solution: PlanSolution) -> list[Diagnosis]:
    """Why required containers are left: not servable by anyone, lacks of the fleet, the rest by constraint."""
    left = solution.unserved_required
    if not left:
        return []
    found = list(explain_infeasible(assembled.problem))
    explained = {
        name for each in found if not each.constraint.startswith("fleet") for name in each.containers
    }
    rest: dict[str, list[str]] = {}
    for item in left:
        if item.container not in explained:
            rest.setdefault(item.constraint, []).append(item.container)
    found += [
        Diagnosis(
            constraint=constraint,
            containers=tuple(names),
            message=next(item.explanation for item in left if item.container == names[0]),
        )
        for constraint, names in rest.items()
    ]
    return found


def _broken(assembled: Assembled, violation: Violation) -> dict[str, Any]:
    subjects = () if violation.name in NOT_OF_CONTAINERS else violation.subjects
    concerned = tuple(name for name in subjects if name in assembled.tasks)
    return _entry(assembled, violation.name, concerned, violation.message, violation.vehicle)


def _entry(
    assembled: Assembled, constraint: str, containers: Sequence[str], message: str, vehicle: str | None = None
) -> dict[str, Any]:
    problem = assembled.problem
    tasks = [each for each in problem.containers if each.id in set(containers)]
    carriers = [
        each
        for each in problem.vehicles
        if (vehicle is None or each.id == vehicle) and any(each.carries(task.fraction) for task in tasks)
    ]
    named = [assembled.tasks[each].bin.name for each in containers]
    return {
        "constraint": constraint,
        "containers": [int(name) for name in containers],
        "names": named,
        "fractions": sorted({task.fraction for task in tasks}),
        "detail": f"{_few(named)}: {message}" if named else message,
    } | _figures(constraint, tasks, carriers, together=vehicle is not None)


def _figures(
    constraint: str, tasks: Sequence[ContainerTask], vehicles: Sequence[Vehicle], *, together: bool
) -> dict[str, Any]:
    """What is needed and what there is; nothing if the constraint has no figures."""
    if not tasks or not vehicles:
        return {}
    in_all = sum if together else max
    match constraint:
        case "capacity_volume":
            return _figure(in_all(_litres(tasks)), max(each.capacity_l for each in vehicles), "l")
        case "capacity_weight":
            return _figure(in_all(_kilograms(tasks)), max(each.capacity_kg for each in vehicles), "kg")
        case "fleet_volume":
            return _figure(
                sum(_litres(tasks)), sum(each.capacity_l * each.max_trips for each in vehicles), "l"
            )
        case "fleet_weight":
            day_kg = sum(each.capacity_kg * each.max_trips for each in vehicles)
            return _figure(sum(_kilograms(tasks)), day_kg, "kg")
        case "fleet_time":
            shifts_s = sum(each.latest_end_s - each.shift_begin_s for each in vehicles)
            return _figure(sum(task.service_s for task in tasks), shifts_s, "s")
    return {}


def _figure(needed: int, available: int, unit: str) -> dict[str, Any]:
    """The figures, unless they would contradict the constraint: then it is met by something else."""
    return {"needed": needed, "available": available, "unit": unit} if needed > available else {}


def _litres(tasks: Iterable[ContainerTask]) -> list[int]:
    return [task.demand_l for task in tasks]


def _kilograms(tasks: Iterable[ContainerTask]) -> list[int]:
    return [task.demand_kg for task in tasks]


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(names[:NAMED])
    return f"{shown} and {len(names) - NAMED} more" if len(names) > NAMED else shown
