"""An infeasible plan always says why, in data that any language can be made of."""

from datetime import UTC, datetime

from domain.planning import (
    Collect,
    ContainerTask,
    Depot,
    DisposalFacility,
    PlannedTour,
    PlanProblem,
    PlanSolution,
    TimeWindow,
    Unload,
    Vehicle,
    evaluate,
)
from domain.planning.solution import Unserved
from processing.planning.assemble import Assembled, Task
from processing.planning.diagnosis import diagnose
from processing.planning.region import Bin
from processing.planning.rules import Need


def assembled(
    *demands_l: int, capacity_l: int = 1_000, service_s: int = 60, closes_s: int = 80_000
) -> Assembled:
    """One vehicle and containers of these demands, numbered from 1, all at one place."""
    tasks = tuple(
        ContainerTask(
            id=str(number),
            site="1",
            location=0,
            fraction="paper",
            demand_l=demand_l,
            demand_kg=1,
            service_s=service_s,
            required=True,
        )
        for number, demand_l in enumerate(demands_l, start=1)
    )
    problem = PlanProblem(
        day_start=datetime(2026, 3, 2, 23, tzinfo=UTC),
        depots=(Depot(id="1", location=0),),
        facilities=(
            DisposalFacility(
                id="1",
                location=0,
                service_s=60,
                fractions=frozenset({"paper"}),
                opening=(TimeWindow(open_s=0, close_s=closes_s),),
            ),
        ),
        vehicles=(
            Vehicle(
                id="7/8",
                start_depot="1",
                end_depot="1",
                shift_begin_s=20_000,
                regular_end_s=50_000,
                latest_end_s=50_000,
                capacity_l=capacity_l,
                capacity_kg=1_000,
                max_trips=2,
            ),
        ),
        containers=tasks,
        distance_m=[[0]],
        duration_s=[[0]],
    )
    need = Need(required=True, reason="threshold", expected_percent=90.0, cost_of_leaving_ueur=0)
    return Assembled(
        problem=problem,
        tasks={task.id: Task(bin=a_bin(int(task.id)), need=need) for task in tasks},
        points=((14.0, 51.5),),
        without_level=0,
        untouched=0,
    )


def a_bin(thing_id: int) -> Bin:
    """A container of this number."""
    return Bin(
        thing_id=thing_id,
        name=f"Bin {thing_id}",
        site_id=1,
        site_name="Site",
        longitude=14.0,
        latitude=51.5,
        setup_s=0,
        waste_fraction="paper",
        volume_l=1_100,
        density_kg_l=0.1,
        service_s=60,
        threshold_percent=80.0,
        max_interval_days=None,
        fill_percent=90.0,
        fill_time=None,
        rate_percent_per_day=None,
        full_at=None,
        emptied_at=None,
        collected_at=None,
    )


def tour(*containers: str) -> PlannedTour:
    """All of them in one trip."""
    visits = tuple(Collect(container=name) for name in containers)
    return PlannedTour(vehicle="7/8", visits=(*visits, Unload(facility="1")))


def test_feasible_plan_has_no_diagnosis() -> None:
    """Nothing stands against a plan that meets everything."""
    problem = assembled(400, 500)
    solution = PlanSolution(tours=(tour("1", "2"),))
    assert diagnose(problem, solution, evaluate(problem.problem, solution)) == []


def test_violation_without_a_left_container_is_named() -> None:
    """When every container is in a tour and the evaluator still objects, its objection is the diagnosis."""
    problem = assembled(700, 800)
    solution = PlanSolution(tours=(tour("1", "2"),))
    found = diagnose(problem, solution, evaluate(problem.problem, solution))
    assert [each["constraint"] for each in found] == ["capacity_volume"]
    assert (found[0]["containers"], found[0]["names"]) == ([1, 2], ["Bin 1", "Bin 2"])
    assert (found[0]["needed"], found[0]["available"], found[0]["unit"]) == (1_500, 1_000, "l")


def test_facility_is_not_taken_for_a_container() -> None:
    """A closed facility names no container, though both are numbered from 1."""
    problem = assembled(700, closes_s=10_000)
    solution = PlanSolution(tours=(tour("1"),))
    found = diagnose(problem, solution, evaluate(problem.problem, solution))
    closed = next(each for each in found if each["constraint"] == "facility_closed")
    assert (closed["containers"], closed["names"]) == ([], [])


def test_left_container_comes_with_figures() -> None:
    """A container that no vehicle takes is told with what it holds and what the largest takes, and told once."""
    problem = assembled(1_800)
    left = Unserved(container="1", required=True, constraint="capacity_volume", explanation="too much")
    solution = PlanSolution(tours=(), unserved=(left,))
    (found,) = diagnose(problem, solution, evaluate(problem.problem, solution))
    assert (found["constraint"], found["fractions"]) == ("capacity_volume", ["paper"])
    assert (found["needed"], found["available"], found["unit"]) == (1_800, 1_000, "l")


def test_lacking_shift_time_comes_in_seconds() -> None:
    """When emptying alone outlasts the shifts, both durations are told."""
    problem = assembled(100, 100, service_s=20_000)
    left = tuple(
        Unserved(container=name, required=True, constraint="fleet_busy", explanation="no room")
        for name in ("1", "2")
    )
    solution = PlanSolution(tours=(), unserved=left)
    found = diagnose(problem, solution, evaluate(problem.problem, solution))
    lack = next(each for each in found if each["constraint"] == "fleet_time")
    assert (lack["needed"], lack["available"], lack["unit"]) == (40_000, 30_000, "s")
