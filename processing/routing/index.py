"""Which of the problem's things the kernels' numbers stand for."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from domain.planning import (
    Collect,
    ContainerTask,
    Matrix,
    Pause,
    PlannedTour,
    PlanProblem,
    TourEvaluation,
    Unload,
    Vehicle,
    Visit,
    evaluate_tour,
)
from domain.planning.errors import InvalidProblem
from processing.routing.first import First, first_of
from processing.routing.kernels.model import Best, Int32
from processing.routing.needs import Need, cost_of_lost_ueur, needs_of, open_units

MOST_FRACTIONS = 31
"""Waste fractions at most: each is a bit."""


@dataclass(frozen=True)
class Index:
    """A problem with its movable things in the order of their numbers.

    What stands in fixed tours is left out. A locked sequence is one unit; any other container is a unit of its own.
    """

    problem: PlanProblem

    @cached_property
    def vehicles(self) -> tuple[Vehicle, ...]:
        """Vehicles that are not fixed, where they stand after what they must do first."""
        fixed = {tour.vehicle for tour in self.problem.fixed}
        return tuple(
            self.firsts[each.id].after if each.id in self.firsts else each
            for each in self.problem.vehicles
            if each.id not in fixed
        )

    @cached_property
    def homes(self) -> tuple[int | None, ...]:
        """For each vehicle the facility where it unloads without further ado, see `home_of`."""
        fractions = {task.fraction for task in self.problem.containers}
        return tuple(home_of(self.problem, vehicle, fractions) for vehicle in self.vehicles)

    @cached_property
    def firsts(self) -> dict[str, First]:
        """What vehicles under way must do first, see `first_of`."""
        fixed = {tour.vehicle for tour in self.problem.fixed}
        movable = (each for each in self.problem.vehicles if each.id not in fixed)
        return {each.id: first for each in movable if (first := first_of(self.problem, each)) is not None}

    @cached_property
    def units(self) -> tuple[tuple[ContainerTask, ...], ...]:
        """Containers that move together, in the order in which they are emptied; units along a chain of near ones."""
        units = open_units(self.problem)
        return tuple(units[number] for number in _chain(units, self.ways[0]))

    @cached_property
    def ways(self) -> tuple[Int32, Int32]:
        """(L, L) metres and seconds between locations, for vehicles without a profile of their own."""
        return table_of(self.problem.distance_m), table_of(self.problem.duration_s)

    @cached_property
    def unit_of(self) -> dict[str, int]:
        """Number of the unit that a container belongs to."""
        return {task.id: number for number, unit in enumerate(self.units) for task in unit}

    @cached_property
    def fractions(self) -> dict[str, int]:
        """The bit of each fraction.

        Raises
        ------
        InvalidProblem
            If there are more than MOST_FRACTIONS.
        """
        names = fractions_of(self.units, self.vehicles)
        return {name: 1 << number for number, name in enumerate(sorted(names))}

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """What is to be served, each with its options as numbers of units."""
        return needs_of(self.problem, self.units)

    @cached_property
    def need_of(self) -> dict[int, int]:
        """Number of the need that a unit serves."""
        return {
            unit: number for number, need in enumerate(self.needs) for each in need.options for unit in each
        }

    @cached_property
    def fixed_tours(self) -> tuple[TourEvaluation, ...]:
        """The fixed tours as the evaluator sees them."""
        return tuple(evaluate_tour(self.problem, tour) for tour in self.problem.fixed)

    @cached_property
    def fixed_cost_ueur(self) -> int:
        """Cost that the search does not see: of fixed tours, of what comes first, of what cannot be served."""
        fixed = sum(tour.cost.total_ueur for tour in self.fixed_tours)
        firsts = sum(first.cost_ueur for first in self.firsts.values())
        return fixed + firsts + cost_of_lost_ueur(self.problem, self.units)

    def read_tours(
        self, best: Best, pauses: Mapping[tuple[int, int, bool], Sequence[tuple[int, bool]]]
    ) -> tuple[PlannedTour, ...]:
        """Tours of all vehicles in use, the fixed ones first, in the domain's words; for pauses see `pauses_of`."""
        found = list(self.problem.fixed)
        for number, vehicle in enumerate(self.vehicles):
            places = self.places_of(best, number)
            if places or vehicle.underway is not None:
                visits: list[Visit] = []
                if vehicle.id in self.firsts:
                    visits += self.firsts[vehicle.id].visits
                stops = [visit for place in places for visit in self._visits(place)]
                for row, stop in enumerate([None, *stops]):
                    visits += () if stop is None else (stop,)
                    for at_next in (False, True):
                        for seconds, lunch in pauses.get((number, row, at_next), ()):
                            visits.append(Pause(duration_s=seconds, at_next=at_next, lunch=lunch))
                home = self.homes[number]
                if home is not None and _loaded_at_end(vehicle, stops):
                    visits.append(Unload(facility=self.problem.facilities[home].id))
                found.append(PlannedTour(vehicle=vehicle.id, visits=tuple(visits)))
        return tuple(found)

    def places_of(self, best: Best, number: int) -> list[int]:
        """Places between start and end of one vehicle's tour."""
        start = len(self.units) + 2 * number
        places: list[int] = []
        stop = int(best.succ[start])
        while stop != start + 1:
            places.append(int(best.at[stop]))
            stop = int(best.succ[stop])
        return places

    def _visits(self, place: int) -> tuple[Visit, ...]:
        if place < len(self.units):
            return tuple(Collect(container=task.id) for task in self.units[place])
        return (Unload(facility=self.problem.facilities[place - len(self.units)].id),)


