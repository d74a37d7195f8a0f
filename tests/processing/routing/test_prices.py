"""Leaving something that is required counts more than any plan costs."""

from dataclasses import replace

from domain.planning import evaluate
from processing.routing.kernels.model import LEAVING
from processing.routing.search import Search
from processing.routing.solve import solve
from processing.routing.stop import Stop
from tests.processing.routing.plain_problems import plain, task
from tests.processing.routing.test_rules import apart


def test_leaving_a_sequence_counts_more_than_the_ways_within_it() -> None:
    """Whatever its inner ways cost, a required locked sequence is dearer to leave than to serve."""
    metres = apart(4, 1_000)
    for place in (0, 1, 3):
        metres[place][2] = metres[2][place] = 1_000_000
    tasks = tuple(task(name, number, 1) for number, name in enumerate("abc", start=1))
    problem = replace(plain(metres, apart(4, 100), tasks, 10, 1), sequences=(("a", "b", "c"),))
    judged = evaluate(problem, solve(problem, Stop(iterations=0), seed=1))
    assert judged.feasible
    assert Search(problem, seed=1).model.need[0, LEAVING] > judged.cost.total_ueur
