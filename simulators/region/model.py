"""What a region is made of before any database knows it: frozen records that refer to each other by key.

Keys of sites, things, depots, facilities and vehicles are unique in the whole region. `invented` says that a record
was made up for the demonstration; names and coordinates of places are real, everything else is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Any

from domain.access import Permission
from domain.things import ThingKind, WasteFraction


class Character(StrEnum):
    """What kind of neighbourhood a place is; people's habits follow from it."""

    CENTRE = "centre"
    ESTATE = "estate"
    """Blocks of flats: many households, steady waste."""
    VILLAGE = "village"
    TOURISM = "tourism"
    """Lake shores and harbours: full at weekends."""
    COMMERCE = "commerce"
    """Shops and workshops: closed on Sundays."""


class RoadKind(StrEnum):
    """What kind of road a counter stands at; its daily profile follows from it."""

    MOTORWAY = "motorway"
    FEDERAL = "federal"
    STATE = "state"
    STREET = "street"
    CYCLEWAY = "cycleway"


class EnvelopeKind(StrEnum):
    """How an organisation's devices reach the broker."""

    THE_THINGS_STACK = "the_things_stack"
    CHIRPSTACK = "chirpstack"
    LANDPULS = "landpuls"


@dataclass(frozen=True, kw_only=True, slots=True)
class Organisation:
    """A tenant; the key is the 12-digit ARS where it has one. `kind` is one of the schema's five."""

    key: str
    name: str
    kind: str
    longitude: float
    latitude: float
    invented: bool
    envelope: EnvelopeKind
    market_weekdays: tuple[int, ...] = ()
    """ISO weekdays of the weekly market (invented)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """`organisation_key` lets `grantee_key` read, plan for or operate what it owns."""

    organisation_key: str
    grantee_key: str
    permission: Permission


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """A collection site (Standplatz) in a real village or quarter."""

    organisation_key: str
    key: str
    name: str
    address: str
    longitude: float
    latitude: float
    character: Character
    setup_s: int = 60
    access_note: str = ""
    invented: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Container:
    """A container slot at a site, with the inner shape that its sensor needs."""

    organisation_key: str
    key: str
    name: str
    site_key: str
    longitude: float
    latitude: float
    waste_fraction: WasteFraction
    volume_l: int
    density_kg_l: float
    service_s: int
    threshold_percent: float
    interval_days: int
    """Every how many days the fixed schedule comes by."""
    max_interval_days: int | None
    height_m: float
    """From the floor to the line that counts as full."""
    bottom_ratio: float
    """Edge length at the floor as a share of that at the top; below 1 the container is tapered."""
    full_distance_m: float
    """How far above that line the sensor looks down from."""
    kind: ThingKind = ThingKind.CONTAINER
    invented: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Counter:
    """A counting cross-section at a road; `single_vehicle` counters report each vehicle, the others totals."""

    organisation_key: str
    key: str
    name: str
    longitude: float
    latitude: float
    road: str
    road_kind: RoadKind
    vehicles_per_day: int
    heavy_share: float
    free_speed_kmh: float
    towards: tuple[str, str]
    """Where directions 1 and 2 lead."""
    interval_s: int = 900
    """Over how many seconds totals are counted."""
    single_vehicle: bool = False
    kind: ThingKind = ThingKind.COUNTER
    invented: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Meter:
    """An electricity meter of a public building."""

    organisation_key: str
    key: str
    name: str
    longitude: float
    latitude: float
    base_load_w: float
    peak_load_w: float
    kind: ThingKind = ThingKind.METER
    invented: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class ParkingBay:
    """A single parking bay with a sensor; `turnover_per_day` is how many cars a weekday sees."""

    organisation_key: str
    key: str
    name: str
    longitude: float
    latitude: float
    turnover_per_day: float
    kind: ThingKind = ThingKind.PARKING_BAY
    invented: bool = True


Thing = Container | Counter | Meter | ParkingBay


@dataclass(frozen=True, kw_only=True, slots=True)
class Device:
    """A device installed at a thing; the key is a DevEUI, or the organisation's own name for it."""

    organisation_key: str
    key: str
    name: str
    profile_key: str
    thing_key: str
    envelope: EnvelopeKind
    parameters: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Depot:
    """Where vehicles start and end."""

    organisation_key: str
    key: str
    name: str
    longitude: float
    latitude: float
    invented: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Facility:
    """Where vehicles unload; `opens` and `closes` are Berlin wall time."""

    organisation_key: str
    key: str
    name: str
    longitude: float
    latitude: float
    fractions: tuple[WasteFraction, ...]
    service_s: int
    opens: time
    closes: time
    invented: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Vehicle:
    """A collection vehicle; `capacity_l` is loose waste, compaction already allowed for."""

    organisation_key: str
    key: str
    name: str
    depot_key: str
    fractions: tuple[WasteFraction, ...]
    capacity_l: int
    capacity_kg: int
    fixed_cost_cents: int
    cost_per_km_cents: int
    cost_per_h_cents: int
    invented: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """A vehicle's working hours on an ISO weekday, in Berlin wall time."""

    organisation_key: str
    vehicle_key: str
    weekday: int
    begins: time
    ends: time


@dataclass(frozen=True, kw_only=True, slots=True)
class MapFeature:
    """What the map shows beneath the things; `kind` is place, road, water or boundary, rank 0 the most important."""

    organisation_key: str
    kind: str
    name: str
    rank: int
    geometry: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Region:
    """Everything that a demonstration needs to know of a region."""

    key: str
    name: str
    seed: int
    notice: str
    """What is invented, in a sentence for people."""
    district_key: str
    association_key: str
    """The organisation that plans for all of them."""
    organisations: tuple[Organisation, ...]
    grants: tuple[Grant, ...]
    sites: tuple[Site, ...]
    containers: tuple[Container, ...]
    counters: tuple[Counter, ...]
    meters: tuple[Meter, ...]
    parking_bays: tuple[ParkingBay, ...]
    devices: tuple[Device, ...]
    depots: tuple[Depot, ...]
    facilities: tuple[Facility, ...]
    vehicles: tuple[Vehicle, ...]
    shifts: tuple[Shift, ...]
    map_features: tuple[MapFeature, ...]

    @property
    def things(self) -> tuple[Thing, ...]:
        """Containers, counters, meters and parking bays, in this order."""
        return (*self.containers, *self.counters, *self.meters, *self.parking_bays)
