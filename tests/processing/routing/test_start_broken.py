"""Whatever a search is given to start from, it makes lawful tours of it, and knows what they cost."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.planning import (
    Collect,
    Pause,
    PlannedTour,
    PlanProblem,
    PlanSolution,
    Unload,
    Visit,
    evaluate,
)
from processing.routing.search import Search
from processing.routing.solve import solve
from processing.routing.stop import Stop
from tests.domain.servable_problems import servable_problems
from tests.processing.routing.problems import problems

LEFT = {"required_unserved", "choice_unserved"}
PAUSES = st.builds(Pause, duration_s=st.integers(1, 3_600), at_next=st.booleans())


@st.composite
def starts(draw: st.DrawFn, problem: PlanProblem) -> PlanSolution:
    """Containers in any order in any tour, some left out, with unloadings and pauses anywhere."""
    vehicles = [each.id for each in problem.vehicles]
    if not vehicles:
        return PlanSolution(tours=())
    visits: dict[str, list[Visit]] = {name: [] for name in draw(st.permutations(vehicles))}
    between = PAUSES
    if problem.facilities:
        names = st.sampled_from([each.id for each in problem.facilities])
        between = between | st.builds(Unload, facility=names)
    for task in draw(st.permutations(problem.containers)):
        if draw(st.integers(0, 9)):
            tour = visits[draw(st.sampled_from(vehicles))]
            tour += draw(st.lists(between, max_size=2))
            tour.append(Collect(container=task.id))
    for tour in visits.values():
        tour += draw(st.lists(between, max_size=2))
    return PlanSolution(
        tours=tuple(PlannedTour(vehicle=name, visits=tuple(tour)) for name, tour in visits.items() if tour)
    )


@settings(max_examples=120, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), seed=st.integers(0, 2**32), iterations=st.sampled_from((0, 1, 30, 200)))
def test_any_start_leads_to_lawful_tours(data: st.DataObject, seed: int, iterations: int) -> None:
    """A start that breaks every rule leads to a solution that breaks none, at the evaluator's cost."""
    problem = data.draw(servable_problems().map(lambda each: each.problem))
    check(problem, data.draw(starts(problem)), seed, iterations)


@settings(max_examples=80, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), seed=st.integers(0, 2**32), iterations=st.sampled_from((0, 1, 30, 200)))
def test_any_start_does_where_little_can_be_served(data: st.DataObject, seed: int, iterations: int) -> None:
    """The same where vehicles may be too small or too late for anything, and facilities refuse most."""
    problem = data.draw(problems())
    check(problem, data.draw(starts(problem)), seed, iterations)


def check(problem: PlanProblem, start: PlanSolution, seed: int, iterations: int) -> None:
    """Solve from this start, and judge."""
    solution = solve(problem, Stop(iterations=iterations), seed=seed, start=start)
    judged = evaluate(problem, solution)
    assert not [each for each in judged.violations if each.name not in LEFT]
    assert solution.cost_ueur == judged.cost.total_ueur
    search = Search(problem, seed, start)
    search.start()
    if search.movable:
        search.run(iterations, 200)
    assert search.recount() == search.current_objective
