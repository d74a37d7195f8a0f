"""A plan's problem in the words of waste collection: one day, or several days on one axis of time.

Conventions, valid for the whole package: places are indices into the travel matrices; distances are metres,
durations and times are whole seconds, times count from ``PlanProblem.day_start``; volumes are litres, weights
kilograms. Money is an integer count of micro-euros (µ€, ``_ueur``; 1 € = 1,000,000 µ€): 1.20 € a kilometre is
exactly 1,200 µ€ a metre, and no sum ever depends on rounding. Everything is checked on construction.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from domain.planning.checks import check_unique, require
from domain.planning.fleet import Vehicle
from domain.planning.habits import NO_HABITS, Habits
from domain.planning.lookup import Lookup
from domain.planning.places import Depot, DisposalFacility, Matrix, Site, TravelProfile
from domain.planning.sizes import check_matrix, check_sizes
from domain.planning.solution import PlannedTour
from domain.planning.tasks import Choice, ContainerTask
from domain.time import check_aware

UEUR_PER_EURO = 1_000_000
"""Micro-euros in a euro: the unit of every cost."""


@dataclass(frozen=True, kw_only=True)
class PlanProblem:
    """Everything a plan depends on.

    ``day_start`` is the aware instant from which all times count, usually midnight in Berlin. Several days share one
    axis: the second day's shifts and windows lie 86,400 s further on, and `Vehicle.day` numbers the days.

    Attributes
    ----------
    distance_m, duration_s : (L, L)
        Ways between places, for vehicles without a profile of their own.
    profiles : tuple of TravelProfile
        Further matrices, by name.
    sites : tuple of Site
        Set-up times; a site that is not named here has none.
    choices : tuple of Choice
        Groups of alternatives and patterns of periodic visits; each container belongs to one at most.
    sequences : tuple of tuple of str
        Containers that one vehicle empties in this order with nothing between them, if it empties any of them.
    fixed : tuple of PlannedTour
        Tours that are driven exactly as given; their vehicles get nothing else.
    habits : Habits
        Yesterday's plan and the price of change.

    Raises
    ------
    InvalidProblem
        If names repeat, something that is named is unknown, a matrix is not square or has a negative entry, or a
        number is too large to be computed with, see `domain.planning.sizes`.
    """

    day_start: datetime
    depots: tuple[Depot, ...]
    facilities: tuple[DisposalFacility, ...]
    vehicles: tuple[Vehicle, ...]
    containers: tuple[ContainerTask, ...]
    distance_m: Matrix
    duration_s: Matrix
    profiles: tuple[TravelProfile, ...] = ()
    sites: tuple[Site, ...] = ()
    choices: tuple[Choice, ...] = ()
    sequences: tuple[tuple[str, ...], ...] = ()
    fixed: tuple[PlannedTour, ...] = ()
    habits: Habits = NO_HABITS

    def __post_init__(self) -> None:
        check_aware(self.day_start)
        depots = check_unique("depot", (depot.id for depot in self.depots))
        check_unique("facility", (facility.id for facility in self.facilities))
        vehicles = check_unique("vehicle", (vehicle.id for vehicle in self.vehicles))
        containers = check_unique("container", (container.id for container in self.containers))
        check_unique("site", (site.id for site in self.sites))
        profiles = check_unique("profile", (profile.name for profile in self.profiles))
        size = len(self.distance_m)
        legs_m = [check_matrix("distance_m", self.distance_m, size)]
        legs_s = [check_matrix("duration_s", self.duration_s, size)]
        for each in self.profiles:
            legs_m.append(check_matrix(f"profile {each.name}: distance_m", each.distance_m, size))
            legs_s.append(check_matrix(f"profile {each.name}: duration_s", each.duration_s, size))
        self._check_places()
        self._check_vehicles(depots, profiles)
        self._check_containers(vehicles, containers)
        self._check_fixed(vehicles, containers)
        check_sizes(self, max(legs_m), max(legs_s))

    @cached_property
    def lookup(self) -> Lookup:
        """Everything by its name."""
        return Lookup(self)

    def ways_of(self, vehicle: Vehicle) -> tuple[Matrix, Matrix]:
        """Metres and seconds between places for this vehicle."""
        for profile in self.profiles:
            if profile.name == vehicle.profile:
                return profile.distance_m, profile.duration_s
        return self.distance_m, self.duration_s

    def _check_places(self) -> None:
        size = len(self.distance_m)
        things: tuple[Depot | DisposalFacility | ContainerTask, ...] = (
            *self.depots,
            *self.facilities,
            *self.containers,
        )
        places = [(thing.id, thing.location) for thing in things]
        places += [(each.id, each.underway.location) for each in self.vehicles if each.underway is not None]
        for name, location in places:
            require(
                0 <= location < size,
                f"{name}: location {location} is not in the matrices (0 to {size - 1})",
            )

    def _check_vehicles(self, depots: set[str], profiles: set[str]) -> None:
        for vehicle in self.vehicles:
            for depot in (vehicle.start_depot, vehicle.end_depot):
                require(depot in depots, f"vehicle {vehicle.id}: depot {depot} is not among the depots")
            require(
                vehicle.profile is None or vehicle.profile in profiles,
                f"vehicle {vehicle.id}: profile {vehicle.profile} is not among the profiles",
            )

    def _check_containers(self, vehicles: set[str], containers: set[str]) -> None:
        for task in self.containers:
            for name in sorted((task.vehicles or frozenset()) | task.forbidden_vehicles):
                require(name in vehicles, f"container {task.id}: vehicle {name} is not among the vehicles")
        groups: dict[str, Iterator[str]] = {
            "choice": (name for choice in self.choices for name in choice.containers),
            "sequence": (name for sequence in self.sequences for name in sequence),
            "habit": (visit.container for visit in self.habits.visits),
        }
        for kind, names in groups.items():
            for name in sorted(check_unique(f"{kind}: container", names)):
                require(name in containers, f"{kind}: container {name} is not among the containers")
        check_unique("choice", (choice.id for choice in self.choices))

    def _check_fixed(self, vehicles: set[str], containers: set[str]) -> None:
        check_unique("fixed tour of vehicle", (tour.vehicle for tour in self.fixed))
        for tour in self.fixed:
            require(tour.vehicle in vehicles, f"fixed tour: vehicle {tour.vehicle} is not among the vehicles")
            for name in tour.containers:
                require(name in containers, f"fixed tour of {tour.vehicle}: container {name} is unknown")
