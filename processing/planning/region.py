"""What a plan is drafted from: the region as the database holds it at one instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, TypeVar

from psycopg.rows import class_row

from storage.database import Connection
from storage.queries import Queries

PLANNING = Queries("planning.sql", "processing.planning")
Row = TypeVar("Row")


@dataclass(frozen=True, kw_only=True)
class Bin:
    """A container with its site and what is known of its level."""

    thing_id: int
    name: str
    site_id: int
    site_name: str
    longitude: float
    latitude: float
    setup_s: int
    waste_fraction: str
    volume_l: int
    density_kg_l: float
    service_s: int
    threshold_percent: float
    max_interval_days: int | None
    fill_percent: float | None
    fill_time: datetime | None
    rate_percent_per_day: float | None
    full_at: datetime | None
    emptied_at: datetime | None
    collected_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class DepotRow:
    """A depot."""

    id: int
    name: str
    longitude: float
    latitude: float


@dataclass(frozen=True, kw_only=True)
class FacilityRow:
    """A disposal facility; opening hours are Berlin wall time."""

    id: int
    name: str
    longitude: float
    latitude: float
    fractions: list[str]
    service_s: int
    opens: time
    closes: time


@dataclass(frozen=True, kw_only=True)
class VehicleRow:
    """A vehicle in one of its shifts; begin and end are Berlin wall time."""

    id: int
    shift_id: int
    name: str
    depot_id: int
    fractions: list[str]
    capacity_l: int
    capacity_kg: int
    fixed_cost_cents: int
    cost_per_km_cents: int
    cost_per_h_cents: int
    begins: time
    ends: time


@dataclass(frozen=True, kw_only=True)
class Region:
    """All of it."""

    bins: tuple[Bin, ...]
    depots: tuple[DepotRow, ...]
    facilities: tuple[FacilityRow, ...]
    vehicles: tuple[VehicleRow, ...]


def read_region(connection: Connection, organisation_id: int, day: date, now: datetime) -> Region:
    """Read what the organisation may plan with and for, its own and what others granted."""
    wanted = {"organisation": organisation_id, "now": now, "weekday": day.isoweekday()}
    found = connection.execute(PLANNING["plannable"], wanted).fetchall()
    wanted |= {"organisations": [row[0] for row in found]}
    return Region(
        bins=tuple(_rows(connection, Bin, "containers", wanted)),
        depots=tuple(_rows(connection, DepotRow, "depots", wanted)),
        facilities=tuple(_rows(connection, FacilityRow, "facilities", wanted)),
        vehicles=tuple(_rows(connection, VehicleRow, "vehicles", wanted)),
    )


def _rows(connection: Connection, kind: type[Row], query: str, wanted: dict[str, Any]) -> Sequence[Row]:
    with connection.cursor(row_factory=class_row(kind)) as cursor:
        return cursor.execute(PLANNING[query], wanted).fetchall()
