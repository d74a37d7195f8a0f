"""What required containers need together, compared with what the vehicles and facilities can do in the whole plan.

Every bound here is generous: what exceeds it can be in no plan, what keeps to it may still not fit.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from domain.planning.fleet import Vehicle
from domain.planning.limits import why_not
from domain.planning.places import DisposalFacility
from domain.planning.problem import PlanProblem
from domain.planning.tasks import ContainerTask

Finding = tuple[str, tuple[str, ...], str]
"""Constraint, containers, sentence."""


def explain_together(problem: PlanProblem, required: Sequence[ContainerTask]) -> Iterator[Finding]:
    """Each lack once, for the first group of containers that has it.

    Groups are the containers of one fraction, those that ask for the same skills, vehicles or days, and all.
    """
    fixed_vehicles = {tour.vehicle for tour in problem.fixed}
    fixed = {name for tour in problem.fixed for name in tour.containers}
    tasks = [task for task in required if task.id not in fixed]
    vehicles = [vehicle for vehicle in problem.vehicles if vehicle.id not in fixed_vehicles]
    groups = [(title, group, _able(group, vehicles)) for title, group in _groups(tasks)]
    for find in (_time, _volume, _weight, _stops):
        yield from _first(find(*group) for group in groups)
    for find_facility in (_facility_volume, _facility_weight):
        yield from _first(find_facility(title, group, problem) for title, group, _ in groups)


def _first(findings: Iterable[Finding | None]) -> Iterator[Finding]:
    for finding in findings:
        if finding is not None:
            yield finding
            return


def _groups(tasks: Sequence[ContainerTask]) -> Iterator[tuple[str, list[ContainerTask]]]:
    """Title and containers of each group, the whole last."""
    keys: tuple[Callable[[ContainerTask], str], ...] = (
        lambda task: task.fraction,
        lambda task: f"what needs {_listed(task.skills)}" if task.skills else "",
        lambda task: f"what only {_listed(task.vehicles)} may serve" if task.vehicles is not None else "",
        lambda task: f"what is due on day {_listed(task.days)}" if task.days is not None else "",
    )
    for key in keys:
        for title in sorted({title for task in tasks if (title := key(task))}):
            yield title, [task for task in tasks if key(task) == title]
    if tasks:
        yield ", ".join(sorted({task.fraction for task in tasks})), list(tasks)


def _able(tasks: Sequence[ContainerTask], vehicles: Iterable[Vehicle]) -> list[Vehicle]:
    """Vehicles that may serve at least one of these."""
    return [
        vehicle
        for vehicle in vehicles
        if any(vehicle.carries(task.fraction) and why_not(vehicle, task) is None for task in tasks)
    ]


def _time(title: str, tasks: Sequence[ContainerTask], vehicles: Sequence[Vehicle]) -> Finding | None:
    shift_s = sum(_shift_s(vehicle) for vehicle in vehicles)
    work_s = sum(task.service_s for task in tasks)
    if work_s <= shift_s:
        return None
    message = f"emptying alone ({title}) takes {work_s} s, all shifts together last {shift_s} s"
    return "fleet_time", _ids(tasks), message


def _shift_s(vehicle: Vehicle) -> int:
    begin_s = vehicle.underway.ready_s if vehicle.underway else vehicle.shift_begin_s
    longest_s = max(0, vehicle.latest_end_s - begin_s)
    return longest_s if vehicle.max_duration_s is None else min(longest_s, vehicle.max_duration_s)


def _volume(title: str, tasks: Sequence[ContainerTask], vehicles: Sequence[Vehicle]) -> Finding | None:
    demand_l = sum(task.demand_l for task in tasks)
    before = [vehicle.underway.collected_l if vehicle.underway else 0 for vehicle in vehicles]
    supply = [
        _day(vehicle, vehicle.capacity_l, vehicle.day_capacity_l, done_l)
        for vehicle, done_l in zip(vehicles, before, strict=True)
    ]
    return _load("fleet_volume", "l", title, tasks, demand_l, supply)


def _weight(title: str, tasks: Sequence[ContainerTask], vehicles: Sequence[Vehicle]) -> Finding | None:
    demand_kg = sum(task.demand_kg for task in tasks)
    before = [vehicle.underway.collected_kg if vehicle.underway else 0 for vehicle in vehicles]
    supply = [
        _day(vehicle, vehicle.capacity_kg, vehicle.day_capacity_kg, done_kg)
        for vehicle, done_kg in zip(vehicles, before, strict=True)
    ]
    return _load("fleet_weight", "kg", title, tasks, demand_kg, supply)


def _day(vehicle: Vehicle, a_trip: int, a_day: int | None, collected: int) -> int | None:
    """What it can collect in all; None without a limit: chambers unload in turn without ending the trip."""
    limits = []
    if len(vehicle.chambers) < 2:
        trips = vehicle.max_trips - (vehicle.underway.unloadings if vehicle.underway else 0)
        limits.append(max(0, trips) * a_trip)
    if a_day is not None:
        limits.append(max(0, a_day - collected))
    return min(limits, default=None)


def _load(
    name: str,
    unit: str,
    title: str,
    tasks: Sequence[ContainerTask],
    demand: int,
    supply: Sequence[int | None],
) -> Finding | None:
    limits = [each for each in supply if each is not None]
    if len(limits) < len(supply) or demand <= sum(limits):
        return None
    return name, _ids(tasks), f"{demand} {unit} of {title} exceed the fleet's day of {sum(limits)} {unit}"


def _stops(title: str, tasks: Sequence[ContainerTask], vehicles: Sequence[Vehicle]) -> Finding | None:
    before = [vehicle.underway.stops if vehicle.underway else 0 for vehicle in vehicles]
    limits = [
        max(0, vehicle.max_stops - done)
        for vehicle, done in zip(vehicles, before, strict=True)
        if vehicle.max_stops is not None
    ]
    if len(limits) < len(vehicles) or len(tasks) <= sum(limits):
        return None
    message = f"{len(tasks)} containers ({title}) exceed the fleet's {sum(limits)} stops"
    return "fleet_stops", _ids(tasks), message


def _facility_volume(title: str, tasks: Sequence[ContainerTask], problem: PlanProblem) -> Finding | None:
    demand_l = sum(task.demand_l for task in tasks)
    limits = [each.capacity_l for each in _takers(tasks, problem)]
    return _facility("facility_volume", "l", title, tasks, demand_l, _in_all(limits, problem))


def _facility_weight(title: str, tasks: Sequence[ContainerTask], problem: PlanProblem) -> Finding | None:
    demand_kg = sum(task.demand_kg for task in tasks)
    limits = [each.capacity_kg for each in _takers(tasks, problem)]
    return _facility("facility_weight", "kg", title, tasks, demand_kg, _in_all(limits, problem))


def _takers(tasks: Sequence[ContainerTask], problem: PlanProblem) -> list[DisposalFacility]:
    fractions = {task.fraction for task in tasks}
    return [each for each in problem.facilities if each.fractions & fractions]


def _in_all(limits: Sequence[int | None], problem: PlanProblem) -> int | None:
    """What the facilities take on all days on which a vehicle drives; None without a limit."""
    days = len({vehicle.day for vehicle in problem.vehicles})
    known = [each for each in limits if each is not None]
    return sum(known) * days if len(known) == len(limits) else None


def _facility(
    name: str, unit: str, title: str, tasks: Sequence[ContainerTask], demand: int, most: int | None
) -> Finding | None:
    if most is None or demand <= most:
        return None
    return name, _ids(tasks), f"{demand} {unit} of {title} exceed what the facilities take, {most} {unit}"


def _ids(tasks: Sequence[ContainerTask]) -> tuple[str, ...]:
    return tuple(task.id for task in tasks)


def _listed(things: Iterable[object]) -> str:
    return ", ".join(sorted(str(each) for each in things))
