"""The first tours of plain problems are joined where that saves most."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.planning import Chamber, Load, PlanProblem, PlanSolution, Underway, evaluate
from processing.routing.kernels.model import ROOM
from processing.routing.savings import fit_for_savings, savings_tours
from processing.routing.search import Search
from tests.processing.routing.plain_problems import plain, task


def problem_of(metres: list[list[int]], demand: list[int], capacity: int, fleet: int) -> PlanProblem:
    """Containers at the places after the first; time does not matter."""
    seconds = [[0] * len(metres) for _ in metres]
    tasks = tuple(task(f"c{number}", number, each) for number, each in enumerate(demand, start=1))
    return plain(metres, seconds, tasks, capacity, fleet)


def on_map(places: list[tuple[int, int]], capacity: int, fleet: int) -> PlanProblem:
    """A container of one litre at each place, a depot at (0, 0), straight ways."""
    every = [(0, 0), *places]
    metres = [[round(math.dist(one, other)) for other in every] for one in every]
    return problem_of(metres, [1] * len(places), capacity, fleet)


def first_tours(problem: PlanProblem) -> list[tuple[str, ...]]:
    """The tours that a search begins with."""
    search = Search(problem, seed=1)
    assert fit_for_savings(search.model)
    search.start()
    assert evaluate(problem, PlanSolution(tours=search.tours())).feasible
    assert search.recount() == search.current_objective
    return [tour.containers for tour in search.tours()]


def test_containers_far_out_in_one_direction_share_a_tour() -> None:
    """Two pairs on opposite sides make two tours, not tours to and fro."""
    tours = first_tours(on_map([(100, 0), (-100, 0), (110, 5), (-110, 5)], capacity=2, fleet=4))
    assert sorted(sorted(tour) for tour in tours) == [["c1", "c3"], ["c2", "c4"]]


def test_a_way_that_is_short_in_one_direction_only_is_driven_in_that() -> None:
    """Where there and back differ, a tour is never turned round to be joined."""
    metres = [[0, 100, 100], [100, 0, 180], [100, 1, 0]]
    assert first_tours(problem_of(metres, [1, 1], capacity=2, fleet=2)) == [("c2", "c1")]


def test_chambers_join_no_more_than_they_hold() -> None:
    """Where a chamber is smaller than its vehicle, tours are joined until the chamber is full."""
    base = on_map([(100, 0), (110, 0), (120, 0), (130, 0)], capacity=4, fleet=2)
    half = Chamber(fractions=frozenset({"residual"}), capacity_l=2, capacity_kg=2)
    trucks = tuple(replace(each, chambers=(half,)) for each in base.vehicles)
    search = Search(replace(base, vehicles=trucks), seed=1)
    assert fit_for_savings(search.model)
    assert [v for v, _ in savings_tours(search.model)] == [0, 0, 1, 1]


def test_tour_under_way_is_not_begun_anew() -> None:
    """A vehicle that stands elsewhere with something on board begins by insertion, within the room that it has left."""
    base = on_map([(100, 0), (110, 0), (120, 0)], capacity=3, fleet=1)
    load = Load(fraction="residual", volume_l=2, weight_kg=2)
    under = Underway(location=2, departed_s=0, ready_s=100, on_board=(load,))
    problem = replace(base, vehicles=(replace(base.vehicles[0], underway=under),))
    search = Search(problem, seed=1)
    assert not fit_for_savings(search.model)
    search.start()
    assert search.unserved_required == 2
    assert not any(each.vehicle for each in evaluate(problem, PlanSolution(tours=search.tours())).violations)


def test_what_too_few_vehicles_leave_is_put_in_elsewhere() -> None:
    """Tours that no vehicle is left for are taken apart and their containers put into the others, where they fit."""
    tours = first_tours(on_map([(100, 0), (110, 0), (-100, 0)], capacity=3, fleet=1))
    assert sorted(name for tour in tours for name in tour) == ["c1", "c2", "c3"]


@pytest.mark.parametrize("both_ways", [True, False], ids=["symmetric", "asymmetric"])
@given(data=st.data())
def test_tours_hold_each_container_once_and_no_more_than_their_room(
    both_ways: bool, data: st.DataObject
) -> None:
    """Whatever the ways and demands, joined tours are disjoint and within the vehicles' room."""
    n = data.draw(st.integers(1, 8))
    way = st.integers(0, 1_000)
    metres = [[0 if a == b else data.draw(way) for b in range(n + 1)] for a in range(n + 1)]
    if both_ways:
        metres = [[metres[min(a, b)][max(a, b)] for b in range(n + 1)] for a in range(n + 1)]
    demand = data.draw(st.lists(st.integers(0, 5), min_size=n, max_size=n))
    problem = problem_of(metres, demand, capacity=10, fleet=data.draw(st.integers(1, n)))
    search = Search(problem, seed=1)
    stops = savings_tours(search.model)
    assert len({c for _, c in stops}) == len(stops)
    for v in range(len(problem.vehicles)):
        load = search.model.demand[0, [c for vehicle, c in stops if vehicle == v]].sum(axis=0)
        assert (load <= search.model.vehicle[v, ROOM : ROOM + load.size]).all()
    search.start()
    assert evaluate(problem, PlanSolution(tours=search.tours())).feasible or search.unserved_required
