"""Ours and the peers, alternately, on one core: `make bench-routing`, or `python benchmarks/bench_routing.py --help`.

Every solver runs in a process of its own with one thread; all routes, the best-known ones too, are judged by the
domain's evaluator. Each finished run is a line in OUT/runs.jsonl: a benchmark that was ended goes on where it stopped.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from rich.console import Console

from benchmarks.routing.carry_out import INTERRUPTED, carry_out, write_report
from benchmarks.routing.families import FAMILIES, PEER_FAMILIES, cases
from benchmarks.routing.machine import machine
from benchmarks.routing.markdown import publish, render
from benchmarks.routing.report import report
from benchmarks.routing.runs import RunLog
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
        ended = not carry_out(list(wanted), log, arguments.core, arguments.again, console)
    figures = report(log.read(), machine())
    print(write_report(figures, render(figures), arguments.out))
    if arguments.publish and not ended:
        document: Path = arguments.publish
        document.write_text(publish(document.read_text(), figures))
    return INTERRUPTED if ended else 0


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
    parser.add_argument("--publish", type=Path, help="document whose latest figures are replaced by these")
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
