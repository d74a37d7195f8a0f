"""What is said of optional containers that are left is true: it was tried, or it is said that it was not."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.planning import (
    Choice,
    PlannedTour,
    PlanProblem,
    PlanSolution,
    Unserved,
    evaluate,
    explain_container,
)
from domain.planning.insertion import Insertion, Present
from processing.routing import leaving, unserved
from processing.routing.solve import solve
from processing.routing.stop import Stop
from processing.routing.unserved import explain_unserved
from tests.domain.line_problem import PATIENT, TIP, A, container, problem
from tests.domain.rich_problems import rich_problems
from tests.domain.servable_problems import Servable, servable_problems

SERVED = (PlannedTour(vehicle="truck", visits=(A, TIP)),)
HOUSEHOLDS = {"required": False, "cost_of_leaving_ueur": 4_000_000}
A_LOT, A_LITTLE = 9_000_000, 2


def left_of(given_problem: PlanProblem, tours: tuple[PlannedTour, ...] = SERVED) -> dict[str, Unserved]:
    """What these tours leave, by name."""
    return {each.container: each for each in explain_unserved(given_problem, tours)}


def beside(**changes: object) -> PlanProblem:
    """The first container is served by a truck with time, the second is optional."""
    second = container("b", 2, **(HOUSEHOLDS | changes))
    return problem(vehicles=(PATIENT,), containers=(container("a", 1), second))


def test_what_nobody_can_serve_is_not_called_cheaper_to_leave() -> None:
    """An optional container that asks for a skill nobody has is left for that, whatever leaving costs."""
    (found,) = left_of(beside(skills=frozenset({"crane"}))).values()
    assert (found.constraint, found.required) == ("vehicle_skills", False)
    assert "crane" in found.explanation
    (found,) = left_of(beside(fraction="glass")).values()
    assert found.constraint == "facility_fraction"


def test_what_no_tour_has_room_for_is_left_for_that() -> None:
    """What could be served alone, but in none of the tours, is left for what stands in the way there."""
    full = problem(containers=(container("a", 1), container("b", 2, demand_l=900, **HOUSEHOLDS)))
    (found,) = left_of(full).values()
    assert found.constraint in ("capacity_volume", "shift_end", "trips")
    assert "4.00 €" in found.explanation


@pytest.mark.parametrize(
    ("price_ueur", "name"), [(A_LITTLE, "cheaper_to_leave"), (A_LOT, "cheaper_to_serve")]
)
def test_leaving_is_compared_with_the_cheapest_place(price_ueur: int, name: str) -> None:
    """Where a place is found its price decides what is said, and stands in the sentence."""
    (found,) = left_of(beside(cost_of_leaving_ueur=price_ueur, demand_l=1)).values()
    assert found.constraint == name
    assert "in the tour of truck after" in found.explanation


def test_a_tour_that_is_fixed_is_no_place() -> None:
    """If every tour is fixed, what is left could be served by none of them."""
    fixed = replace(beside(demand_l=1), fixed=SERVED)
    (found,) = left_of(fixed).values()
    assert found.constraint not in ("cheaper_to_leave", "cheaper_to_serve", "not_tried")


def test_an_option_that_can_be_carried_out_decides_for_the_choice() -> None:
    """Of a choice that is left only what nobody can serve is called so; the rest goes by the option that is left."""
    base = beside(skills=frozenset({"crane"}), demand_l=1)
    tasks = (*base.containers, container("c", 2, demand_l=1))
    choice = Choice(id="need", options=(("b",), ("c",)), required=False, cost_of_leaving_ueur=A_LOT)
    found = left_of(replace(base, containers=tasks, choices=(choice,)))
    assert {name: each.constraint for name, each in found.items()} == {
        "b": "vehicle_skills",
        "c": "cheaper_to_serve",
    }
    only = replace(choice, options=(("b", "c"),))
    found = left_of(replace(base, containers=tasks, choices=(only,)))
    assert {each.constraint for each in found.values()} == {"vehicle_skills"}


def test_beyond_the_bound_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dearest to leave are tried first; what is not tried any more is said to be so, with its price."""
    monkeypatch.setattr(unserved, "MOST_DRIVEN", 1)
    many = tuple(
        container(name, 2, demand_l=1, required=False, cost_of_leaving_ueur=price * 1_000_000)
        for name, price in (("b", 1), ("c", 3), ("d", 2))
    )
    found = left_of(problem(vehicles=(PATIENT,), containers=(container("a", 1), *many)))
    assert {name: each.constraint for name, each in found.items()} == {
        "b": "not_tried",
        "c": "cheaper_to_serve",
        "d": "not_tried",
    }
    assert found["d"].explanation == "left for 2.00 €; `--explain` says what serving it would cost"


