"""Our optimiser in a process of its own: `python -m benchmarks.routing.landpuls_child INSTANCE …`."""

import subprocess
import sys
from functools import partial
from pathlib import Path

from benchmarks.routing.child import Answer, Order, Search, serve
from benchmarks.routing.instances import load
from processing.routing.formats import Instance
from processing.routing.solve import solve
from processing.routing.stop import Progress, Stop
from processing.routing.warm import warm

ROOT = Path(__file__).parent.parent.parent


class FirstFeasible:
    """Notes when the first solution without unserved required containers is there."""

    def __init__(self) -> None:
        self.seconds: float | None = None

    def __call__(self, told: Progress) -> None:
        if self.seconds is None and told.unserved_required == 0:
            self.seconds = told.seconds


def prepare(order: Order) -> Search:
    """Read the instance and compile the kernels, neither of which counts."""
    instance = load(order.family, order.instance)
    warm()
    return partial(_search, order, instance)


def _search(order: Order, instance: Instance) -> Answer:
    first = FirstFeasible()
    stop = Stop(seconds=order.seconds)
    solution = solve(instance.problem, stop, order.seed, first, clock=order.clock)
    order.routes.write_text(instance.write_solution(solution))
    left = len(solution.unserved_required)
    return Answer(
        status="infeasible" if left else "ok",
        reason=f"{left} required containers are left" if left else "",
        claimed_cost=float(solution.cost_ueur),
        iterations=solution.iterations,
        first_feasible_s=None if first.seconds is None else round(first.seconds, 3),
        version=revision(),
    )


def revision() -> str:
    """Return the commit of what runs here."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(serve(prepare))
