"""Random problems that combine everything a `PlanProblem` can say, for property tests; and random solutions."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from domain.planning import (
    BreakRules,
    Chamber,
    Choice,
    Collect,
    ContainerTask,
    DisposalFacility,
    Habits,
    Load,
    Lunch,
    Pause,
    PlannedTour,
    PlanProblem,
    PlanSolution,
    Site,
    TravelProfile,
    Underway,
    Unload,
    Unserved,
    UsualVisit,
    Vehicle,
    Visit,
)
from tests.processing.routing.problems import FRACTIONS, matrices, problems

SKILLS = ("crane", "narrow", "rear_loader")
LIMIT = st.none() | st.integers(0, 4_000)
MONEY = st.integers(0, 5_000_000)


@st.composite
def lunches(draw: st.DrawFn) -> Lunch:
    """A lunch some time in the day."""
    begin = draw(st.integers(0, 20_000))
    return Lunch(
        earliest_begin_s=begin,
        latest_begin_s=begin + draw(st.integers(0, 5_000)),
        duration_s=draw(st.integers(1, 3_600)),
    )


@st.composite
def underways(draw: st.DrawFn, fractions: list[str], places: int) -> Underway:
    """A tour some way into its day."""
    departed = draw(st.integers(0, 5_000))
    count = st.integers(0, 20_000)
    taken = draw(st.lists(st.sampled_from(fractions), unique=True, max_size=2)) if fractions else []
    return Underway(
        location=draw(st.integers(0, places - 1)),
        departed_s=departed,
        ready_s=departed + draw(st.integers(0, 5_000)),
        on_board=tuple(
            Load(fraction=each, volume_l=draw(count) // 20, weight_kg=draw(count) // 100) for each in taken
        ),
        driven_m=draw(count),
        stops=draw(st.integers(0, 5)),
        unloadings=draw(st.integers(0, 2)),
        collected_l=draw(count) // 10,
        collected_kg=draw(count) // 100,
        driven_s=draw(count),
        worked_s=draw(count),
        total_worked_s=draw(count),
        paused_s=draw(count) // 10,
        split_taken=draw(st.booleans()),
        lunch_taken=draw(st.booleans()),
    )


@st.composite
def chambers(draw: st.DrawFn) -> Chamber:
    """A part of a body."""
    return Chamber(
        fractions=draw(st.frozensets(st.sampled_from(FRACTIONS), min_size=1)),
        capacity_l=draw(st.integers(0, 3_000)),
        capacity_kg=draw(st.integers(0, 900)),
    )


@st.composite
def richer_vehicle(draw: st.DrawFn, base: Vehicle, profiles: list[str], places: int) -> Vehicle:
    """The vehicle with limits, skills, chambers, breaks and perhaps under way."""
    rules = BreakRules(
        driving=draw(st.sampled_from(["never", "always", "unless_door_to_door"])),
        working_time=draw(st.booleans()),
        lunch=draw(st.none() | lunches()),
        waiting_counts=draw(st.booleans()),
    )
    richer = replace(
        base,
        skills=draw(st.frozensets(st.sampled_from(SKILLS))),
        profile=draw(st.sampled_from([None, *profiles])),
        day=draw(st.integers(0, 2)),
        flexible_begin=draw(st.booleans()),
        max_distance_m=draw(st.none() | st.integers(0, 40_000)),
        max_duration_s=draw(st.none() | st.integers(0, 40_000)),
        max_stops=draw(st.none() | st.integers(0, 8)),
        day_capacity_l=draw(LIMIT),
        day_capacity_kg=draw(LIMIT),
        chambers=tuple(draw(st.lists(chambers(), max_size=3))),
        cleaning_s=draw(st.integers(0, 1_000)),
        breaks=rules,
    )
    carried = [each for each in FRACTIONS if richer.carries(each)]
    return replace(richer, underway=draw(st.none() | underways(carried, places)))


@st.composite
def richer_container(draw: st.DrawFn, base: ContainerTask, vehicles: list[str]) -> ContainerTask:
    """The container with what it asks of vehicles and days."""
    some = st.frozensets(st.sampled_from(vehicles)) if vehicles else st.just(frozenset[str]())
    return replace(
        base,
        site=f"site {draw(st.integers(0, 3))}",
        skills=draw(st.frozensets(st.sampled_from(SKILLS), max_size=1)),
        vehicles=draw(st.none() | some),
        forbidden_vehicles=draw(some),
        days=draw(st.none() | st.frozensets(st.integers(0, 2))),
        serving_cost_ueur=draw(MONEY),
        released_s=draw(st.none() | st.integers(0, 10_000)),
        door_to_door=draw(st.booleans()),
    )


@st.composite
def richer_facility(draw: st.DrawFn, base: DisposalFacility) -> DisposalFacility:
    """The facility with what it takes in a day."""
    return replace(base, capacity_l=draw(LIMIT), capacity_kg=draw(LIMIT))


@st.composite
def groups(draw: st.DrawFn, names: list[str], at_most: int) -> list[list[str]]:
    """Groups of names, each name in one at most."""
    mixed = draw(st.permutations(names))
    cuts = sorted(draw(st.sets(st.integers(0, len(mixed)), max_size=at_most + 1)))
    return [mixed[first:last] for first, last in pairwise(cuts)]


@st.composite
def choices(draw: st.DrawFn, name: str, members: list[str]) -> Choice:
    """A choice between options that may share containers."""
    option = st.lists(st.sampled_from(members), min_size=1, unique=True).map(tuple)
    return Choice(
        id=name,
        options=tuple(draw(st.lists(option, min_size=1, max_size=3))),
        required=draw(st.booleans()),
        cost_of_leaving_ueur=draw(MONEY),
    )


@st.composite
def visits(draw: st.DrawFn, containers: list[str], facilities: list[str]) -> tuple[Visit, ...]:
    """The containers in this order, with unloadings and pauses thrown in."""
    found: list[Visit] = []
    pause = st.builds(Pause, duration_s=st.integers(0, 4_000), at_next=st.booleans(), lunch=st.booleans())
    for name in containers:
        found += draw(st.lists(pause, max_size=1))
        found.append(Collect(container=name))
        if facilities and draw(st.booleans()):
            found.append(Unload(facility=draw(st.sampled_from(facilities))))
    if facilities:
        found.append(Unload(facility=draw(st.sampled_from(facilities))))
    return tuple(found)


@st.composite
def tours(draw: st.DrawFn, problem: PlanProblem, at_most: int = 12) -> tuple[PlannedTour, ...]:
    """Tours of some vehicles that may break anything but name only what there is."""
    facilities = [each.id for each in problem.facilities]
    shares = draw(groups([each.id for each in problem.containers], len(problem.vehicles)))
    pairs = zip(problem.vehicles, shares, strict=False)
    return tuple(
        PlannedTour(vehicle=vehicle.id, visits=draw(visits(share[:at_most], facilities)))
        for vehicle, share in pairs
    )


@st.composite
def habits(draw: st.DrawFn, containers: list[str], vehicles: list[str]) -> Habits:
    """Yesterday's plan for some containers."""
    usual = [
        UsualVisit(
            container=name,
            vehicle=draw(st.sampled_from([*vehicles, "sold"])),
            after=draw(st.none() | st.sampled_from(containers)),
            arrival_s=draw(st.integers(0, 20_000)),
        )
        for name in containers
        if draw(st.booleans())
    ]
    return Habits(
        visits=tuple(usual),
        other_vehicle_ueur=draw(MONEY),
        other_order_ueur=draw(MONEY),
        shift_free_s=draw(st.integers(0, 1_800)),
        shift_per_s_ueur=draw(st.integers(0, 10_000)),
    )


