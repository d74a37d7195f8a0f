"""Solve a planning problem: build arrays, make a first solution, anneal, say why something is left."""

import time
from collections.abc import Callable

from domain.planning import PlanProblem, PlanSolution
from processing.routing.search import Search
from processing.routing.stop import Progress, ProgressCallback, Stop
from processing.routing.unserved import explain_unserved

CAUTION = 0.95
"""Share of the calibrated iterations that are planned, as the pace varies."""
BLOCK_S = 0.2
"""Aim of the time between two looks at the clock and the flag."""


def solve(
    problem: PlanProblem,
    stop: Stop,
    seed: int = 0,
    progress: ProgressCallback | None = None,
    *,
    clock: Callable[[], float] = time.monotonic,
) -> PlanSolution:
    """Find good tours for the day.

    Slack induction by string removals under simulated annealing (docs/routing.md). Never fails on a problem that
    cannot be served in full: what is left is in ``unserved``, with the constraint that keeps it out.

    Parameters
    ----------
    problem : PlanProblem
    stop : Stop
        When to end; with ``seconds`` the iterations are calibrated and stated by the solution.
    seed : int
        The same seed and iterations give the same solution on every x86-64.
    progress : callable, optional
        Told after each block of iterations.
    clock : callable
        Monotonic seconds.

    Returns
    -------
    PlanSolution
        Without violations as far as `domain.planning.evaluate` is concerned, but for required containers that are
        in ``unserved``; ``cost_ueur`` is what the evaluator counts.
    """
    if not problem.containers or not problem.vehicles:
        return _solution(problem, Search(problem, seed), seed, 0)
    Search.compile()
    begin = clock()
    total = _schedule(problem, stop, seed, clock)
    limit = total if stop.iterations is None else min(total, stop.iterations)
    search = Search(problem, seed)
    search.start()
    block = 1
    while True:
        elapsed = clock() - begin
        _tell(problem, search, seed, total, elapsed, progress)
        if search.iterations >= limit or _enough(stop, search, elapsed):
            return _solution(problem, search, seed, total)
        search.run(min(block, limit - search.iterations), total)
        spent = clock() - begin - elapsed
        block = max(1, min(block * 2, int(block * BLOCK_S / max(spent, 1e-6))))


def _schedule(problem: PlanProblem, stop: Stop, seed: int, clock: Callable[[], float]) -> int:
    """Iterations from hot to cold: as given, or measured on a search that is thrown away."""
    given = stop.schedule if stop.schedule is not None else stop.iterations
    if given is not None:
        return given
    assert stop.seconds is not None
    trial = Search(problem, seed)
    begin = clock()
    trial.start()
    started = clock()
    aim_s = min(1.0, stop.seconds * 0.05)
    assumed = 1_000_000
    while clock() - started < aim_s and trial.iterations < assumed:
        trial.run(20, assumed)
    pace = trial.iterations / max(clock() - started, 1e-6)
    left_s = stop.seconds - 2 * (started - begin) - aim_s
    return int(max(0.0, left_s) * pace * CAUTION)


def _enough(stop: Stop, search: Search, elapsed: float) -> bool:
    if stop.seconds is not None and elapsed >= stop.seconds:
        return True
    if (
        stop.target_ueur is not None
        and search.unserved_required == 0
        and search.cost_ueur <= stop.target_ueur
    ):
        return True
    return stop.requested is not None and stop.requested()


def _tell(
    problem: PlanProblem,
    search: Search,
    seed: int,
    total: int,
    elapsed: float,
    progress: ProgressCallback | None,
) -> None:
    if progress is not None:
        progress(
            Progress(
                seconds=elapsed,
                iterations=search.iterations,
                planned_iterations=total,
                cost_ueur=search.cost_ueur,
                unserved_required=search.unserved_required,
                solution=lambda: _solution(problem, search, seed, total),
            )
        )


def _solution(problem: PlanProblem, search: Search, seed: int, schedule: int) -> PlanSolution:
    tours = search.tours()
    return PlanSolution(
        tours=tours,
        unserved=explain_unserved(problem, tours),
        cost_ueur=search.cost_ueur,
        iterations=search.iterations,
        schedule=schedule,
        seed=seed,
    )
