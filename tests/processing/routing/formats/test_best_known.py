"""The best-known solutions of every family, judged by the domain's evaluator, are feasible and cost what they state."""

import os
from pathlib import Path

import pytest

from domain.planning import PlanSolution, evaluate
from processing.routing.formats import read_instance
from processing.routing.formats.instance import solution_beside

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
