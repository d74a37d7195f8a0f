"""A rich district day: when the first feasible plan is there, and how good the plan a planner waits for already is.

`python benchmarks/bench_rich_day.py` compares the plan after 20 s with that of a ten-minute run, for days made from
seeds; needs no data. Goes on where it was ended, like `bench_routing.py`.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from rich.console import Console

from benchmarks.routing.carry_out import INTERRUPTED, carry_out, write_report
from benchmarks.routing.families import RICH_DAY, cases
from benchmarks.routing.machine import machine
from benchmarks.routing.markdown import table
from benchmarks.routing.runs import Outcome, RunLog
from benchmarks.routing.schedule import OURS, schedule

OUT = Path(__file__).parent / "results" / "rich_day"


def main(words: Sequence[str] | None = None) -> int:
    """Run what is missing, write the report, say where it is."""
    arguments = _arguments(words)
    log = RunLog(arguments.out / "runs.jsonl")
    ended = False
    if not arguments.render:
        budgets = [arguments.seconds, arguments.long]
        days = cases(Path(), [RICH_DAY], arguments.only)
        wanted = list(schedule(days, [OURS], arguments.seeds, budgets, arguments.clock))
        again = [OURS] if arguments.again else []
        ended = not carry_out(wanted, log, arguments.core, again, Console(stderr=True))
    figures = compare(log.read(), arguments.seconds, arguments.long)
    print(write_report(figures, render(figures), arguments.out))
    return INTERRUPTED if ended else 0


def compare(outcomes: Sequence[Outcome], seconds: float, long: float) -> dict[str, Any]:
    """Short and long run of each day and seed, as plain data."""
    by_key = {(each.run.instance, each.run.seed, each.run.seconds): each for each in outcomes}
    pairs = [
        (short, by_key.get((day, seed, long)))
        for (day, seed, budget), short in by_key.items()
        if budget == seconds
    ]
    return {
        "machine": machine(),
        "seconds": seconds,
        "long": long,
        "days": [_pair(short, reference) for short, reference in pairs],
    }


def _pair(short: Outcome, reference: Outcome | None) -> dict[str, Any]:
    above = None
    if short.status == "ok" and reference is not None and reference.status == "ok":
        assert short.cost is not None
        assert reference.cost is not None
        above = 100.0 * (short.cost - reference.cost) / reference.cost
    return {
        "day": short.run.instance,
        "seed": short.run.seed,
        "clock": short.run.clock,
        "status": short.status,
        "reason": short.reason,
        "first_feasible_s": short.first_feasible_s,
        "cost_eur": short.cost,
        "long_cost_eur": reference.cost if reference is not None and reference.status == "ok" else None,
        "above_long_percent": above,
        "iterations_per_s": short.iterations / short.cpu_s if short.iterations and short.cpu_s else None,
        "vehicles": short.vehicles,
        "version": short.version,
    }


def render(figures: dict[str, Any]) -> str:
    """Return the report as Markdown."""
    short, long = f"{figures['seconds']:g} s", f"{figures['long']:g} s"
    header = ["Day", "Seed", "First feasible", f"After {short}", f"After {long}", "Above", "Iterations/s"]
    rows = [
        [
            each["day"],
            str(each["seed"]),
            _told(each["first_feasible_s"], ".2f", " s"),
            _told(each["cost_eur"], ",.2f", " €") if each["status"] == "ok" else each["reason"],
            _told(each["long_cost_eur"], ",.2f", " €"),
            _told(each["above_long_percent"], ".2f", " %"),
            _told(each["iterations_per_s"], ",.0f", ""),
        ]
        for each in figures["days"]
    ]
    host = figures["machine"]
    intro = f"{host['date']}, {host['processor']}, one core, one thread, Python {host['python']}."
    return f"# Rich district days\n\n{intro}\n\n{table(header, rows)}"


def _told(value: float | None, form: str, unit: str) -> str:
    return "–" if value is None else f"{value:{form}}{unit}"


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="first feasible plan, and 20 s against ten minutes")
    parser.add_argument("--seconds", type=float, default=20.0, help="what a planner waits for")
    parser.add_argument("--long", type=float, default=600.0, help="budget of the run to compare with")
    parser.add_argument("--seeds", type=lambda text: [int(word) for word in text.split(",")], default=[1])
    parser.add_argument("--only", default="rich-day-1", help="days: 'rich-day-*' for all three")
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--again", action="store_true", help="repeat finished runs")
    parser.add_argument("--render", action="store_true", help="only write the report anew")
    parser.add_argument("--short", action="store_true", help="2 s against 6 s")
    arguments = parser.parse_args(words)
    if arguments.short:
        arguments.seconds, arguments.long, arguments.again = 2.0, 6.0, True
        arguments.out /= "short"
    return arguments


if __name__ == "__main__":
    sys.exit(main())
