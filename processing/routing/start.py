"""Tours that are given to start from, in the kernels' numbers."""

from collections.abc import Collection, Iterator, Sequence

import numpy as np

from domain.planning import (
    Collect,
    InvalidProblem,
    Pause,
    PlannedTour,
    PlanProblem,
    PlanSolution,
    Unload,
    Visit,
)
from processing.routing.index import Index
from processing.routing.kernels.model import Int64

Placement = tuple[int, int]
"""Vehicle and place."""


def check_start(problem: PlanProblem, start: PlanSolution) -> None:
    """Refuse a start that names what the problem does not have.

    Raises
    ------
    InvalidProblem
    """
    lookup = problem.lookup
    _check_known("vehicle", (tour.vehicle for tour in start.tours), lookup.vehicles)
    _check_known("container", (name for tour in start.tours for name in tour.containers), lookup.containers)
    visits = (visit for tour in start.tours for visit in tour.visits)
    named = (visit.facility for visit in visits if isinstance(visit, Unload))
    _check_known("facility", named, lookup.facilities)


def _check_known(kind: str, names: Iterator[str], known: Collection[str]) -> None:
    unknown = list(dict.fromkeys(name for name in names if name not in known))
    if unknown:
        some = ", ".join(unknown[:5]) + (" …" if len(unknown) > 5 else "")
        raise InvalidProblem(
            f"start: the problem has no {kind} {some} ({len(unknown)} unknown); leave out what is not part of it"
        )


def stops_of(index: Index, start: PlanSolution) -> list[Placement]:
    """Stops of the tours that are not fixed, tour by tour, without what cannot be in a solution.

    That is: pauses (which the search plans itself), the unloading at home, containers in fixed tours or a second time,
    parts of locked sequences, of several options, or of one.
    """
    numbers = {vehicle.id: v for v, vehicle in enumerate(index.vehicles)}
    seen: set[int] = set()
    stops: list[Placement] = []
    for tour in start.tours:
        if tour.vehicle in numbers:
            v = numbers.pop(tour.vehicle)
            stops += ((v, place) for place in _places(index, v, tour, seen))
    return without(stops, halved(index, {place for _, place in stops if place < len(index.units)}))


def route_of(stops: Sequence[Placement]) -> Int64:
    """(K, 2) as `processing.routing.kernels.begin.begin` takes it."""
    return np.array(stops, dtype=np.int64).reshape(len(stops), 2)


def halved(index: Index, served: Collection[int]) -> set[int]:
    """Served units of needs of which they are no whole option."""
    by_need: dict[int, set[int]] = {}
    for unit in served:
        by_need.setdefault(index.need_of[unit], set()).add(unit)
    return {
        unit
        for need, units in by_need.items()
        if all(units != set(option) for option in index.needs[need].options)
        for unit in units
    }


def without(stops: Sequence[Placement], units: Collection[int]) -> list[Placement]:
    """The stops but for those at these units."""
    return [(v, place) for v, place in stops if place not in units]


def _places(index: Index, v: int, tour: PlannedTour, seen: set[int]) -> Iterator[int]:
    """Units and facilities between start and end."""
    visits = _own_visits(index, v, tour)
    facilities = {each.id: len(index.units) + f for f, each in enumerate(index.problem.facilities)}
    at = 0
    while at < len(visits):
        visit = visits[at]
        at += 1
        if isinstance(visit, Unload):
            yield facilities[visit.facility]
        elif isinstance(visit, Collect) and visit.container in index.unit_of:
            number = index.unit_of[visit.container]
            whole = [Collect(container=task.id) for task in index.units[number]]
            if number not in seen and visits[at - 1 : at - 1 + len(whole)] == whole:
                seen.add(number)
                yield number
                at += len(whole) - 1


def _own_visits(index: Index, v: int, tour: PlannedTour) -> list[Visit]:
    """Visits without pauses, without what the vehicle does first and last in any case."""
    visits: list[Visit] = [visit for visit in tour.visits if not isinstance(visit, Pause)]
    first = index.firsts.get(tour.vehicle)
    if first is not None and tuple(visits[: len(first.visits)]) == first.visits:
        del visits[: len(first.visits)]
    home = index.homes[v]
    if home is not None and visits and visits[-1] == Unload(facility=index.problem.facilities[home].id):
        del visits[-1]
    return visits
