"""Limits that show only where another one seems to bind: a second load, a later window, a full facility."""

from dataclasses import replace
from typing import Any

import pytest

from domain.planning import (
    BreakRules,
    Chamber,
    Collect,
    ContainerTask,
    Depot,
    DisposalFacility,
    Load,
    PlannedTour,
    PlanProblem,
    PlanSolution,
    TimeWindow,
    Underway,
    Unload,
    Vehicle,
    Visit,
    evaluate,
)
from processing.routing.kernels.model import PLAIN, SIZED
from processing.routing.search import Search
from processing.routing.solve import solve
from processing.routing.stop import Stop
from tests.processing.routing.problems import DAY

GLASS, PAPER = frozenset({"glass"}), frozenset({"paper"})
TIP = DisposalFacility(id="tip", location=0, service_s=0, fractions=GLASS | PAPER)
LONG = (TimeWindow(open_s=0, close_s=9_000),)
TRUCK = Vehicle(
    id="truck",
    start_depot="depot",
    end_depot="depot",
    shift_begin_s=0,
    regular_end_s=36_000,
    latest_end_s=36_000,
    capacity_l=10_000,
    capacity_kg=10_000,
    max_trips=1,
    cost_per_m_ueur=1_000,
)
LITTLE = replace(TRUCK, capacity_l=10, capacity_kg=13)
ORDERS = (("a", "away", "b"), ("away", "a"), ("away", "tip"), ("a", "b", "tip", "away"), ("tip", "b"))


def container(name: str, location: int, **changes: Any) -> ContainerTask:
    """A small container of glass."""
    task = ContainerTask(
        id=name, site=name, location=location, fraction="glass", demand_l=1, demand_kg=1, service_s=0
    )
    return replace(task, **changes)


