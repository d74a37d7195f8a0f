"""Whole plans of crews that owe pauses, clean their vehicles and keep to habits, judged by the domain's evaluator."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.planning import (
    BreakRules,
    Habits,
    Lunch,
    Pause,
    PlanProblem,
    Site,
    Underway,
    UsualVisit,
    evaluate,
)
from processing.routing.search import Search
from processing.routing.solve import solve
from processing.routing.stop import Stop
from tests.processing.routing.crews import rules
from tests.processing.routing.problems import district, problems
from tests.processing.routing.sums import run_adding_up
from tests.processing.routing.test_solve import check

CREWED = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
EVERY_RULE = BreakRules(
    driving="unless_door_to_door",
    working_time=True,
    lunch=Lunch(earliest_begin_s=11 * 3_600, latest_begin_s=13 * 3_600, duration_s=1_800),
)


@st.composite
def crewed_problems(draw: st.DrawFn) -> PlanProblem:
    """A problem with long works, and vehicles with rules for their crews."""
    base = draw(problems())
    vehicles = tuple(
        replace(
            each,
            latest_end_s=each.shift_begin_s + draw(st.integers(10_000, 70_000)),
            capacity_l=10_000,
            flexible_begin=draw(st.booleans()),
            cleaning_s=draw(st.sampled_from((0, 1_200))),
            breaks=draw(rules()),
        )
        for each in base.vehicles
    )
    containers = tuple(
        replace(
            each,
            site=draw(st.sampled_from(("near", "far"))),
            service_s=draw(st.sampled_from((0, 300, 3_600, 7_200))),
            windows=draw(st.sampled_from(((), each.windows))),
            door_to_door=draw(st.booleans()),
            released_s=draw(st.sampled_from((None, None, 6_000))),
        )
        for each in base.containers
    )
    habitual = draw(st.booleans())
    visits = tuple(
        UsualVisit(
            container=each.id,
            vehicle=vehicles[0].id,
            after=draw(st.none() | st.just(containers[0].id)),
            arrival_s=draw(st.integers(0, 30_000)),
        )
        for each in containers
        if habitual and vehicles
    )
    return replace(
        base,
        vehicles=vehicles,
        containers=containers,
        sites=(Site(id="near", setup_s=200),),
        habits=Habits(visits=visits, other_order_ueur=3_000, shift_free_s=600, shift_per_s_ueur=70),
    )


@CREWED
@given(problem=crewed_problems(), seed=st.integers(0, 2**32), iterations=st.integers(0, 60))
def test_plan_with_pauses_is_feasible_and_costs_what_it_says(
    problem: PlanProblem, seed: int, iterations: int
) -> None:
    """Whatever crews owe: no rule is broken, and pauses, cleaning and shifted arrivals are in the cost."""
    check(problem, solve(problem, Stop(iterations=iterations), seed=seed))


@CREWED
@given(problem=crewed_problems(), seed=st.integers(0, 2**32))
def test_added_up_cost_with_pauses_equals_a_recount(problem: PlanProblem, seed: int) -> None:
    """What the annealing adds up change by change is what counting afresh gives, refused places included."""
    if not problem.containers or not problem.vehicles:
        return
    search = Search(problem, seed)
    search.start()
    run_adding_up(search, 3, 10)


def test_full_day_keeps_all_rules() -> None:
    """Crews under 561/2006, ArbZG and with a lunch rest on their tours, and nobody is left for that alone."""
    plain = district(sites=60, containers_at_each=3, fleet=6, seed=4)
    crews = tuple(replace(each, breaks=EVERY_RULE, cleaning_s=900) for each in plain.vehicles)
    problem = replace(plain, vehicles=crews)
    solution = solve(problem, Stop(iterations=300), seed=1)
    check(problem, solution)
    assert solution.unserved_required == ()
    longest = [each for each in evaluate(problem, solution).tours if each.duration_s > 6 * 3_600]
    resting = {
        tour.vehicle for tour in solution.tours if any(isinstance(visit, Pause) for visit in tour.visits)
    }
    assert longest
    assert {each.vehicle for each in longest} <= resting


def test_waiting_that_counts_needs_no_pause() -> None:
    """The same day with flexible begins and waiting as rest is planned without breaking a rule."""
    plain = district(sites=30, containers_at_each=2, fleet=4, seed=6)
    waiting = replace(EVERY_RULE, waiting_counts=True)
    crews = tuple(replace(each, breaks=waiting, flexible_begin=True) for each in plain.vehicles)
    problem = replace(plain, vehicles=crews)
    check(problem, solve(problem, Stop(iterations=300), seed=2))


def test_tour_that_cannot_be_in_time_has_no_pauses() -> None:
    """A vehicle under way that is back too late whatever it does drives home without resting for nothing."""
    plain = district(sites=2, containers_at_each=1, fleet=1, seed=1)
    crew = plain.vehicles[0]
    under = Underway(location=0, departed_s=crew.shift_begin_s, ready_s=crew.latest_end_s)
    problem = replace(plain, vehicles=(replace(crew, breaks=EVERY_RULE, underway=under),))
    assert all(tour.visits == () for tour in solve(problem, Stop(iterations=1), seed=1).tours)
