"""Why containers cannot be served: named constraints with the containers concerned.

Names beyond those of the evaluator: ``no_vehicle``; ``fleet_volume``, ``fleet_weight``, ``fleet_time``,
``fleet_stops`` (required containers together exceed what the vehicles that may serve them can do in the plan); and
``fleet_busy`` (the container could be served alone, but the tours leave no room for it). ``facility_volume`` and
``facility_weight`` also say that all facilities together take too little.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from domain.planning.fleet import Vehicle
from domain.planning.limits import why_not
from domain.planning.places import DisposalFacility
from domain.planning.problem import PlanProblem
from domain.planning.supply import explain_together
from domain.planning.tasks import ContainerTask
from domain.planning.trial import serve_alone

Reason = tuple[str, str]
"""Name of a constraint, and a sentence."""


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
    required = [task for task in problem.containers if problem.lookup.is_required(task)]
    alone = [*_explain_each(problem, required), *_explain_choices(problem)]
    blocked = {name for diagnosis in alone for name in diagnosis.containers}
    rest = [task for task in required if task.id not in blocked]
    together = (
        Diagnosis(constraint=name, containers=containers, message=message)
        for name, containers, message in explain_together(problem, rest)
    )
    return (*alone, *together)


def explain_container(problem: PlanProblem, task: ContainerTask) -> Reason | None:
    """Constraint and sentence for a container that nobody can serve even alone; None if somebody can.

    A container of a sequence is tried with the whole of it, one of a fixed tour is served by that tour.
    """
    if any(task.id in tour.containers for tour in problem.fixed):
        return None
    facilities = [facility for facility in problem.facilities if task.fraction in facility.fractions]
    if not facilities:
        return "facility_fraction", f"no disposal facility accepts {task.fraction}"
    if not problem.vehicles:
        return "no_vehicle", "no vehicle has a shift"
    vehicles = [vehicle for vehicle in problem.vehicles if vehicle.carries(task.fraction)]
    if not vehicles:
        return "vehicle_fraction", f"no vehicle collects {task.fraction}"
    vehicles, reason = _eligible(problem, task, vehicles)
    return (
        reason
        or _explain_capacity(task, vehicles)
        or _explain_facilities(task, facilities)
        or _explain_trips(problem, task, vehicles, [facility.id for facility in facilities])
    )


def _eligible(
    problem: PlanProblem, task: ContainerTask, vehicles: list[Vehicle]
) -> tuple[list[Vehicle], Reason | None]:
    """The vehicles that may serve it; if there are none, the reason that most of them have."""
    fixed = {tour.vehicle for tour in problem.fixed}
    met: Counter[str] = Counter()
    sentence: dict[str, str] = {}
    able = []
    for vehicle in vehicles:
        reason = why_not(vehicle, task)
        if reason is None and vehicle.id in fixed:
            reason = "fixed_changed", f"the tour of {vehicle.id} is fixed without {task.id}"
        if reason is None:
            able.append(vehicle)
        else:
            met[reason[0]] += 1
            sentence.setdefault(*reason)
    if able:
        return able, None
    name, count = met.most_common(1)[0]
    return [], (name, f"no vehicle may serve it; {count} of {len(vehicles)} like this: {sentence[name]}")


def _explain_capacity(task: ContainerTask, vehicles: Sequence[Vehicle]) -> Reason | None:
    """What is too much for every vehicle, for a trip or for the day."""
    kinds: tuple[tuple[str, str, int, Callable[[Vehicle], int | None]], ...] = (
        ("capacity_volume", "l", task.demand_l, lambda each: each.capacity_l),
        ("capacity_weight", "kg", task.demand_kg, lambda each: each.capacity_kg),
        ("chamber_volume", "l", task.demand_l, lambda each: _chamber_of(each, task)[0]),
        ("chamber_weight", "kg", task.demand_kg, lambda each: _chamber_of(each, task)[1]),
        ("day_volume", "l", task.demand_l, lambda each: each.day_capacity_l),
        ("day_weight", "kg", task.demand_kg, lambda each: each.day_capacity_kg),
    )
    if any(all(_takes(of(vehicle), demand) for _, _, demand, of in kinds) for vehicle in vehicles):
        return None
    for name, unit, demand, capacity_of in kinds:
        takes = [capacity_of(vehicle) for vehicle in vehicles]
        most = max((each for each in takes if each is not None), default=0)
        if None not in takes and demand > most:
            return name, f"{demand} {unit} are more than any vehicle takes ({most} {unit})"
    return None


def _takes(capacity: int | None, demand: int) -> bool:
    return capacity is None or demand <= capacity


def _chamber_of(vehicle: Vehicle, task: ContainerTask) -> tuple[int | None, int | None]:
    number = vehicle.chamber_of(task.fraction)
    if number is None:
        return None, None
    return vehicle.chambers[number].capacity_l, vehicle.chambers[number].capacity_kg


def _explain_facilities(task: ContainerTask, facilities: Sequence[DisposalFacility]) -> Reason | None:
    """What is too much for every facility's day."""
    for name, unit, demand, takes in (
        ("facility_volume", "l", task.demand_l, [each.capacity_l for each in facilities]),
        ("facility_weight", "kg", task.demand_kg, [each.capacity_kg for each in facilities]),
    ):
        most = max((each for each in takes if each is not None), default=0)
        if None not in takes and demand > most:
            return name, f"{demand} {unit} are more than any facility takes in a day ({most} {unit})"
    return None


def _explain_trips(
    problem: PlanProblem, task: ContainerTask, vehicles: list[Vehicle], facilities: list[str]
) -> Reason | None:
    together = next((each for each in problem.sequences if task.id in each), (task.id,))
    met: Counter[Reason] = Counter()
    for vehicle in vehicles:
        for facility in facilities:
            found = serve_alone(problem, vehicle, together, facility).violations
            if not found:
                return None
            met[found[0].name, found[0].message] += 1
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


def _explain_choices(problem: PlanProblem) -> Iterator[Diagnosis]:
    """Required choices each of whose options has a container that nobody can serve."""
    for choice in problem.choices:
        if not choice.required:
            continue
        tasks = {name: problem.lookup.containers[name] for name in choice.containers}
        reasons = {name: explain_container(problem, task) for name, task in tasks.items()}
        stops = [next((name for name in option if reasons[name]), None) for option in choice.options]
        if all(stops):
            cases = [f"{name}: {reason[1]}" for name in stops if name and (reason := reasons[name])]
            yield Diagnosis(
                constraint="choice_unserved",
                containers=choice.containers,
                message=f"no option of choice {choice.id} can be carried out; {cases[0]}",
            )
