"""Limits around what a plan needs, so that a random problem stays possible; see `tests.domain.servable_problems`."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from domain.planning import (
    ContainerTask,
    DisposalFacility,
    PlannedTour,
    PlanProblem,
    Step,
    TimeWindow,
    TourEvaluation,
    Vehicle,
    evaluate_tour,
)
from tests.domain.servable_parts import SOMETIMES, Dice


def put_limits(dice: Dice, problem: PlanProblem, tours: tuple[PlannedTour, ...]) -> PlanProblem:
    """The problem with all limits that are on, none of which these tours break."""
    judged = {tour.vehicle: evaluate_tour(problem, tour) for tour in tours}
    steps = [step for tour in judged.values() for step in tour.steps]
    begins = {step.subject: step.begin_s for step in steps if step.kind == "collect"}
    tour_of = {tour.vehicle: tour for tour in tours}
    day_of = {each.id: each.day for each in problem.vehicles}
    return replace(
        problem,
        containers=tuple(_timed(dice, task, begins.get(task.id)) for task in problem.containers),
        facilities=tuple(
            each if number == 0 and "home" in dice.on else _rationed(dice, each, judged.values(), day_of)
            for number, each in enumerate(problem.facilities)
        ),
        vehicles=tuple(
            _limited(dice, problem, each, tour_of.get(each.id), judged.get(each.id))
            for each in problem.vehicles
        ),
    )


def _room(dice: Dice, needed: int, least: int) -> int:
    """What is needed and some more: a lot, unless the problem is tight."""
    share = dice.if_on("tight", st.sampled_from((1, 8, 64)), 0) or dice.draw(st.sampled_from((1, 2)))
    return needed + (needed + least) // share


def _timed(dice: Dice, task: ContainerTask, begin_s: int | None) -> ContainerTask:
    """The container with a window around its service, and perhaps further ones."""
    if not dice.if_on("windows", st.booleans(), False):
        return task
    middle_s = dice.draw(st.integers(0, 30_000)) if begin_s is None else begin_s
    open_s, close_s = middle_s - _room(dice, 0, 7_200), middle_s + _room(dice, 0, 10_800)
    edges = [(open_s, close_s)]
    if dice.sometimes("several_windows"):
        edges.insert(0, (open_s - 5_400, open_s - 1_800))
    if dice.sometimes("several_windows"):
        edges.append((close_s + 1, close_s + dice.draw(st.integers(1, 7_200))))
    return replace(task, windows=tuple(TimeWindow(open_s=first, close_s=last) for first, last in edges))


def _rationed(
    dice: Dice, facility: DisposalFacility, tours: Iterable[TourEvaluation], day_of: dict[str, int]
) -> DisposalFacility:
    """The facility with opening hours and what it takes in a day."""
    volume_l, weight_kg, visits = Counter[int](), Counter[int](), list[Step]()
    for tour in tours:
        visits += [step for step in tour.steps if (step.kind, step.subject) == ("unload", facility.id)]
        for each in tour.deliveries:
            if each.facility == facility.id:
                volume_l[day_of[tour.vehicle]] += each.volume_l
                weight_kg[day_of[tour.vehicle]] += each.weight_kg
    if dice.sometimes("hours"):
        facility = replace(facility, opening=_opening(dice, visits))
    if dice.sometimes("tonnage"):
        facility = replace(facility, capacity_l=_room(dice, max(volume_l.values(), default=0), 1_000))
    if dice.sometimes("tonnage"):
        facility = replace(facility, capacity_kg=_room(dice, max(weight_kg.values(), default=0), 300))
    return facility


def _opening(dice: Dice, visits: list[Step]) -> tuple[TimeWindow, ...]:
    """Open around all of these, by chance closed in between."""
    if not visits:
        return (TimeWindow(open_s=3_600, close_s=40_000),)
    spans = sorted(
        (each.begin_s - _room(dice, 0, 3_600), each.end_s + _room(dice, 0, 3_600)) for each in visits
    )
    merged = [spans[0]]
    for open_s, close_s in spans[1:]:
        if open_s <= merged[-1][1] or not dice.draw(SOMETIMES):
            merged[-1] = (merged[-1][0], max(close_s, merged[-1][1]))
        else:
            merged.append((open_s, close_s))
    return tuple(TimeWindow(open_s=first, close_s=last) for first, last in merged)


def _limited(
    dice: Dice,
    problem: PlanProblem,
    vehicle: Vehicle,
    tour: PlannedTour | None,
    judged: TourEvaluation | None,
) -> Vehicle:
    """The vehicle with the limits that are on."""
    before, begin_s = vehicle.underway, vehicle.shift_begin_s
    end_s = judged.steps[-1].end_s if judged and judged.steps else begin_s
    latest_s = _room(dice, end_s - begin_s, 14_400) + begin_s
    latest_s = max(latest_s, begin_s + dice.if_on("plain", st.sampled_from((0, 500_000)), 0))
    tasks = [problem.lookup.containers[name] for name in (tour.containers if tour else ())]
    litres = sum(each.demand_l for each in tasks) + (before.collected_l if before else 0)
    kilograms = sum(each.demand_kg for each in tasks) + (before.collected_kg if before else 0)
    distance_m = (judged.distance_m if judged else 0) + (before.driven_m if before else 0)
    most_l, most_kg = _most_on_board(dice, problem, judged)
    trips = (judged.trips if judged else 0) + (before.unloadings if before else 0)
    limits: dict[str, Any] = {
        "latest_end_s": latest_s,
        "regular_end_s": dice.number("overtime", begin_s, latest_s, otherwise=latest_s),
        "capacity_l": _room(dice, most_l, 1_500),
        "capacity_kg": _room(dice, most_kg, 300),
        "max_trips": max(1 + (before.unloadings if before else 0), trips)
        + (0 if "plain" in dice.on else dice.draw(st.integers(0, 2))),
        "flexible_begin": dice.sometimes("flexible"),
    }
    most: tuple[tuple[str, str, int, int], ...] = (
        ("day_capacity", "day_capacity_l", litres, 3_000),
        ("day_capacity", "day_capacity_kg", kilograms, 600),
        ("max_distance", "max_distance_m", distance_m, 20_000),
        ("max_duration", "max_duration_s", end_s - begin_s, 7_200),
        ("max_stops", "max_stops", len(tasks) + (before.stops if before else 0), 4),
    )
    for feature, name, needed, least in most:
        if dice.sometimes(feature):
            limits[name] = _room(dice, needed, least)
    limits["chambers"] = tuple(
        replace(each, capacity_l=_room(dice, most_l, 1_500), capacity_kg=_room(dice, most_kg, 300))
        for each in vehicle.chambers
    )
    return replace(vehicle, **limits)


def _most_on_board(dice: Dice, problem: PlanProblem, judged: TourEvaluation | None) -> tuple[int, int]:
    """The fullest that the vehicle gets; with a single trip for each fraction, room for all there is.

    Where tours are plain, one trip is all there is.
    """
    if dice.on & {"trips", "plain"}:
        steps = judged.steps if judged else ()
        return max((each.load_l for each in steps), default=0), max(
            (each.load_kg for each in steps), default=0
        )
    on_board = [load for each in problem.vehicles if each.underway for load in each.underway.on_board]
    litres = sum(each.demand_l for each in problem.containers) + sum(each.volume_l for each in on_board)
    kilograms = sum(each.demand_kg for each in problem.containers) + sum(each.weight_kg for each in on_board)
    return litres, kilograms
