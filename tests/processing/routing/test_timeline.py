"""The exact time line with pauses, judged by the domain's evaluator and by trying every placement."""

from dataclasses import replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.planning import Pause, PlannedTour, PlanProblem, Visit, evaluate_tour
from domain.planning.habits import Habits
from tests.processing.routing.crews import drive_through, tours

LENGTHS = (900, 1_800, 2_700)


@settings(max_examples=300, deadline=None)
@given(tours())
def test_feasible_time_line_breaks_no_rule_and_costs_what_the_evaluator_counts(
    case: tuple[PlanProblem, list[int]],
) -> None:
    """Whatever the crew's rules: a time line called feasible is, and its cost is right."""
    problem, stops = case
    driven = drive_through(problem, stops)
    judged = evaluate_tour(problem, driven.tour)
    if driven.fits:
        assert judged.violations == ()
        assert driven.cost_ueur == judged.cost.total_ueur


@settings(max_examples=60, deadline=None)
@given(tours(most=2))
def test_no_simple_placement_returns_earlier(case: tuple[PlanProblem, list[int]]) -> None:
    """With a fixed departure no choice of pauses of usual length, one a place, returns earlier or is missed."""
    problem, stops = case
    if problem.vehicles[0].flexible_begin:
        return
    driven = drive_through(problem, stops)
    best_s = _best_end(problem, driven.tour)
    judged = evaluate_tour(problem, driven.tour)
    assert driven.fits or best_s is None
    if best_s is not None:
        assert judged.steps[-1].end_s <= best_s


@settings(max_examples=200, deadline=None)
@given(tours(), st.booleans(), st.booleans())
def test_closed_form_is_no_worse_than_labels(
    case: tuple[PlanProblem, list[int]], only_lunch: bool, windows: bool
) -> None:
    """Where one pause may do, the closed form finds what the labels find, or better."""
    problem, stops = case
    (vehicle,) = problem.vehicles
    rules = replace(vehicle.breaks, driving="never", working_time=False) if only_lunch else vehicle.breaks
    simple = replace(
        problem,
        vehicles=(replace(vehicle, breaks=rules, flexible_begin=False, underway=None),),
        containers=tuple(
            replace(each, released_s=None, windows=each.windows[:1] if windows else ())
            for each in problem.containers
        ),
        habits=Habits(),
    )
    closed, labelled = drive_through(simple, stops), drive_through(simple, stops, by_labels=True)
    assert closed.fits or not labelled.fits
    if labelled.fits:
        assert closed.cost_ueur <= labelled.cost_ueur
    if closed.fits:
        judged = evaluate_tour(simple, closed.tour)
        assert judged.violations == ()
        assert judged.cost.total_ueur == closed.cost_ueur


def _best_end(problem: PlanProblem, tour: PlannedTour) -> int | None:
    """Earliest return over all placements of at most one pause on each side of each way, five at most in all."""
    visits = [visit for visit in tour.visits if not isinstance(visit, Pause)]
    lunch = problem.vehicles[0].breaks.lunch
    options: list[tuple[int, bool]] = [(0, False), *((each, False) for each in LENGTHS)]
    if lunch is not None:
        options.append((lunch.duration_s, True))
    ends = []
    for chosen in product(options, repeat=2 * len(visits) + 1):
        if sum(each[0] > 0 for each in chosen) > 3 or sum(each[1] for each in chosen) > 1:
            continue
        row: list[Visit] = []
        for place, visit in enumerate([*visits, None]):
            for side, (length, lunches) in enumerate(chosen[2 * place : 2 * place + 2]):
                if length:
                    row.append(Pause(duration_s=length, at_next=side == 1, lunch=lunches))
            if visit is not None:
                row.append(visit)
        judged = evaluate_tour(problem, PlannedTour(vehicle=tour.vehicle, visits=tuple(row)))
        if not judged.violations:
            ends.append(judged.steps[-1].end_s)
    return min(ends, default=None)
