"""Plans of several days keep to rhythms and promises, count as the evaluator counts, and roll on without surprises."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.planning import (
    Cycle,
    Day,
    Habits,
    Interval,
    InvalidProblem,
    Once,
    PeriodicContainer,
    PlanProblem,
    Site,
    Vehicle,
    Waiting,
    evaluate,
)
from domain.planning.rhythm import Span, permitted
from processing.routing.rolling import Keep, RollingPlan, carried_out, plan_days, roll
from processing.routing.stop import Stop
from tests.domain.line_problem import FACILITY, container, problem

MONDAY = date(2026, 3, 2)
STOP = Stop(iterations=300)
LONG = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
PLACES = 12
NO_HABITS = Habits()


def region(seed: int = 1, habits: Habits = NO_HABITS) -> PlanProblem:
    """Depot and tip, and ten sites with a set-up, somewhere on a plane of 10 by 10 km."""
    points = np.random.default_rng(seed).integers(0, 10_000, size=(PLACES, 2))
    metres = np.abs(points[:, None] - points[None]).sum(axis=2)
    return replace(
        problem(),
        vehicles=(),
        facilities=(),
        containers=(),
        distance_m=metres.tolist(),
        duration_s=(metres // 10).tolist(),
        sites=tuple(Site(id=f"site {place}", setup_s=60) for place in range(1, PLACES)),
        habits=habits,
    )


def truck(name: str) -> Vehicle:
    """A vehicle with a shift from 6 to 14 o'clock."""
    return Vehicle(
        id=name,
        start_depot="depot",
        end_depot="depot",
        shift_begin_s=21_600,
        regular_end_s=50_400,
        latest_end_s=54_000,
        capacity_l=4_000,
        capacity_kg=90_000,
        max_trips=4,
        fixed_cost_ueur=20_000_000,
        cost_per_m_ueur=1_000,
        cost_per_s_ueur=9_000,
    )


def a_day(number: int, fleet: int = 2) -> Day:
    """A day with its vehicles; on Sundays none."""
    day = MONDAY + timedelta(days=number)
    names = ("one", "two")[:fleet] if day.isoweekday() < 7 else ()
    return Day(date=day, vehicles=tuple(truck(name) for name in names), facilities=(FACILITY,))


RHYTHMS = st.one_of(
    st.integers(1, 4).flatmap(
        lambda least: st.builds(Interval, least_days=st.just(least), most_days=st.integers(least, 6))
    ),
    st.builds(Interval, least_days=st.integers(2, 4)),
    st.builds(Once, latest_on=st.none() | st.integers(0, 6).map(lambda n: MONDAY + timedelta(days=n))),
    st.just(Cycle(length_days=7, options=(frozenset({0, 3}), frozenset({1, 4}), frozenset({2})))),
)


@st.composite
def fleets_of_bins(draw: st.DrawFn, days: int) -> list[PeriodicContainer]:
    """Up to eight containers that fill, with any rhythm, some emptied lately."""
    found = []
    for number in range(draw(st.integers(1, 8))):
        place = draw(st.integers(1, PLACES - 2))
        found.append(
            PeriodicContainer(
                task=container(f"bin {number}", place, site=f"site {place}"),
                rhythm=draw(RHYTHMS),
                filled_l=tuple(accumulate(draw(st.lists(st.integers(0, 400), min_size=days, max_size=days)))),
                waiting=(Waiting(from_l=900, ueur_per_day=draw(st.integers(0, 30_000_000))),),
                visited=frozenset(
                    MONDAY - timedelta(days=ago) for ago in draw(st.sets(st.integers(1, 6), max_size=2))
                ),
            )
        )
    return found


def check(plan: RollingPlan, containers: list[PeriodicContainer], begin: int = 0) -> None:
    """Nothing is broken, the cost is the evaluator's, and each container is visited as its rhythm permits."""
    judged = evaluate(plan.problem, plan.solution)
    assert judged.feasible, judged.violations
    assert judged.cost.total_ueur == plan.solution.cost_ueur
    first = plan.days[0].date
    for each in containers:
        dates = plan.dates.get(each.task.id, frozenset())
        before = {day for day in dates if (day - first).days < begin}
        span = Span(
            first=first + timedelta(days=begin), usable=tuple(bool(day.vehicles) for day in plan.days[begin:])
        )
        pattern = tuple(sorted((day - span.first).days for day in dates - before))
        assert pattern in permitted(each.rhythm, span, visited=each.visited | before, promised=each.promised)


