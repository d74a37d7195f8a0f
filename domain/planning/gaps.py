"""Where in a tour containers could be put in: every gap, with an unloading before or after where one is needed.

Places are estimated by the detour alone, and marked where the load cannot fit; the evaluator has the last word.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.planning.fleet import Vehicle
from domain.planning.places import DisposalFacility
from domain.planning.problem import PlanProblem
from domain.planning.solution import Collect, Pause, Unload, Visit
from domain.planning.tasks import ContainerTask


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Between two stops: where it lies, what the trip has on board before it and takes in after it.

    ``index`` is where visits are put in, ``before`` the stop before (None: where the tour begins), ``fraction``
    that of the trip if it has one.
    """

    index: int
    before: str | None
    from_location: int
    to_location: int
    fraction: str | None
    loaded: tuple[int, int]
    to_come: tuple[int, int]
    unloads_later: bool


@dataclass(frozen=True, kw_only=True)
class Place:
    """A gap of a vehicle's tour with what is put in there.

    ``too_full`` names the capacity that cannot hold, if one cannot; if none is known, ``estimate_ueur`` is the price of
    the detour.
    """

    vehicle: str
    gap: Gap
    inserted: tuple[Visit, ...]
    estimate_ueur: int
    too_full: str | None

    def applied(self, visits: tuple[Visit, ...]) -> tuple[Visit, ...]:
        """The tour's visits with the new ones among them."""
        return (*visits[: self.gap.index], *self.inserted, *visits[self.gap.index :])


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What follows a gap until the next unloading."""

    location: int
    load: tuple[int, int] = (0, 0)
    fraction: str | None = None
    unloads: bool = False


def gaps_of(problem: PlanProblem, vehicle: Vehicle, visits: Sequence[Visit]) -> list[Gap]:
    """Every gap of the tour, first to last; pauses stay with the stop before them."""
    lookup, underway = problem.lookup, vehicle.underway
    loads = underway.on_board if underway else ()
    location = underway.location if underway else lookup.depots[vehicle.start_depot].location
    loaded = (sum(load.volume_l for load in loads), sum(load.weight_kg for load in loads))
    fraction = loads[0].fraction if loads else None
    before: str | None = None
    found: list[Gap] = []
    for index, ahead in enumerate(_ahead(problem, vehicle, visits)):
        visit = visits[index] if index < len(visits) else None
        if isinstance(visit, Pause):
            continue
        found.append(
            Gap(
                index=index,
                before=before,
                from_location=location,
                to_location=ahead.location,
                fraction=fraction or ahead.fraction,
                loaded=loaded,
                to_come=ahead.load,
                unloads_later=ahead.unloads,
            )
        )
        if isinstance(visit, Collect):
            task = lookup.containers[visit.container]
            before, location, fraction = task.id, task.location, task.fraction
            loaded = (loaded[0] + task.demand_l, loaded[1] + task.demand_kg)
        elif isinstance(visit, Unload):
            facility = lookup.facilities[visit.facility]
            before, location, fraction, loaded = facility.id, facility.location, None, (0, 0)
    return found


def places(
    problem: PlanProblem,
    vehicle: Vehicle,
    gaps: Sequence[Gap],
    block: Sequence[ContainerTask],
    *,
    opens: bool,
) -> Iterator[Place]:
    """Every place for these containers, one directly after the other; ``opens`` if the vehicle is not yet used."""
    added: tuple[Visit, ...] = tuple(Collect(container=task.id) for task in block)
    through = tuple(task.location for task in block)
    opening_ueur = vehicle.fixed_cost_ueur if opens else 0
    for gap in gaps:
        direct_ueur = _price(problem, vehicle, (gap.from_location, gap.to_location))
        for first, last in _unloadings(problem, vehicle, gap, block):
            too_full = _too_full(vehicle, gap, block, first is not None, last is not None)
            estimate_ueur = opening_ueur - direct_ueur
            if too_full is None:
                stops = (*_locations(first), *through, *_locations(last))
                way = (gap.from_location, *stops, gap.to_location)
                estimate_ueur += _price(problem, vehicle, way)
                estimate_ueur += vehicle.cost_per_s_ueur * (_service_s(first) + _service_s(last))
            yield Place(
                vehicle=vehicle.id,
                gap=gap,
                inserted=(*_unload(first), *added, *_unload(last)),
                estimate_ueur=estimate_ueur,
                too_full=too_full,
            )


def _ahead(problem: PlanProblem, vehicle: Vehicle, visits: Sequence[Visit]) -> list[_Ahead]:
    """For each index what follows from there on, and for the end."""
    lookup = problem.lookup
    ahead = _Ahead(lookup.depots[vehicle.end_depot].location)
    found = [ahead]
    for visit in reversed(visits):
        if isinstance(visit, Unload):
            ahead = _Ahead(lookup.facilities[visit.facility].location, unloads=True)
        elif isinstance(visit, Collect):
            task = lookup.containers[visit.container]
            load = (ahead.load[0] + task.demand_l, ahead.load[1] + task.demand_kg)
            ahead = _Ahead(task.location, load, task.fraction, ahead.unloads)
        found.append(ahead)
    return found[::-1]


def _unloadings(
    problem: PlanProblem, vehicle: Vehicle, gap: Gap, block: Sequence[ContainerTask]
) -> Iterator[tuple[DisposalFacility | None, DisposalFacility | None]]:
    """Facilities directly before and after the containers; None for no unloading there."""
    alike = bool(vehicle.chambers) or gap.fraction in (None, block[0].fraction)
    empty = gap.loaded == (0, 0)
    takers = _takers(problem, {task.fraction for task in block})
    first_takers = _takers(problem, {gap.fraction}) if gap.fraction is not None and not empty else []
    if alike and gap.unloads_later:
        yield None, None
        yield from ((first, None) for first in first_takers)
    if alike or empty:
        yield from ((None, last) for last in takers)
    yield from ((first, last) for first in first_takers for last in takers)


def _too_full(
    vehicle: Vehicle, gap: Gap, block: Sequence[ContainerTask], unloads_first: bool, unloads_last: bool
) -> str | None:
    """The capacity that is exceeded for certain; chambers are left to the evaluator."""
    if vehicle.chambers:
        return None
    amounts = (sum(task.demand_l for task in block), sum(task.demand_kg for task in block))
    takes = (vehicle.capacity_l, vehicle.capacity_kg)
    for kind, name in enumerate(("capacity_volume", "capacity_weight")):
        load = amounts[kind] + (0 if unloads_first else gap.loaded[kind])
        if load + (0 if unloads_last else gap.to_come[kind]) > takes[kind]:
            return name
    return None


def _takers(problem: PlanProblem, fractions: set[str]) -> list[DisposalFacility]:
    return [each for each in problem.facilities if fractions <= each.fractions]


def _unload(facility: DisposalFacility | None) -> tuple[Visit, ...]:
    return (Unload(facility=facility.id),) if facility else ()


def _locations(facility: DisposalFacility | None) -> tuple[int, ...]:
    return (facility.location,) if facility else ()


def _service_s(facility: DisposalFacility | None) -> int:
    return facility.service_s if facility else 0


def _price(problem: PlanProblem, vehicle: Vehicle, way: Sequence[int]) -> int:
    """What driving along these places costs."""
    metres, seconds = problem.lookup.ways[vehicle.id]
    price_ueur = 0
    for start, end in pairwise(way):
        price_ueur += int(metres[start][end]) * vehicle.cost_per_m_ueur
        price_ueur += int(seconds[start][end]) * vehicle.cost_per_s_ueur
    return price_ueur
