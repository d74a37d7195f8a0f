"""What each kind of turn is there for: gains that the search finds with it, and not without."""

from dataclasses import replace

import pytest

from domain.planning import Collect, PlannedTour, PlanProblem, PlanSolution, evaluate
from processing.routing.kernels.model import PLAIN, TOUR
from processing.routing.search import Search
from tests.processing.routing.plain_problems import plain, task
from tests.processing.routing.problems import district
from tests.processing.routing.road import TRUCK, box, road
from tests.processing.routing.stuck import groups, stuck

CROSSED = {
    "w1": (-900, 0),
    "w2": (-950, 20),
    "w3": (-1000, 0),
    "w4": (-1050, 20),
    "e1": (900, 0),
    "e2": (950, 20),
    "e3": (1000, 0),
    "e4": (1050, 20),
}


def test_exchanging_ends_parts_what_is_driven_crosswise() -> None:
    """Two full tours, each of which drives east and west, change ends; one container at a time they cannot."""
    for exchanges, wanted in ((0, 0), (4, 2)):
        search = stuck(CROSSED, dict.fromkeys(CROSSED, 1), 4, "w1 w2 e3 e4", "e1 e2 w3 w4")
        search.style = search.style._replace(exchanges=exchanges)
        search.run(500, 500)
        assert sum(len({name[0] for name in group}) == 1 for group in groups(search)) == wanted
        assert search.recount() == search.current_objective


def test_emptying_a_tour_saves_its_vehicle() -> None:
    """A vehicle whose containers could be served by the other one stays at home, though moving each alone is a loss."""
    begun = stuck(CROSSED, dict.fromkeys(CROSSED, 1), 8, "w1 w2 w3 w4", "e1 e2 e3 e4")
    trucks = tuple(replace(each, fixed_cost_ueur=1_000_000) for each in begun.problem.vehicles)
    for whole, used in ((0, 2), (1_024, 1)):
        search = Search(replace(begun.problem, vehicles=trucks), 1, PlanSolution(tours=begun.tours()))
        search.start()
        search._temperatures[:] = 0
        search.style = begun.style._replace(fleet=0, whole=whole)
        search.run(500, 500)
        assert len(groups(search)) == used
        assert search.recount() == search.current_objective


def test_opening_another_tour_brings_what_pays_once_it_is_full() -> None:
    """Eight containers are worth a second vehicle that none of them, at three times its worth, would pay for."""
    metres = [[1_000 * (0 if (i < 2) == (j < 2) else 1) for j in range(3)] for i in range(3)]
    far = (task(f"far {number}", 2, 1, required=False, cost_of_leaving_ueur=1_000_000) for number in range(8))
    given = plain(metres, metres, (task("near", 1, 8), *far), capacity=8, fleet=2)
    trucks = tuple(replace(each, fixed_cost_ueur=5_000_000) for each in given.vehicles)
    for fresh, used in ((0, 1), (1_024, 2)):
        search = Search(replace(given, vehicles=trucks), 1)
        search.start()
        assert len(groups(search)) == 1
        search._temperatures[:] = 0
        search.style = search.style._replace(fresh=fresh, fleet=0)
        search.run(500, 500)
        assert len(groups(search)) == used
        assert search.recount() == search.current_objective


def pair_far_off() -> PlanProblem:
    """A container at the depot's door, and two optional ones far off that are worth the way only together."""
    metres = [[0, 10, 1_000, 1_000], [10, 0, 1_000, 1_000], [1_000, 1_000, 0, 0], [1_000, 1_000, 0, 0]]
    pair = (
        task(name, location, 1, required=False, cost_of_leaving_ueur=1_200_000)
        for name, location in (("one", 2), ("other", 3))
    )
    return plain(metres, metres, (task("near", 1, 1), *pair), capacity=3, fleet=1)


def test_optional_containers_that_pay_only_together_are_found() -> None:
    """None of them is worth the way alone; both are served in the end, by turns that gain."""
    search = Search(pair_far_off(), seed=1)
    search.start()
    assert groups(search) == {frozenset({"near"})}
    search._temperatures[:] = 0
    search.run(500, 500)
    assert groups(search) == {frozenset({"near", "one", "other"})}
    assert search.recount() == search.current_objective


@pytest.mark.parametrize(("temperature_ueur", "dearer"), [(0, False), (10**8, True)])
def test_changes_for_the_worse_pass_while_it_is_hot(temperature_ueur: int, dearer: bool) -> None:
    """The current solution is dearer than the best one now and then, and never where there is no temperature."""
    search = Search(district(sites=15, containers_at_each=2, fleet=3, seed=4), seed=1)
    search.start()
    search._temperatures[:] = temperature_ueur
    search.style = search.style._replace(fleet=0)
    seen = False
    for _ in range(50):
        search.run(2, 100)
        seen = seen or search.current_objective > search.objective
    assert seen is dearer


def test_required_container_finds_the_only_tour_with_room() -> None:
    """Beside its neighbours, and at the starts of few tours, there is none: then every tour is looked at."""
    full = [[box(f"full {tour} {number}", 1) for number in range(10)] for tour in range(12)]
    roomy = [box(f"roomy {number}", 4) for number in range(2)]
    fleet = tuple(replace(TRUCK, id=f"truck {number}", max_trips=1) for number in range(13))
    late = box("late", 1)
    given = road(fleet, (*(each for tour in full for each in tour), *roomy, late))
    planned = PlanSolution(
        tours=tuple(
            PlannedTour(vehicle=vehicle.id, visits=tuple(Collect(container=each.id) for each in tour))
            for vehicle, tour in zip(fleet, (*full, roomy), strict=True)
        )
    )
    search = Search(given, 1, planned)
    assert not search.model.rule[PLAIN]
    assert search.model.beside.shape[2] < 12 * 10
    search.start()
    assert (search._current.stop[: len(given.containers), TOUR] >= 0).all()
    assert evaluate(given, PlanSolution(tours=search.tours())).feasible
