"""Small problems in which several rules meet: locked sequences, tours under way, fixed tours, trips that wait."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.planning import (
    Chamber,
    Choice,
    Collect,
    ContainerTask,
    Depot,
    DisposalFacility,
    Habits,
    Load,
    PlannedTour,
    PlanProblem,
    PlanSolution,
    Underway,
    Unload,
    UsualVisit,
    Vehicle,
    evaluate,
)
from processing.routing.solve import solve
from processing.routing.stop import Stop

GLASS, PAPER = frozenset({"glass"}), frozenset({"paper"})
TIP = DisposalFacility(id="tip", location=0, service_s=0, fractions=GLASS | PAPER)
AWAY = replace(TIP, location=3)
CHAMBERS = tuple(Chamber(fractions=each, capacity_l=500, capacity_kg=100) for each in (GLASS, PAPER))
TRUCK = Vehicle(
    id="truck",
    start_depot="depot",
    end_depot="depot",
    shift_begin_s=0,
    regular_end_s=14_400,
    latest_end_s=14_400,
    capacity_l=1_500,
    capacity_kg=300,
    max_trips=4,
    fixed_cost_ueur=50_000_000,
    cost_per_m_ueur=900,
    cost_per_s_ueur=5_000,
)


def container(name: str, location: int = 1, **changes: Any) -> ContainerTask:
    """A small container of glass."""
    task = ContainerTask(
        id=name, site=name, location=location, fraction="glass", demand_l=1, demand_kg=1, service_s=60
    )
    return replace(task, **changes)


def problem(**changes: Any) -> PlanProblem:
    """Five places 1 km apart on a line, the depot at the first; two containers, one vehicle."""
    metres = [[1_000 * abs(i - j) for j in range(5)] for i in range(5)]
    given: dict[str, Any] = {
        "day_start": datetime(2026, 1, 1, tzinfo=UTC),
        "depots": (Depot(id="depot", location=0),),
        "facilities": (TIP,),
        "vehicles": (TRUCK,),
        "containers": (container("a", 1), container("b", 2)),
        "distance_m": metres,
        "duration_s": [[each // 10 for each in row] for row in metres],
    }
    return PlanProblem(**(given | changes))


def served(given: PlanProblem, left: tuple[str, ...] = (), iterations: int = 200) -> PlanSolution:
    """The solution, which breaks nothing, costs what it says and leaves just these."""
    solution = solve(given, Stop(iterations=iterations), seed=1)
    judged = evaluate(given, solution)
    assert not [each for each in judged.violations if each.name != "required_unserved"]
    assert judged.cost.total_ueur == solution.cost_ueur
    assert tuple(each.container for each in solution.unserved) == left
    return solution


def test_sequence_is_required_if_one_of_its_containers_is() -> None:
    """What could be left alone is served where it belongs to a sequence with what must be."""
    optional = container("a", required=False, cost_of_leaving_ueur=1)
    served(problem(containers=(optional, container("b", 2)), sequences=(("a", "b"),)))


def test_leaving_a_sequence_costs_what_leaving_each_container_does() -> None:
    """A sequence that nobody serves costs the sum of its containers."""
    optional = tuple(
        container(name, required=False, cost_of_leaving_ueur=each) for name, each in (("a", 1), ("b", 2))
    )
    solution = served(problem(containers=optional, sequences=(("a", "b"),)), left=("a", "b"))
    assert solution.cost_ueur == 3


def test_each_container_of_a_sequence_counts_as_a_stop() -> None:
    """A vehicle for three stops takes a sequence of three, and nothing else."""
    fleet = (replace(TRUCK, max_stops=3), replace(TRUCK, id="two", max_stops=3))
    bins = tuple(container(name, 1) for name in "abcd")
    solution = served(problem(vehicles=fleet, containers=bins, sequences=(("a", "b", "c"),)))
    assert sorted(len(tour.containers) for tour in solution.tours) == [1, 3]


def test_sequence_that_no_vehicle_has_stops_for_is_left() -> None:
    """Two stops are too few for three containers that stay together."""
    bins = tuple(container(name, 1) for name in "abc")
    given = problem(vehicles=(replace(TRUCK, max_stops=2),), containers=bins, sequences=(("a", "b", "c"),))
    served(given, left=("a", "b", "c"))


def test_sequence_of_two_fractions_goes_where_both_are_taken() -> None:
    """The near facility takes but the first fraction of the sequence, so that the far one is driven to."""
    near = DisposalFacility(id="near", location=1, service_s=0, fractions=GLASS)
    given = problem(
        vehicles=(replace(TRUCK, chambers=CHAMBERS),),
        facilities=(near, AWAY),
        containers=(container("a", 1), container("b", 2, fraction="paper")),
        sequences=(("a", "b"),),
    )
    solution = served(given)
    assert solution.tours[0].visits[-1] == Unload(facility="tip")


def test_habits_hold_within_sequences() -> None:
    """Another vehicle or order than yesterday is paid for by each container of a sequence."""
    usual = (
        UsualVisit(container="a", vehicle="sold", after="b", arrival_s=0),
        UsualVisit(container="b", vehicle="sold", after="a", arrival_s=0),
        UsualVisit(container="c", vehicle="truck", after="a", arrival_s=0),
    )
    habits = Habits(visits=usual, other_vehicle_ueur=1_000, other_order_ueur=100)
    bins = (container("a", 1), container("b", 2), container("c", 3))
    served(problem(containers=bins, sequences=(("a", "b", "c"),), habits=habits))


@pytest.mark.parametrize(
    "tip",
    [TIP, replace(TIP, service_s=1), replace(TIP, capacity_kg=100_000), AWAY],
    ids=["instant", "serviced", "limited", "away"],
)
@pytest.mark.parametrize("released_s", [0, 991])
def test_container_that_is_released_later_has_a_trip_of_its_own(
    tip: DisposalFacility, released_s: int
) -> None:
    """A trip waits for its only container, wherever it unloads."""
    served(problem(containers=(container("a", 1, released_s=released_s),), facilities=(tip,)))


def test_choice_that_a_fixed_tour_began_is_finished() -> None:
    """Where Monday's visit of a pattern is fixed, Thursday's is planned with a pattern that has Monday."""
    late: dict[str, Any] = {
        "day": 3,
        "shift_begin_s": 259_200,
        "regular_end_s": 280_000,
        "latest_end_s": 280_000,
    }
    fleet = (replace(TRUCK, id="monday"), replace(TRUCK, id="thursday", **late))
    options = (("mon", "thu"), ("mon", "fri", "sat"), ("tue", "thu"))
    given = problem(
        vehicles=fleet,
        containers=tuple(container(name) for name in ("mon", "tue", "thu", "fri", "sat")),
        choices=(Choice(id="twice", options=options, required=False),),
        fixed=(PlannedTour(vehicle="monday", visits=(Collect(container="mon"), Unload(facility="tip"))),),
    )
    assert served(given).tours[1].containers == ("thu",)


def test_plan_whose_tours_are_all_fixed_is_handed_back() -> None:
    """There is nothing to search for, and what the fixed tours leave is named."""
    fixed = PlannedTour(vehicle="truck", visits=(Collect(container="a"), Unload(facility="tip")))
    assert served(problem(fixed=(fixed,)), left=("b",)).tours == (fixed,)


def test_what_is_on_board_of_a_fixed_tour_takes_room_at_the_facility() -> None:
    """A facility for 2 kg gets one from a tour under way, so that one of two containers is left."""
    under = Underway(
        location=0, departed_s=0, ready_s=0, on_board=(Load(fraction="glass", volume_l=1, weight_kg=1),)
    )
    fleet = (replace(TRUCK, underway=under), replace(TRUCK, id="other"))
    given = problem(
        vehicles=fleet,
        facilities=(replace(AWAY, capacity_kg=2),),
        fixed=(PlannedTour(vehicle="truck", visits=(Unload(facility="tip"),)),),
    )
    assert len(solve(given, Stop(iterations=100)).unserved) == 1
    moving = replace(given, fixed=())
    solution = solve(moving, Stop(iterations=100))
    assert len(solution.unserved) == 1
    assert not {each.name for each in evaluate(moving, solution).violations} - {"required_unserved"}


@pytest.mark.parametrize("names", ["", "ab"])
def test_what_is_on_board_is_unloaded(names: str) -> None:
    """A tour under way unloads what it has on board, also if it collects nothing more."""
    under = Underway(
        location=0, departed_s=0, ready_s=0, on_board=(Load(fraction="glass", volume_l=1, weight_kg=1),)
    )
    given = problem(
        vehicles=(replace(TRUCK, underway=under),),
        facilities=(AWAY,),
        containers=tuple(container(name) for name in names),
    )
    assert Unload(facility="tip") in served(given).tours[0].visits


def test_what_no_facility_takes_together_is_brought_to_several() -> None:
    """Two fractions on board in chambers are unloaded at two facilities before anything else."""
    on_board = tuple(Load(fraction=each, volume_l=1, weight_kg=1) for each in ("glass", "paper"))
    under = Underway(location=1, departed_s=0, ready_s=100, on_board=on_board, collected_l=2, collected_kg=2)
    given = problem(
        vehicles=(replace(TRUCK, chambers=CHAMBERS, regular_end_s=50, underway=under),),
        facilities=(
            DisposalFacility(id="glass tip", location=2, service_s=30, fractions=GLASS),
            DisposalFacility(id="paper tip", location=3, service_s=30, fractions=PAPER),
        ),
    )
    assert [each.facility for each in served(given).tours[0].visits[:2] if isinstance(each, Unload)] == [
        "glass tip",
        "paper tip",
    ]


def test_idle_tour_under_way_costs_its_way_home() -> None:
    """A vehicle under way without anything to collect drives home, and that is paid for."""
    truck = replace(TRUCK, underway=Underway(location=3, departed_s=0, ready_s=100))
    assert served(problem(vehicles=(truck,), containers=())).cost_ueur > 0


def test_facility_at_the_end_is_no_home_if_the_way_from_it_to_it_takes_time() -> None:
    """Where a place is some way from itself, unloading at the end of a tour costs that."""
    given = problem()
    seconds = [list(row) for row in given.duration_s]
    seconds[0][0] = 7
    served(replace(given, duration_s=seconds))
