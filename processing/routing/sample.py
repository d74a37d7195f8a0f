"""A tiny problem that reaches every kernel, to compile them with."""

from datetime import UTC, datetime

from domain.planning import (
    BreakRules,
    ContainerTask,
    Depot,
    DisposalFacility,
    PlanProblem,
    TimeWindow,
    Vehicle,
)


def sample_problem() -> PlanProblem:
    """Five containers of two fractions, one facility, two vehicles; places 1 km apart on a line."""
    metres = [[1000 * abs(i - j) for j in range(7)] for i in range(7)]
    seconds = [[90 * abs(i - j) for j in range(7)] for i in range(7)]
    return PlanProblem(
        day_start=datetime(2026, 1, 1, tzinfo=UTC),
        depots=(Depot(id="depot", location=0),),
        facilities=(
            DisposalFacility(
                id="facility",
                location=6,
                service_s=600,
                fractions=frozenset({"paper", "glass"}),
                opening=(TimeWindow(open_s=0, close_s=36_000),),
            ),
        ),
        vehicles=tuple(_vehicle(name) for name in ("one", "two")),
        containers=tuple(_container(number) for number in range(5)),
        distance_m=metres,
        duration_s=seconds,
    )


def _vehicle(name: str) -> Vehicle:
    return Vehicle(
        id=name,
        start_depot="depot",
        end_depot="depot",
        shift_begin_s=0,
        regular_end_s=18_000,
        latest_end_s=36_000,
        capacity_l=2_500,
        capacity_kg=1_000,
        max_trips=3,
        fixed_cost_ueur=1_000_000,
        cost_per_m_ueur=1_200,
        cost_per_s_ueur=8_000,
        overtime_cost_per_s_ueur=4_000,
        breaks=BreakRules(driving="always", working_time=True),
    )


def _container(number: int) -> ContainerTask:
    return ContainerTask(
        id=f"container {number}",
        site=f"site {number}",
        location=number + 1,
        fraction="glass" if number % 2 else "paper",
        demand_l=1_000,
        demand_kg=100,
        service_s=120,
        required=number < 3,
        cost_of_leaving_ueur=2_000_000,
        windows=(TimeWindow(open_s=0, close_s=20_000),) if number == 1 else (),
    )
