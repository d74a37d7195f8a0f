"""Searches that begin with bad plain tours, and can better them only by the moves that a test leaves them."""

import math

from domain.planning import Collect, PlannedTour, PlanSolution
from processing.routing.kernels.model import PLAIN
from processing.routing.search import Search
from tests.processing.routing.plain_problems import plain, task

Points = dict[str, tuple[int, int]]


def stuck(points: Points, demand: dict[str, int], capacity: int, *tours: str) -> Search:
    """A search that begins with these tours, takes out one container at a time and accepts nothing dearer."""
    places = [(0, 0), *points.values()]
    metres = [[round(math.dist(one, other)) for other in places] for one in places]
    tasks = tuple(task(name, number, demand[name]) for number, name in enumerate(points, start=1))
    problem = plain(metres, metres, tasks, capacity, len(tours))
    planned = (
        PlannedTour(vehicle=f"truck {number}", visits=tuple(Collect(container=name) for name in tour.split()))
        for number, tour in enumerate(tours)
    )
    search = Search(problem, 1, PlanSolution(tours=tuple(planned)))
    search.start()
    assert search.model.rule[PLAIN]
    search._temperatures[:] = 0
    search.style = search.style._replace(average=1, longest=1, exchanges=0, fresh=0, blink=0, moved=0)
    return search


def groups(search: Search) -> set[frozenset[str]]:
    """Which containers go together."""
    return {frozenset(tour.containers) for tour in search.tours() if tour.containers}
