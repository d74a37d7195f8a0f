"""A problem small enough to compute by hand: places on a line, 100 m and 200 s apart."""

from dataclasses import replace
from datetime import UTC, datetime

from domain.planning import (
    Collect,
    ContainerTask,
    Depot,
    DisposalFacility,
    PlanEvaluation,
    PlannedTour,
    PlanProblem,
    PlanSolution,
    TourEvaluation,
    Unload,
    Vehicle,
    Visit,
    evaluate,
    evaluate_tour,
)

A, B, TIP = Collect(container="a"), Collect(container="b"), Unload(facility="tip")
TRUCK = Vehicle(
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
PATIENT = replace(TRUCK, latest_end_s=200_000, regular_end_s=200_000, max_trips=9)
"""The truck without a hurry."""
FACILITY = DisposalFacility(id="tip", location=3, service_s=100, fractions=frozenset({"paper"}))


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


def line(step_m: int = 100, step_s: int = 200, places: int = 4) -> dict[str, object]:
    """Matrices of places at these distances from the next."""
    apart = [[abs(i - j) for j in range(places)] for i in range(places)]
    return {
        "distance_m": [[step_m * each for each in row] for row in apart],
        "duration_s": [[step_s * each for each in row] for row in apart],
    }


def problem(**changes: object) -> PlanProblem:
    """Depot, a, b and the tip stand 100 m and 200 s apart on a line, in this order."""
    base = PlanProblem(
        day_start=datetime(2026, 3, 2, 23, tzinfo=UTC),
        depots=(Depot(id="depot", location=0),),
        facilities=(FACILITY,),
        vehicles=(TRUCK,),
        containers=(container("a", 1), container("b", 2)),
        distance_m=[[0] * 4] * 4,
        duration_s=[[0] * 4] * 4,
    )
    return replace(base, **(line() | changes))


def drive(given: PlanProblem, *visits: Visit, vehicle: str = "truck") -> TourEvaluation:
    """One tour judged."""
    return evaluate_tour(given, PlannedTour(vehicle=vehicle, visits=visits))


def plan(given: PlanProblem, **visits: tuple[Visit, ...]) -> PlanEvaluation:
    """A plan of these tours by vehicle, judged."""
    tours = tuple(PlannedTour(vehicle=name, visits=each) for name, each in visits.items())
    return evaluate(given, PlanSolution(tours=tours))


def names(judged: TourEvaluation | PlanEvaluation) -> set[str]:
    """Names of what is broken."""
    return {violation.name for violation in judged.violations}


def times(judged: TourEvaluation) -> list[tuple[str, int, int]]:
    """Kind, begin and end of each step."""
    return [(step.kind, step.begin_s, step.end_s) for step in judged.steps]