@LONG
@given(containers=fleets_of_bins(days=5), begin=st.integers(0, 6), seed=st.integers(0, 99))
def test_each_container_is_visited_as_its_rhythm_permits(
    containers: list[PeriodicContainer], begin: int, seed: int
) -> None:
    """Whatever the rhythms and the weekday, a plan of five days visits on permitted sets of days only."""
    days = [a_day(begin + number) for number in range(5)]
    plan = plan_days(region(seed), days, containers, STOP, seed)
    check(plan, containers)
    again = plan_days(region(seed), days, containers, STOP, seed)
    assert again.solution == plan.solution


@LONG
@given(data=st.data(), containers=fleets_of_bins(days=4), seed=st.integers(0, 99))
def test_fixed_first_day_is_driven_as_planned(
    data: st.DataObject, containers: list[PeriodicContainer], seed: int
) -> None:
    """With new levels the days after it change as they may; the first day's tours stay as they were, visit by visit."""
    days = [a_day(number) for number in range(4)]
    former = plan_days(region(seed), days, containers, STOP, seed)
    more = data.draw(st.integers(0, 60))
    changed = [
        replace(each, filled_l=tuple(litres + more * day for day, litres in enumerate(each.filled_l)))
        for each in containers
    ]
    plan = plan_days(region(seed), days, changed, STOP, seed, former=former, keep=Keep(first_day=True))
    assert driven(plan, MONDAY) == driven(former, MONDAY)
    check(plan, changed, begin=1)


def driven(plan: RollingPlan, day: date) -> dict[str, list[str]]:
    """The containers of each tour of a day, and where it unloads."""
    return {
        tour.vehicle: [
            plan.several.occasions[visit.container].container if hasattr(visit, "container") else "tip"
            for visit in tour.visits
        ]
        for tour in plan.tours_on(day)
        if tour.visits
    }


@LONG
@given(containers=fleets_of_bins(days=4), seed=st.integers(0, 99), promised_days=st.integers(0, 3))
def test_plans_roll_on_and_keep_promises(
    containers: list[PeriodicContainer], seed: int, promised_days: int
) -> None:
    """Day after day the first day is carried out; what was promised for the next days is on the same days again."""
    plan = plan_days(region(seed), [a_day(number) for number in range(4)], containers, STOP, seed)
    for number in range(4, 7):
        promised = [day.date for day in plan.days[1 : 1 + promised_days]]
        before = plan.dates
        containers = carried_out(plan, containers)
        plan = roll(
            plan,
            a_day(number),
            region(seed),
            containers,
            STOP,
            seed,
            keep=Keep(promised_days=promised_days),
        )
        for name, dates in before.items():
            kept = dates.intersection(promised)
            assert kept <= plan.dates.get(name, frozenset())
        check(plan, [with_promise(each, before, promised) for each in containers])


def with_promise(
    each: PeriodicContainer, before: dict[str, frozenset[date]], days: list[date]
) -> PeriodicContainer:
    """The container with what the former plan promised."""
    return replace(each, promised=before.get(each.task.id, frozenset()).intersection(days))


def ten_bins() -> list[PeriodicContainer]:
    """Ten containers that fill evenly and are to be emptied every two or three days; some are due on Monday."""
    return [
        PeriodicContainer(
            task=container(f"bin {place}", place, site=f"site {place}"),
            rhythm=Interval(least_days=2, most_days=3),
            filled_l=tuple(60 * place + 90 * day for day in range(5)),
            waiting=(Waiting(from_l=1_000, ueur_per_day=90_000_000),),
            visited=frozenset({MONDAY - timedelta(days=1 + place % 3)}),
        )
        for place in range(1, PLACES - 1)
    ]


WEEK = [a_day(number) for number in range(5)]


def bins_of_several_tasks() -> list[PeriodicContainer]:
    """Ten containers whose best days leave each of them a task that is not the first of its day."""
    rhythm = Interval(least_days=1, most_days=3)
    return [replace(each, rhythm=rhythm, waiting=(), visited=frozenset()) for each in ten_bins()]


@pytest.mark.parametrize("first_day", [False, True])
@pytest.mark.parametrize("bins", [ten_bins(), bins_of_several_tasks()], ids=["full soon", "several tasks"])
def test_planning_again_never_gets_worse_than_the_former_plan(
    bins: list[PeriodicContainer], first_day: bool
) -> None:
    """Without any search the former plan is handed on, at the same cost; with habits it costs no change either."""
    habits = Habits(other_vehicle_ueur=5_000_000, other_order_ueur=500_000, shift_per_s_ueur=100)
    former = plan_days(region(), WEEK, bins, Stop(iterations=5_000), 1)
    plan = plan_days(
        region(habits=habits),
        WEEK,
        bins,
        Stop(iterations=0),
        1,
        former=former,
        keep=Keep(first_day=first_day),
    )
    judged = evaluate(plan.problem, plan.solution)
    assert judged.feasible
    assert judged.cost.habits_ueur == 0
    assert judged.cost.total_ueur == plan.solution.cost_ueur
    assert plan.dates == former.dates
    if not first_day:
        assert plan.solution.cost_ueur == former.solution.cost_ueur


