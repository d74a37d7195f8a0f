"""The plan that a day has already: where planning it again begins, and what a change to it costs.

Crews and residents were told the plan in force, so that one comes first; else what was computed last. Levels change all
the time: a plan that began from nothing each time would turn the whole day over for one container more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from psycopg.rows import class_row

from domain.planning import (
    UEUR_PER_EURO,
    Collect,
    Habits,
    PlannedTour,
    PlanProblem,
    PlanSolution,
    Unload,
    UsualVisit,
    Visit,
)
from processing.planning.region import PLANNING
from storage.database import Connection

PRICES: Mapping[str, Habits | None] = {
    "anew": None,
    "start": Habits(),
    "keep": Habits(other_vehicle_ueur=5 * UEUR_PER_EURO, other_order_ueur=1 * UEUR_PER_EURO),
    "keep_hours": Habits(
        other_vehicle_ueur=5 * UEUR_PER_EURO,
        other_order_ueur=1 * UEUR_PER_EURO,
        shift_free_s=1_800,
        shift_per_s_ueur=2_000,
    ),
}
"""What a change costs, by the organisation's choice (`organisation.replanning`); None: what was planned is forgotten.

A container that another vehicle empties is as bad as some four kilometres more, one that comes after another one as bad
as some 800 m. Hours are held to by the exact time line, which makes the search slower.
"""


@dataclass(frozen=True, kw_only=True)
class FormerStop:
    """A container emptied, or an unloading, as it was planned before."""

    tour_id: int
    vehicle_id: int
    tour_begins_at: datetime
    thing_id: int | None
    facility_id: int | None
    begins_at: datetime


@dataclass(frozen=True, kw_only=True)
class Former:
    """A plan of the day made before, its stops tour by tour, and what a change to it costs."""

    plan_id: int
    stops: tuple[FormerStop, ...]
    prices: Habits


def read_former(connection: Connection, *, plan_id: int, organisation_id: int, day: date) -> Former | None:
    """The plan to begin with; None if there is none, or the organisation wants each plan made anew."""
    wanted: dict[str, Any] = {"plan": plan_id, "organisation": organisation_id, "day": day}
    row = connection.execute(PLANNING["former"], wanted).fetchone()
    if row is None or (prices := PRICES[row[1]]) is None:
        return None
    with connection.cursor(row_factory=class_row(FormerStop)) as cursor:
        stops = cursor.execute(PLANNING["former_stops"], {"plan": row[0]}).fetchall()
    return Former(plan_id=row[0], stops=tuple(stops), prices=prices)


def begin_with(former: Former, problem: PlanProblem) -> tuple[PlanProblem, PlanSolution]:
    """The problem with a price for each change, and the former tours as far as what is in them is still there."""
    tours: list[PlannedTour] = []
    usual: list[UsualVisit] = []
    left = set(problem.lookup.containers)
    for vehicle, stops in _tours(former.stops, problem):
        visits = _visits(stops, problem, left)
        if visits:
            tour = PlannedTour(vehicle=vehicle, visits=visits)
            begins = {str(stop.thing_id): _seconds(problem, stop.begins_at) for stop in reversed(stops)}
            tours.append(tour)
            usual += _usual(tour, begins)
    habits = replace(former.prices, visits=tuple(usual))
    return replace(problem, habits=habits), PlanSolution(tours=tuple(tours))


def changes(former: Former, problem: PlanProblem, tours: Sequence[PlannedTour]) -> dict[str, int]:
    """For a plan's summary: where it began, and what became of the containers that were in it and still matter."""
    usual = problem.lookup.usual
    now = {each.container: each for tour in tours for each in _usual(tour, {})}
    served = [(usual[name], each) for name, each in now.items() if name in usual]
    return {
        "plan": former.plan_id,
        "containers": len(usual),
        "left": len(usual) - len(served),
        "other_vehicle": sum(before.vehicle != after.vehicle for before, after in served),
        "other_order": sum(before.after != after.after for before, after in served),
    }


def _tours(stops: Sequence[FormerStop], problem: PlanProblem) -> Iterator[tuple[str, tuple[FormerStop, ...]]]:
    """The former tours with the vehicle that drives each now; of a vehicle with two shifts, in the fitting one."""
    shifts = {vehicle.id: vehicle.shift_begin_s for vehicle in problem.vehicles}
    for _, group in groupby(stops, key=lambda stop: stop.tour_id):
        tour = tuple(group)
        begin_s = _seconds(problem, tour[0].tour_begins_at)
        own = [name for name in shifts if name.split("/")[0] == str(tour[0].vehicle_id)]
        if own:
            name = min(own, key=lambda each: abs(shifts[each] - begin_s))
            del shifts[name]
            yield name, tour


def _visits(stops: Sequence[FormerStop], problem: PlanProblem, left: set[str]) -> tuple[Visit, ...]:
    """What of the containers left is served, which is taken from them, without unloadings of nothing."""
    found: list[Visit] = []
    for stop in stops:
        container, facility = str(stop.thing_id), str(stop.facility_id)
        if container in left:
            left.remove(container)
            found.append(Collect(container=container))
        elif facility in problem.lookup.facilities and found and isinstance(found[-1], Collect):
            found.append(Unload(facility=facility))
    return tuple(found)


def _usual(tour: PlannedTour, begins_s: Mapping[str, int]) -> Iterator[UsualVisit]:
    """How each container is served; what came between two of them before and is gone counts as no change."""
    before: str | None = None
    for visit in tour.visits:
        if isinstance(visit, Collect):
            name = visit.container
            yield UsualVisit(
                container=name, vehicle=tour.vehicle, after=before, arrival_s=begins_s.get(name, 0)
            )
            before = name
        elif isinstance(visit, Unload):
            before = None


def _seconds(problem: PlanProblem, instant: datetime) -> int:
    return round((instant - problem.day_start).total_seconds())
