"""Which of the problem's things the kernels' numbers stand for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from domain.planning import (
    Choice,
    Collect,
    ContainerTask,
    Matrix,
    Pause,
    PlannedTour,
    PlanProblem,
    Unload,
    Vehicle,
    Visit,
    evaluate_tour,
)
from domain.planning.errors import InvalidProblem
from processing.routing.kernels.model import Best

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
        """Vehicles that are not fixed."""
        fixed = {tour.vehicle for tour in self.problem.fixed}
        return tuple(vehicle for vehicle in self.problem.vehicles if vehicle.id not in fixed)

    @cached_property
    def units(self) -> tuple[tuple[ContainerTask, ...], ...]:
        """Containers that move together, in the order in which they are emptied; units along a chain of near ones."""
        gone = {name for tour in self.problem.fixed for name in tour.containers}
        for choice in self.problem.choices:
            if gone.intersection(choice.containers):
                gone.update(choice.containers)
        tasks = {task.id: task for task in self.problem.containers if task.id not in gone}
        behind = {later for sequence in self.problem.sequences for _, later in pairwise(sequence)}
        heads = {sequence[0]: sequence for sequence in self.problem.sequences if sequence}
        units = [
            tuple(tasks[each] for each in heads.get(name, (name,)) if each in tasks)
            for name in tasks
            if name not in behind
        ]
        return tuple(units[number] for number in _chain(units, self.problem.distance_m))

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
        names = {task.fraction for unit in self.units for task in unit}
        for vehicle in self.vehicles:
            names.update(load.fraction for load in (vehicle.underway.on_board if vehicle.underway else ()))
        if len(names) > MOST_FRACTIONS:
            raise InvalidProblem(
                f"{len(names)} waste fractions in one plan; at most {MOST_FRACTIONS}: plan them apart"
            )
        return {name: 1 << number for number, name in enumerate(sorted(names))}

    @cached_property
    def needs(self) -> tuple[tuple[Choice | ContainerTask, tuple[tuple[int, ...], ...]], ...]:
        """What is to be served, each with its options as numbers of units."""
        chosen: set[int] = set()
        found: list[tuple[Choice | ContainerTask, tuple[tuple[int, ...], ...]]] = []
        for choice in self.problem.choices:
            options = tuple(
                tuple(dict.fromkeys(self.unit_of[name] for name in option)) for option in self._open(choice)
            )
            if options:
                chosen.update(unit for option in options for unit in option)
                found.append((choice, options))
        single = (number for number in range(len(self.units)) if number not in chosen)
        return (*((self.units[number][0], ((number,),)) for number in single), *found)

    @cached_property
    def need_of(self) -> dict[int, int]:
        """Number of the need that a unit serves."""
        return {
            unit: need for need, (_, options) in enumerate(self.needs) for each in options for unit in each
        }

    @cached_property
    def fixed_cost_ueur(self) -> int:
        """Cost of the fixed tours, which the search does not see."""
        return sum(evaluate_tour(self.problem, tour).cost.total_ueur for tour in self.problem.fixed)

    def _open(self, choice: Choice) -> Iterator[tuple[str, ...]]:
        return (option for option in choice.options if all(name in self.unit_of for name in option))

    def read_tours(
        self, best: Best, pauses: Mapping[tuple[int, int, bool], Sequence[tuple[int, bool]]]
    ) -> tuple[PlannedTour, ...]:
        """Tours of all vehicles in use, the fixed ones first, in the domain's words; for pauses see `pauses_of`."""
        found = list(self.problem.fixed)
        for number, vehicle in enumerate(self.vehicles):
            places = self.places_of(best, number)
            if places or vehicle.underway is not None:
                visits: list[Visit] = []
                stops = [visit for place in places for visit in self._visits(place)]
                for row, stop in enumerate([None, *stops]):
                    visits += () if stop is None else (stop,)
                    for at_next in (False, True):
                        for seconds, lunch in pauses.get((number, row, at_next), ()):
                            visits.append(Pause(duration_s=seconds, at_next=at_next, lunch=lunch))
                home = home_of(self.problem, vehicle)
                if home is not None and stops and isinstance(stops[-1], Collect):
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


def _chain(units: list[tuple[ContainerTask, ...]], metres: Matrix) -> list[int]:
    """Numbers of the units in a chain that goes on to the nearest one left."""
    if not units:
        return []
    locations = np.array([unit[0].location for unit in units], dtype=np.int64)
    ways = np.asarray(metres, dtype=np.int64)[locations][:, locations]
    passed = np.zeros(len(units), np.int64)
    order = [0]
    for _ in units[1:]:
        passed[order[-1]] = np.iinfo(np.int64).max // 2
        order.append(int((ways[order[-1]] + passed).argmin()))
    return order


def home_of(problem: PlanProblem, vehicle: Vehicle) -> int | None:
    """Number of a facility at the vehicle's end where it unloads without further ado, always and anything."""
    end = next(depot.location for depot in problem.depots if depot.id == vehicle.end_depot)
    carried = {task.fraction for task in problem.containers if vehicle.carries(task.fraction)}
    for number, each in enumerate(problem.facilities):
        free = (
            each.service_s == 0 and not each.opening and each.capacity_l is None and each.capacity_kg is None
        )
        if each.location == end and free and carried <= each.fractions:
            return number
    return None
