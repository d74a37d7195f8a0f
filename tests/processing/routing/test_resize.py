"""Tours that are handed over to vehicles of another size stay what the evaluator says they are."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.planning import PlanProblem, PlanSolution, Vehicle, evaluate
from processing.routing.kernels.model import PLAIN, SIZED
from processing.routing.search import Search
from tests.processing.routing.test_segments import plain_problems


@st.composite
def fleets(draw: st.DrawFn, given: Vehicle) -> tuple[Vehicle, ...]:
    """Some vehicles of two sizes, each at its own price."""
    large = replace(
        given,
        id="large",
        capacity_l=given.capacity_l + draw(st.integers(1, 100)),
        capacity_kg=given.capacity_kg + draw(st.integers(0, 100)),
        fixed_cost_ueur=draw(st.integers(0, 5_000_000)),
        cost_per_m_ueur=draw(st.integers(0, 2_000)),
    )
    return tuple(
        replace(each, id=f"{each.id} {number}")
        for each in (given, large)
        for number in range(draw(st.integers(1, 3)))
    )


@st.composite
def sized_problems(draw: st.DrawFn) -> PlanProblem:
    """Plain tours of two sizes of vehicles; habits know some of them by name."""
    problem = draw(plain_problems())
    fleet = draw(fleets(problem.vehicles[0]))
    known = {each.vehicle for each in problem.habits.visits}
    renamed = (
        dict(zip(sorted(known), (each.id for each in fleet), strict=False)) if draw(st.booleans()) else {}
    )
    visits = tuple(replace(each, vehicle=renamed.get(each.vehicle, "sold")) for each in problem.habits.visits)
    return replace(problem, vehicles=fleet, habits=replace(problem.habits, visits=visits))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(problem=sized_problems(), seed=st.integers(0, 2**32))
def test_handing_over_keeps_loads_and_adds_up(problem: PlanProblem, seed: int) -> None:
    """Whoever takes a tour over has the room for it; sums and costs are those of counting afresh."""
    search = Search(problem, seed)
    search.start()
    assert search.model.rule[PLAIN]
    for _ in range(5):
        search.run(20, 100)
        assert search.recount() == search.current_objective
    judged = evaluate(problem, PlanSolution(tours=search.tours()))
    assert all(violation.name == "required_unserved" for violation in judged.violations), judged.violations
    assert search.cost_ueur == judged.cost.total_ueur


@settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(problem=sized_problems())
def test_sizes_are_seen(problem: PlanProblem) -> None:
    """As long as one vehicle of each size is known by no name, the search may hand tours over."""
    names = {each.vehicle for each in problem.habits.visits}
    free = {each.capacity_l for each in problem.vehicles if each.id not in names}
    assert len(free) < 2 or Search(problem, 0).model.rule[SIZED]
