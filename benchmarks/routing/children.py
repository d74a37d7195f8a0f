"""Start a solver's process on one core with one thread, wait for it, and end it when the benchmark is ended."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.routing.families import Case
from benchmarks.routing.runs import Run

ROOT = Path(__file__).parent.parent.parent
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)
GRACE_S = 600.0
"""For reading, compiling and a machine that others use, too."""
SLOWEST = 20.0
"""How much longer than its budget of processor time a search may take by the wall clock."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a child said, or why it said nothing."""

    record: dict[str, Any] | None
    failure: str = ""


def ask(case: Case, run: Run, core: int, routes: Path) -> Reply:
    """Run one solver in a process of its own; it writes its routes to the file ``routes``."""
    command = [
        *(sys.executable, "-m", f"benchmarks.routing.{run.solver}_child", str(case.path)),
        *("--family", run.family, "--seconds", str(run.seconds), "--seed", str(run.seed)),
        *("--clock", run.clock, "--core", str(core), "--routes", str(routes)),
    ]
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | ONE_THREAD,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        told, complaint = child.communicate(timeout=GRACE_S + SLOWEST * run.seconds)
    except subprocess.TimeoutExpired:
        return Reply(record=None, failure="did not end")
    finally:
        _end(child)
    if child.returncode != 0:
        last = complaint.strip().splitlines()[-1:] or [f"ended with {child.returncode}"]
        return Reply(record=None, failure=last[0][:300])
    return Reply(record=json.loads(told.strip().splitlines()[-1]))


def _end(child: subprocess.Popen[str]) -> None:
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(timeout=5.0)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
