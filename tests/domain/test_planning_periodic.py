"""Several days become one problem whose choices, demands and costs are those of filling and emptying day by day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.planning import (
    BreakRules,
    Collect,
    InvalidProblem,
    Lunch,
    PlannedTour,
    PlanProblem,
    PlanSolution,
    TimeWindow,
    Unload,
    evaluate,
)
from domain.planning.days import Day
from domain.planning.periodic import PeriodicContainer, SeveralDays, Waiting, several_days
from domain.planning.rhythm import Cycle, Interval, Once, Rhythm, Span, permitted
from domain.time import BERLIN
from tests.domain.line_problem import FACILITY, PATIENT, container, problem

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)
TRUCK = replace(PATIENT, latest_end_s=80_000, regular_end_s=80_000, capacity_l=100_000, capacity_kg=100_000)
REGION = replace(problem(), vehicles=(), facilities=(), containers=())
A = PeriodicContainer(task=container("a", 1), rhythm=Interval())


def days(count: int, first: date = MONDAY, rest: tuple[int, ...] = ()) -> tuple[Day, ...]:
    """Days with a truck and a facility, the truck resting on some."""
    return tuple(
        Day(
            date=first + timedelta(days=number),
            vehicles=() if number in rest else (TRUCK,),
            facilities=(FACILITY,),
        )
        for number in range(count)
    )


def serve(several: SeveralDays, names: tuple[str, ...]) -> PlanSolution:
    """A tour on each day that serves the containers named."""
    lookup = several.problem.lookup
    tours = []
    for vehicle in several.problem.vehicles:
        mine = [name for name in names if lookup.containers[name].days == {vehicle.day}]
        visits = (*(Collect(container=name) for name in mine), Unload(facility="tip"))
        if mine:
            tours.append(PlannedTour(vehicle=vehicle.id, visits=visits))
    return PlanSolution(tours=tuple(tours))


RHYTHMS = (
    st.integers(1, 4).flatmap(
        lambda least: st.builds(
            Interval, least_days=st.just(least), most_days=st.none() | st.integers(least, 6)
        )
    )
    | st.builds(Once, latest_on=st.none() | st.integers(0, 6).map(lambda n: MONDAY + timedelta(days=n)))
    | st.just(Cycle(length_days=7, options=(frozenset({0, 3}), frozenset({1, 4}), frozenset({2}))))
)


@given(
    rhythm=RHYTHMS,
    gains=st.lists(st.integers(0, 500), min_size=1, max_size=5),
    waiting=st.lists(
        st.builds(Waiting, from_l=st.integers(0, 900), ueur_per_day=st.integers(0, 99)), max_size=2
    ),
    own_ueur=st.integers(0, 50),
    decided=st.sampled_from([None, "served", "left"]),
)
def test_plans_cost_and_carry_what_a_simulation_does(
    rhythm: Rhythm, gains: list[int], waiting: list[Waiting], own_ueur: int, decided: str | None
) -> None:
    """Each way of serving follows a pattern, empties all that came until its last visit, and costs its waiting days."""
    filled, count = tuple(accumulate(gains)), len(gains)
    given = PeriodicContainer(
        task=container("a", 1, serving_cost_ueur=own_ueur),
        rhythm=rhythm,
        filled_l=filled,
        waiting=tuple(waiting),
    )
    begin = 0 if decided is None else 1
    first = (0,) if decided == "served" else ()
    settled = None if decided is None else frozenset({"a"} if first else ())
    several = several_days(REGION, days(count), [given], settled=settled)
    patterns = permitted(
        rhythm,
        Span(first=MONDAY + timedelta(days=begin), usable=(True,) * (count - begin)),
        visited=frozenset({MONDAY} if first else ()),
    )
    found = []
    for names in ways(several.problem):
        judged = evaluate(several.problem, serve(several, names))
        assert judged.feasible, judged.violations
        visits = tuple((several.occasions[name].date - MONDAY).days for name in names)
        demand_l = sum(several.problem.lookup.containers[name].demand_l for name in names)
        assert demand_l == (filled[visits[-1]] if visits else 0)
        if patterns != ((),):  # a container that nobody may visit is no part of the problem, nor is its cost
            spent_ueur = judged.cost.serving_ueur + judged.cost.leaving_ueur
            assert spent_ueur == simulated_ueur(given, visits, begin)
        found.append(visits)
    assert sorted(found) == [(*first, *(day + begin for day in pattern)) for pattern in patterns]


def ways(given: PlanProblem) -> list[tuple[str, ...]]:
    """The sets of containers that a plan may serve, each in the order of the days."""
    alone = [task.id for task in given.containers if task.id not in given.lookup.choice_of]
    options = [option for choice in given.choices for option in choice.options]
    if not options or not all(choice.required for choice in given.choices):
        options.append(())
    return [(*alone, *option) for option in options]


def simulated_ueur(given: PeriodicContainer, visits: tuple[int, ...], begin: int) -> int:
    """What happens day by day: it fills, somebody comes or it waits at the price of what is in it."""
    content_l, before_l, ueur = 0, 0, 0
    for day, filled_l in enumerate(given.filled_l):
        content_l += filled_l - before_l
        before_l = filled_l
        if day in visits:
            content_l = 0
            ueur += given.task.serving_cost_ueur
        elif day >= begin:
            reached = [each for each in given.waiting if each.from_l <= content_l]
            ueur += max(reached, key=lambda each: each.from_l).ueur_per_day if reached else 0
    return ueur


def test_constant_demand_needs_one_task_a_day() -> None:
    """Without levels each day has one task, shared by all patterns that visit the container on it."""
    given = PeriodicContainer(task=container("a", 1), rhythm=Interval(least_days=1, most_days=3))
    several = several_days(REGION, days(4), [given])
    assert [task.id for task in several.problem.containers] == [
        "a on 2026-03-02",
        "a on 2026-03-03",
        "a on 2026-03-04",
        "a on 2026-03-05",
    ]
    assert {task.demand_l for task in several.problem.containers} == {700}


def test_optional_container_may_be_left_at_its_price() -> None:
    """No visit at all costs what leaving costs beside the waiting, unless the rhythm asks for no visit anyway."""
    task = container("a", 1, required=False, cost_of_leaving_ueur=40)
    daily = PeriodicContainer(
        task=task,
        rhythm=Interval(most_days=1),
        filled_l=(500, 900),
        waiting=(Waiting(from_l=800, ueur_per_day=7),),
    )
    (choice,) = several_days(REGION, days(2), [daily]).problem.choices
    assert (choice.required, choice.cost_of_leaving_ueur) == (False, 47)
    (choice,) = several_days(REGION, days(2), [replace(daily, rhythm=Once())]).problem.choices
    assert (choice.required, choice.cost_of_leaving_ueur) == (False, 7)


def test_days_lie_on_one_axis() -> None:
    """Vehicles, lunch, opening hours and windows lie on their day; pins name the vehicle of the day."""
    window = TimeWindow(open_s=30_000, close_s=40_000)
    lunch = Lunch(earliest_begin_s=40_000, latest_begin_s=45_000, duration_s=1_800)
    truck = replace(TRUCK, breaks=BreakRules(lunch=lunch))
    shop = replace(FACILITY, opening=(window,))
    both = [replace(each, vehicles=(truck,), facilities=(shop,)) for each in days(2)]
    task = container("a", 1, windows=(window,), vehicles=frozenset({"truck"}), released_s=20_000)
    given = PeriodicContainer(task=task, rhythm=Interval(most_days=1))
    problem = several_days(REGION, both, [given]).problem
    first, second = problem.vehicles
    assert (first.id, second.id) == ("truck on 2026-03-02", "truck on 2026-03-03")
    assert (second.day, second.shift_begin_s) == (1, truck.shift_begin_s + 86_400)
    assert second.breaks.lunch == replace(lunch, earliest_begin_s=126_400, latest_begin_s=131_400)
    assert problem.facilities[0].opening == (window, TimeWindow(open_s=116_400, close_s=126_400))
    later = problem.containers[1]
    assert later.windows == problem.facilities[0].opening[1:]
    assert (later.vehicles, later.days, later.released_s) == (frozenset({second.id}), {1}, 106_400)


@pytest.mark.parametrize("first", [date(2026, 3, 27), date(2026, 10, 23)])
def test_wall_times_survive_the_change_of_clocks(first: date) -> None:
    """A shift begins at the same wall time on each day, also on and after the Sunday of the change."""
    problem = several_days(REGION, days(5, first), []).problem
    begins = [problem.day_start + timedelta(seconds=each.shift_begin_s) for each in problem.vehicles]
    assert {each.astimezone(BERLIN).time() for each in begins[:2]} == {time(0, 16, 40)}
    at_ten = replace(TRUCK, shift_begin_s=36_000)
    ten = [replace(each, vehicles=(at_ten,)) for each in days(5, first)]
    problem = several_days(REGION, ten, []).problem
    begins = [problem.day_start + timedelta(seconds=each.shift_begin_s) for each in problem.vehicles]
    assert {each.astimezone(BERLIN).time() for each in begins} == {time(10)}
    half_open = [replace(each, facilities=(FACILITY,) if n else ()) for n, each in enumerate(ten)]
    assert len(several_days(REGION, half_open, []).problem.facilities[0].opening) == 4


def test_days_without_a_fitting_vehicle_are_not_used() -> None:
    """Where no vehicle drives that may serve it, a container is due on the next day."""
    given = PeriodicContainer(task=container("a", 1), rhythm=Interval(least_days=2, most_days=2))
    several = several_days(REGION, days(5, rest=(2,)), [replace(given, visited=frozenset({MONDAY - DAY}))])
    dates = [occasion.date for occasion in several.occasions.values()]
    assert (dates, several.out_of_reach) == ([MONDAY + DAY, MONDAY + 3 * DAY], ())
    other = replace(given, task=container("a", 1, fraction="glass"))
    glass = replace(TRUCK, fractions=frozenset({"paper"}))
    several = several_days(REGION, [replace(each, vehicles=(glass,)) for each in days(3)], [other])
    assert (several.problem.containers, several.out_of_reach) == ((), ("a",))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: several_days(REGION, (), []), "give at least one"),
        (lambda: several_days(REGION, days(3)[::2], []), "give every day, in order"),
        (lambda: several_days(REGION, days(2), [A, A]), "container a is given twice"),
        (
            lambda: several_days(REGION, days(2), [replace(A, filled_l=(1,))]),
            "has 1 amounts, the plan 2 days",
        ),
        (lambda: replace(A, filled_l=(2, 1)), "must not be negative nor fall"),
        (lambda: replace(A, waiting=(Waiting(from_l=0, ueur_per_day=1),)), "waiting needs filled_l"),
        (lambda: replace(A, task=replace(A.task, days=frozenset({1}))), "leave days to its rhythm"),
    ],
)
def test_contradictions_are_refused(make: Callable[[], object], message: str) -> None:
    """What cannot be meant is refused with the reason."""
    with pytest.raises(InvalidProblem, match=message):
        make()
