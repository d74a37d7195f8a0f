"""Build the planning problem of a day from the region, its rules and its ways."""

from dataclasses import dataclass
from datetime import date, datetime, time

from domain.planning import ContainerTask, Depot, DisposalFacility, PlanProblem, Site, TimeWindow, Vehicle
from domain.time import BERLIN, day_bounds
from processing.planning.region import Bin, FacilityRow, Region, VehicleRow
from processing.planning.rules import Need, need_of
from processing.roads.travel import Point, TravelModel

MAX_TRIPS = 5
"""Unloadings in a shift at most; far more than the time allows, usually."""
UEUR_PER_CENT = 10_000


@dataclass(frozen=True, kw_only=True)
class Task:
    """A container and what is to be done about it."""

    bin: Bin
    need: Need


@dataclass(frozen=True, kw_only=True)
class Assembled:
    """The problem, and what its names and places stand for."""

    problem: PlanProblem
    tasks: dict[str, Task]
    points: tuple[Point, ...]
    without_level: int
    untouched: int


def assemble(region: Region, day: date, now: datetime, travel: TravelModel) -> Assembled:
    """Decide what is required and what optional, and put everything into one problem."""
    chosen = [(one, need) for one in region.bins if (need := need_of(one, day, now)) is not None]
    tasks = {str(one.thing_id): Task(bin=one, need=need) for one, need in chosen}
    places = _Places()
    containers = tuple(_container(task, places) for task in tasks.values())
    depots = tuple(
        Depot(id=str(row.id), location=places.add(f"depot {row.id}", (row.longitude, row.latitude)))
        for row in region.depots
    )
    facilities = tuple(_facility(row, day, places) for row in region.facilities)
    metres, seconds = travel.matrix(places.points)
    sites = {str(task.bin.site_id): task.bin.setup_s for task in tasks.values()}
    known = {depot.id for depot in depots}
    problem = PlanProblem(
        day_start=day_bounds(day)[0],
        depots=depots,
        facilities=facilities,
        vehicles=tuple(_vehicle(row, day) for row in region.vehicles if str(row.depot_id) in known),
        containers=containers,
        distance_m=metres.tolist(),
        duration_s=seconds.tolist(),
        sites=tuple(Site(id=name, setup_s=setup_s) for name, setup_s in sites.items()),
    )
    unknown = sum(1 for one in region.bins if one.fill_percent is None and one.collected_at is None)
    return Assembled(
        problem=problem,
        tasks=tasks,
        points=tuple(places.points),
        without_level=unknown,
        untouched=len(region.bins) - len(tasks) - unknown,
    )


class _Places:
    """Numbers places by name as they come."""

    def __init__(self) -> None:
        self.points: list[Point] = []
        self._numbers: dict[str, int] = {}

    def add(self, name: str, point: Point) -> int:
        if name not in self._numbers:
            self._numbers[name] = len(self.points)
            self.points.append(point)
        return self._numbers[name]


def _container(task: Task, places: _Places) -> ContainerTask:
    one, need = task.bin, task.need
    litres = round(one.volume_l * need.expected_percent / 100.0)
    return ContainerTask(
        id=str(one.thing_id),
        site=str(one.site_id),
        location=places.add(f"site {one.site_id}", (one.longitude, one.latitude)),
        fraction=one.waste_fraction,
        demand_l=litres,
        demand_kg=round(litres * one.density_kg_l),
        service_s=one.service_s,
        required=need.required,
        cost_of_leaving_ueur=need.cost_of_leaving_ueur,
    )


def _facility(row: FacilityRow, day: date, places: _Places) -> DisposalFacility:
    return DisposalFacility(
        id=str(row.id),
        location=places.add(f"facility {row.id}", (row.longitude, row.latitude)),
        service_s=row.service_s,
        fractions=frozenset(row.fractions),
        opening=(TimeWindow(open_s=_seconds(day, row.opens), close_s=_seconds(day, row.closes)),),
    )


def _vehicle(row: VehicleRow, day: date) -> Vehicle:
    """A vehicle in one shift; the depot is where it begins and ends."""
    return Vehicle(
        id=f"{row.id}/{row.shift_id}",
        start_depot=str(row.depot_id),
        end_depot=str(row.depot_id),
        shift_begin_s=_seconds(day, row.begins),
        regular_end_s=_seconds(day, row.ends),
        latest_end_s=_seconds(day, row.ends),
        capacity_l=row.capacity_l,
        capacity_kg=row.capacity_kg,
        max_trips=MAX_TRIPS,
        fixed_cost_ueur=row.fixed_cost_cents * UEUR_PER_CENT,
        cost_per_m_ueur=row.cost_per_km_cents * UEUR_PER_CENT // 1000,
        cost_per_s_ueur=round(row.cost_per_h_cents * UEUR_PER_CENT / 3600),
        fractions=frozenset(row.fractions),
    )


def _seconds(day: date, wall: time) -> int:
    """Seconds from the day's begin to a wall time in Berlin, changes of clock included."""
    return round((datetime.combine(day, wall, BERLIN) - day_bounds(day)[0]).total_seconds())
