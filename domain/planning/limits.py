"""What one tour must keep to beside its load and its breaks: whom it may serve, windows, and the vehicle's limits.

Names of violations: ``vehicle_skills``, ``vehicle_forbidden``, ``wrong_day``, ``time_window``, ``facility_closed``,
``shift_end``, ``max_distance``, ``max_duration``, ``max_stops``.
"""

from collections.abc import Iterator, Sequence

from domain.planning.clock import Times, departed_of
from domain.planning.evaluation import Violation
from domain.planning.fleet import Vehicle
from domain.planning.itinerary import Stage
from domain.planning.tasks import ContainerTask


def check_eligible(vehicle: Vehicle, tasks: Sequence[ContainerTask]) -> Iterator[Violation]:
    """Containers that this vehicle may not serve, or not on its day."""
    for task in tasks:
        reason = why_not(vehicle, task)
        if reason is not None:
            name, message = reason
            yield Violation(name=name, vehicle=vehicle.id, subjects=(task.id,), message=message)


def why_not(vehicle: Vehicle, task: ContainerTask) -> tuple[str, str] | None:
    """Constraint and sentence for a vehicle that may not serve this container; None if it may."""
    lacking = sorted(task.skills - vehicle.skills)
    if lacking:
        return "vehicle_skills", f"{task.id} needs {', '.join(lacking)}, which {vehicle.id} lacks"
    if task.vehicles is not None and vehicle.id not in task.vehicles:
        only = ", ".join(sorted(task.vehicles)) or "no vehicle"
        return "vehicle_forbidden", f"only {only} may serve {task.id}, not {vehicle.id}"
    if vehicle.id in task.forbidden_vehicles:
        return "vehicle_forbidden", f"{vehicle.id} must not serve {task.id}"
    if task.days is not None and vehicle.day not in task.days:
        days = ", ".join(str(day) for day in sorted(task.days)) or "no day"
        return (
            "wrong_day",
            f"{vehicle.id} drives on day {vehicle.day}, {task.id} may be served on {days} only",
        )
    return None


def check_times(
    vehicle: Vehicle, stages: Sequence[Stage], times: Sequence[Times], begin_s: int
) -> Iterator[Violation]:
    """Windows that are missed, and a return too late or too long after the departure."""
    for stage, time in zip(stages, times, strict=True):
        if not time.in_time and stage.kind in ("collect", "unload"):
            name, message = _too_late(vehicle, stage, time)
            yield Violation(name=name, vehicle=vehicle.id, subjects=(stage.subject,), message=message)
    end_s = times[-1].end_s
    if end_s > vehicle.latest_end_s:
        message = f"{vehicle.id} returns {end_s - vehicle.latest_end_s} s after its latest end"
        yield Violation(name="shift_end", vehicle=vehicle.id, subjects=(), message=message)
    duration_s, most_s = end_s - departed_of(vehicle, begin_s), vehicle.max_duration_s
    if most_s is not None and duration_s > most_s:
        message = f"{vehicle.id} is under way for {duration_s} s, {most_s} s are allowed"
        yield Violation(name="max_duration", vehicle=vehicle.id, subjects=(), message=message)


def check_lengths(vehicle: Vehicle, distance_m: int, tasks: Sequence[ContainerTask]) -> Iterator[Violation]:
    """Too many metres or stops, those of a tour's past included."""
    before = vehicle.underway
    whole_m = distance_m + (before.driven_m if before else 0)
    if vehicle.max_distance_m is not None and whole_m > vehicle.max_distance_m:
        message = f"{vehicle.id} drives {whole_m} m, {vehicle.max_distance_m} m are allowed"
        yield Violation(name="max_distance", vehicle=vehicle.id, subjects=(), message=message)
    stops = len(tasks) + (before.stops if before else 0)
    if vehicle.max_stops is not None and stops > vehicle.max_stops:
        message = f"{vehicle.id} empties {stops} containers, {vehicle.max_stops} are allowed"
        names = tuple(task.id for task in tasks)
        yield Violation(name="max_stops", vehicle=vehicle.id, subjects=names, message=message)


def _too_late(vehicle: Vehicle, stage: Stage, time: Times) -> tuple[str, str]:
    """Name and sentence: by how much the last window is missed."""
    if stage.windows is None:
        return "facility_closed", f"facility {stage.subject} is never open long enough to unload there"
    late_s = time.begin_s - stage.windows[-1].close_s
    if stage.kind == "collect":
        return "time_window", f"{vehicle.id} begins at {stage.subject} {late_s} s after its last time window"
    message = f"facility {stage.subject} is not open when {vehicle.id} unloads: it begins {late_s} s too late"
    return "facility_closed", message
