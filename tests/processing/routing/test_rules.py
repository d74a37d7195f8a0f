"""Rules that the search passes over are those that cannot bind."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from domain.planning import (
    Collect,
    DisposalFacility,
    PlannedTour,
    PlanProblem,
    PlanSolution,
    TimeWindow,
    TravelProfile,
    Underway,
    Unload,
    evaluate,
)
from processing.routing.kernels.model import TIMED
from processing.routing.search import Search
from processing.routing.solve import solve
from processing.routing.stop import Stop
from tests.processing.routing.plain_problems import plain, task

LATEST_S = 36_000


def apart(places: int, way: int) -> list[list[int]]:
    """The same way between any two places."""
    return [[0 if a == b else way for b in range(places)] for a in range(places)]


def four(way_s: int = 100) -> PlanProblem:
    """Four optional containers for one vehicle, so many seconds from each other."""
    tasks = (
        task(f"c{number}", number, 1, required=False, cost_of_leaving_ueur=10**9) for number in range(1, 5)
    )
    return plain(apart(5, 1_000), apart(5, way_s), tuple(tasks), 10, 1, LATEST_S)


def late() -> PlanProblem:
    """A vehicle under way that is ready five minutes before it must be back."""
    base = four()
    under = Underway(location=0, departed_s=0, ready_s=LATEST_S - 300)
    return replace(base, vehicles=(replace(base.vehicles[0], underway=under),))


def slow() -> PlanProblem:
    """A vehicle for which any way takes longer than for others."""
    base = four()
    profile = TravelProfile(name="slow", distance_m=apart(5, 1_000), duration_s=apart(5, 30_000))
    return replace(base, vehicles=(replace(base.vehicles[0], profile="slow"),), profiles=(profile,))


def sequence() -> PlanProblem:
    """A locked sequence; coming to it and going home would fit, the ways within it do not."""
    return replace(four(9_000), sequences=(("c1", "c2", "c3", "c4"),))


@pytest.mark.parametrize("given", [late, slow, sequence])
def test_time_that_can_bind_is_looked_at(given: Callable[[], PlanProblem]) -> None:
    """Vehicles under way, travel profiles and the ways within locked sequences make no tour late."""
    problem = given()
    assert evaluate(problem, solve(problem, Stop(iterations=100), seed=1)).feasible


@pytest.mark.parametrize(
    "tip",
    [{"service_s": 30_000}, {"service_s": 0, "opening": (TimeWindow(open_s=34_000, close_s=35_900),)}],
    ids=["slow", "opens late"],
)
def test_time_at_facilities_on_the_way_is_looked_at(tip: dict[str, Any]) -> None:
    """A start that unloads elsewhere than at home, and is too late for that, is not handed on."""
    base = plain(
        [[0, 5_000, 10], [5_000, 0, 1], [10, 1, 0]], apart(3, 4_000), (task("c1", 1, 1),), 10, 1, 30_000
    )
    other = DisposalFacility(id="other", location=2, fractions=frozenset({"residual"}), **tip)
    problem = replace(base, facilities=(*base.facilities, other))
    visits = (Collect(container="c1"), Unload(facility="other"))
    start = PlanSolution(tours=(PlannedTour(vehicle="truck 0", visits=visits),))
    assert evaluate(problem, solve(problem, Stop(iterations=50), seed=1, start=start)).feasible


def test_time_that_cannot_bind_is_passed_over() -> None:
    """Where all ways together fit into the shift, the search does not look at time."""
    assert not Search(four(), seed=1).model.rule[TIMED]
