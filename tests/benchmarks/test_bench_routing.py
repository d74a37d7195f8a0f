"""The routing benchmark runs as one command, is ended without harm, and goes on where it was ended."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
COMMAND = [sys.executable, str(ROOT / "benchmarks" / "bench_routing.py"), "--solvers", "landpuls"]


def arguments(data: Path, out: Path, seeds: str, seconds: str = "0.2") -> list[str]:
    """A benchmark of the tiny instance."""
    return [
        *COMMAND,
        *("--families", "CVRP", "--data", str(data), "--out", str(out)),
        *("--seeds", seeds, "--seconds", seconds),
    ]


@pytest.mark.slow
def test_finished_runs_are_kept_and_reported(data: Path, tmp_path: Path) -> None:
    """A second call runs what is new only, and the report has the optimum's gap of zero."""
    out = tmp_path / "out"
    subprocess.run(arguments(data, out, "1"), check=True, capture_output=True)
    first = (out / "runs.jsonl").read_text()
    subprocess.run(arguments(data, out, "1,2"), check=True, capture_output=True)
    assert (out / "runs.jsonl").read_text().startswith(first)
    runs = [json.loads(line)["run"] for line in (out / "runs.jsonl").read_text().splitlines()]
    assert [(run["solver"], run["seed"]) for run in runs] == [
        ("best-known", 0),
        ("landpuls", 1),
        ("landpuls", 2),
    ]
    report = json.loads((out / "report.json").read_text())
    assert report["families"][0]["solvers"]["landpuls"]["gap_percent"] == 0.0
    assert report["best_known"][0]["agrees"]
    (out / "report.md").unlink()
    subprocess.run([*arguments(data, out, "1"), "--render"], check=True, capture_output=True)
    assert "| CVRP | 0.2 s | 2 | 0.00 |" in (out / "report.md").read_text()


@pytest.mark.slow
def test_interrupt_leaves_valid_files(data: Path, tmp_path: Path) -> None:
    """Ctrl-C in the middle of a run keeps the finished ones, writes the report and ends the solver."""
    out = tmp_path / "out"
    running = subprocess.Popen(
        arguments(data, out, "1", "300"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stderr is not None
    first = running.stderr.readline()
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "best-known" in first + told
    assert "goes on from here" in told
    assert len((out / "runs.jsonl").read_text().splitlines()) == 1
    assert json.loads((out / "report.json").read_text())["families"] == []


def test_missing_data_is_said_with_the_remedy() -> None:
    """Without test data the benchmark ends with a sentence that says what to set."""
    without = {name: value for name, value in os.environ.items() if name != "LANDPULS_TEST_DATA"}
    done = subprocess.run(COMMAND, env=without, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "LANDPULS_TEST_DATA" in done.stderr
    assert subprocess.run([*COMMAND, "--short"], env=without, capture_output=True).returncode == 0


def test_unknown_family_is_refused_with_those_there_are(data: Path, tmp_path: Path) -> None:
    """A typing error does not look like an empty benchmark."""
    done = subprocess.run(
        [*COMMAND, "--families", "CVRPP", "--data", str(data), "--out", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "CVRPP" in done.stderr
    assert "MDVRPTW" in done.stderr
