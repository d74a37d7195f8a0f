"""In which order solvers take turns, so that a machine that warms up or is disturbed wrongs nobody."""

from collections.abc import Iterable, Iterator, Sequence

from benchmarks.routing.families import PEER_FAMILIES, Case
from benchmarks.routing.runs import BEST_KNOWN, Clock, Run

OURS = "landpuls"
SOLVERS = (OURS, "pyvrp", "ortools", "vroom")
WITHOUT_SEED = frozenset({"vroom"})


def schedule(
    cases: Iterable[Case],
    solvers: Sequence[str],
    seeds: Sequence[int],
    budgets_s: Sequence[float],
    clock: Clock,
) -> Iterator[tuple[Case, Run]]:
    """All runs, instance by instance; who begins changes from one turn to the next.

    A solver without a random generator runs with the first seed only; peers are not asked about families that
    none of them can state.
    """
    turn = 0
    for case in cases:
        if case.best_known_path.exists():
            yield case, _run(case, BEST_KNOWN, 0, 0.0, clock)
        for budget_s in budgets_s:
            for seed in seeds:
                asked = [solver for solver in solvers if _takes_part(case, solver, seed, seeds)]
                first = turn % max(1, len(asked))
                turn += 1
                for solver in asked[first:] + asked[:first]:
                    yield case, _run(case, solver, seed, budget_s, clock)


def _takes_part(case: Case, solver: str, seed: int, seeds: Sequence[int]) -> bool:
    if solver == OURS:
        return True
    return case.family in PEER_FAMILIES and (solver not in WITHOUT_SEED or seed == seeds[0])


def _run(case: Case, solver: str, seed: int, budget_s: float, clock: Clock) -> Run:
    return Run(
        family=case.family, instance=case.name, solver=solver, seed=seed, seconds=budget_s, clock=clock
    )
