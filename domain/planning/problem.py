"""One day's planning problem in the words of waste collection.

Conventions, valid for the whole package: places are indices into the travel matrices; distances are metres,
durations and times are whole seconds, times count from ``PlanProblem.day_start``; volumes are litres, weights
kilograms. Money is an integer count of micro-euros (µ€, ``_ueur``; 1 € = 1,000,000 µ€): 1.20 € a kilometre is
exactly 1,200 µ€ a metre, and no sum ever depends on rounding. Everything is checked on construction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from domain.planning.errors import InvalidProblem
from domain.time import check_aware

UEUR_PER_EURO = 1_000_000
"""Micro-euros in a euro: the unit of every cost."""

MOST_LEG = 10_000_000
"""Metres or seconds between two places at most."""
MOST_TIME_S = 1 << 28
"""No time lies further from the day's start."""

Matrix = Sequence[Sequence[int]]
"""``matrix[i][j]`` belongs to the way from place i to place j; it need not be symmetric."""


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise InvalidProblem(message)


@dataclass(frozen=True, kw_only=True, order=True)
class TimeWindow:
    """From ``open_s`` to ``close_s``, both included."""

    open_s: int
    close_s: int

    def __post_init__(self) -> None:
        _require(
            self.open_s <= self.close_s,
            f"time window closes ({self.close_s} s) before it opens ({self.open_s} s)",
        )


@dataclass(frozen=True, kw_only=True)
class Depot:
    """Where vehicles start and end."""

    id: str
    location: int


@dataclass(frozen=True, kw_only=True)
class DisposalFacility:
    """Where vehicles unload.

    An unloading begins and ends within one opening window; no window at all means always open.
    """

    id: str
    location: int
    service_s: int
    fractions: frozenset[str]
    opening: tuple[TimeWindow, ...] = ()

    def __post_init__(self) -> None:
        _require(self.service_s >= 0, f"facility {self.id}: service_s must not be negative")
        _check_windows(f"facility {self.id}", self.opening)


@dataclass(frozen=True, kw_only=True)
class Vehicle:
    """A vehicle with its crew's shift.

    The crew is on the clock from ``shift_begin_s`` to the arrival at the end depot if the vehicle is used
    at all; time after ``regular_end_s`` costs the overtime price on top; ``latest_end_s`` is never
    exceeded. Capacities are what one trip may collect: ``capacity_l`` in litres as they lie in the
    containers, so after allowing for compaction. ``fractions`` limits what the vehicle collects; None means
    anything. One trip ends at each unloading.
    """

    id: str
    start_depot: str
    end_depot: str
    shift_begin_s: int
    regular_end_s: int
    latest_end_s: int
    capacity_l: int
    capacity_kg: int
    max_trips: int
    fixed_cost_ueur: int = 0
    cost_per_m_ueur: int = 0
    cost_per_s_ueur: int = 0
    overtime_cost_per_s_ueur: int = 0
    fractions: frozenset[str] | None = None

    def __post_init__(self) -> None:
        _require(
            self.shift_begin_s <= self.latest_end_s,
            f"vehicle {self.id}: latest_end_s must not lie before shift_begin_s",
        )
        for name in ("capacity_l", "capacity_kg", "fixed_cost_ueur", "cost_per_m_ueur"):
            _require(getattr(self, name) >= 0, f"vehicle {self.id}: {name} must not be negative")
        for name in ("cost_per_s_ueur", "overtime_cost_per_s_ueur"):
            _require(getattr(self, name) >= 0, f"vehicle {self.id}: {name} must not be negative")
        _require(self.max_trips >= 1, f"vehicle {self.id}: max_trips must be at least 1")

    def carries(self, fraction: str) -> bool:
        """Whether the vehicle may collect this waste fraction."""
        return self.fractions is None or fraction in self.fractions


