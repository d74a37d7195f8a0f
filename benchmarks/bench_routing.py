"""Ours and the peers, alternately, on one core: `make bench-routing`, or `python benchmarks/bench_routing.py --help`.

Every solver runs in a process of its own with one thread; all routes, the best-known ones too, are judged by the
domain's evaluator. Each finished run is a line in OUT/runs.jsonl: a benchmark that was ended goes on where it stopped.
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.routing.families import FAMILIES, PEER_FAMILIES, Case, cases
from benchmarks.routing.judge import Judge
from benchmarks.routing.machine import machine
from benchmarks.routing.markdown import render
from benchmarks.routing.report import report
from benchmarks.routing.runs import Outcome, Run, RunLog, missing
from benchmarks.routing.schedule import OURS, SOLVERS, schedule
from domain.errors import UsageError

OUT = Path(__file__).parent / "results" / "routing"
SHORT = {"families": ["CVRP"], "only": "X-n[13]0?-*", "seeds": [1], "seconds": [2.0], "solvers": [OURS]}


def main(words: Sequence[str] | None = None) -> int:
    """Run what is missing, write the report, say where it is."""
    arguments = _arguments(words)
    log = RunLog(arguments.out / "runs.jsonl")
    console = Console(stderr=True)
    ended = False
    if not arguments.render:
        if not arguments.data:
            console.print(
                "Set LANDPULS_TEST_DATA, or --data, to the folder of test data that holds routing/."
            )
            return 0 if arguments.short else 2
        try:
            found = cases(Path(arguments.data), arguments.families, arguments.only)
        except UsageError as error:
            console.print(str(error))
            return 2
        if not found:
            console.print("No instance matches --families and --only in the data folder.")
            return 2
        wanted = schedule(found, arguments.solvers, arguments.seeds, arguments.seconds, arguments.clock)
        ended = not _run_missing(list(wanted), log, arguments, console)
    _write(log, arguments.out)
    print(arguments.out / "report.md")
    return 130 if ended else 0


def _run_missing(
    wanted: list[tuple[Case, Run]], log: RunLog, arguments: argparse.Namespace, console: Console
) -> bool:
    """False if it was interrupted."""
    runs = missing([run for _, run in wanted], log.read(), arguments.again)
    case_of = {run: case for case, run in wanted}
    judge = Judge(arguments.core)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=len(wanted), completed=len(wanted) - len(runs))
        try:
            for run in runs:
                progress.update(task, description=f"{run.instance} {run.solver} {run.seconds:g} s")
                outcome = judge.carry_out(case_of[run], run)
                log.append(outcome)
                progress.console.print(_line(outcome), highlight=False, markup=False)
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


def _write(log: RunLog, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    found = report(log.read(), machine())
    for name, text in (
        ("report.json", json.dumps(found, indent=1, ensure_ascii=False) + "\n"),
        ("report.md", render(found)),
    ):
        fresh = out / f".{name}"
        fresh.write_text(text)
        fresh.replace(out / name)


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="gaps of ours and the peers to the best-known solutions")
    parser.add_argument("--families", type=_names, default=list(PEER_FAMILIES), help=", ".join(FAMILIES))
    parser.add_argument("--only", default="*", help="pattern of instance names, such as 'X-n1*'")
    parser.add_argument("--seeds", type=_integers, default=[1, 2, 3])
    parser.add_argument("--seconds", type=_numbers, default=[10.0, 30.0], help="budgets")
    parser.add_argument("--solvers", type=_names, default=list(SOLVERS), help=", ".join(SOLVERS))
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall", help="what a second is")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)), help="the core to run on")
    parser.add_argument("--again", type=_names, default=[], help="solvers whose finished runs are repeated")
    parser.add_argument("--out", type=Path, default=OUT, help="folder for runs and report")
    parser.add_argument(
        "--data", default=os.environ.get("LANDPULS_TEST_DATA"), help="folder that holds routing/"
    )
    parser.add_argument("--render", action="store_true", help="only write the report anew")
    parser.add_argument("--short", action="store_true", help="two instances, two seconds, ours only")
    arguments = parser.parse_args(words)
    unknown = sorted(set(arguments.solvers) - set(SOLVERS))
    if unknown:
        parser.error(f"unknown solver {unknown[0]}; there are {', '.join(SOLVERS)}")
    if arguments.short:
        vars(arguments).update(SHORT | {"out": arguments.out / "short", "again": [OURS]})
    return arguments


def _names(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _integers(text: str) -> list[int]:
    return [int(word) for word in _names(text)]


def _numbers(text: str) -> list[float]:
    return [float(word) for word in _names(text)]


if __name__ == "__main__":
    sys.exit(main())
