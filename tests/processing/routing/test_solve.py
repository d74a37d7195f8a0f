"""The optimiser keeps every promise of the model, on random rich problems and on plausible days."""

import hashlib
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.planning import PlanProblem, PlanSolution, evaluate, explain_infeasible
from processing.routing.sample import sample_problem
from processing.routing.search import Search, _exponential_quantiles
from processing.routing.solve import solve
from processing.routing.stop import Progress, Stop
from tests.processing.routing.problems import district, problems
from tests.processing.routing.sums import run_adding_up

RICH = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def check(problem: PlanProblem, solution: PlanSolution) -> None:
    """No violation but required containers that are left, each with a reason; and the cost is the evaluator's."""
    judged = evaluate(problem, solution)
    left = {item.container for item in solution.unserved_required}
    assert all(violation.name == "required_unserved" for violation in judged.violations), judged.violations
    assert {name for violation in judged.violations for name in violation.subjects} == left
    assert all(item.constraint and item.explanation for item in solution.unserved)
    assert judged.cost.total_ueur == solution.cost_ueur


@RICH
@given(problem=problems(), seed=st.integers(0, 2**32), iterations=st.integers(0, 120))
def test_solution_is_feasible_or_says_why_not(problem: PlanProblem, seed: int, iterations: int) -> None:
    """Whatever the problem, the solution breaks nothing, or names what it leaves and why."""
    check(problem, solve(problem, Stop(iterations=iterations), seed=seed))


@RICH
@given(problem=problems(), seed=st.integers(0, 2**32))
def test_search_never_gets_worse_than_its_start(problem: PlanProblem, seed: int) -> None:
    """The best solution is never worse than the first one, and progress only ever improves."""
    told: list[Progress] = []
    solve(problem, Stop(iterations=60), seed=seed, progress=told.append)
    ranks = [(each.unserved_required, each.cost_ueur) for each in told]
    assert ranks == sorted(ranks, reverse=True)


@RICH
@given(problem=problems(), seed=st.integers(0, 2**32))
def test_incremental_cost_equals_a_recount(problem: PlanProblem, seed: int) -> None:
    """What the annealing adds up change by change is what counting afresh gives."""
    if not problem.containers or not problem.vehicles:
        return
    search = Search(problem, seed)
    search.start()
    run_adding_up(search, 5, 10)


@RICH
@given(problem=problems(), seed=st.integers(0, 2**32))
def test_evidently_infeasible_containers_are_left(problem: PlanProblem, seed: int) -> None:
    """A diagnosis before solving is never refuted by a solution that serves everything."""
    solution = solve(problem, Stop(iterations=30), seed=seed)
    if not solution.unserved_required:
        triangle = _direct_ways_are_shortest(problem)
        assert not triangle or not explain_infeasible(problem)


def _direct_ways_are_shortest(problem: PlanProblem) -> bool:
    ways = problem.duration_s
    places = range(len(ways))
    return all(ways[i][k] <= ways[i][j] + ways[j][k] for i in places for j in places for k in places)


def test_same_seed_and_iterations_give_the_same_solution() -> None:
    """A seed and a number of iterations reproduce the solution, visit by visit."""
    problem = district(sites=40, containers_at_each=3, fleet=4, seed=3)
    first = solve(problem, Stop(iterations=500), seed=7)
    assert solve(problem, Stop(iterations=500), seed=7) == first
    assert solve(problem, Stop(iterations=500), seed=8) != first


@pytest.mark.parametrize("seconds", [0.05, 0.3, 1.0])
def test_iterations_of_a_timed_run_reproduce_it(seconds: float) -> None:
    """The iterations that a timed run states are all that is needed to get its tours again."""
    problem = district(sites=30, containers_at_each=2, fleet=3, seed=5)
    timed = solve(problem, Stop(seconds=seconds), seed=1, clock=time.thread_time)
    assert solve(problem, Stop(iterations=timed.iterations), seed=1) == timed


def test_stopped_run_is_reproduced_with_its_schedule() -> None:
    """Where a flag ends a search before it is cold, its iterations and its schedule reproduce it."""
    problem = district(sites=30, containers_at_each=2, fleet=3, seed=5)
    looks = iter(range(10**9))
    stopped = solve(problem, Stop(seconds=60.0, requested=lambda: next(looks) > 12), seed=1)
    assert 0 < stopped.iterations < stopped.schedule
    stop = Stop(iterations=stopped.iterations, schedule=stopped.schedule)
    assert solve(problem, stop, seed=1) == stopped


def test_full_district_day_is_feasible() -> None:
    """300 sites, 900 containers and 8 vehicles give a plan without violations."""
    problem = district(sites=300, containers_at_each=3, fleet=8, seed=1)
    solution = solve(problem, Stop(iterations=300), seed=1)
    check(problem, solution)


def test_flag_ends_the_search() -> None:
    """A raised flag ends the search with the best solution found so far."""
    solution = solve(sample_problem(), Stop(iterations=10**9, requested=lambda: True), seed=1)
    assert solution.iterations == 0
    check(sample_problem(), solution)


def test_target_ends_the_search() -> None:
    """A target that the first solution meets ends the search at once."""
    solution = solve(sample_problem(), Stop(iterations=10**9, target_ueur=10**12), seed=1)
    assert solution.iterations == 0


def test_target_ends_the_search_on_its_way() -> None:
    """A target between the first solution's cost and the last one's ends the search where it is reached."""
    problem = district(sites=60, containers_at_each=2, fleet=6, seed=2)
    told: list[Progress] = []
    solve(problem, Stop(iterations=1_000), seed=1, progress=told.append, clock=lambda: 0.0)
    target_ueur = (told[0].cost_ueur + told[-1].cost_ueur) // 2
    reached = next(each for each in told if each.cost_ueur <= target_ueur)
    stop = Stop(iterations=1_000, target_ueur=target_ueur)
    solution = solve(problem, stop, seed=1, clock=lambda: 0.0)
    assert 0 < reached.iterations < 1_000
    assert solution.iterations == reached.iterations
    assert solution.cost_ueur <= reached.cost_ueur
    check(problem, solution)


def test_luck_is_the_same_on_every_machine() -> None:
    """The table by which changes for the worse are accepted has the same bits, whatever computed the logarithms."""
    table = _exponential_quantiles()
    assert (table.size, table[0], table[-1]) == (4096, 9_448_627, 128)
    assert (
        hashlib.sha256(table.astype("<i8").tobytes()).hexdigest()
        == "605f624686d6bce171d37523f3f238de079eee68daa50e7da2ca878b2f146dbb"
    )


def test_progress_hands_out_whole_solutions() -> None:
    """The solution offered with progress stands up to the evaluator like the final one."""
    problem = district(sites=20, containers_at_each=2, fleet=3, seed=2)
    seen: list[PlanSolution] = []
    solve(problem, Stop(iterations=200), seed=1, progress=lambda each: seen.append(each.solution()))
    assert seen
    for solution in seen:
        check(problem, solution)
