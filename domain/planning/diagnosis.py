"""Why containers cannot be served: named constraints with the containers concerned.

Names beyond those of the evaluator: ``no_vehicle``, ``fleet_volume``, ``fleet_weight``, ``fleet_time`` (the required
containers together exceed what the fleet can do in the day) and ``fleet_busy`` (the container could be
served alone, but the tours leave no room for it).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from domain.planning.evaluate import evaluate_tour
from domain.planning.fleet import Vehicle
from domain.planning.problem import PlanProblem
from domain.planning.solution import Collect, PlannedTour, Unload
from domain.planning.tasks import ContainerTask


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """A constraint that cannot be met, the containers it concerns, and a sentence for people."""

    constraint: str
    containers: tuple[str, ...]
    message: str


def explain_infeasible(problem: PlanProblem) -> tuple[Diagnosis, ...]:
    """Reasons for which no plan can serve all required containers; empty if none is evident.

    Each container is tried alone, on every vehicle and with every facility; then the fleet is compared with
    what all required containers need together. The trial drives straight there: with travel times that
    break the triangle inequality a detour might do what the trial could not.
    """
    required = [task for task in problem.containers if task.required]
    alone = [*_explain_each(problem, required)]
    blocked = {name for diagnosis in alone for name in diagnosis.containers}
    rest = [task for task in required if task.id not in blocked]
    return (*alone, *_explain_together(problem, rest))


def explain_container(problem: PlanProblem, task: ContainerTask) -> tuple[str, str] | None:
    """Constraint and sentence for a container that nobody can serve even alone; None if somebody can."""
    facilities = [facility for facility in problem.facilities if task.fraction in facility.fractions]
    if not facilities:
        return "facility_fraction", f"no disposal facility accepts {task.fraction}"
    if not problem.vehicles:
        return "no_vehicle", "no vehicle has a shift"
    vehicles = [vehicle for vehicle in problem.vehicles if vehicle.carries(task.fraction)]
    if not vehicles:
        return "vehicle_fraction", f"no vehicle collects {task.fraction}"
    if all(vehicle.capacity_l < task.demand_l for vehicle in vehicles):
        most = max(vehicle.capacity_l for vehicle in vehicles)
        return "capacity_volume", f"{task.demand_l} l are more than any vehicle takes ({most} l)"
    if all(vehicle.capacity_kg < task.demand_kg for vehicle in vehicles):
        most = max(vehicle.capacity_kg for vehicle in vehicles)
        return "capacity_weight", f"{task.demand_kg} kg are more than any vehicle takes ({most} kg)"
    return _explain_trips(problem, task, vehicles, [facility.id for facility in facilities])


def _explain_trips(
    problem: PlanProblem, task: ContainerTask, vehicles: list[Vehicle], facilities: list[str]
) -> tuple[str, str] | None:
    met: Counter[tuple[str, str]] = Counter()
    for vehicle in vehicles:
        for facility in facilities:
            visits = (Collect(container=task.id), Unload(facility=facility))
            found = evaluate_tour(problem, PlannedTour(vehicle=vehicle.id, visits=visits)).violations
            if not found:
                return None
            met[(found[0].name, found[0].message)] += 1
    (name, message), _ = met.most_common(1)[0]
    return name, f"even alone on a tour: {message}"


def _explain_each(problem: PlanProblem, tasks: Iterable[ContainerTask]) -> Iterator[Diagnosis]:
    by_constraint: dict[str, list[tuple[str, str]]] = {}
    for task in tasks:
        reason = explain_container(problem, task)
        if reason is not None:
            by_constraint.setdefault(reason[0], []).append((task.id, reason[1]))
    for constraint, cases in by_constraint.items():
        yield Diagnosis(
            constraint=constraint,
            containers=tuple(name for name, _ in cases),
            message=f"{len(cases)} required containers cannot be served; {cases[0][0]}: {cases[0][1]}",
        )


def _explain_together(problem: PlanProblem, tasks: list[ContainerTask]) -> Iterator[Diagnosis]:
    shift_s = sum(vehicle.latest_end_s - vehicle.shift_begin_s for vehicle in problem.vehicles)
    work_s = sum(task.service_s for task in tasks)
    if work_s > shift_s:
        yield _fleet(
            "fleet_time", tasks, f"emptying alone takes {work_s} s, all shifts together last {shift_s} s"
        )
    yield from _explain_load(
        problem, tasks, "fleet_volume", "l", _volume_of, lambda vehicle: vehicle.capacity_l
    )
    yield from _explain_load(
        problem, tasks, "fleet_weight", "kg", _weight_of, lambda vehicle: vehicle.capacity_kg
    )


def _explain_load(
    problem: PlanProblem,
    tasks: list[ContainerTask],
    name: str,
    unit: str,
    demand_of: Callable[[ContainerTask], int],
    capacity_of: Callable[[Vehicle], int],
) -> Iterator[Diagnosis]:
    """Compare each fraction, then all together, with what the vehicles take in all their trips."""
    fractions = sorted({task.fraction for task in tasks})
    for group in [*([fraction] for fraction in fractions), fractions]:
        chosen = [task for task in tasks if task.fraction in group]
        carriers = [vehicle for vehicle in problem.vehicles if any(vehicle.carries(each) for each in group)]
        demand = sum(demand_of(task) for task in chosen)
        supply = sum(capacity_of(vehicle) * vehicle.max_trips for vehicle in carriers)
        if demand > supply:
            message = f"{demand} {unit} of {', '.join(group)} exceed the fleet's day of {supply} {unit}"
            yield _fleet(name, chosen, message)
            return


def _volume_of(task: ContainerTask) -> int:
    return task.demand_l


def _weight_of(task: ContainerTask) -> int:
    return task.demand_kg


def _fleet(constraint: str, tasks: list[ContainerTask], message: str) -> Diagnosis:
    return Diagnosis(constraint=constraint, containers=tuple(task.id for task in tasks), message=message)
