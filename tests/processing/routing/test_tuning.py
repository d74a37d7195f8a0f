"""The temperatures of a search follow what changes of its tours cost."""

from decimal import ROUND_UP, localcontext

import pytest

from processing.routing.search import Search
from processing.routing.tuning import COLD, HOT, NARROW
from tests.processing.routing.test_savings import on_map


def begun(places: list[tuple[int, int]]) -> Search:
    """A search with its first solution, where only metres and room count."""
    search = Search(on_map(places, capacity=len(places), fleet=2), seed=1)
    search.start()
    return search


def test_a_far_depot_makes_nothing_hotter() -> None:
    """What a change of order costs follows the ways between containers, wherever the depot is."""
    near, far = (begun([(x, 10 * side) for side in range(6)])._temperatures for x in (100, 110))
    assert near.tolist() == far.tolist()
    assert far[0] * COLD == pytest.approx(far[-1] * HOT, rel=1e-3)


def test_containers_in_one_place_leave_some_heat() -> None:
    """Where the ways between containers are nothing, a share of what driving costs stands in for them."""
    search = begun([(1_000, 0)] * 8)
    assert search._temperatures[0] == int(HOT * NARROW * search.cost_ueur / 8)


def test_temperatures_are_the_same_in_any_decimal_context() -> None:
    """However coarsely the caller computes with decimals, a seed gives the same search."""
    places = [(100 + 37 * x % 91, 17 * x % 53) for x in range(6)]
    usual = begun(places)._temperatures
    with localcontext() as context:
        context.prec, context.rounding = 2, ROUND_UP
        assert begun(places)._temperatures.tolist() == usual.tolist()
