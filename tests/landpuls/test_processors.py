"""A plan does not depend on the processor that it was made on: neither compiled kernels nor NumPy's own loops."""

import json
import platform
import subprocess
import sys
from os import environ
from pathlib import Path

import pytest
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

from benchmarks.rich_day import rich_day
from domain.planning.record import to_record
from processing.routing.warm import VARIABLE

PLAIN_X86_64 = {"NUMBA_CPU_NAME": "x86-64", "NUMBA_CPU_FEATURES": ""}
"""The oldest processor of the family: no AVX, no fused multiply-add."""
DISPATCHED = " ".join(each for each in __cpu_dispatch__ if __cpu_features__[each])
"""What NumPy chooses other loops for on this machine: its sums and powers may then differ in the last bit."""
PLAIN_NUMPY = {"NPY_DISABLE_CPU_FEATURES": DISPATCHED} if DISPATCHED else {}

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(platform.machine() != "x86_64", reason="compares processors of the x86-64 family"),
]


def timed(customers: int) -> str:
    """A VRPTW text with so many customers scattered over a square, each with a window."""
    rows = [(7919 * index % 1000, 104_729 * index % 997) for index in range(customers + 1)]
    places = "\n".join(f"{number} {x} {y}" for number, (x, y) in enumerate(rows, start=1))
    demands = "\n".join(
        f"{number} {number % 9 + 1 if number > 1 else 0}" for number in range(1, customers + 2)
    )
    opens = [2_000 + 15_485_863 * number % 4_000 for number in range(2, customers + 2)]
    windows = "\n".join(f"{number} {first} {first + 2_500}" for number, first in enumerate(opens, start=2))
    service = "\n".join(f"{number} {10 if number > 1 else 0}" for number in range(1, customers + 2))
    return (
        f"NAME : timed\nTYPE : VRPTW\nDIMENSION : {customers + 1}\nVEHICLES : {customers}\n"
        f"EDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 100\nNODE_COORD_SECTION\n{places}\nDEMAND_SECTION\n{demands}\n"
        f"DEPOT_SECTION\n1\n-1\nSERVICE_TIME_SECTION\n{service}\nTIME_WINDOW_SECTION\n1 0 20000\n{windows}\nEOF\n"
    )


def solved(landpuls, path: Path, iterations: int, **variables: str) -> tuple[int, str]:
    """Cost and tours that the command finds."""
    out = path.with_suffix(".found.sol")
    arguments = ("--iterations", str(iterations), "--seed", "1", "--json", "--out", out.name)
    done = landpuls("solve", path.name, *arguments, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["cost"], out.read_text(encoding="utf-8")


@pytest.mark.skipif(not DISPATCHED, reason="NumPy has nothing faster for this processor")
def test_numpy_does_without_what_is_taken_from_it() -> None:
    """The variable leaves NumPy nothing beyond what it needs of any processor."""
    asked = "from numpy._core._multiarray_umath import __cpu_dispatch__ as names, __cpu_features__ as has"
    command = [sys.executable, "-W", "error", "-c", f"{asked}\nprint([each for each in names if has[each]])"]
    done = subprocess.run(
        command, env=environ | PLAIN_NUMPY, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_another_processor_finds_the_same_tours(landpuls, kernels, tmp_path: Path) -> None:
    """Machine code for the oldest x86-64 takes, turn by turn, the same decisions as that for this very processor."""
    plain, rich = tmp_path / "timed.vrp", tmp_path / "rich.json"
    plain.write_text(timed(120), encoding="utf-8")
    rich.write_text(json.dumps(to_record(rich_day(2, sites=40, containers=100))), encoding="utf-8")
    elsewhere = {VARIABLE: str(tmp_path / "elsewhere"), **PLAIN_X86_64, **PLAIN_NUMPY}
    for path, iterations in ((plain, 20_000), (rich, 3_000)):
        assert solved(landpuls, path, iterations, **kernels) == solved(
            landpuls, path, iterations, **elsewhere
        )
    indexes = list((tmp_path / "elsewhere").rglob("*.nbi"))
    assert indexes
    assert all(b"x86-64" in index.read_bytes() for index in indexes)