def test_other_days_have_their_price() -> None:
    """When levels change, visits move to other days; at a high price they stay on the days planned before."""
    former = plan_days(region(), WEEK, ten_bins(), STOP, 1)
    fuller = [
        replace(each, filled_l=tuple(litres + 450 * day for day, litres in enumerate(each.filled_l)))
        for each in ten_bins()
    ]
    free = plan_days(region(), WEEK, fuller, STOP, 1, former=former)
    assert free.dates != former.dates
    dear = Keep(other_day_ueur=10**9)
    kept = plan_days(region(), WEEK, fuller, STOP, 1, former=former, keep=dear)
    assert all(dates <= former.dates[name] for name, dates in kept.dates.items())


def test_visit_of_a_container_that_was_left_is_a_visit_on_another_day() -> None:
    """What the former plan left on all of its days has the price too; a container it did not know has none."""
    left = replace(
        ten_bins()[-1],
        task=container("left", 9, site="site 9", required=False),
        rhythm=Interval(least_days=1),
        waiting=(),
    )
    former = plan_days(region(), WEEK, [*ten_bins()[:3], left], STOP, 1)
    assert "left" not in former.dates
    new = replace(left, task=replace(left.task, id="new"))
    keep = Keep(other_day_ueur=7_000)
    plan = plan_days(region(), WEEK, [left, new], Stop(iterations=0), 1, former=former, keep=keep)
    prices: dict[str, set[int]] = {"left": set(), "new": set()}
    for each in plan.problem.containers:
        prices[plan.several.occasions[each.id].container].add(each.serving_cost_ueur)
    assert prices == {"left": {7_000}, "new": {0}}


def test_habits_lie_at_the_same_instants_on_the_new_axis() -> None:
    """Rolling on moves the beginning of time by a day; former visits stay at their wall times, with their vehicles."""
    former = plan_days(region(), WEEK, ten_bins(), STOP, 1)
    plan = roll(former, a_day(5), region(), carried_out(former, ten_bins()), STOP, 1)
    begins = {
        (former.several.occasions[step.subject], tour.vehicle): former.problem.day_start
        + timedelta(seconds=step.begin_s)
        for tour in evaluate(former.problem, former.solution).tours
        for step in tour.steps
        if step.kind == "collect"
    }
    visits = plan.problem.habits.visits
    assert {plan.several.occasions[each.container].date for each in visits} <= {day.date for day in WEEK[1:]}
    assert visits
    for each in visits:
        begin = plan.problem.day_start + timedelta(seconds=each.arrival_s)
        assert begins[plan.several.occasions[each.container], each.vehicle] == begin


def test_container_that_is_gone_is_dropped_from_a_fixed_day() -> None:
    """The fixed tours leave out a container that is not there any more, and nothing else."""
    former = plan_days(region(), WEEK, ten_bins(), STOP, 1)
    gone = next(name for name, dates in former.dates.items() if MONDAY in dates)
    left = [each for each in ten_bins() if each.task.id != gone]
    plan = plan_days(region(), WEEK, left, STOP, 1, former=former, keep=Keep(first_day=True))
    check(plan, left, begin=1)
    before = driven(former, MONDAY)
    rest = {vehicle: [stop for stop in stops if stop != gone] for vehicle, stops in before.items()}
    assert driven(plan, MONDAY) == {vehicle: stops for vehicle, stops in rest.items() if set(stops) > {"tip"}}


def test_first_day_that_was_not_planned_cannot_be_kept() -> None:
    """Keeping a first day that no former plan has is refused, and so is keeping it without its vehicle."""
    keep = Keep(first_day=True)
    with pytest.raises(InvalidProblem, match="no former plan has the first day"):
        plan_days(region(), WEEK, ten_bins(), STOP, keep=keep)
    former = plan_days(region(), WEEK, ten_bins(), STOP, 1)
    with pytest.raises(InvalidProblem, match="no former plan has the first day"):
        plan_days(region(), [a_day(7), a_day(8)], [], STOP, former=former, keep=keep)
    alone = [replace(each, vehicles=()) for each in WEEK]
    with pytest.raises(InvalidProblem, match="is not among the vehicles"):
        plan_days(region(), alone, ten_bins(), STOP, former=former, keep=keep)
