"""The breaks a crew owes, checked on a tour's time line.

What is what: a *break* is a `Pause`, or with ``waiting_counts`` a wait of at least 15 min (a driver who knows its
length beforehand is free to rest); breaks that follow each other without anything between are one. *Driving* is the
time of the ways between places. *Work* is everything but breaks: driving, set-up, emptying, unloading, cleaning, other
waiting. A pause shorter than 15 min is neither work nor does it count for anything.

``break_driving``
    Regulation (EC) No 561/2006, article 7: after four and a half hours of driving a break of 45 min, which may be
    replaced by one of at least 15 min followed by one of at least 30 min. Driving is added up since the last 45 min,
    or since the end of a break of 30 min that some break of 15 min came before; then all begins anew, nothing
    from before is taken along (Court of Justice, C-116/92, on the regulation before it). Exactly 4.5 h are allowed.
    Set-up and emptying are other work: they are no driving, and do not interrupt it.
``break_work``
    Arbeitszeitgesetz § 4 sentence 3: nobody works more than six hours on end without a break; one of 15 min is
    enough. Exactly 6 h are allowed.
``break_work_total``
    Arbeitszeitgesetz § 4 sentences 1 and 2: work of more than six hours is interrupted by 30 min in all, of more
    than nine hours by 45 min, in pieces of at least 15 min. What comes before the first work or after the last
    interrupts nothing.
``lunch_missing``, ``lunch_late``, ``lunch_short``
    The crew's own rule, see `domain.planning.fleet.Lunch`. A lunch is a break for the other rules too.

Whether the regulation concerns a tour is said by `BreakRules.driving`: tours whose containers are all household refuse
collected door to door are exempt (Regulation article 13 (1) h, FPersV § 18); of a tour under way the
containers that are still to come decide.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from domain.planning.clock import departed_of
from domain.planning.evaluation import Step, Violation
from domain.planning.fleet import Lunch, Underway, Vehicle
from domain.planning.tasks import ContainerTask

MOST_DRIVING_S = 16_200
"""4.5 h."""
WHOLE_BREAK_S, FIRST_PART_S, SECOND_PART_S = 2_700, 900, 1_800
"""45 min, or 15 and then 30."""
MOST_WORK_ON_END_S = 21_600
"""6 h."""
LEAST_BREAK_S = 900
"""Breaks count from 15 min on."""
BREAKS_IN_ALL = ((32_400, 2_700), (21_600, 1_800))
"""More work than the first (9 h, 6 h) needs the second (45 min, 30 min)."""

_NOTHING = Underway(location=0, departed_s=0, ready_s=0)


@dataclass(frozen=True, slots=True)
class Span:
    """What the crew does for a while, and at which stop or on the way to which."""

    activity: Literal["drive", "work", "break"]
    duration_s: int
    subject: str


def check_breaks(vehicle: Vehicle, tasks: Sequence[ContainerTask], steps: Sequence[Step]) -> list[Violation]:
    """Every rule of the vehicle's that this time line breaks."""
    rules = vehicle.breaks
    before = vehicle.underway or _NOTHING
    spans = spans_of(steps, waiting_counts=rules.waiting_counts)
    found: list[tuple[str, tuple[str, ...], str]] = []
    if rules.driving == "always" or (
        rules.driving == "unless_door_to_door" and not all(task.door_to_door for task in tasks)
    ):
        found += _check_driving(spans, before)
    if rules.working_time:
        found += _check_work(spans, before)
    if rules.lunch is not None and not before.lunch_taken:
        found += _check_lunch(rules.lunch, steps, departed_of(vehicle, steps[0].arrival_s))
    return [
        Violation(name=name, vehicle=vehicle.id, subjects=subjects, message=f"{vehicle.id} {sentence}")
        for name, subjects, sentence in found
    ]