def problem(*containers: ContainerTask, places: int = 4, **changes: Any) -> PlanProblem:
    """Places 1 km and 100 s from each other, the depot and where it is unloaded at the first; one vehicle."""
    metres = [[1_000 * (i != j) for j in range(places)] for i in range(places)]
    given: dict[str, Any] = {
        "day_start": DAY,
        "depots": (Depot(id="depot", location=0),),
        "facilities": (TIP,),
        "vehicles": (TRUCK,),
        "containers": containers,
        "distance_m": metres,
        "duration_s": [[each // 10 for each in row] for row in metres],
    }
    return PlanProblem(**(given | changes))


def lawful(given: PlanProblem, iterations: int = 100, start: PlanSolution | None = None) -> PlanSolution:
    """The solution, which breaks nothing but for leaving something, and costs what the evaluator counts."""
    solution = solve(given, Stop(iterations=iterations), seed=1, start=start)
    judged = evaluate(given, solution)
    assert not [each for each in judged.violations if each.name != "required_unserved"]
    assert judged.cost.total_ueur == solution.cost_ueur
    return solution


def left_by(solution: PlanSolution) -> int:
    """How many containers nobody serves."""
    return len(solution.unserved)


@pytest.mark.parametrize("windows", [(), LONG])
@pytest.mark.parametrize("iterations", [0, 100])
def test_kilograms_bind_where_litres_do_not(windows: tuple[TimeWindow, ...], iterations: int) -> None:
    """Two full containers are too heavy together, though there is room for both: one is left, in any plain tour."""
    tasks = (
        container("a", 1, demand_l=5, demand_kg=8, windows=windows),
        container("b", 2, demand_l=5, demand_kg=8),
        container("c", 3),
    )
    given = problem(*tasks, vehicles=(LITTLE,))
    assert Search(given, 1).model.rule[PLAIN]
    assert left_by(lawful(given, iterations)) == 1


def test_a_chamber_binds_where_the_vehicle_does_not() -> None:
    """Paper fills its chamber while the vehicle and the other chamber have room."""
    chambers = tuple(
        Chamber(fractions=each, capacity_l=room, capacity_kg=100) for each, room in ((PAPER, 5), (GLASS, 18))
    )
    tasks = tuple(
        container(name, place, fraction="paper", demand_l=amount, windows=LONG)
        for name, place, amount in (("a", 1, 2), ("b", 2, 4))
    )
    given = problem(*tasks, vehicles=(replace(LITTLE, capacity_l=13, chambers=chambers),))
    assert Search(given, 1).model.rule[PLAIN]
    assert left_by(lawful(given, 0)) == left_by(lawful(given)) == 1


def test_vehicles_of_two_sizes_are_told_apart_beside_named_ones() -> None:
    """Vehicles that containers name form families of their own; that does not hide that others differ in size."""
    named = [replace(TRUCK, id=name, capacity_l=20) for name in ("n1", "n2")]
    fleet = (*named, *(replace(TRUCK, id=f"t{room}", capacity_l=room) for room in (5, 9)))
    barred = frozenset({"n1", "n2"})
    tasks = [container(name, 1, demand_l=4, forbidden_vehicles=barred) for name in "abcd"]
    given = problem(*tasks, vehicles=fleet)
    assert Search(given, 1).model.rule[SIZED]
    assert left_by(lawful(given)) == 1


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("iterations", [0, 50])
@pytest.mark.parametrize("paid", [0, 100])
def test_a_start_may_unload_more_often_than_the_vehicle_may(
    order: tuple[str, ...], iterations: int, paid: int
) -> None:
    """Unloadings that a tour of one trip has no use for vanish from a start, and nothing is left for that."""
    visits: list[Visit] = [
        Collect(container=each) if each in "ab" else Unload(facility=each) for each in order
    ]
    start = PlanSolution(tours=(PlannedTour(vehicle="truck", visits=tuple(visits)),))
    given = problem(
        container("a", 1),
        container("b", 2),
        facilities=(TIP, replace(TIP, id="away", location=2, fractions=PAPER)),
        vehicles=(replace(TRUCK, cost_per_s_ueur=paid),),
    )
    solution = lawful(given, iterations, start)
    assert left_by(solution) == 0
    assert not [visit for tour in solution.tours for visit in tour.visits if visit == Unload(facility="away")]


@pytest.mark.parametrize("trips", [1, 2])
def test_a_start_of_nothing_but_an_unloading_is_no_tour(trips: int) -> None:
    """Where nothing of a tour is left but its unloading, its vehicle stays at home."""
    fleet = (
        replace(TRUCK, id="barred", max_trips=trips, fixed_cost_ueur=10**6),
        replace(TRUCK, id="other", max_trips=trips),
    )
    visits = (Collect(container="a"), Unload(facility="away"))
    start = PlanSolution(tours=(PlannedTour(vehicle="barred", visits=visits),))
    task = container("a", 1, vehicles=frozenset({"other"}))
    given = problem(task, facilities=(TIP, replace(TIP, id="away", location=2)), vehicles=fleet)
    for iterations in (0, 50):
        assert [tour.vehicle for tour in lawful(given, iterations, start).tours] == ["other"]


def test_a_tour_that_is_emptied_keeps_no_unloading() -> None:
    """A start may unload elsewhere than at home; once another vehicle serves what it did, no tour is left of that."""
    fleet = (
        replace(TRUCK, id="dear", cost_per_s_ueur=1, fixed_cost_ueur=10**6),
        replace(TRUCK, id="cheap", cost_per_s_ueur=1),
    )
    visits = (Collect(container="a"), Unload(facility="away"))
    start = PlanSolution(tours=(PlannedTour(vehicle="dear", visits=visits),))
    given = problem(container("a", 1), facilities=(TIP, replace(TIP, id="away", location=2)), vehicles=fleet)
    search = Search(given, 1, start)
    search.start()
    assert [tour.visits for tour in search.tours()] == [visits]
    assert [tour.vehicle for tour in lawful(given, 50, start).tours] == ["cheap"]


def test_a_facility_that_fixed_tours_overfill_hinders_nobody_else() -> None:
    """Tours that unload elsewhere go on though a fixed tour brings a facility more than it may take."""
    full = replace(TIP, id="full", location=1, capacity_l=5)
    free = replace(TIP, id="free", location=2)
    fleet = tuple(replace(TRUCK, id=name, max_trips=2) for name in ("x", "y"))
    fixed = PlannedTour(vehicle="x", visits=(Collect(container="a"), Unload(facility="full")))
    tasks = (container("a", 3, demand_l=10), container("b", 4), container("c", 5))
    given = problem(*tasks, places=6, facilities=(full, free), vehicles=fleet, fixed=(fixed,))
    assert left_by(solve(given, Stop(iterations=100))) == 0


@pytest.mark.parametrize("iterations", [0, 100])
def test_a_flexible_tour_departs_as_late_as_its_windows_allow(iterations: int) -> None:
    """The facility opens late: the container is met in its second window, not in the first that comes by."""
    windows = (TimeWindow(open_s=1_000, close_s=1_100), TimeWindow(open_s=2_000, close_s=9_000))
    late = replace(TIP, opening=(TimeWindow(open_s=5_000, close_s=9_000),))
    given = problem(
        container("a", 1, windows=windows),
        facilities=(late,),
        vehicles=(replace(TRUCK, flexible_begin=True, cost_per_s_ueur=1),),
    )
    assert lawful(given, iterations).cost_ueur == 2_000_200


def test_what_is_on_board_is_unloaded_on_the_way_where_straight_home_is_too_far() -> None:
    """Where the way by a facility is shorter than the direct one, a vehicle under way takes it, though it might not."""
    held = Underway(
        location=1, departed_s=0, ready_s=0, on_board=(Load(fraction="glass", volume_l=1, weight_kg=1),)
    )
    truck = replace(TRUCK, underway=held, max_trips=2, max_distance_m=3_000)
    metres = [[0, 1_000, 1_000], [9_000, 0, 1_000], [1_000, 1_000, 0]]
    given = problem(
        container("a", 0),
        facilities=(TIP, replace(TIP, id="near", location=2)),
        vehicles=(truck,),
        distance_m=metres,
        duration_s=metres,
    )
    assert left_by(lawful(given)) == 0


@pytest.mark.parametrize("iterations", [0, 50])
def test_a_break_comes_before_the_wait_for_a_release_or_after_the_way(iterations: int) -> None:
    """What is waited for is no break: a pause where the next trip waits would come hours too early."""
    given = problem(
        container("a", 1, windows=(TimeWindow(open_s=0, close_s=1_000),)),
        container(
            "b", 2, released_s=9_000, service_s=13_000, windows=(TimeWindow(open_s=15_000, close_s=20_000),)
        ),
        facilities=(replace(TIP, location=3),),
        vehicles=(replace(TRUCK, max_trips=2, breaks=BreakRules(working_time=True)),),
    )
    assert left_by(lawful(given, iterations)) == 0


def test_ends_are_exchanged_where_a_facility_is_nearly_full() -> None:
    """Two tours become one though the facility takes just what both bring: it is not counted twice."""
    places = [(0, 0), (100, 0), *((10_000, 0),) * 2, *((10_000, 500),) * 2]
    metres = [[abs(a[0] - b[0]) + abs(a[1] - b[1]) for b in places] for a in places]
    tours = [
        PlannedTour(
            vehicle=f"t{number}",
            visits=(*(Collect(container=name) for name in names), Unload(facility="tip")),
        )
        for number, names in enumerate(("ab", "cd"))
    ]
    given = problem(
        *(container(name, number) for number, name in enumerate("abcd", start=2)),
        facilities=(replace(TIP, location=1, capacity_l=4),),
        vehicles=tuple(replace(TRUCK, id=f"t{number}") for number in range(2)),
        distance_m=metres,
        duration_s=metres,
    )
    search = Search(given, 1, PlanSolution(tours=tuple(tours)))
    search.start()
    search._temperatures[:] = 0
    search.style = search.style._replace(
        average=1, longest=1, fresh=0, whole=0, fleet=0, exchanges=8, parted=0
    )
    search.run(100, 100)
    assert len(search.tours()) == 1
    assert search.recount() == search.current_objective
