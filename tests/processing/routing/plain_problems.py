"""Problems with plain tours: one trip of one fraction for each vehicle, nothing paid by time."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from domain.planning import (
    Chamber,
    ContainerTask,
    Depot,
    DisposalFacility,
    Habits,
    PlanProblem,
    TravelProfile,
    UsualVisit,
    Vehicle,
)
from tests.processing.routing.problems import DAY, matrices, windows


def plain(
    metres: list[list[int]],
    seconds: list[list[int]],
    tasks: tuple[ContainerTask, ...],
    capacity: int,
    fleet: int,
    latest_s: int = 80_000,
) -> PlanProblem:
    """One trip of one fraction for each vehicle, from the first place, where it is unloaded too."""
    return PlanProblem(
        day_start=DAY,
        depots=(Depot(id="depot", location=0),),
        facilities=(DisposalFacility(id="tip", location=0, service_s=0, fractions=frozenset({"residual"})),),
        vehicles=tuple(
            Vehicle(
                id=f"truck {number}",
                start_depot="depot",
                end_depot="depot",
                shift_begin_s=0,
                regular_end_s=latest_s,
                latest_end_s=latest_s,
                capacity_l=capacity,
                capacity_kg=capacity,
                max_trips=1,
                cost_per_m_ueur=1_000,
            )
            for number in range(fleet)
        ),
        containers=tasks,
        distance_m=metres,
        duration_s=seconds,
    )


def task(name: str, location: int, demand: int, **changes: Any) -> ContainerTask:
    """A container of so many litres and kilograms."""
    return ContainerTask(
        id=name,
        site=name,
        location=location,
        fraction="residual",
        demand_l=demand,
        demand_kg=demand,
        service_s=0,
        **changes,
    )


@st.composite
def plain_problems(draw: st.DrawFn) -> PlanProblem:
    """Random plain tours: with windows or without, on a plane or without any sense of geometry, and what else goes."""
    count = draw(st.integers(2, 14))
    metres, seconds = draw(matrices(count + 1))
    metres[0][0] = seconds[0][0] = 0
    timed, required, chambered, skilled = (draw(st.booleans()) for _ in range(4))
    tasks = tuple(
        replace(
            task(f"container {number}", number, draw(st.integers(0, 40))),
            demand_kg=draw(st.integers(0, 40)),
            fraction=draw(st.sampled_from(("residual", "paper"))) if chambered else "residual",
            skills=frozenset({"crane"}) if skilled and draw(st.booleans()) else frozenset(),
            required=required,
            cost_of_leaving_ueur=draw(st.integers(0, 9_000_000)),
            windows=draw(windows()) if timed else (),
        )
        for number in range(1, count + 1)
    )
    problem = plain(metres, seconds, tasks, draw(st.integers(20, 200)), draw(st.integers(1, 4)), 30_000)
    heavy = TravelProfile(
        name="heavy", distance_m=[[2 * each for each in row] for row in metres], duration_s=seconds
    )
    several, short, heavier = (draw(st.booleans()) for _ in range(3))
    chambers = tuple(
        Chamber(
            fractions=frozenset({each}),
            capacity_l=draw(st.integers(20, 120)),
            capacity_kg=draw(st.integers(20, 120)),
        )
        for each in ("residual", "paper")
    )
    equal = replace(
        problem.vehicles[0],
        capacity_kg=draw(st.integers(20, 200)),
        chambers=chambers if chambered else (),
        max_distance_m=draw(st.integers(0, 40_000)) if short else None,
    )
    fleet = tuple(
        replace(
            equal,
            id=each.id,
            skills=frozenset({"crane"}) if draw(st.booleans()) else frozenset(),
            profile="heavy" if heavier and draw(st.booleans()) else None,
        )
        if several
        else replace(equal, id=each.id, skills=frozenset({"crane"}))
        for each in problem.vehicles
    )
    return replace(
        problem,
        vehicles=fleet,
        facilities=(replace(problem.facilities[0], fractions=frozenset({"residual", "paper"})),),
        profiles=(heavy,),
        habits=draw(habits([each.id for each in tasks], [each.id for each in fleet])),
    )


@st.composite
def habits(draw: st.DrawFn, containers: list[str], vehicles: list[str]) -> Habits:
    """No habits, or yesterday's tours at random."""
    if not draw(st.booleans()):
        return Habits()
    order = draw(st.permutations(containers))
    return Habits(
        visits=tuple(
            UsualVisit(container=name, vehicle=draw(st.sampled_from(vehicles)), after=before, arrival_s=0)
            for before, name in pairwise((None, *order))
            if name is not None and draw(st.booleans())
        ),
        other_vehicle_ueur=draw(st.integers(0, 900_000)),
        other_order_ueur=draw(st.integers(0, 900_000)),
    )


@st.composite
def fleets(draw: st.DrawFn, given: Vehicle) -> tuple[Vehicle, ...]:
    """Some vehicles of two sizes, each at its own price."""
    large = replace(
        given,
        id="large",
        capacity_l=given.capacity_l + draw(st.integers(1, 100)),
        capacity_kg=given.capacity_kg + draw(st.integers(0, 100)),
        fixed_cost_ueur=draw(st.integers(0, 5_000_000)),
        cost_per_m_ueur=draw(st.integers(0, 2_000)),
    )
    return tuple(
        replace(each, id=f"{each.id} {number}")
        for each in (given, large)
        for number in range(draw(st.integers(1, 3)))
    )


@st.composite
def sized_problems(draw: st.DrawFn) -> PlanProblem:
    """Plain tours of two sizes of vehicles; habits know some of them by name."""
    problem = draw(plain_problems())
    fleet = draw(fleets(problem.vehicles[0]))
    known = {each.vehicle for each in problem.habits.visits}
    renamed = (
        dict(zip(sorted(known), (each.id for each in fleet), strict=False)) if draw(st.booleans()) else {}
    )
    visits = tuple(replace(each, vehicle=renamed.get(each.vehicle, "sold")) for each in problem.habits.visits)
    return replace(problem, vehicles=fleet, habits=replace(problem.habits, visits=visits))
