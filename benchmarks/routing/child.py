"""What every solver's own process does around its search: stay on one core, read the clock, hand over the result."""

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a solver's process is asked to do."""

    instance: Path
    family: str
    seconds: float
    seed: int
    clock: Callable[[], float]
    routes: Path


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a solver's process found; its routes are in the file that the order names.

    ``claimed_cost`` is in the unit of the solver's own problem; None if it does not say.
    """

    status: str = "ok"
    reason: str = ""
    claimed_cost: float | None = None
    iterations: int | None = None
    first_feasible_s: float | None = None
    version: str = ""


class CannotState(Exception):
    """The solver has no words for a part of the problem, which the message names."""


Search = Callable[[], Answer]


def serve(prepare: Callable[[Order], Search]) -> int:
    """Read, then search on the clock, then print the answer as the last line of the output.

    ``prepare`` reads the instance and compiles, and returns the search, which alone is timed.
    """
    order = _order(sys.argv[1:])
    wall_s = cpu_s = 0.0
    try:
        search = prepare(order)
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        answer = search()
        wall_s, cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s
    except CannotState as error:
        answer = Answer(status="cannot_state", reason=str(error))
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    times = {"wall_s": round(wall_s, 3), "cpu_s": round(cpu_s, 3), "peak_mib": peak_mib}
    print(json.dumps(asdict(answer) | times))
    return 0


def write_routes(path: Path, routes: Sequence[Sequence[int]], *, unused: bool) -> None:
    """Write routes as the families' solution files do; ``unused`` keeps empty ones, whose number is a vehicle."""
    lines = [
        f"Route #{number}: {' '.join(map(str, route))}"
        for number, route in enumerate(routes, start=1)
        if route or unused
    ]
    path.write_text("\n".join([*lines, "Cost: 0", ""]))


def _order(words: Sequence[str]) -> Order:
    parser = argparse.ArgumentParser()
    parser.add_argument("instance", type=Path)
    parser.add_argument("--family", required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--clock", choices=["wall", "cpu"], required=True)
    parser.add_argument("--core", type=int, required=True)
    parser.add_argument("--routes", type=Path, required=True)
    given = parser.parse_args(words)
    os.sched_setaffinity(0, {given.core})
    return Order(
        instance=given.instance,
        family=given.family,
        seconds=given.seconds,
        seed=given.seed,
        clock=time.process_time if given.clock == "cpu" else time.perf_counter,
        routes=given.routes,
    )
