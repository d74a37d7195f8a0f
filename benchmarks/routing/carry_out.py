"""Carry out what is missing of a benchmark, with progress for people, so that it can be ended and goes on later."""

import json
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.routing.families import Case
from benchmarks.routing.judge import Judge
from benchmarks.routing.runs import Outcome, Run, RunLog, missing

INTERRUPTED = 130


def carry_out(
    wanted: Sequence[tuple[Case, Run]], log: RunLog, core: int, again: Sequence[str], console: Console
) -> bool:
    """Append an outcome for each run that is missing; False if a signal ended it before."""
    runs = missing([run for _, run in wanted], log.read(), again)
    case_of = {run: case for case, run in wanted}
    judge = Judge(core)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=len(wanted), completed=len(wanted) - len(runs))
        try:
            for run in runs:
                progress.update(task, description=f"{run.instance} {run.solver} {run.seconds:g} s")
                outcome = judge.carry_out(case_of[run], run)
                log.append(outcome)
                progress.console.print(_line(outcome), highlight=False, markup=False, soft_wrap=True)
                progress.advance(task)
        except KeyboardInterrupt:
            console.print("Interrupted; the same command goes on from here.")
            return False
    return True


def _line(outcome: Outcome) -> str:
    run, gap = outcome.run, outcome.gap_percent
    told = f"{gap:.2f} %" if gap is not None else outcome.status
    if outcome.status == "ok" and gap is None:
        told = f"{outcome.cost:g}"
    why = f"  {outcome.reason}" if outcome.reason else ""
    return f"{run.family:12s} {run.instance:20s} {run.solver:10s} {run.seconds:5g} s seed {run.seed} {told:>12s}{why}"


def write_report(found: dict[str, Any], rendered: str, out: Path) -> Path:
    """Write both forms, each whole or not at all; return where the readable one is."""
    out.mkdir(parents=True, exist_ok=True)
    data = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    for name, text in (("report.json", data), ("report.md", rendered)):
        fresh = out / f".{name}"
        fresh.write_text(text)
        fresh.replace(out / name)
    return out / "report.md"
