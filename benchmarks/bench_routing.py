"""Gap of the route optimiser to the best-known CVRP solutions: `python benchmarks/bench_routing.py --seconds 10`.

Reads the X instances from `routing/CVRP` in the folder that LANDPULS_TEST_DATA names; every solution is judged by
the domain's evaluator.
"""

import argparse
import os
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from domain.planning import evaluate
from processing.routing.formats import read_instance
from processing.routing.solve import solve
from processing.routing.stop import Stop


def main() -> int:
    """Solve each instance and print its gap, and the mean at the end."""
    parser = argparse.ArgumentParser(description="gap to the best-known solution of CVRP X instances")
    parser.add_argument(
        "--seconds", type=float, default=10.0, help="search time for each instance (default 10)"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="X-*", help="name pattern, such as 'X-n1*'")
    arguments = parser.parse_args()
    folder = os.environ.get("LANDPULS_TEST_DATA")
    if not folder:
        print("set LANDPULS_TEST_DATA to the folder of test data that holds routing/CVRP", file=sys.stderr)
        return 2
    paths = sorted((Path(folder) / "routing" / "CVRP").glob(f"{arguments.only}.vrp"))
    gaps = [measure(path, arguments.seconds, arguments.seed) for path in paths]
    if gaps:
        print(
            f"mean gap {statistics.mean(gaps):.2f} % over {len(gaps)} instances, {arguments.seconds:g} s each"
        )
    return 0


def measure(path: Path, seconds: float, seed: int) -> float:
    """Solve one instance, print and return its gap in percent."""
    instance = read_instance(path)
    solution = solve(instance.problem, Stop(seconds=seconds), seed)
    judged = evaluate(instance.problem, solution)
    if not judged.feasible:
        raise SystemExit(f"{instance.name}: {judged.violations[0].message}")
    assert instance.best_known is not None
    gap = 100.0 * (judged.cost.total_ueur - instance.best_known) / instance.best_known
    done = f"{solution.iterations} of {solution.schedule} iterations"
    print(f"{instance.name:14s} {gap:6.2f} %  {done}", flush=True)
    return gap


if __name__ == "__main__":
    sys.exit(main())
