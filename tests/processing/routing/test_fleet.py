"""The search tries to do without vehicles, and goes on from its best solution where that fails."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from domain.planning import PlanProblem
from processing.routing.search import Search
from processing.routing.tuning import ATTEMPT
from tests.domain.line_problem import PATIENT, container, problem

PARTS = 12
"""Vehicles that a perfect packing needs."""
TOTAL = 6_000


MANY, SLACK = 60, 85
"""Vehicles that a loose packing needs, and the kilograms that may be free in each: in all less than one takes."""


def tight(vehicles: int, fixed_cost_ueur: int = 10**9) -> PlanProblem:
    """Containers, three to a vehicle, that fill exactly ``PARTS`` vehicles to the last kilogram."""
    rng = np.random.default_rng(5)
    weights: list[int] = []
    for _ in range(PARTS):
        first, second = sorted(int(each) for each in rng.integers(1_000, TOTAL - 1_000, 2))
        weights += [first, second - first + 1, TOTAL - second - 1]
    return packing(weights, vehicles, fixed_cost_ueur)


def loose(vehicles: int) -> PlanProblem:
    """Containers, eight to a vehicle, that leave a little free in each of ``MANY``: one less cannot take them all."""
    rng = np.random.default_rng(5)
    weights: list[int] = []
    for _ in range(MANY):
        cuts = sorted(int(each) for each in rng.integers(600, TOTAL - SLACK - 600, 7))
        weights += [max(1, last - first) for first, last in pairwise([0, *cuts, TOTAL - SLACK])]
    assert (MANY - 1) * TOTAL < sum(weights) <= MANY * TOTAL
    return packing(weights, vehicles, 10**9)


def packing(weights: list[int], vehicles: int, fixed_cost_ueur: int) -> PlanProblem:
    """Containers of these kilograms at two places on the way to the tip, and vehicles that are alike."""
    truck = replace(
        PATIENT, max_trips=1, capacity_l=TOTAL, capacity_kg=TOTAL, fixed_cost_ueur=fixed_cost_ueur
    )
    return problem(
        vehicles=tuple(replace(truck, id=f"truck {number}") for number in range(vehicles)),
        containers=tuple(
            container(f"bin {number}", 1 + number % 2, demand_kg=weight, demand_l=1)
            for number, weight in enumerate(weights)
        ),
    )


def test_attempt_that_fails_ends_where_it_began() -> None:
    """While no vehicle more may be used some containers are left; then all are served again, and the sums are right."""
    search = Search(tight(PARTS + 1), seed=1)
    search.start()
    attempts, was_closed = 0, False
    for _ in range(400):
        search.run(10, 4_000)
        closed = bool(search._current.used[-1, 1])
        attempts += closed and not was_closed
        assert search.current_objective == search.recount()
        assert closed or (search._current.gone[-1, 0] == 0)
        was_closed = closed
    assert attempts > 1
    assert search.unserved_required == 0


def test_no_attempt_is_made_on_what_may_be_left() -> None:
    """A tour of optional containers is never emptied for the sake of its vehicle: without them all would be served."""
    given = tight(PARTS + 1)
    optional = [replace(task, required=False, cost_of_leaving_ueur=10**10) for task in given.containers]
    search = Search(replace(given, containers=tuple(optional)), seed=1)
    search.start()
    for _ in range(100):
        search.run(10, 1_000)
        assert search._current.used[-1, 1] == 0


def test_vehicles_that_cost_nothing_are_let_go_out() -> None:
    """Where a vehicle less is no gain nothing is ever emptied for it."""
    search = Search(tight(PARTS + 1, fixed_cost_ueur=0), seed=1)
    search.start()
    for _ in range(100):
        search.run(10, 1_000)
        assert search._current.used[-1, 1] == 0


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_attempts_reach_the_least_number_of_tours(seed: int) -> None:
    """Where little is free in each vehicle attempts reach the number that is needed; else more is used."""
    assert tours_used(seed, attempts=True) == MANY
    assert tours_used(seed, attempts=False) > MANY


def tours_used(seed: int, attempts: bool) -> int:
    """Tours of a search with or without attempts to do without a vehicle, once all is served."""
    search = Search(loose(MANY + 15), seed)
    search.start()
    assert search.style.fleet == ATTEMPT
    if not attempts:
        search.style = search.style._replace(fleet=0)
    search.run(10_000, 10_000)
    assert search.unserved_required == 0
    return sum(bool(tour.visits) for tour in search.tours())
