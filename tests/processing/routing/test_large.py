"""Very many stops need not much memory, and the first solution does not take all the time there is."""

import json
import os
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from domain.planning import evaluate
from processing.routing import solve as solving
from processing.routing.solve import solve
from processing.routing.stop import Stop
from tests.processing.routing.large import large

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
def test_5000_stops_are_planned_in_less_than_4_gib() -> None:
    """A day of 5,000 stops is planned in full in a process of its own that needs less than 4 GiB."""
    command = [sys.executable, "-m", "tests.processing.routing.large", "5000", "60", "10"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=True
    )
    found = json.loads(done.stdout)
    assert (found["served"], found["unserved"], found["violations"]) == (5_000, 0, [])
    assert found["memory_gib"] < 4.0


def test_first_solution_ends_when_time_is_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not inserted by then is left, with a reason; the tours so far keep to every rule."""
    problem = large(stops=400, fleet=5)
    ticks = count()
    solution = solve(problem, Stop(seconds=3), clock=lambda: float(next(ticks)))
    judged = evaluate(problem, solution)
    served = sum(len(tour.containers) for tour in solution.tours)
    assert 0 < served < 400
    assert solution.iterations == 0
    assert len(solution.unserved) == 400 - served
    assert {each.name for each in judged.violations} == {"required_unserved"}
    monkeypatch.setattr(solving, "GRACE_S", 1_000.0)
    ticks = count()
    again = solve(problem, Stop(seconds=3), clock=lambda: float(next(ticks)))
    assert sum(len(tour.containers) for tour in again.tours) > served
