"""Udine's GeoJSON becomes a problem of several days with patterns to choose from."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.planning import PlanSolution, evaluate
from processing.routing.formats import BadInstance, Instance, read_instance
from processing.routing.formats.pvrpif import patterns
from tests.processing.routing.formats.periodic import udine

ROUTES = """Route #1: 1 2 4 3 4
Route #2:
Route #3: 1 4
Route #4:
Route #5: 1 2 4
Route #6:
Route #7:
Route #8: 1 4
"""


@pytest.fixture
def read(tmp_path: Path):
    """Read such data as a file."""

    def read_data(data: Any) -> Instance:
        path = tmp_path / "Line_003_4_0.geojson"
        path.write_text(json.dumps(data))
        return read_instance(path)

    return read_data


@given(days=st.integers(1, 12), share=st.floats(0, 1))
def test_patterns_are_even(days: int, share: float) -> None:
    """A pattern has as many days as asked for, the gaps differ by a day at most, and every day can be the first."""
    frequency = max(1, round(share * days))
    found = patterns(frequency, days)
    assert {day for pattern in found for day in pattern} == set(range(days))
    for pattern in found:
        gaps = [after - before for before, after in pairwise((*pattern, pattern[0] + days))]
        assert len(pattern) == frequency
        assert sum(gaps) == days
        assert max(gaps) - min(gaps) <= 1


def test_patterns_divide_the_horizon() -> None:
    """Where the frequency divides the horizon, a pattern is every so many days from each of the first ones."""
    assert patterns(2, 4) == ((0, 2), (1, 3))
    assert patterns(3, 6) == ((0, 2, 4), (1, 3, 5))


def test_days_patterns_and_vehicles(read) -> None:
    """Daily customers are required each day, others have a choice of patterns; each day has its vehicles."""
    problem = read(udine()).problem
    assert len(problem.containers) == 12
    assert {choice.id: len(choice.options) for choice in problem.choices} == {
        "customer 2": 2,
        "customer 3": 4,
    }
    assert [vehicle.day for vehicle in problem.vehicles] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert problem.vehicles[2].latest_end_s == 86_400 + 120 * 60


def test_cost_is_travel_time(read) -> None:
    """Travel counts, service does not; routes use the file's numbers, whatever the day."""
    instance = read(udine())
    tours = instance.read_solution(ROUTES)
    judged = evaluate(instance.problem, PlanSolution(tours=tours))
    assert judged.violations == ()
    assert instance.cost(judged.cost.total_ueur) == 100 + 3 * 80
    assert instance.write_tours(tours, judged.cost.total_ueur) == f"{ROUTES}Cost 340\n"


@pytest.mark.parametrize(
    ("routes", "broken"),
    [
        (ROUTES.replace("Route #3: 1 4", "Route #3: 1 2 4"), "choice"),
        (ROUTES.replace("1 2 4 3 4", "1 2 3 4"), "capacity_volume"),
        (ROUTES.replace("1 2 4 3 4", "1 2 4 3"), "not_empty_at_end"),
    ],
)
def test_the_family_s_rules_hold(read, routes: str, broken: str) -> None:
    """A day outside the pattern, too much on board, or waste brought home is a violation."""
    instance = read(udine())
    judged = evaluate(instance.problem, PlanSolution(tours=instance.read_solution(routes)))
    assert any(broken in violation.name for violation in judged.violations), judged.violations


def test_service_counts_in_the_duration(read) -> None:
    """Travel of 100 minutes and service of 9 do not fit into 108 minutes."""
    instance = read(udine(maxDuration=108))
    judged = evaluate(instance.problem, PlanSolution(tours=instance.read_solution(ROUTES)))
    assert [violation.name for violation in judged.violations] == ["shift_end"]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("info", "planningHorizon"), None, "info.planningHorizon: it is missing"),
        (("info", "numVehicles"), 1.5, "info.numVehicles: it is '1.5'; give a whole number"),
        (("features", 1, "properties", "frequency"), 5, "features.1.properties.frequency: it is '5'"),
        (("features", 1, "properties"), [], "features.1.properties.type: it is missing"),
        (("features", 4, "properties", "type"), "depot", "features: there is not one depot with facilities"),
        (("duration", 2), [1, 2], "duration: this is no matrix of 5 by 5"),
        (("duration", 2, 1), "x", "duration: an entry is no whole number"),
    ],
)
def test_mistakes_are_named_with_their_place(read, path: tuple[Any, ...], value: Any, said: str) -> None:
    """A mistake is one sentence with file, member and remedy."""
    data = udine()
    found: Any = data
    for key in path[:-1]:
        found = found[key]
    found[path[-1]] = value
    with pytest.raises(BadInstance, match="geojson") as caught:
        read(data)
    assert said in str(caught.value)
