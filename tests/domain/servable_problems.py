"""Random rich problems that can be served, each drawn together with a plan that shows it.

First come things without limits, and a plan for them in which every container has its vehicle. Then limits (windows,
capacities, opening hours, shifts' ends …) are drawn around what this plan needs, wide unless the problem is ``tight``.
Each feature is on or off by a draw of its own, so that a failing example shrinks to the features that it needs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hypothesis import assume
from hypothesis import strategies as st

from domain.planning import (
    Collect,
    ContainerTask,
    Depot,
    DisposalFacility,
    Habits,
    PlannedTour,
    PlanProblem,
    PlanSolution,
    Site,
    Unload,
    UsualVisit,
    Vehicle,
    Visit,
    evaluate,
    evaluate_tour,
)
from domain.planning.fleet import NO_BREAKS
from domain.planning.trial import with_pauses
from tests.domain import servable_parts as parts
from tests.domain.servable_limits import put_limits
from tests.domain.servable_parts import SOMETIMES, Dice, Unit
from tests.processing.routing.problems import DAY

CONTAINERS = ("weights", "optional", "windows", "several_windows", "sequences", "sites", "skills", "pinned")
CONTAINERS += ("forbidden", "serving", "releases", "choices", "patterns")
LOADS = ("fractions", "specialists", "chambers", "trips", "cleaning", "home")
FACILITIES = ("hours", "unloading", "accepted", "tonnage")
VEHICLES = ("fleet", "overtime", "flexible", "other_end", "max_distance", "max_duration", "max_stops")
VEHICLES += ("day_capacity", "underway", "pauses")
PLANS = ("days", "fixed", "habits", "arrivals", "one_way", "profiles", "far", "tight", "hopeless")
PLANS += ("unpaid", "plain")
FEATURES = (*CONTAINERS, *LOADS, *FACILITIES, *VEHICLES, *PLANS)


@dataclass(frozen=True, kw_only=True)
class Servable:
    """A problem, a plan that breaks nothing but for leaving what is ``hopeless``, and the features that are on."""

    problem: PlanProblem
    plan: PlanSolution
    hopeless: frozenset[str]
    features: frozenset[str]


@st.composite
def servable_problems(draw: st.DrawFn) -> Servable:
    """A problem of 4 to 12 containers that combines features by chance."""
    dice = Dice(draw, FEATURES)
    problem, units = _unlimited(dice)
    chosen = _chosen(problem, units)
    tours = tuple(_tour(dice, problem, vehicle, chosen) for vehicle in problem.vehicles)
    tours = tuple(tour for tour in tours if tour.visits)
    problem, tours = _with_pauses(problem, tours)
    problem = put_limits(dice, problem, tours)
    fixed = tuple(tour for tour in tours if dice.sometimes("fixed"))[:1]
    problem = replace(problem, fixed=fixed, habits=_habits(dice, problem, tours))
    problem = _flexible_where_possible(problem, tours)
    hopeless = frozenset[str]()
    if "hopeless" in dice.on:
        task = draw(_hopeless(problem))
        problem, hopeless = replace(problem, containers=(*problem.containers, task)), frozenset({task.id})
    return Servable(problem=problem, plan=PlanSolution(tours=tours), hopeless=hopeless, features=dice.on)


def _unlimited(dice: Dice) -> tuple[PlanProblem, list[Unit]]:
    """Everything but limits and habits."""
    draw = dice.draw
    places = draw(st.integers(3, 9))
    metres, seconds = parts.ways(dice, places)
    heavier = parts.profiles(dice, metres, seconds)
    depots = (Depot(id="depot", location=0), Depot(id="other depot", location=1))
    days = dice.number("days", 1, 3, otherwise=1)
    names = tuple(each.id for each in depots)
    fleet = tuple(
        parts.vehicle(dice, number, number % days, names, bool(heavier), places)
        for number in range(draw(st.integers(days, 4)))
    )
    units = parts.units(dice, fleet, places)
    problem = PlanProblem(
        day_start=DAY,
        depots=depots,
        facilities=parts.facilities(dice, depots[0].location, places),
        vehicles=fleet,
        containers=tuple(task for unit in units for task in unit.tasks),
        distance_m=metres,
        duration_s=seconds,
        profiles=heavier,
        sites=tuple(Site(id=f"site {i}", setup_s=dice.number("sites", 0, 600)) for i in range(3)),
        choices=parts.choices(dice, units),
        sequences=tuple(unit.names for unit in units if len(unit.tasks) > 1),
    )
    return problem, units


def _chosen(problem: PlanProblem, units: list[Unit]) -> list[Unit]:
    """What the plan serves: of each choice the first option, and all else."""
    others = {name for choice in problem.choices for name in choice.containers}
    others -= {name for choice in problem.choices for name in choice.options[0]}
    return [unit for unit in units if others.isdisjoint(unit.names)]


def _tour(dice: Dice, problem: PlanProblem, vehicle: Vehicle, chosen: list[Unit]) -> PlannedTour:
    """The plan's tour: what the vehicle owns, fraction by fraction unless it has chambers, cut into trips."""
    owned = [unit for unit in chosen if unit.owner.id == vehicle.id]
    if not vehicle.chambers:
        owned.sort(key=lambda unit: unit.tasks[0].fraction)
    on_board = vehicle.underway.on_board if vehicle.underway else ()
    visits = list(_unloadings(problem, {load.fraction for load in on_board}))
    trip: set[str] = set()
    for unit in owned:
        fractions = {task.fraction for task in unit.tasks}
        if trip and (dice.sometimes("trips") or not (vehicle.chambers or trip == fractions)):
            visits += _unloadings(problem, trip)
            trip = set()
        visits += [Collect(container=name) for name in unit.names]
        trip |= fractions
    return PlannedTour(vehicle=vehicle.id, visits=(*visits, *_unloadings(problem, trip)))


