"""Whether a search adds up, change by change, what counting afresh gives."""

from domain.planning import PlanProblem, PlanSolution, evaluate
from processing.routing.search import Search


def run_adding_up(search: Search, blocks: int, iterations: int) -> None:
    """Run so many blocks of iterations; after each the objective is that of counting afresh."""
    for _ in range(blocks):
        search.run(iterations, blocks * iterations)
        assert search.recount() == search.current_objective


def check_tours(problem: PlanProblem, search: Search) -> None:
    """The best tours break nothing but for leaving what is required, and cost what the evaluator counts."""
    judged = evaluate(problem, PlanSolution(tours=search.tours()))
    assert all(violation.name == "required_unserved" for violation in judged.violations), judged.violations
    assert search.cost_ueur == judged.cost.total_ueur
