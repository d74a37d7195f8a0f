"""The optimiser keeps its promises on random problems that combine what a `PlanProblem` can say, and can be served."""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.planning import PlanProblem, PlanSolution, evaluate, explain, explain_container
from processing.routing.solve import solve
from processing.routing.stop import Progress, Stop
from tests.domain.servable_problems import Servable, servable_problems

STOP = Stop(iterations=300)
LEFT = {"required_unserved", "choice_unserved"}
"""Violations that a solution may have if it says why."""

seeds = st.integers(0, 2**32)
problems = servable_problems()


def rich(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The same examples in every run, as many as take a few seconds."""
    return settings(
        max_examples=examples, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
    )


def left_by(problem: PlanProblem, solution: PlanSolution) -> list[str]:
    """Containers in no tour, without those of choices that are served in another way."""
    served = {name for tour in solution.tours for name in tour.containers}
    taken = [choice.containers for choice in problem.choices if served.intersection(choice.containers)]
    served.update(name for names in taken for name in names)
    return [task.id for task in problem.containers if task.id not in served]


@rich(examples=60)
@given(drawn=problems, seed=seeds)
def test_nothing_is_broken_and_what_is_left_has_a_reason(drawn: Servable, seed: int) -> None:
    """A solution breaks no rule but for serving all; each thing left is listed once, with a reason."""
    solution = solve(drawn.problem, STOP, seed=seed)
    judged = evaluate(drawn.problem, solution)
    assert not [each for each in judged.violations if each.name not in LEFT]
    assert [each.container for each in solution.unserved] == left_by(drawn.problem, solution)
    assert all(each.constraint and each.explanation for each in solution.unserved)
    needed = {name for each in judged.violations for name in each.subjects}
    assert {each.container for each in solution.unserved_required} == needed


@rich(examples=60)
@given(drawn=problems, seed=seeds)
def test_the_cost_is_the_evaluators(drawn: Servable, seed: int) -> None:
    """The search adds up, change by change, what the evaluator counts."""
    solution = solve(drawn.problem, STOP, seed=seed)
    assert solution.cost_ueur == evaluate(drawn.problem, solution).cost.total_ueur


@rich(examples=30)
@given(drawn=problems, seed=seeds)
def test_a_seed_reproduces_the_solution(drawn: Servable, seed: int) -> None:
    """The same seed and iterations give the same solution, visit by visit."""
    assert solve(drawn.problem, STOP, seed=seed) == solve(drawn.problem, STOP, seed=seed)


@rich(examples=60)
@given(drawn=problems, seed=seeds)
def test_nothing_required_is_left_that_has_a_place(drawn: Servable, seed: int) -> None:
    """What cannot be served even alone is said to be so; what can has no place left in the tours as they are."""
    problem = drawn.problem
    solution = solve(problem, STOP, seed=seed)
    for each in solution.unserved_required:
        alone = explain_container(problem, problem.lookup.containers[each.container])
        assert alone is None or each.constraint == alone[0]
    if {each.container for each in solution.unserved_required} - drawn.hopeless:
        items = explain(problem, solution).items
        assert not [item.id for item in items if item.required and item.constraint == "room_left"]


@rich(examples=40)
@given(drawn=problems, seed=seeds)
def test_progress_never_gets_worse(drawn: Servable, seed: int) -> None:
    """From the first solution on, what is told leaves no more required needs, and as many at no higher cost."""
    told: list[Progress] = []
    solve(drawn.problem, STOP, seed=seed, progress=told.append)
    ranks = [(each.unserved_required, each.cost_ueur) for each in told]
    assert ranks == sorted(ranks, reverse=True)


@rich(examples=60)
@given(drawn=problems, seed=seeds, iterations=st.integers(0, 300))
def test_a_start_is_never_made_worse(drawn: Servable, seed: int, iterations: int) -> None:
    """Given a plan to start with, the search leaves nothing that it serves, and costs no more."""
    solution = solve(drawn.problem, Stop(iterations=iterations), seed=seed, start=drawn.plan)
    judged = evaluate(drawn.problem, solution)
    assert {each.container for each in solution.unserved_required} == drawn.hopeless
    assert not [each for each in judged.violations if each.name not in LEFT]
    assert judged.cost.total_ueur <= evaluate(drawn.problem, drawn.plan).cost.total_ueur
