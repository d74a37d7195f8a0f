"""Solve a planning problem: build arrays, make a first solution, anneal, say why something is left."""

import time
from collections.abc import Callable
from dataclasses import replace

from domain.planning import PlanEvaluation, PlanProblem, PlanSolution, evaluate
from processing.routing.course import Course, Pace
from processing.routing.index import check_fractions
from processing.routing.search import Search
from processing.routing.stop import Progress, ProgressCallback, Stop
from processing.routing.unserved import explain_unserved

LEFT = ("required_unserved", "choice_unserved")
"""Violations that say that something is left."""
GRACE_S = 1.0
"""Time that the first solution has in any case, even if reading the problem took all there was."""
BLOCK_S = 0.2
"""Aim of the time between two looks at the clock and the flag."""
TRIAL, TRIAL_S = 0.02, 0.3
"""Share of the time that is spent on measuring the pace, and seconds at most."""
ASSUMED = 1_000_000
"""Iterations of the schedule for that: it is hot all the time."""


def solve(
    problem: PlanProblem,
    stop: Stop,
    seed: int = 0,
    progress: ProgressCallback | None = None,
    *,
    start: PlanSolution | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> PlanSolution:
    """Find good tours for the day.

    Slack induction by string removals under simulated annealing (docs/routing.md). Never fails on a problem that
    cannot be served in full: what is left is in ``unserved``, with the constraint that keeps it out.

    Parameters
    ----------
    problem : PlanProblem
    stop : Stop
        When to end; with ``seconds`` the solution states the iterations that reproduce it.
    seed : int
        The same seed and iterations give the same solution on every x86-64 (and the same schedule, where the
        solution states other iterations as that).
    progress : callable, optional
        Told after each block of iterations.
    start : PlanSolution, optional
        Tours to begin with; what of them does not fit is left out. The search changes them more gently then, and the
        result is no worse than they are, as the evaluator judges both.
    clock : callable
        Monotonic seconds.

    Returns
    -------
    PlanSolution
        Without violations as far as `domain.planning.evaluate` is concerned, but for required containers that are
        in ``unserved``; ``cost_ueur`` is what the evaluator counts. If time is out before the first solution is
        complete, the rest is left, and nothing reproduces that.

    Raises
    ------
    InvalidProblem
        If there are more than 31 waste fractions, or ``start`` names what the problem does not have.
    """
    check_fractions(problem)
    Search.compile()
    begin = clock()
    search = Search(problem, seed, start)
    ready = clock()
    search.start(lambda: clock() - ready >= GRACE_S and _out_of_time(stop, clock() - begin))
    course = _course(search, stop, begin, clock)
    block = 1
    while True:
        elapsed = clock() - begin
        total = course.aim(search.iterations, elapsed)
        _tell(problem, start, search, seed, total, elapsed, progress)
        limit = total if stop.iterations is None else min(total, stop.iterations)
        if search.iterations >= limit or _enough(stop, search, elapsed, course):
            if search.iterations:
                search.close()
            return _no_worse(problem, start, _solution(problem, search, seed, total))
        search.cool(min(block, limit - search.iterations), course.cooling)
        spent = clock() - begin - elapsed
        block = max(1, min(block * 2, int(block * BLOCK_S / max(spent, 1e-6))))


def _course(search: Search, stop: Stop, begin: float, clock: Callable[[], float]) -> Course:
    """As many iterations as are given, or as the seconds that are left allow."""
    given = stop.schedule if stop.schedule is not None else stop.iterations
    if not search.movable:
        given = 0
    if given is not None:
        return Course(given)
    assert stop.seconds is not None
    started = clock()
    left_s = stop.seconds - (started - begin)
    trial_s = min(TRIAL_S, left_s * TRIAL)
    if trial_s <= 0.0:
        return Course(0)
    trial = search.fork()
    while clock() - started < trial_s:
        trial.run(20, ASSUMED)
    pace = trial.iterations / (clock() - started)
    return Course(Pace(stop.seconds, pace, clock() - begin))


def _out_of_time(stop: Stop, elapsed: float) -> bool:
    return (stop.seconds is not None and elapsed >= stop.seconds) or _asked_to_end(stop)


def _asked_to_end(stop: Stop) -> bool:
    return stop.requested is not None and stop.requested()


def _enough(stop: Stop, search: Search, elapsed: float, course: Course) -> bool:
    if (
        stop.target_ueur is not None
        and search.unserved_required == 0
        and search.cost_ueur <= stop.target_ueur
    ):
        return True
    if stop.seconds is not None and course.out_of_time(elapsed, stop.seconds):
        return True
    return _asked_to_end(stop)


def _no_worse(problem: PlanProblem, start: PlanSolution | None, found: PlanSolution) -> PlanSolution:
    """What was found, or the start where the evaluator likes that better."""
    if start is None:
        return found
    given = replace(found, tours=start.tours, unserved=())
    before, now = evaluate(problem, given), evaluate(problem, found)
    if _rank(now) <= _rank(before):
        return found
    unserved = explain_unserved(problem, given.tours)
    return replace(given, unserved=unserved, cost_ueur=before.cost.total_ueur)


def _rank(judged: PlanEvaluation) -> tuple[int, int, int]:
    """The smaller the better: rules broken, required containers and choices left, cost."""
    left = [each for each in judged.violations if each.name in LEFT]
    things = sum(1 if each.name == "choice_unserved" else len(each.subjects) for each in left)
    return len(judged.violations) - len(left), things, judged.cost.total_ueur


def _tell(
    problem: PlanProblem,
    start: PlanSolution | None,
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
                solution=lambda: _no_worse(problem, start, _solution(problem, search, seed, total)),
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