@st.composite
def rich_problems(draw: st.DrawFn, plain: st.SearchStrategy[PlanProblem] | None = None) -> PlanProblem:
    """A small problem with everything, often tight, sometimes impossible."""
    base = draw(plain or problems())
    places = len(base.distance_m)
    names = [task.id for task in base.containers]
    fleet = [vehicle.id for vehicle in base.vehicles]
    profiles = []
    if draw(st.booleans()):
        metres, seconds = draw(matrices(places))
        profiles.append(TravelProfile(name="heavy", distance_m=metres, duration_s=seconds))
    vehicles = tuple(
        draw(richer_vehicle(each, [profile.name for profile in profiles], places)) for each in base.vehicles
    )
    changes: dict[str, Any] = {
        "vehicles": vehicles,
        "facilities": tuple(draw(richer_facility(each)) for each in base.facilities),
        "containers": tuple(draw(richer_container(each, fleet)) for each in base.containers),
        "profiles": tuple(profiles),
        "sites": tuple(Site(id=f"site {i}", setup_s=draw(st.integers(0, 600))) for i in range(2)),
        "choices": tuple(
            draw(choices(f"choice {index}", members))
            for index, members in enumerate(draw(groups(names, 2)))
            if members
        ),
        "sequences": tuple(tuple(each[:3]) for each in draw(groups(names, 1)) if each),
        "habits": draw(habits(names, fleet)),
    }
    problem = replace(base, **changes)
    return replace(problem, fixed=draw(tours(problem))[:1]) if draw(st.booleans()) else problem


@st.composite
def solutions(draw: st.DrawFn, problem: PlanProblem) -> PlanSolution:
    """A solution that need not be any good."""
    given = draw(tours(problem))
    served = {name for tour in given for name in tour.containers}
    return PlanSolution(
        tours=given,
        unserved=tuple(
            Unserved(container=task.id, required=task.required, constraint="fleet_busy", explanation="full")
            for task in problem.containers
            if task.id not in served
        ),
        cost_ueur=draw(MONEY),
        iterations=draw(st.integers(0, 100)),
        schedule=draw(st.integers(0, 100)),
        seed=draw(st.integers(0, 100)),
    )