@dataclass(frozen=True, kw_only=True)
class ContainerTask:
    """A container that must be emptied, or may be left at a cost.

    Service begins within one of ``windows``; no window means any time. ``cost_of_leaving_ueur`` counts for
    optional containers only: a required one has no price.
    """

    id: str
    site: str
    location: int
    fraction: str
    demand_l: int
    demand_kg: int
    service_s: int
    required: bool = True
    cost_of_leaving_ueur: int = 0
    windows: tuple[TimeWindow, ...] = ()

    def __post_init__(self) -> None:
        for name in ("demand_l", "demand_kg", "service_s", "cost_of_leaving_ueur"):
            _require(getattr(self, name) >= 0, f"container {self.id}: {name} must not be negative")
        _check_windows(f"container {self.id}", self.windows)


@dataclass(frozen=True, kw_only=True)
class PlanProblem:
    """Everything one day's plan depends on.

    ``day_start`` is the aware instant from which all times count, usually midnight in Berlin.
    ``distance_m`` and ``duration_s`` are square matrices over the places.

    Raises
    ------
    InvalidProblem
        If names repeat, a depot or place is unknown, or a matrix is not square or has a negative entry.
    """

    day_start: datetime
    depots: tuple[Depot, ...]
    facilities: tuple[DisposalFacility, ...]
    vehicles: tuple[Vehicle, ...]
    containers: tuple[ContainerTask, ...]
    distance_m: Matrix
    duration_s: Matrix

    def __post_init__(self) -> None:
        check_aware(self.day_start)
        _check_unique("depot", (depot.id for depot in self.depots))
        _check_unique("facility", (facility.id for facility in self.facilities))
        _check_unique("vehicle", (vehicle.id for vehicle in self.vehicles))
        _check_unique("container", (container.id for container in self.containers))
        self._check_matrix("distance_m", self.distance_m)
        self._check_matrix("duration_s", self.duration_s)
        self._check_places()
        self._check_depots()
        self._check_sizes()

    def _check_matrix(self, name: str, matrix: Matrix) -> None:
        size = len(self.distance_m)
        _require(
            len(matrix) == size,
            f"{name} has {len(matrix)} rows, distance_m has {size}: give both the same places",
        )
        for index, row in enumerate(matrix):
            _require(len(row) == size, f"{name}[{index}] has {len(row)} entries instead of {size}")
            _require(min(row) >= 0, f"{name}[{index}] has a negative entry")
            _require(
                max(row) <= MOST_LEG, f"{name}[{index}] has an entry above {MOST_LEG}: is the unit right?"
            )

    def _check_places(self) -> None:
        size = len(self.distance_m)
        things: tuple[Depot | DisposalFacility | ContainerTask, ...] = (
            *self.depots,
            *self.facilities,
            *self.containers,
        )
        for thing in things:
            _require(
                0 <= thing.location < size,
                f"{thing.id}: location {thing.location} is not in the matrices (0 to {size - 1})",
            )

    def _check_sizes(self) -> None:
        """Keep sums and times within 32 bits, whoever computes with them."""
        times = [time for vehicle in self.vehicles for time in (vehicle.shift_begin_s, vehicle.latest_end_s)]
        windows = [task.windows for task in self.containers] + [each.opening for each in self.facilities]
        times += [time for each in windows for window in each for time in (window.open_s, window.close_s)]
        _require(
            all(-MOST_TIME_S <= time <= MOST_TIME_S for time in times),
            f"times must lie within {MOST_TIME_S} s of the day's start: are they seconds from day_start?",
        )
        for name in ("demand_l", "demand_kg", "service_s"):
            total = sum(getattr(task, name) for task in self.containers)
            _require(total <= MOST_TIME_S, f"{name} of all containers adds up to {total}: is the unit right?")

    def _check_depots(self) -> None:
        known = {depot.id for depot in self.depots}
        for vehicle in self.vehicles:
            for depot in (vehicle.start_depot, vehicle.end_depot):
                _require(depot in known, f"vehicle {vehicle.id}: depot {depot} is not among the depots")


def _check_windows(owner: str, windows: tuple[TimeWindow, ...]) -> None:
    for earlier, later in pairwise(windows):
        _require(
            earlier.close_s < later.open_s,
            f"{owner}: time windows must be in order and apart from each other",
        )


def _check_unique(kind: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        _require(name not in seen, f"{kind} {name} is given twice")
        seen.add(name)
