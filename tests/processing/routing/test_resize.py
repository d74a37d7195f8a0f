"""Tours that are handed over to vehicles of another size stay what the evaluator says they are."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.planning import PlanProblem
from processing.routing.kernels.model import PLAIN, SIZED
from processing.routing.search import Search
from tests.processing.routing.plain_problems import sized_problems
from tests.processing.routing.sums import check_tours, run_adding_up


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(problem=sized_problems(), seed=st.integers(0, 2**32))
def test_handing_over_keeps_loads_and_adds_up(problem: PlanProblem, seed: int) -> None:
    """Whoever takes a tour over has the room for it; sums and costs are those of counting afresh."""
    search = Search(problem, seed)
    search.start()
    assert search.model.rule[PLAIN]
    run_adding_up(search, 5, 20)
    check_tours(problem, search)


@settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(problem=sized_problems())
def test_sizes_are_seen(problem: PlanProblem) -> None:
    """As long as one vehicle of each size is known by no name, the search may hand tours over."""
    names = {each.vehicle for each in problem.habits.visits}
    free = {each.capacity_l for each in problem.vehicles if each.id not in names}
    assert len(free) < 2 or Search(problem, 0).model.rule[SIZED]