def spans_of(steps: Sequence[Step], *, waiting_counts: bool) -> list[Span]:
    """The time line as what the crew does; breaks that touch each other are one."""
    spans: list[Span] = []
    for span in _single_spans(steps, waiting_counts):
        if span.duration_s == 0:
            continue
        if spans and spans[-1].activity == span.activity == "break":
            span = Span("break", spans.pop().duration_s + span.duration_s, span.subject)
        spans.append(span)
    return spans


def _single_spans(steps: Sequence[Step], waiting_counts: bool) -> Iterator[Span]:
    for step in steps:
        rests = waiting_counts and step.wait_s >= LEAST_BREAK_S
        yield Span("drive", step.leg_s, step.subject)
        yield Span("work", step.setup_s, step.subject)
        yield Span("break" if rests else "work", step.wait_s, step.subject)
        yield Span("break" if step.kind == "pause" else "work", step.end_s - step.begin_s, step.subject)


def _check_driving(spans: Sequence[Span], before: Underway) -> Iterator[tuple[str, tuple[str, ...], str]]:
    driven_s, split = before.driven_s, before.split_taken
    most_s, where = 0, ""
    for span in spans:
        if span.activity == "drive":
            driven_s += span.duration_s
            most_s = max(most_s, driven_s)
            where = where or (span.subject if driven_s > MOST_DRIVING_S else "")
        elif span.activity == "break":
            whole = span.duration_s >= WHOLE_BREAK_S or (split and span.duration_s >= SECOND_PART_S)
            driven_s = 0 if whole else driven_s
            split = not whole and (split or span.duration_s >= FIRST_PART_S)
    if most_s > MOST_DRIVING_S:
        excess_s = most_s - MOST_DRIVING_S
        yield (
            "break_driving",
            (where,),
            f"drives {most_s} s without the break of 45 min (or 15 and 30): {excess_s} s more than 4.5 h",
        )


def _check_work(spans: Sequence[Span], before: Underway) -> Iterator[tuple[str, tuple[str, ...], str]]:
    worked_s, total_s, paused_s, pending_s = before.worked_s, before.total_worked_s, before.paused_s, 0
    most_s, where = 0, ""
    for span in spans:
        if span.activity != "break":
            worked_s += span.duration_s
            total_s += span.duration_s
            paused_s, pending_s = paused_s + pending_s, 0
            most_s = max(most_s, worked_s)
            where = where or (span.subject if worked_s > MOST_WORK_ON_END_S else "")
        elif span.duration_s >= LEAST_BREAK_S:
            worked_s = 0
            pending_s += span.duration_s if total_s else 0
    if most_s > MOST_WORK_ON_END_S:
        excess_s = most_s - MOST_WORK_ON_END_S
        message = f"works {most_s} s without a break of 15 min: {excess_s} s more than 6 h"
        yield "break_work", (where,), message
    owed_s = next((owed for limit, owed in BREAKS_IN_ALL if total_s > limit), 0)
    if paused_s < owed_s:
        message = f"works {total_s} s with breaks of {paused_s} s: {owed_s - paused_s} s of break are missing"
        yield "break_work_total", (), message


def _check_lunch(
    lunch: Lunch, steps: Sequence[Step], departed_s: int
) -> Iterator[tuple[str, tuple[str, ...], str]]:
    latest_s = lunch.latest_begin_s
    if not departed_s < latest_s < steps[-1].end_s:
        return
    taken = [step for step in steps if step.kind == "pause" and step.subject == "lunch"]
    in_time = [step for step in taken if step.begin_s <= latest_s]
    if not taken:
        yield "lunch_missing", (), f"has no lunch of {lunch.duration_s} s that begins by {latest_s} s"
    elif not in_time:
        message = f"begins its lunch at {taken[0].begin_s} s, {taken[0].begin_s - latest_s} s too late"
        yield "lunch_late", (), message
    else:
        longest_s = max(step.end_s - step.begin_s for step in in_time)
        if longest_s < lunch.duration_s:
            message = f"has a lunch of {longest_s} s, {lunch.duration_s - longest_s} s too short"
            yield "lunch_short", (), message
