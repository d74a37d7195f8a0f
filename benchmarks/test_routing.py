"""The short form of the routing benchmark: one small and one middle instance, a few seconds each."""

import os
from pathlib import Path

import pytest

from benchmarks.bench_routing import measure

DATA = os.environ.get("LANDPULS_TEST_DATA")


@pytest.mark.bench
@pytest.mark.skipif(not DATA, reason="set LANDPULS_TEST_DATA to the folder that holds routing/CVRP")
@pytest.mark.parametrize("name", ["X-n101-k25", "X-n303-k21"])
def test_gap_after_five_seconds(name: str) -> None:
    """A feasible solution is found and its gap printed; the figure is for the reader, not for an assertion."""
    gap = measure(Path(DATA or "") / "routing" / "CVRP" / f"{name}.vrp", seconds=5.0, seed=1)
    assert gap >= 0.0
