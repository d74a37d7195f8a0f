"""The plan evaluator: time line, load, cost and every violation by name."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.errors import NaiveTimeError
from domain.planning import (
    Collect,
    ContainerTask,
    Depot,
    DisposalFacility,
    InvalidProblem,
    PlannedTour,
    PlanProblem,
    PlanSolution,
    TimeWindow,
    Unload,
    Vehicle,
    Visit,
    evaluate,
)

A, B, TIP = Collect(container="a"), Collect(container="b"), Unload(facility="tip")
VEHICLE = Vehicle(
    id="truck",
    start_depot="depot",
    end_depot="depot",
    shift_begin_s=1_000,
    regular_end_s=2_000,
    latest_end_s=3_000,
    capacity_l=1_500,
    capacity_kg=300,
    max_trips=1,
    fixed_cost_ueur=7,
    cost_per_m_ueur=2,
    cost_per_s_ueur=3,
    overtime_cost_per_s_ueur=5,
)


def container(name: str, place: int, **changes: object) -> ContainerTask:
    """A container of paper that needs a minute."""
    task = ContainerTask(
        id=name,
        site=name,
        location=place,
        fraction="paper",
        demand_l=700,
        demand_kg=100,
        service_s=60,
    )
    return replace(task, **changes)


def problem(**changes: object) -> PlanProblem:
    """Depot, a, b and the tip stand 100 m and 200 s apart on a line, in this order."""
    base = PlanProblem(
        day_start=datetime(2026, 3, 2, 23, tzinfo=UTC),
        depots=(Depot(id="depot", location=0),),
        facilities=(DisposalFacility(id="tip", location=3, service_s=100, fractions=frozenset({"paper"})),),
        vehicles=(VEHICLE,),
        containers=(container("a", 1), container("b", 2)),
        distance_m=[[100 * abs(i - j) for j in range(4)] for i in range(4)],
        duration_s=[[200 * abs(i - j) for j in range(4)] for i in range(4)],
    )
    return replace(base, **changes)


def judge(given: PlanProblem, *visits: Visit) -> set[str]:
    """Names of what a tour of these visits breaks."""
    tour = PlannedTour(vehicle="truck", visits=visits)
    return {violation.name for violation in evaluate(given, PlanSolution(tours=(tour,))).violations}


def test_time_line_load_and_cost_of_a_good_tour() -> None:
    """Drive, wait, serve and unload follow each other, the load rises and falls, the cost has its components."""
    waiting = container("b", 2, windows=(TimeWindow(open_s=1_500, close_s=1_600),))
    given = problem(containers=(container("a", 1), waiting))
    plan = evaluate(given, PlanSolution(tours=(PlannedTour(vehicle="truck", visits=(A, B, TIP)),)))
    tour = plan.tours[0]
    line = [
        (step.kind, step.arrival_s, step.wait_s, step.end_s, step.load_l, step.load_kg) for step in tour.steps
    ]
    assert line == [
        ("depart", 1_000, 0, 1_000, 0, 0),
        ("collect", 1_200, 0, 1_260, 700, 100),
        ("collect", 1_460, 40, 1_560, 1_400, 200),
        ("unload", 1_760, 0, 1_860, 0, 0),
        ("return", 2_460, 0, 2_460, 0, 0),
    ]
    assert (tour.distance_m, tour.duration_s, tour.overtime_s, tour.trips) == (600, 1_460, 460, 1)
    assert (plan.cost.fixed_ueur, plan.cost.distance_ueur) == (7, 1_200)
    assert (plan.cost.time_ueur, plan.cost.overtime_ueur) == (4_380, 2_300)
    assert plan.cost.total_ueur == 7 + 1_200 + 4_380 + 2_300
    assert plan.feasible


def test_leaving_an_optional_container_costs() -> None:
    """An optional container in no tour adds its cost of leaving and breaks nothing; an unused vehicle is free."""
    optional = container("a", 1, required=False, cost_of_leaving_ueur=42)
    plan = evaluate(problem(containers=(optional,)), PlanSolution(tours=()))
    assert (plan.cost.total_ueur, plan.feasible) == (42, True)


@pytest.mark.parametrize(
    ("name", "changes", "visits"),
    [
        ("capacity_volume", {"vehicles": (replace(VEHICLE, capacity_l=1_399),)}, (A, B, TIP)),
        ("capacity_weight", {"vehicles": (replace(VEHICLE, capacity_kg=199),)}, (A, B, TIP)),
        ("shift_end", {"vehicles": (replace(VEHICLE, latest_end_s=2_419),)}, (A, B, TIP)),
        (
            "time_window",
            {
                "containers": (
                    container("a", 1, windows=(TimeWindow(open_s=0, close_s=1_199),)),
                    container("b", 2),
                )
            },
            (A, B, TIP),
        ),
        ("not_empty_at_end", {}, (A, TIP, B)),
        ("trips", {}, (A, TIP, B, TIP)),
        ("required_unserved", {}, (A, TIP)),
        ("served_twice", {}, (A, A, B, TIP)),
        ("unknown_container", {}, (A, B, Collect(container="c"), TIP)),
        ("unknown_facility", {}, (A, B, TIP, Unload(facility="sea"))),
        (
            "fraction_mix",
            {"containers": (container("a", 1, fraction="glass"), container("b", 2))},
            (A, B, TIP),
        ),
        (
            "facility_fraction",
            {"containers": (container("a", 1, fraction="glass"), container("b", 2))},
            (A, B, TIP),
        ),
        ("vehicle_fraction", {"vehicles": (replace(VEHICLE, fractions=frozenset({"glass"})),)}, (A, B, TIP)),
    ],
)
def test_each_violation_is_named(name: str, changes: dict[str, object], visits: tuple[Visit, ...]) -> None:
    """A broken constraint is reported under its own name, and one that is just kept is not."""
    assert name in judge(problem(**changes), *visits)
    assert judge(problem(), A, B, TIP) == set()


def test_unloading_must_end_while_the_facility_is_open() -> None:
    """Arriving before closing is not enough: the unloading has to be over by then."""
    tip = DisposalFacility(
        id="tip",
        location=3,
        service_s=100,
        fractions=frozenset({"paper"}),
        opening=(TimeWindow(open_s=0, close_s=1_819),),
    )
    assert judge(problem(facilities=(tip,)), A, B, TIP) == {"facility_closed"}
    longer = replace(tip, opening=(TimeWindow(open_s=0, close_s=1_820),))
    assert judge(problem(facilities=(longer,)), A, B, TIP) == set()


def test_vehicles_are_known_and_drive_once() -> None:
    """A tour of a vehicle that is not there, or a second tour of one, is reported."""
    tour = PlannedTour(vehicle="truck", visits=(A, B, TIP))
    ghost = PlannedTour(vehicle="ghost", visits=())
    names = {each.name for each in evaluate(problem(), PlanSolution(tours=(tour, tour, ghost))).violations}
    assert {"vehicle_twice", "unknown_vehicle"} <= names


@pytest.mark.parametrize(
    "changes",
    [
        {"containers": (container("a", 1), container("a", 2))},
        {"containers": (container("a", 9),)},
        {"vehicles": (replace(VEHICLE, end_depot="nowhere"),)},
        {"duration_s": [[0]]},
        {"distance_m": [[-1] * 4] * 4},
        {"duration_s": [[10**9] * 4] * 4},
        {"vehicles": (replace(VEHICLE, latest_end_s=10**12),)},
        {"containers": (container("a", 1, demand_l=10**12),)},
    ],
)
def test_contradictory_problems_are_refused(changes: dict[str, object]) -> None:
    """A problem that contradicts itself cannot be constructed."""
    with pytest.raises(InvalidProblem):
        problem(**changes)


def test_naive_day_start_is_refused() -> None:
    """The instant from which times count must be aware."""
    with pytest.raises(NaiveTimeError):
        problem(day_start=datetime(2026, 3, 3))  # noqa: DTZ001
