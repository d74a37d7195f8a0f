"""What the tours keep together: choices, sequences, fixed tours, habits, costs of serving."""

from dataclasses import replace

import pytest

from domain.planning import Choice, Collect, Habits, Pause, PlannedTour, UsualVisit, Visit
from tests.domain.line_problem import PATIENT, TIP, TRUCK, A, B, container, names, plan, problem

C = Collect(container="c")
THREE = (container("a", 1), container("b", 2), container("c", 2))


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        ((A, TIP), set()),
        ((B, C, TIP), set()),
        ((A, B, TIP), {"choice_mixed"}),
        ((B, TIP), {"choice_mixed"}),
        ((A, B, C, TIP), {"choice_mixed"}),
        ((), {"choice_unserved"}),
    ],
)
def test_one_option_of_a_choice_is_carried_out_whole(visits: tuple[Visit, ...], expected: set[str]) -> None:
    """Neither two options, nor parts of one, nor none at all."""
    choice = Choice(id="weekly", options=(("a",), ("b", "c")))
    given = problem(containers=THREE, vehicles=(replace(PATIENT, capacity_l=9_000),), choices=(choice,))
    assert names(plan(given, truck=visits)) == expected


def test_an_option_may_contain_another() -> None:
    """What is served has to be exactly one option, even if another one is a part of it."""
    choice = Choice(id="weekly", options=(("a",), ("a", "b")))
    given = problem(choices=(choice,))
    assert plan(given, truck=(A, TIP)).feasible
    assert plan(given, truck=(A, B, TIP)).feasible


def test_an_optional_choice_is_left_at_its_own_cost() -> None:
    """The containers' own prices and duties do not count inside of a choice."""
    choice = Choice(id="weekly", options=(("a",), ("b",)), required=False, cost_of_leaving_ueur=42)
    tasks = (container("a", 1, required=False, cost_of_leaving_ueur=1_000), container("b", 2))
    given = problem(containers=tasks, choices=(choice,))
    assert (plan(given).feasible, plan(given).cost.total_ueur) == (True, 42)
    assert plan(given, truck=(A, TIP)).cost.leaving_ueur == 0


@pytest.mark.parametrize(
    ("visits", "kept"),
    [
        ((A, B, C, TIP), True),
        ((C, A, Pause(duration_s=60), B, TIP), True),
        ((C, TIP), True),
        ((B, A, C, TIP), False),
        ((A, C, B, TIP), False),
        ((A, TIP, B, TIP), False),
        ((A, C, TIP), False),
    ],
)
def test_a_sequence_is_emptied_whole_and_in_order(visits: tuple[Visit, ...], kept: bool) -> None:
    """Nothing but pauses lies between its containers, unless none of them is emptied."""
    optional = tuple(replace(task, required=False) for task in THREE)
    given = problem(
        containers=optional, vehicles=(replace(PATIENT, capacity_l=9_000),), sequences=(("a", "b"),)
    )
    assert names(plan(given, truck=visits)) == (set() if kept else {"sequence_broken"})


def test_a_sequence_is_not_shared_by_two_vehicles() -> None:
    """One vehicle empties all of it."""
    given = problem(vehicles=(TRUCK, replace(TRUCK, id="other")), sequences=(("a", "b"),))
    judged = plan(given, truck=(A, TIP), other=(B, TIP))
    assert [(each.name, each.subjects) for each in judged.violations] == [("sequence_broken", ("a", "b"))]


def test_fixed_tours_are_driven_as_given() -> None:
    """Another order, another visit more, or no tour at all is a change."""
    fixed = (PlannedTour(vehicle="truck", visits=(A, B, TIP)),)
    given = problem(fixed=fixed, vehicles=(PATIENT,))
    assert plan(given, truck=(A, B, TIP)).feasible
    assert names(plan(given, truck=(B, A, TIP))) == {"fixed_changed"}
    assert names(plan(given, truck=(A, B, TIP, TIP))) == {"fixed_changed"}
    assert names(plan(given)) == {"fixed_changed", "required_unserved"}


def test_serving_may_cost_by_itself() -> None:
    """What a way of serving costs is added where it is chosen."""
    tasks = (container("a", 1, serving_cost_ueur=11), container("b", 2, required=False))
    judged = plan(problem(containers=tasks), truck=(A, TIP))
    assert judged.cost.serving_ueur == 11
    assert judged.cost.total_ueur == judged.tours[0].cost.total_ueur


def test_departing_from_yesterday_costs() -> None:
    """Another vehicle, another stop before, and each second beyond the free shift have their price."""
    habits = Habits(
        visits=(
            UsualVisit(container="a", vehicle="truck", after=None, arrival_s=1_200),
            UsualVisit(container="b", vehicle="truck", after="a", arrival_s=1_400),
        ),
        other_vehicle_ueur=1_000_000,
        other_order_ueur=10_000,
        shift_free_s=30,
        shift_per_s_ueur=1,
    )
    fleet = (PATIENT, replace(PATIENT, id="other"))
    given = problem(vehicles=fleet, habits=habits)
    as_usual = plan(given, truck=(A, B, TIP)).cost.habits_ueur
    assert as_usual == 60 - 30
    other_order = plan(given, truck=(B, A, TIP)).cost.habits_ueur
    assert other_order == 2 * 10_000 + (1_660 - 1_200 - 30)
    after_unloading = plan(given, truck=(A, TIP, B, TIP)).cost.habits_ueur
    assert after_unloading == 10_000 + (1_960 - 1_400 - 30)
    assert plan(given, other=(A, B, TIP)).cost.habits_ueur == 2 * 1_000_000 + 30
