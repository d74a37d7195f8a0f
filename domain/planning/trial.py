"""Tours that serve one thing alone, to find out whether a vehicle could and what stands in the way."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from domain.planning.evaluate import evaluate_tour
from domain.planning.evaluation import TourEvaluation
from domain.planning.fleet import Lunch, Vehicle
from domain.planning.problem import PlanProblem
from domain.planning.solution import Collect, Pause, PlannedTour, Unload, Visit

WHOLE_BREAK = Pause(duration_s=2_700)
"""Satisfies the regulation and the working-time law at once."""
BREAK_NAMES = frozenset(
    {"break_driving", "break_work", "break_work_total", "lunch_missing", "lunch_late", "lunch_short"}
)
"""What a pause may cure."""


def serve_alone(
    problem: PlanProblem, vehicle: Vehicle, containers: Sequence[str], facility: str
) -> TourEvaluation:
    """The vehicle's tour with nothing but these containers, with pauses if it needs them.

    The first tour found that breaks nothing, else the plainest one.
    """
    plainest: TourEvaluation | None = None
    for visits in _ways_alone(problem, vehicle, containers, facility):
        _, tour = _with_pauses(problem, vehicle, visits)
        if not tour.violations:
            return tour
        plainest = plainest or tour
    assert plainest is not None
    return plainest


def with_pauses(problem: PlanProblem, vehicle: Vehicle, visits: tuple[Visit, ...]) -> tuple[Visit, ...]:
    """The visits as they are; if they only lack breaks, with a lunch, a whole break or both where they cure that.

    Meant for short tours: every place is tried.
    """
    return _with_pauses(problem, vehicle, visits)[0]


def _with_pauses(
    problem: PlanProblem, vehicle: Vehicle, visits: tuple[Visit, ...]
) -> tuple[tuple[Visit, ...], TourEvaluation]:
    """Likewise, and what the evaluator says to that."""
    plain = evaluate_tour(problem, PlannedTour(vehicle=vehicle.id, visits=visits))
    lacks = {each.name for each in plain.violations}
    if lacks and lacks <= BREAK_NAMES:
        for paused in _paused(vehicle.breaks.lunch, visits, lacks):
            tour = evaluate_tour(problem, PlannedTour(vehicle=vehicle.id, visits=paused))
            if not tour.violations:
                return paused, tour
    return visits, plain


def _ways_alone(
    problem: PlanProblem, vehicle: Vehicle, containers: Sequence[str], facility: str
) -> Iterator[tuple[Visit, ...]]:
    """Straight there; with something on board, this is unloaded before or afterwards."""
    there: tuple[Visit, ...] = (*(Collect(container=name) for name in containers), Unload(facility=facility))
    yield there
    loads = vehicle.underway.on_board if vehicle.underway else ()
    takers = [[each.id for each in problem.facilities if load.fraction in each.fractions] for load in loads]
    for names in product(*takers) if loads else ():
        unloading: tuple[Visit, ...] = tuple(Unload(facility=name) for name in dict.fromkeys(names))
        yield (*unloading, *there)
        yield (*there, *unloading)


def _paused(lunch: Lunch | None, visits: tuple[Visit, ...], lacks: set[str]) -> Iterator[tuple[Visit, ...]]:
    """The visits with the pauses that these violations ask for, at every place and on either end of the way."""
    rests = [WHOLE_BREAK] if any(name.startswith("break_") for name in lacks) else []
    meals = []
    if lunch is not None and any(name.startswith("lunch_") for name in lacks):
        lasts_s = max([lunch.duration_s, *(rest.duration_s for rest in rests)])
        meals = [Pause(duration_s=lasts_s, lunch=True)]
        if lasts_s > lunch.duration_s:
            meals.append(Pause(duration_s=lunch.duration_s, lunch=True))
    for chosen in [*([one] for one in (*meals, *rests)), *([meal, rest] for meal in meals for rest in rests)]:
        for places in product(range(2 * len(visits) + 2), repeat=len(chosen)):
            yield _with(visits, list(zip(places, chosen, strict=True)))


def _with(visits: tuple[Visit, ...], placed: list[tuple[int, Pause]]) -> tuple[Visit, ...]:
    """The visits with pauses at these places: two for each way, before it and on arrival."""
    paused = list(visits)
    for place, pause in sorted(placed, key=lambda each: -each[0]):
        paused.insert(place // 2, replace(pause, at_next=place % 2 == 1))
    return tuple(paused)
