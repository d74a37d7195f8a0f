"""The routing benchmark runs as one command and judges by the domain's evaluator."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DATA = os.environ.get("LANDPULS_TEST_DATA")
COMMAND = [sys.executable, str(ROOT / "benchmarks" / "bench_routing.py")]


@pytest.mark.data
@pytest.mark.skipif(not DATA, reason="set LANDPULS_TEST_DATA to the folder that holds routing/CVRP")
def test_gap_is_printed_for_an_instance() -> None:
    """A short run on the smallest instance prints its gap and the mean, and finds a solution within 3 %."""
    done = subprocess.run(
        [*COMMAND, "--seconds", "2", "--only", "X-n101-k25"], capture_output=True, text=True, check=True
    )
    first, last = done.stdout.strip().splitlines()
    assert first.startswith("X-n101-k25")
    assert float(last.split()[2]) < 3.0


def test_missing_data_is_said_with_the_remedy() -> None:
    """Without test data the benchmark ends with a sentence that says what to set."""
    without = {name: value for name, value in os.environ.items() if name != "LANDPULS_TEST_DATA"}
    done = subprocess.run(COMMAND, env=without, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "LANDPULS_TEST_DATA" in done.stderr
