"""Segments move to where they belong, alone or in return for others, and never break what a plain tour promises."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from domain.planning import (
    PlanProblem,
    TimeWindow,
)
from processing.routing.kernels.model import PLAIN
from processing.routing.search import Search
from tests.processing.routing.plain_problems import plain, plain_problems, task
from tests.processing.routing.stuck import groups, stuck
from tests.processing.routing.sums import check_tours, run_adding_up

CASES = {
    "two together": (
        {
            "w1": (-1000, 0),
            "w2": (-1000, 50),
            "p": (1000, 0),
            "q": (1000, 10),
            "e1": (900, 300),
            "e2": (700, 300),
        },
        {"w1": 3, "w2": 3, "p": 1, "q": 1, "e1": 3, "e2": 3},
        8,
        ("w1 p q w2", "e1 e2"),
        {frozenset({"w1", "w2"}), frozenset({"p", "q", "e1", "e2"})},
    ),
    "one for one": (
        {
            "w1": (-900, 0),
            "w2": (-950, 20),
            "w3": (-1000, 0),
            "e1": (900, 0),
            "e2": (950, 20),
            "e3": (1000, 0),
        },
        {"w1": 1, "w2": 1, "w3": 1, "e1": 1, "e2": 1, "e3": 1},
        3,
        ("w1 w2 e3", "e1 e2 w3"),
        {frozenset({"w1", "w2", "w3"}), frozenset({"e1", "e2", "e3"})},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_gain_is_found_that_no_container_makes_by_itself(case: str) -> None:
    """What one container at a time cannot do, a segment does that moves as a whole or in return."""
    points, demand, capacity, tours, wanted = CASES[case]
    search = stuck(points, demand, capacity, *tours)
    search.run(500, 500)
    assert groups(search) != wanted
    search = stuck(points, demand, capacity, *tours)
    search.style = search.style._replace(moved=4)
    search.run(500, 500)
    assert groups(search) == wanted
    assert search.recount() == search.current_objective


def test_segment_is_turned_round_and_stays_in_its_tour() -> None:
    """Two containers that are driven the wrong way round turn where taking out one is no gain."""
    points = {"a": (0, 1000), "b": (10, 1000), "c": (990, 1000), "d": (1000, 1000), "e": (2000, 1000)}
    search = stuck(points, dict.fromkeys(points, 1), 5, "a d c b e")
    search.style = search.style._replace(moved=4)
    search.run(300, 300)
    assert search.tours()[0].containers in (tuple("abcde"), tuple("edcba"))


def test_segments_are_moved_where_time_can_bind() -> None:
    """A window on one container is enough; without any there is nothing to gain."""
    metres = [[0, 100, 200], [100, 0, 100], [200, 100, 0]]
    for narrow, moved in (((), False), ((TimeWindow(open_s=0, close_s=9_000),), True)):
        search = Search(plain(metres, metres, (task("a", 1, 1, windows=narrow), task("b", 2, 1)), 9, 2), 1)
        search.start()
        assert (search.style.moved > 0) is moved


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(problem=plain_problems(), seed=st.integers(0, 2**32))
def test_moves_keep_windows_and_loads_and_add_up(problem: PlanProblem, seed: int) -> None:
    """Whatever moves, tours stay feasible, and the sums are those of counting afresh."""
    search = Search(problem, seed)
    search.start()
    assert search.model.rule[PLAIN]
    search.style = search.style._replace(moved=20)
    run_adding_up(search, 5, 20)
    check_tours(problem, search)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(problem=plain_problems(), seed=st.integers(0, 2**32))
def test_nothing_gets_dearer_when_it_is_cold(problem: PlanProblem, seed: int) -> None:
    """Moves are gains: at no temperature, and with nothing required, the current tours never get dearer."""
    assume(not problem.containers[0].required)
    search = Search(problem, seed)
    search.start()
    search._temperatures[:] = 0
    search.style = search.style._replace(moved=20)
    for _ in range(10):
        before = search.current_objective
        search.run(10, 100)
        assert search.current_objective <= before