def _unloadings(problem: PlanProblem, fractions: set[str]) -> Iterator[Visit]:
    """Facilities that together take these."""
    rest = set(fractions)
    for fraction in sorted(fractions):
        if fraction in rest:
            taker: DisposalFacility = next(each for each in problem.facilities if fraction in each.fractions)
            rest -= taker.fractions
            yield Unload(facility=taker.id)


def _with_pauses(
    problem: PlanProblem, tours: tuple[PlannedTour, ...]
) -> tuple[PlanProblem, tuple[PlannedTour, ...]]:
    """The tours with the pauses that they owe; where that is not easily done, the vehicle owes none."""
    found, relieved = [], set()
    for tour in tours:
        vehicle = problem.lookup.vehicles[tour.vehicle]
        paused = replace(tour, visits=with_pauses(problem, vehicle, tour.visits))
        if evaluate_tour(problem, paused).violations:
            relieved.add(vehicle.id)
        found.append(paused)
    return _relieve(problem, relieved), tuple(found)


def _relieve(problem: PlanProblem, names: set[str]) -> PlanProblem:
    vehicles = tuple(
        replace(each, breaks=NO_BREAKS, flexible_begin=False) if each.id in names else each
        for each in problem.vehicles
    )
    return replace(problem, vehicles=vehicles)


def _flexible_where_possible(problem: PlanProblem, tours: tuple[PlannedTour, ...]) -> PlanProblem:
    """Later departures may spoil waits that counted as breaks: such crews have neither."""
    judged = evaluate(problem, PlanSolution(tours=tours))
    problem = _relieve(problem, {each.vehicle for each in judged.violations if each.vehicle})
    assume(evaluate(problem, PlanSolution(tours=tours)).feasible)
    return problem


def _habits(dice: Dice, problem: PlanProblem, tours: tuple[PlannedTour, ...]) -> Habits:
    """Mostly what the plan does, now and then something else."""
    if not dice.on & {"habits", "arrivals"}:
        return Habits()
    draw = dice.draw
    usual: list[UsualVisit] = []
    for tour in tours:
        before: str | None = None
        for step in evaluate_tour(problem, tour).steps:
            if step.kind == "unload":
                before = None
            if step.kind != "collect":
                continue
            if draw(st.booleans()):
                usual.append(
                    UsualVisit(
                        container=step.subject,
                        vehicle="sold" if draw(SOMETIMES) else tour.vehicle,
                        after=problem.containers[0].id if draw(SOMETIMES) else before,
                        arrival_s=step.begin_s + draw(st.integers(-3_600, 3_600)),
                    )
                )
            before = step.subject
    return Habits(
        visits=tuple(usual),
        other_vehicle_ueur=dice.number("habits", 0, 5_000_000),
        other_order_ueur=dice.number("habits", 0, 5_000_000),
        shift_free_s=dice.number("arrivals", 0, 1_800),
        shift_per_s_ueur=dice.number("arrivals", 0, 10_000),
    )


@st.composite
def _hopeless(draw: st.DrawFn, problem: PlanProblem) -> ContainerTask:
    """A required container that nobody can serve, for a reason by chance."""
    task = ContainerTask(
        id="hopeless",
        site="nowhere",
        location=draw(st.integers(0, len(problem.distance_m) - 1)),
        fraction="residual",
        demand_l=10,
        demand_kg=1,
        service_s=60,
    )
    most_l = max(each.capacity_l for each in problem.vehicles)
    return draw(
        st.sampled_from(
            (
                replace(task, skills=frozenset({"winch"})),
                replace(task, fraction="sludge"),
                replace(task, vehicles=frozenset()),
                replace(task, forbidden_vehicles=frozenset(each.id for each in problem.vehicles)),
                replace(task, days=frozenset({9})),
                replace(task, demand_l=most_l + 1),
                replace(task, windows=(parts.LONG_AGO,)),
                replace(task, service_s=10 * parts.DAY_S),
            )
        )
    )
