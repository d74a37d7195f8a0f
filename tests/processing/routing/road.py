"""Tours of several trips along a road: five places 1 km and 100 s apart, depot and tip at the first."""

from dataclasses import replace

from domain.planning import ContainerTask, PlanProblem, Vehicle
from tests.domain.line_problem import FACILITY, PATIENT, container, line, problem

TRUCK = replace(
    PATIENT,
    shift_begin_s=0,
    capacity_l=10,
    capacity_kg=100,
    max_trips=3,
    fixed_cost_ueur=0,
    cost_per_m_ueur=900,
    cost_per_s_ueur=5_000,
    overtime_cost_per_s_ueur=0,
)


def box(name: str, place: int, **changes: object) -> ContainerTask:
    """A container of a litre that takes a minute."""
    return container(name, place, **({"demand_l": 1, "demand_kg": 1} | changes))


def road(vehicles: tuple[Vehicle, ...], containers: tuple[ContainerTask, ...]) -> PlanProblem:
    """These vehicles and containers on the road."""
    tip = replace(FACILITY, location=0, service_s=300)
    return problem(vehicles=vehicles, containers=containers, facilities=(tip,), **line(1_000, 100, places=5))
