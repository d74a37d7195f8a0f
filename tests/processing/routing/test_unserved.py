"""What a solution leaves is named with its reason; what was never to be served is not."""

from dataclasses import replace

import pytest

from domain.planning import Choice, PlannedTour, PlanProblem
from processing.routing import unserved
from processing.routing.unserved import explain_unserved
from tests.domain.line_problem import TIP, TRUCK, A, container, problem


def given(**changes: object) -> PlanProblem:
    """Two ways of serving one need, and a container that is alone."""
    choice = replace(Choice(id="need", options=(("a",), ("b",))), **changes)
    return problem(containers=(*(container(name, 1) for name in "abc"),), choices=(choice,))


def test_ways_not_taken_are_not_left() -> None:
    """Of a choice that is carried out nothing is left, whatever its other options name."""
    tours = (PlannedTour(vehicle=TRUCK.id, visits=(A, TIP)),)
    assert [each.container for each in explain_unserved(given(), tours)] == ["c"]


def test_the_rest_of_a_choice_that_was_begun_is_left() -> None:
    """A choice that a tour only began is not carried out: what is missing of its options is named, others are not."""
    begun = given(options=(("a", "b"), ("c",)))
    tours = (PlannedTour(vehicle=TRUCK.id, visits=(A, TIP)),)
    assert [each.container for each in explain_unserved(begun, tours)] == ["b"]


def test_choice_decides_whether_its_containers_are_required() -> None:
    """Nothing of an optional choice is required, and what leaving costs is the choice's price."""
    found = {each.container: each for each in explain_unserved(given(), ())}
    assert {name: each.required for name, each in found.items()} == {"a": True, "b": True, "c": True}
    optional = given(required=False, cost_of_leaving_ueur=3_000_000)
    found = {each.container: each for each in explain_unserved(optional, ())}
    assert {name: each.required for name, each in found.items()} == {"a": False, "b": False, "c": True}
    assert "3.00" in found["a"].explanation


def test_only_tours_that_may_serve_it_are_tried() -> None:
    """What stands in the way is said of the tours that could take a container: of its own day, and not fixed."""
    tours = (PlannedTour(vehicle="truck", visits=(A, TIP)), PlannedTour(vehicle="other", visits=()))
    other = replace(TRUCK, id="other", day=1, max_trips=9)
    fixed = replace(TRUCK, id="fixed", max_trips=9)
    full = problem(
        vehicles=(TRUCK, other, fixed),
        containers=(container("a", 1), container("b", 2, days=frozenset({0}))),
        fixed=(PlannedTour(vehicle="fixed", visits=()),),
    )
    (left,) = explain_unserved(full, tours)
    assert (left.container, left.constraint) == ("b", "trips")


def test_very_many_are_not_all_tried_closely(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many tours there are, one container is tried with them, the others have a reason in short."""
    monkeypatch.setattr(unserved, "MOST_DRIVEN", 1)
    tours = (PlannedTour(vehicle=TRUCK.id, visits=(A, TIP)),)
    full = problem(containers=(*(container(name, 1) for name in "abc"),))
    found = {each.container: each.constraint for each in explain_unserved(full, tours)}
    assert found == {"b": "shift_end", "c": "fleet_busy"}
