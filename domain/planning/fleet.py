"""Vehicles with their crews' shifts: what they hold, cost and may do, and when the crew must pause."""

from dataclasses import dataclass
from typing import Literal

from domain.planning.checks import check_not_negative, check_unique, require

DrivingRule = Literal["never", "always", "unless_door_to_door"]


@dataclass(frozen=True, kw_only=True)
class Lunch:
    """A pause of ``duration_s`` that begins between the two instants.

    Owed by a tour that departs before ``latest_begin_s`` and returns after it.
    """

    earliest_begin_s: int
    latest_begin_s: int
    duration_s: int

    def __post_init__(self) -> None:
        require(self.duration_s > 0, "lunch: duration_s must be positive")
        require(
            self.earliest_begin_s <= self.latest_begin_s,
            "lunch: latest_begin_s must not lie before earliest_begin_s",
        )


@dataclass(frozen=True, kw_only=True)
class BreakRules:
    """Which pauses a crew owes; see `domain.planning.breaks` for the rules themselves.

    Attributes
    ----------
    driving : str
        Regulation (EC) 561/2006, article 7: 45 min after 4.5 h of driving, or 15 and then 30. Tours that empty
        nothing but household refuse door to door are exempt in Germany (FPersV § 18), those to bring sites are not:
        ``unless_door_to_door`` decides for each tour by its containers.
    working_time : bool
        ArbZG § 4: 30 min in pieces of at least 15 when working more than 6 h, 45 min when more than 9 h, and never
        more than 6 h on end.
    waiting_counts : bool
        Whether waiting of at least 15 min before a window is a break (its length must be known beforehand).
    """

    driving: DrivingRule = "never"
    working_time: bool = False
    lunch: Lunch | None = None
    waiting_counts: bool = False


NO_BREAKS = BreakRules()


@dataclass(frozen=True, kw_only=True)
class Chamber:
    """A part of the vehicle's body that takes some fractions; capacities are those of one trip."""

    fractions: frozenset[str]
    capacity_l: int
    capacity_kg: int

    def __post_init__(self) -> None:
        require(bool(self.fractions), "chamber: fractions must name at least one waste fraction")
        check_not_negative("chamber", self, ("capacity_l", "capacity_kg"))


@dataclass(frozen=True, kw_only=True)
class Load:
    """What is on board of one fraction."""

    fraction: str
    volume_l: int
    weight_kg: int

    def __post_init__(self) -> None:
        check_not_negative(f"load of {self.fraction}", self, ("volume_l", "weight_kg"))


@dataclass(frozen=True, kw_only=True)
class Underway:
    """Where a tour stands whose first stops are done; its past costs nothing any more.

    The vehicle is at ``location`` and free at ``ready_s``. All else counts from the tour's departure:
    ``driven_m``, ``stops`` and ``unloadings`` made, ``collected_l`` and ``collected_kg`` of the day;
    ``driven_s`` and ``worked_s`` since the last break that the rule accepted, ``total_worked_s`` without
    breaks, ``paused_s`` in breaks of at least 15 min, ``split_taken`` if the last of them was a first part of
    15 min under 561/2006.
    """

    location: int
    departed_s: int
    ready_s: int
    on_board: tuple[Load, ...] = ()
    driven_m: int = 0
    stops: int = 0
    unloadings: int = 0
    collected_l: int = 0
    collected_kg: int = 0
    driven_s: int = 0
    worked_s: int = 0
    total_worked_s: int = 0
    paused_s: int = 0
    split_taken: bool = False
    lunch_taken: bool = False

    def __post_init__(self) -> None:
        counts = ("driven_m", "stops", "unloadings", "collected_l", "collected_kg")
        times = ("driven_s", "worked_s", "total_worked_s", "paused_s")
        check_not_negative("underway", self, (*counts, *times))
        require(self.departed_s <= self.ready_s, "underway: ready_s must not lie before departed_s")
        check_unique("underway: load of", (load.fraction for load in self.on_board))


@dataclass(frozen=True, kw_only=True)
class Vehicle:
    """A vehicle with its crew's shift on one day.

    The crew is on the clock from ``shift_begin_s`` (with ``flexible_begin`` from the departure, which is then as
    late as it can be without returning later) to the arrival at the end depot, if the vehicle is used at all; time
    after ``regular_end_s`` costs the overtime price on top; ``latest_end_s`` is never exceeded. Capacities are what
    one trip may collect: ``capacity_l`` in litres as they lie in the containers, so after allowing for
    compaction. One trip ends at each unloading and carries one fraction; when the next one carries another,
    ``cleaning_s`` are spent after the unloading. A vehicle with ``chambers`` carries a fraction in the first
    chamber that takes it, several fractions a trip, and its own capacities hold as well.

    Attributes
    ----------
    fractions : frozenset of str or None
        What the vehicle collects; None means anything.
    skills : frozenset of str
        What it can do: ``rear_loader``, ``crane``, ``narrow`` …; a container may ask for them.
    profile : str or None
        Name of its `TravelProfile`; None for the problem's own matrices.
    day : int
        Day of the plan, from 0; matters for containers that are tied to days and for a facility's daily capacity.
    day_capacity_l, day_capacity_kg, max_stops : int or None
        Of all trips together; None means no limit.
    max_distance_m, max_duration_s : int or None
        From departure to return; None means no limit.
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
    skills: frozenset[str] = frozenset()
    profile: str | None = None
    day: int = 0
    flexible_begin: bool = False
    max_distance_m: int | None = None
    max_duration_s: int | None = None
    max_stops: int | None = None
    day_capacity_l: int | None = None
    day_capacity_kg: int | None = None
    chambers: tuple[Chamber, ...] = ()
    cleaning_s: int = 0
    breaks: BreakRules = NO_BREAKS
    underway: Underway | None = None

    def __post_init__(self) -> None:
        owner = f"vehicle {self.id}"
        require(
            self.shift_begin_s <= self.latest_end_s,
            f"{owner}: latest_end_s must not lie before shift_begin_s",
        )
        costs = ("fixed_cost_ueur", "cost_per_m_ueur", "cost_per_s_ueur", "overtime_cost_per_s_ueur")
        limits = ("max_distance_m", "max_duration_s", "max_stops", "day_capacity_l", "day_capacity_kg")
        check_not_negative(owner, self, ("capacity_l", "capacity_kg", "day", "cleaning_s", *costs, *limits))
        require(self.max_trips >= 1, f"{owner}: max_trips must be at least 1")
        for load in self.underway.on_board if self.underway else ():
            require(self.carries(load.fraction), f"{owner}: has {load.fraction} on board, which it may not")

    def carries(self, fraction: str) -> bool:
        """Whether the vehicle may collect this waste fraction."""
        if self.chambers and self.chamber_of(fraction) is None:
            return False
        return self.fractions is None or fraction in self.fractions

    def chamber_of(self, fraction: str) -> int | None:
        """Index of the chamber that takes this fraction; None if there is none."""
        return next((i for i, each in enumerate(self.chambers) if fraction in each.fractions), None)
