"""A data folder with one tiny instance, and finished runs to report on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.routing.runs import Outcome, Run

TINY = """NAME : tiny
TYPE : CVRP
DIMENSION : 5
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 4
NODE_COORD_SECTION
1 0 0
2 0 10
3 10 0
4 0 -10
5 -10 0
DEMAND_SECTION
1 0
2 2
3 2
4 2
5 2
DEPOT_SECTION
1
-1
EOF
"""
BEST = "Route #1: 1 2\nRoute #2: 3 4\nCost 68\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder like the shared data's, with a four-customer instance whose best tours cost 68."""
    folder = tmp_path / "data" / "routing" / "CVRP"
    folder.mkdir(parents=True)
    (folder / "tiny.vrp").write_text(TINY)
    (folder / "tiny.sol").write_text(BEST)
    return tmp_path / "data"


@pytest.fixture
def outcome() -> Callable[..., Outcome]:
    """Make an outcome from what matters to a test."""

    def make(solver: str, instance: str, cost: float | None, **changes: object) -> Outcome:
        run = {"family": "CVRP", "seed": 1, "seconds": 10.0, "clock": "wall"}
        run |= {name: changes.pop(name) for name in list(changes) if name in run}
        filled = {"status": "ok", "cost": cost, "best_known": 100.0} | changes
        return Outcome(run=Run(instance=instance, solver=solver, **run), **filled)

    return make
