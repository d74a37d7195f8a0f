"""A finished plan does not contradict itself: what is optional is in it if that pays, and out if it does not."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.planning import PlanProblem, explain
from processing.routing.search import Search
from processing.routing.solve import solve
from processing.routing.stop import Stop
from tests.domain.servable_problems import servable_problems
from tests.processing.routing.problems import district, problems

drawn = st.one_of(problems(), servable_problems().map(lambda servable: servable.problem))
RICH = settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


@RICH
@given(problem=drawn, seed=st.integers(0, 2**32))
def test_nothing_served_is_cheaper_to_leave(problem: PlanProblem, seed: int) -> None:
    """No optional container or choice is in a tour that would save more without it than leaving it costs."""
    solution = solve(problem, Stop(iterations=20), seed=seed)
    served = [item for item in explain(problem, solution).items if item.served]
    assert not [item for item in served if item.constraint == "cheaper_to_leave"]


@RICH
@given(problem=drawn, seed=st.integers(0, 2**32))
def test_closing_never_makes_a_plan_worse(problem: PlanProblem, seed: int) -> None:
    """What closing leaves or moves makes the plan cheaper, and the search counts that as the evaluator does."""
    search = Search(problem, seed)
    search.start()
    search.run(20, 20)
    before = search.objective
    search.close()
    assert search.objective <= before
    assert search.recount() == search.current_objective


def test_closing_takes_out_what_does_not_pay() -> None:
    """A search that ends hot leaves containers in tours that are not worth their place; closing takes them out."""
    problem = district(sites=40, containers_at_each=3, fleet=4, seed=3)
    search = Search(problem, seed=1)
    search.start()
    search.run(1, 10**6)
    before = search.cost_ueur
    search.close()
    assert search.cost_ueur < before