def test_looking_for_the_hopeless_is_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what is not looked into any more nothing is claimed but what driving it shows."""
    monkeypatch.setattr(leaving, "MOST_ALONE", 0)
    (found,) = left_of(beside(skills=frozenset({"crane"}))).values()
    assert found.constraint not in ("cheaper_to_leave", "cheaper_to_serve")


def rich(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The same examples in every run, as many as take a few seconds."""
    return settings(
        max_examples=examples, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
    )


def check_leaving_is_cheaper(given_problem: PlanProblem, solution: PlanSolution) -> None:
    """Put in what is said to be cheaper to leave, where that costs least, and let the evaluator count."""
    before = evaluate(given_problem, solution)
    named = {each.container: each.constraint for each in solution.unserved if not each.required}
    for name in [name for name, constraint in named.items() if constraint == "cheaper_to_leave"]:
        assert explain_container(given_problem, given_problem.lookup.containers[name]) is None
        insertion = cheapest(given_problem, solution, name)
        changed = {tour.vehicle: tour for tour in (*solution.tours, *insertion.tours)}
        after = evaluate(given_problem, replace(solution, tours=tuple(changed.values())))
        assert {each.name for each in after.violations} <= {each.name for each in before.violations}
        assert after.cost.total_ueur >= before.cost.total_ueur


def cheapest(given_problem: PlanProblem, solution: PlanSolution, name: str) -> Insertion:
    """The cheapest place that the domain finds for the container, or for its choice."""
    choice = given_problem.lookup.choice_of.get(name)
    blocks = {each: block for block in given_problem.sequences for each in block}
    options = choice.options if choice else ((name,),)
    present = Present(given_problem, solution)
    found = []
    for option in options:
        pieces = tuple(dict.fromkeys(blocks.get(each, (each,)) for each in option))
        attempt = present.insert(pieces, leaving.TRIES, nearest=leaving.NEAREST)
        found += [attempt.insertion] if attempt.insertion else []
    return min(found, key=lambda each: each.added_ueur)


@rich(examples=40)
@given(drawn=servable_problems(), seed=st.integers(0, 2**32))
def test_what_is_called_cheaper_to_leave_is(drawn: Servable, seed: int) -> None:
    """Of problems that can be served: putting such a container in would cost no less than leaving it does."""
    check_leaving_is_cheaper(drawn.problem, solve(drawn.problem, Stop(iterations=20), seed=seed))


@rich(examples=40)
@given(drawn=rich_problems(), seed=st.integers(0, 2**32))
def test_what_is_called_cheaper_to_leave_is_on_hard_days(drawn: PlanProblem, seed: int) -> None:
    """The same of problems that are often tight or impossible, from tours that are hardly searched for."""
    solution = solve(drawn, Stop(iterations=5), seed=seed)
    check_leaving_is_cheaper(drawn, solution)
    assert solution.unserved == explain_unserved(drawn, solution.tours)


@rich(examples=25)
@given(drawn=rich_problems())
def test_what_nobody_can_serve_is_said_so_of_all(drawn: PlanProblem) -> None:
    """With no tours at all, whatever nobody can serve alone has that as its constraint, optional or not."""
    for each in explain_unserved(drawn, drawn.fixed):
        alone = explain_container(drawn, drawn.lookup.containers[each.container])
        if alone is not None:
            assert (each.constraint, each.explanation) == alone