def check_fractions(problem: PlanProblem) -> None:
    """Refuse more fractions than there are bits, before anything is computed.

    Raises
    ------
    InvalidProblem
    """
    fixed = {tour.vehicle for tour in problem.fixed}
    fractions_of(open_units(problem), [each for each in problem.vehicles if each.id not in fixed])


def fractions_of(units: Iterable[Sequence[ContainerTask]], vehicles: Iterable[Vehicle]) -> set[str]:
    """What is to be collected or on board already.

    Raises
    ------
    InvalidProblem
        If there are more than MOST_FRACTIONS.
    """
    names = {task.fraction for unit in units for task in unit}
    for vehicle in vehicles:
        names.update(load.fraction for load in (vehicle.underway.on_board if vehicle.underway else ()))
    if len(names) > MOST_FRACTIONS:
        some = ", ".join(sorted(names)[:5])
        raise InvalidProblem(
            f"containers: {len(names)} waste fractions in one plan ({some} …), {MOST_FRACTIONS} at most; plan those "
            "apart that no vehicle carries together, or give those one name that always go together"
        )
    return names


def table_of(matrix: Matrix) -> Int32:
    """The matrix as an array, (0, 0) if it is empty; itself if it is one already."""
    table: Int32 = np.asarray(matrix, dtype=np.int32)
    return table if table.ndim == 2 else np.zeros((0, 0), np.int32)


def _chain(units: list[tuple[ContainerTask, ...]], ways: Int32) -> list[int]:
    """Numbers of the units in a chain that goes on to the nearest one left."""
    if not units:
        return []
    locations = np.array([unit[0].location for unit in units], dtype=np.int64)
    passed = np.zeros(len(units), np.bool_)
    order = [0]
    for _ in units[1:]:
        passed[order[-1]] = True
        onward = ways[locations[order[-1]]][locations]
        onward[passed] = np.iinfo(np.int32).max
        order.append(int(onward.argmin()))
    return order


def _loaded_at_end(vehicle: Vehicle, stops: list[Visit]) -> bool:
    """Whether something is on board after the last of the stops between start and end."""
    if stops:
        return isinstance(stops[-1], Collect)
    return vehicle.underway is not None and bool(vehicle.underway.on_board)


def home_of(problem: PlanProblem, vehicle: Vehicle, fractions: Set[str]) -> int | None:
    """Number of a facility at the vehicle's end where it unloads without further ado, always and what it may carry."""
    end = next(depot.location for depot in problem.depots if depot.id == vehicle.end_depot)
    if any(int(ways[end][end]) != 0 for ways in problem.ways_of(vehicle)):
        return None
    carried = {fraction for fraction in fractions if vehicle.carries(fraction)}
    carried.update(load.fraction for load in (vehicle.underway.on_board if vehicle.underway else ()))
    for number, each in enumerate(problem.facilities):
        free = (
            each.service_s == 0 and not each.opening and each.capacity_l is None and each.capacity_kg is None
        )
        if each.location == end and free and carried <= each.fractions:
            return number
    return None
