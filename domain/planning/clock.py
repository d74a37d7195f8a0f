"""Run the clock along a tour's stages: when each is reached, begins and ends, and when to depart.

With ``flexible_begin`` the departure is the latest one with which the tour returns no later than with the earliest
departure, the shift's begin, and begins nothing too late that would have begun in time. Leaving later never makes the
vehicle arrive anywhere earlier, so that bisection finds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.planning.evaluation import Step
from domain.planning.fleet import Vehicle
from domain.planning.itinerary import Stage
from domain.planning.places import TimeWindow


@dataclass(frozen=True, slots=True)
class Times:
    """When a stage is reached, begins and ends; ``in_time`` if its windows allowed it.

    What comes too late for every window begins at once.
    """

    arrival_s: int
    begin_s: int
    end_s: int
    in_time: bool


def run(stages: Sequence[Stage], departure_s: int) -> list[Times]:
    """Times of all stages when the crew begins at this instant."""
    found = []
    now_s = departure_s
    for stage in stages:
        arrival_s = now_s + stage.leg_s
        ready_s = arrival_s + stage.setup_s
        begin_s = earliest_begin(stage.windows, ready_s)
        in_time = begin_s is not None
        begin_s = ready_s if begin_s is None else begin_s
        now_s = begin_s + stage.service_s
        found.append(Times(arrival_s, begin_s, now_s, in_time))
    return found


def begin_of(vehicle: Vehicle, stages: Sequence[Stage]) -> int:
    """Instant from which the crew's time costs: the tour's begin, or now if it is under way."""
    if vehicle.underway is not None:
        return vehicle.underway.ready_s
    if not vehicle.flexible_begin:
        return vehicle.shift_begin_s
    return _latest_departure(stages, vehicle.shift_begin_s)


def departed_of(vehicle: Vehicle, begin_s: int) -> int:
    """Instant at which the tour departed, from which its limits count."""
    return begin_s if vehicle.underway is None else vehicle.underway.departed_s


def _latest_departure(stages: Sequence[Stage], earliest_s: int) -> int:
    first = run(stages, earliest_s)
    return_s, late = first[-1].end_s, _late(first)
    good_s, bad_s = earliest_s, return_s + 1
    while bad_s - good_s > 1:
        middle_s = (good_s + bad_s) // 2
        times = run(stages, middle_s)
        if times[-1].end_s <= return_s and _late(times) <= late:
            good_s = middle_s
        else:
            bad_s = middle_s
    return good_s


def _late(times: list[Times]) -> int:
    return sum(not each.in_time for each in times)


def earliest_begin(windows: tuple[TimeWindow, ...] | None, ready_s: int) -> int | None:
    """When work can begin from this instant on; None if too late (``windows`` None: never, empty: any time)."""
    if windows is None:
        return None
    if not windows:
        return ready_s
    return next((max(ready_s, window.open_s) for window in windows if ready_s <= window.close_s), None)


def steps_of(stages: Sequence[Stage], times: Sequence[Times]) -> tuple[Step, ...]:
    """The time line; a wait that takes no time is left out."""
    return tuple(
        Step(
            kind=stage.kind,
            subject=stage.subject,
            location=stage.location,
            leg_m=stage.leg_m,
            leg_s=stage.leg_s,
            setup_s=stage.setup_s,
            arrival_s=time.arrival_s,
            wait_s=time.begin_s - time.arrival_s - stage.setup_s,
            begin_s=time.begin_s,
            end_s=time.end_s,
            load_l=stage.load[0],
            load_kg=stage.load[1],
        )
        for stage, time in zip(stages, times, strict=True)
        if stage.kind != "wait" or time.end_s > time.arrival_s
    )
