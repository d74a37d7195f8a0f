"""A search that is given tours begins with them."""

from dataclasses import replace

import pytest

from domain.planning import (
    Choice,
    Collect,
    InvalidProblem,
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
from tests.processing.routing.plain_problems import plain, task
from tests.processing.routing.problems import district


def some_days_work() -> tuple[PlanProblem, PlanSolution]:
    """A district's day, and a plan for it."""
    problem = district(sites=20, containers_at_each=2, fleet=3, seed=4)
    return problem, solve(problem, Stop(iterations=2_000), seed=1)


def test_tours_are_taken_over_visit_by_visit() -> None:
    """Without any iteration the tours come back as they were given, at their cost."""
    problem, plan = some_days_work()
    again = solve(problem, Stop(iterations=0), seed=2, start=PlanSolution(tours=plan.tours))
    assert again.tours == plan.tours
    assert again.cost_ueur == plan.cost_ueur


def test_containers_that_the_start_lacks_are_inserted() -> None:
    """What a tour leaves out is put where that is cheapest; the rest stays in its order."""
    problem, plan = some_days_work()
    dropped = plan.tours[0].containers[:3]
    visits = tuple(
        visit
        for visit in plan.tours[0].visits
        if not isinstance(visit, Collect) or visit.container not in dropped
    )
    start = PlanSolution(tours=(replace(plan.tours[0], visits=visits), *plan.tours[1:]))
    found = solve(problem, Stop(iterations=0), start=start)
    assert not found.unserved_required
    assert evaluate(problem, found).feasible
    for before, after in zip(start.tours, found.tours, strict=True):
        kept = [name for name in after.containers if name not in dropped]
        assert kept == list(before.containers)


def test_what_does_not_fit_is_dropped_from_its_tour() -> None:
    """One tour with everything is too much for its vehicle: what fits stays, the others go elsewhere."""
    problem, plan = some_days_work()
    names = [name for tour in plan.tours for name in tour.containers]
    visits: list[Visit] = [Collect(container=name) for name in names]
    visits.append(Unload(facility=problem.facilities[0].id))
    start = PlanSolution(tours=(PlannedTour(vehicle=plan.tours[0].vehicle, visits=tuple(visits)),))
    assert not evaluate(problem, start).feasible
    search = Search(problem, 1, start)
    search.start(enough=lambda: True)
    assert search.tours()
    found = solve(problem, Stop(iterations=500), start=start)
    assert evaluate(problem, found).feasible
    assert found.cost_ueur == evaluate(problem, found).cost.total_ueur


def test_the_same_start_and_seed_reproduce_the_solution() -> None:
    """A search from given tours depends on nothing but these, the seed and the iterations."""
    problem, plan = some_days_work()
    start = PlanSolution(tours=plan.tours)
    first, second = (solve(problem, Stop(iterations=300), seed=7, start=start) for _ in range(2))
    assert first == second
    assert first.cost_ueur <= plan.cost_ueur


@pytest.mark.parametrize(
    ("tour", "name"),
    [
        (PlannedTour(vehicle="ghost", visits=()), "vehicle ghost"),
        (PlannedTour(vehicle="truck", visits=(Collect(container="lost"),)), "container lost"),
        (PlannedTour(vehicle="truck", visits=(Unload(facility="gone"),)), "facility gone"),
    ],
)
def test_a_start_that_names_the_unknown_is_refused(tour: PlannedTour, name: str) -> None:
    """What the problem does not have is named."""
    problem, _ = some_days_work()
    if tour.vehicle == "truck":
        tour = replace(tour, vehicle=problem.vehicles[0].id)
    with pytest.raises(InvalidProblem, match=name):
        solve(problem, Stop(iterations=0), start=PlanSolution(tours=(tour,)))


def test_a_copy_of_a_search_goes_its_own_way() -> None:
    """What the copy does leaves the search as it was, so that it can measure the pace."""
    problem, _ = some_days_work()
    search, other = Search(problem, 3), Search(problem, 3)
    for each in (search, other):
        each.start()
    search.fork().run(200, 200)
    for each in (search, other):
        each.run(200, 200)
    assert search.tours() == other.tours()
    assert search.recount() == search.current_objective


def either_or(demand: int) -> PlanProblem:
    """One vehicle with room for a and b; or for x, y and z, if these are as small as that."""
    tasks = (*(task(name, 1, 3) for name in "ab"), *(task(name, 2, demand) for name in "xyz"))
    return plain([[0, 9, 9], [9, 0, 9], [9, 9, 0]], [[0] * 3] * 3, tasks, 6, 1)


def tour_through(problem: PlanProblem, *names: str) -> PlanSolution:
    """The vehicle's tour through these containers."""
    visits = (*(Collect(container=name) for name in names), Unload(facility="tip"))
    return PlanSolution(tours=(PlannedTour(vehicle=problem.vehicles[0].id, visits=visits),))


def test_a_choice_that_is_left_counts_once() -> None:
    """Two required containers are served rather than one choice, however many containers that offers."""
    problem = replace(
        either_or(6), choices=(Choice(id="one of them", options=(("x",), ("y",), ("z",)), required=True),)
    )
    found = solve(problem, Stop(iterations=300), start=tour_through(problem, "x"))
    assert {each.container for each in found.unserved} == {"x", "y", "z"}


def test_progress_hands_out_nothing_worse_than_the_start() -> None:
    """What is offered on the way is no worse than the start, as the result is."""
    problem = replace(either_or(2), sequences=(("x", "y", "z"),))
    told: list[int] = []
    solve(
        problem,
        Stop(iterations=300),
        start=tour_through(problem, *"xyz"),
        progress=lambda each: told.append(len(each.solution().unserved_required)),
    )
    assert told
    assert set(told) == {2}
