"""The best-known solutions of every family, judged by the domain's evaluator, are feasible and cost what they state."""

import os
from pathlib import Path

import pytest

from domain.planning import PlanSolution, evaluate
from processing.routing.formats import read_instance
from processing.routing.formats.best_known import solution_beside

DATA = Path(os.environ.get("LANDPULS_TEST_DATA", "nowhere")) / "routing"
FAMILIES = ("CVRP", "VRPTW", "PCVRPTW", "MDVRPTW", "HFVRP", "MTVRPTWR", "ORTEC")
HALF_HUNDREDTH = 0.0151
"""Decimal HFVRP costs were summed without rounding; ours are of rounded thousandths, so the last digit may differ."""

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA.is_dir(), reason="set LANDPULS_TEST_DATA to the folder that holds routing/"),
]


@pytest.mark.parametrize("family", FAMILIES)
def test_best_known_solutions_hold(family: str) -> None:
    """Each best-known solution breaks nothing, costs what it says, and survives being written and read."""
    paths = [path for path in sorted((DATA / family).iterdir()) if path.suffix != ".sol"]
    assert paths
    for path in paths:
        instance = read_instance(path)
        beside = solution_beside(path)
        assert beside is not None
        tours = instance.read_solution(beside.read_text())
        judged = evaluate(instance.problem, PlanSolution(tours=tours))
        assert judged.violations == (), path.name
        tolerance = HALF_HUNDREDTH if instance.scale.decimals == 2 else 0.0
        assert instance.cost(judged.cost.total_ueur) == pytest.approx(instance.best_known, abs=tolerance)
        assert instance.family == family
        assert instance.read_solution(instance.write_tours(tours, judged.cost.total_ueur)) == tours


def test_every_kim_set_is_read() -> None:
    """Each set is read whole, and the way that its authors give as an example is theirs: 15,387 feet in 262.3 s."""
    for path in sorted((DATA / "Kim2006").glob("*_stop.txt")):
        problem = read_instance(path).problem
        assert len(problem.distance_m) == int(path.name.partition("_")[0])
        assert len(problem.containers) + len(problem.facilities) + 1 == len(problem.distance_m)
    small = read_instance(DATA / "Kim2006" / "102_stop.txt").problem
    assert int(small.distance_m[0][1]) == 153_870
    assert round(int(small.duration_s[0][1]) / 100, 1) == 262.3


def test_every_periodic_instance_is_read() -> None:
    """Each instance is read, with as many visits in a pattern as it states, and all frequencies divide the horizon."""
    for path in sorted((DATA / "PVRPIF-Udine").glob("*.geojson")):
        problem = read_instance(path).problem
        days = len({vehicle.day for vehicle in problem.vehicles})
        for choice in problem.choices:
            assert len(choice.options) * len(choice.options[0]) == days
