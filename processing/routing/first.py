"""What a vehicle under way must do before anything else, where no single facility takes all that it has on board.

Everywhere else a trip ends at one facility that takes all of it. Only chambers can hold what goes to different ones,
and only what is on board already cannot be kept apart: it is brought there first, by the cheapest way.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations

from domain.planning import Load, PlannedTour, PlanProblem, Unload, Vehicle, evaluate_tour
from domain.planning.evaluation import Delivery, TourEvaluation


@dataclass(frozen=True, kw_only=True)
class First:
    """Visits, the vehicle as it stands after them, what they cost, and what they bring where."""

    visits: tuple[Unload, ...]
    after: Vehicle
    cost_ueur: int
    deliveries: tuple[Delivery, ...]


def first_of(problem: PlanProblem, vehicle: Vehicle) -> First | None:
    """What this vehicle must do first; None if nothing."""
    under = vehicle.underway
    if under is None or not under.on_board or not vehicle.chambers:
        return None
    fractions = {load.fraction for load in under.on_board}
    if any(fractions <= each.fractions for each in problem.facilities):
        return None
    tried = [(_judge(problem, vehicle, visits), visits) for visits in _chains(problem, under.on_board)]
    if not tried:
        return None
    judged, visits = min(tried, key=lambda one: (len(one[0].violations), one[0].cost.total_ueur))
    last = judged.steps[-2]
    driven_s = sum(step.leg_s for step in judged.steps[:-1])
    after = replace(
        under,
        location=last.location,
        ready_s=last.end_s,
        on_board=(),
        driven_m=under.driven_m + judged.distance_m - judged.steps[-1].leg_m,
        unloadings=under.unloadings + 1,
        driven_s=under.driven_s + driven_s,
        worked_s=under.worked_s + last.end_s - under.ready_s,
        total_worked_s=under.total_worked_s + last.end_s - under.ready_s,
    )
    return First(
        visits=visits,
        after=replace(vehicle, underway=after),
        cost_ueur=_cost_ueur(vehicle, judged, under.ready_s, last.end_s),
        deliveries=judged.deliveries,
    )


def _chains(problem: PlanProblem, on_board: tuple[Load, ...]) -> Iterator[tuple[Unload, ...]]:
    """Facilities one after the other, each of which takes something, until nothing is left."""
    for length in range(2, len(on_board) + 1):
        for chain in permutations(problem.facilities, length):
            left = {load.fraction for load in on_board}
            for each in chain:
                if not left & each.fractions:
                    break
                left -= each.fractions
            else:
                if not left:
                    yield tuple(Unload(facility=each.id) for each in chain)


def _judge(problem: PlanProblem, vehicle: Vehicle, visits: tuple[Unload, ...]) -> TourEvaluation:
    return evaluate_tour(problem, PlannedTour(vehicle=vehicle.id, visits=visits))


def _cost_ueur(vehicle: Vehicle, judged: TourEvaluation, begin_s: int, end_s: int) -> int:
    """Metres and time until then."""
    metres = judged.distance_m - judged.steps[-1].leg_m
    overtime_s = max(0, end_s - max(vehicle.regular_end_s, begin_s))
    return (
        metres * vehicle.cost_per_m_ueur
        + (end_s - begin_s) * vehicle.cost_per_s_ueur
        + overtime_s * vehicle.overtime_cost_per_s_ueur
    )
