"""The search tries to do without vehicles, and goes on from where it was where that fails."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest

from domain.planning import PlanProblem
from processing.routing.kernels.fleet import CLOCK, FAILED, UNTIL
from processing.routing.kernels.model import NEED, REQUIRED, SUCC, Best
from processing.routing.search import Search
from tests.domain.line_problem import PATIENT, container, problem
from tests.processing.routing.problems import district

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


@dataclass(frozen=True, kw_only=True)
class State:
    """The current solution: places by tour, what nobody serves, and the objective."""

    tours: tuple[tuple[int, ...], ...]
    gone: frozenset[int]
    objective: int

    @classmethod
    def of(cls, search: Search) -> "State":
        """The state of a search."""
        now, index = search._current, search.index
        linked = Best(succ=now.stop[:, SUCC], at=now.at)
        return cls(
            tours=tuple(tuple(index.places_of(linked, number)) for number in range(len(index.vehicles))),
            gone=frozenset(now.gone[: now.gone[-1, 0], 0].tolist()),
            objective=search.current_objective,
        )


def steps(search: Search, total: int) -> Iterator[tuple[bool, State]]:
    """Iterations one by one: whether an attempt goes on after it, and the state before it.

    Where attempts begin or end by time, all places are passed over: the turn that follows is taken back.
    """
    usual = search.style
    idle = usual._replace(blink=1_024, exchanges=0, moved=0, parted=0)
    for _ in range(total):
        fleet = search._work.fleet
        search.style = idle if fleet[CLOCK] + 1 >= fleet[UNTIL] else usual
        before = State.of(search)
        search.run(1, total)
        yield bool(search._current.used[-1, 1]), before


def roomy_district() -> PlanProblem:
    """Tours that unload on the way, of required containers, and one for which no vehicle has room."""
    given = district(sites=20, containers_at_each=3, fleet=4, seed=2)
    tasks = [replace(task, required=True) for task in given.containers]
    giant = replace(tasks[0], id="giant", demand_l=10**6, required=False, cost_of_leaving_ueur=1)
    return replace(given, containers=(*tasks, giant))


@pytest.mark.parametrize("made", [lambda: tight(PARTS + 1), roomy_district], ids=["one trip", "trips"])
def test_search_goes_on_from_where_a_failed_attempt_began(made: Callable[[], PlanProblem]) -> None:
    """After an attempt that fails the tours are what they were before it, not the best ones."""
    search = Search(made(), seed=1)
    search.start()
    began, others, failures = State.of(search), 0, 0
    was_closed = False
    for closed, before in steps(search, 4_000):
        if closed and not was_closed:
            began = before
        if was_closed and not closed and search._work.fleet[FAILED] > failures:
            best = tuple(
                tuple(search.index.places_of(search._best, number)) for number in range(len(began.tours))
            )
            others += best != began.tours
            assert State.of(search) == began
            assert search.recount() == began.objective
        failures = int(search._work.fleet[FAILED])
        was_closed = closed
    assert others > 1


def test_no_attempt_is_made_on_what_may_be_left() -> None:
    """A tour of optional containers is never emptied for the sake of its vehicle: without them all would be served."""
    given = tight(PARTS + 1)
    optional = [replace(task, required=False, cost_of_leaving_ueur=10**10) for task in given.containers]
    search = Search(replace(given, containers=tuple(optional)), seed=1)
    search.start()
    assert search.style.fleet == 1
    assert not any(closed for closed, _ in steps(search, 1_000))


def test_attempts_pass_over_tours_of_what_may_be_left() -> None:
    """Where some tours serve optional containers alone, those that are emptied serve required ones as well."""
    given = tight(PARTS + 1)
    mixed = [
        replace(task, required=number % 3 == 0, cost_of_leaving_ueur=10**10)
        for number, task in enumerate(given.containers)
    ]
    search = Search(replace(given, containers=tuple(mixed)), seed=1)
    search.start()
    required = search.model.need[:, REQUIRED] != 0
    emptied, passed_over = 0, 0
    was_closed = False
    for closed, before in steps(search, 1_000):
        if closed and not was_closed:
            rows = (search.model.node[0, list(tour), NEED] for tour in before.tours)
            needs = [{need for need in row.tolist() if need >= 0} for row in rows]
            passed_over += any(tour and not required[list(tour)].any() for tour in needs)
            left = State.of(search).gone - before.gone
            assert left in needs
            assert required[list(left)].any()
            emptied += 1
        was_closed = closed
    assert emptied > 0
    assert passed_over > 0


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
    assert search.style.fleet
    if not attempts:
        search.style = search.style._replace(fleet=0)
    search.run(10_000, 10_000)
    assert search.unserved_required == 0
    return sum(bool(tour.visits) for tour in search.tours())
