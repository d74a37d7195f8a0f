"""Put the region into the tables: organisations, things, devices, vehicles.

Every function works on a connection in the role owner and commits nothing, so that a whole region is one transaction.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from psycopg.types.json import Jsonb

from device_profiles.profile import DatastreamSpec, DerivationKind, Profile
from domain.access import Permission, Role
from domain.errors import NotFound, StorageError
from domain.things import ThingKind, WasteFraction
from domain.time import check_aware
from storage.database import Connection, translated
from storage.queries import Queries

KEY_PREFIX = "lp_"
KEY_BYTES = 32
SHOWN_CHARACTERS = 8

QUERIES = Queries("registry.sql")


def add_organisation(
    connection: Connection,
    *,
    key: str,
    name: str,
    kind: str,
    longitude: float | None = None,
    latitude: float | None = None,
    invented: bool = False,
) -> int:
    """Add a tenant (`kind`: municipality, amt, district, association, contractor) and return its id."""
    values = {"key": key, "name": name, "kind": kind, "longitude": longitude, "latitude": latitude}
    return _add(connection, "add_organisation", {**values, "invented": invented})


def grant(
    connection: Connection,
    *,
    organisation_id: int,
    grantee_id: int,
    permission: Permission,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> int:
    """Let `grantee_id` read, plan or operate what `organisation_id` owns; return the grant's id."""
    values = {"organisation_id": organisation_id, "grantee_id": grantee_id, "permission": str(permission)}
    return _add(connection, "grant", {**values, "valid_from": valid_from, "valid_until": valid_until})


def create_api_key(
    connection: Connection,
    organisation_id: int,
    name: str,
    role: Role,
    expires_at: datetime | None = None,
    *,
    installation_wide: bool = False,
) -> str:
    """Create a key and return it; it is shown this once, the database keeps only its hash.

    With `installation_wide` it also shows what belongs to no organisation: messages of unknown devices.
    """
    key = KEY_PREFIX + secrets.token_urlsafe(KEY_BYTES)
    values = {"organisation_id": organisation_id, "name": name, "role": str(role), "expires_at": expires_at}
    _add(
        connection,
        "add_api_key",
        {
            **values,
            "prefix": key[:SHOWN_CHARACTERS],
            "hash": hash_of(key),
            "installation_wide": installation_wide,
        },
    )
    return key


def hash_of(api_key: str) -> bytes:
    """SHA-256 of a key. It holds 256 random bits, so there is nothing to guess and no slow hash is needed."""
    return hashlib.sha256(api_key.encode("utf-8", "replace")).digest()


def revoke_api_key(connection: Connection, key_id: int) -> None:
    """Refuse a key from now on."""
    _add(connection, "revoke_api_key", {"id": key_id})


def add_site(
    connection: Connection,
    *,
    organisation_id: int,
    key: str,
    name: str,
    longitude: float,
    latitude: float,
    address: str = "",
    setup_s: int = 60,
    access_note: str = "",
) -> int:
    """Add a collection site and return its id."""
    values = {
        "organisation_id": organisation_id,
        "key": key,
        "name": name,
        "address": address,
        "setup_s": setup_s,
    }
    place = {"longitude": longitude, "latitude": latitude, "access_note": access_note}
    return _add(connection, "add_site", {**values, **place})


def add_thing(
    connection: Connection,
    *,
    organisation_id: int,
    key: str,
    name: str,
    kind: ThingKind,
    longitude: float,
    latitude: float,
    site_id: int | None = None,
    properties: Mapping[str, Any] | None = None,
) -> int:
    """Add what is observed and return its id."""
    values = {
        "organisation_id": organisation_id,
        "key": key,
        "name": name,
        "kind": str(kind),
        "site_id": site_id,
    }
    place = {"longitude": longitude, "latitude": latitude, "properties": Jsonb(dict(properties or {}))}
    return _add(connection, "add_thing", {**values, **place})


def add_container(
    connection: Connection,
    *,
    thing_id: int,
    waste_fraction: WasteFraction,
    volume_l: int,
    density_kg_l: float,
    service_s: int = 90,
    threshold_percent: float = 80.0,
    max_interval_days: int | None = None,
) -> int:
    """Put a container into a slot that has a site; return the slot's id."""
    values = {"thing_id": thing_id, "waste_fraction": str(waste_fraction), "volume_l": volume_l}
    rest = {"density_kg_l": density_kg_l, "service_s": service_s, "threshold_percent": threshold_percent}
    return _add(connection, "add_container", {**values, **rest, "max_interval_days": max_interval_days})


def register_device(
    connection: Connection, *, organisation_id: int, key: str, profile_key: str, name: str = ""
) -> int:
    """Add a device and return its id; a DevEUI is written in lower case."""
    is_eui = len(key) == 16 and all(character in "0123456789abcdefABCDEF" for character in key)
    values = {"organisation_id": organisation_id, "key": key.lower() if is_eui else key, "name": name}
    return _add(connection, "add_device", {**values, "profile_key": profile_key})


def install(
    connection: Connection,
    *,
    device_id: int,
    thing_id: int,
    profile: Profile,
    valid_from: datetime,
    valid_until: datetime | None = None,
    parameters: Mapping[str, float | str] | None = None,
    is_primary: bool = True,
) -> int:
    """Install a device at a thing and create the datastreams its profile needs; return the installation's id.

    Raises
    ------
    ProfileError
        If a parameter is unknown or out of its range.
    StorageError
        If the device is at another thing in that period.
    """
    check_aware(valid_from)
    given = dict(parameters or {})
    profile.complete(given)
    values = {
        "device_id": device_id,
        "thing_id": thing_id,
        "valid_from": valid_from,
        "valid_until": valid_until,
    }
    installation = _add(
        connection, "add_installation", {**values, "is_primary": is_primary, "parameters": Jsonb(given)}
    )
    add_datastreams(connection, thing_id, profile.datastreams(given))
    return installation


def end_installation(connection: Connection, *, device_id: int, valid_until: datetime) -> int:
    """Take a device away from its thing; return the installation's id."""
    return _add(
        connection, "end_installation", {"device_id": device_id, "valid_until": check_aware(valid_until)}
    )


def add_datastreams(connection: Connection, thing_id: int, specs: Sequence[DatastreamSpec]) -> None:
    """Create a thing's datastreams, or adopt those that an earlier device left."""
    columns: dict[str, list[Any]] = {
        "quantity": [one.quantity for one in specs],
        "qualifier": [one.qualifier for one in specs],
        "unit": [one.unit for one in specs],
        "aggregation": [str(one.aggregation) for one in specs],
        "derivation": [_derivation(one) for one in specs],
        "max_step": [one.max_step for one in specs],
        "wraps_at": [one.wraps_at for one in specs],
        "period_s": [one.period_s for one in specs],
    }
    connection.execute(QUERIES["add_datastreams"], {"thing_id": thing_id, **columns})
    links = [
        (one.quantity, one.qualifier, source.quantity, source.qualifier)
        for one in specs
        if one.derivation is DerivationKind.DIFFERENCE
        for source in one.derived_from
    ]
    if links:
        names = ("quantity", "qualifier", "source_quantity", "source_qualifier")
        parts = dict(zip(names, (list(column) for column in zip(*links, strict=True)), strict=True))
        connection.execute(QUERIES["link_datastreams"], {"thing_id": thing_id, **parts})


def add_profile(connection: Connection, *, key: str, version: int, definition: str) -> None:
    """Keep a device profile as it was read, so that what it decoded can be explained later."""
    connection.execute(QUERIES["add_profile"], {"key": key, "version": version, "definition": definition})


def add_depot(
    connection: Connection, *, organisation_id: int, key: str, name: str, longitude: float, latitude: float
) -> int:
    """Add where vehicles begin and end; return its id."""
    values = {"organisation_id": organisation_id, "key": key, "name": name}
    return _add(connection, "add_depot", {**values, "longitude": longitude, "latitude": latitude})


def add_facility(
    connection: Connection,
    *,
    organisation_id: int,
    key: str,
    name: str,
    longitude: float,
    latitude: float,
    fractions: Sequence[WasteFraction],
    service_s: int = 900,
    opens: time = time(6),
    closes: time = time(18),
) -> int:
    """Add where vehicles unload (`opens`, `closes`: Berlin wall time); return its id."""
    values = {"organisation_id": organisation_id, "key": key, "name": name, "service_s": service_s}
    place = {"longitude": longitude, "latitude": latitude, "opens": opens, "closes": closes}
    return _add(connection, "add_facility", {**values, **place, "fractions": [str(one) for one in fractions]})


def add_vehicle(
    connection: Connection,
    *,
    depot_id: int,
    key: str,
    name: str,
    fractions: Sequence[WasteFraction],
    capacity_l: int,
    capacity_kg: int,
    fixed_cost_cents: int = 0,
    cost_per_km_cents: int = 0,
    cost_per_h_cents: int = 0,
) -> int:
    """Add a vehicle to a depot; return its id."""
    values = {"depot_id": depot_id, "key": key, "name": name, "fractions": [str(one) for one in fractions]}
    capacity = {"capacity_l": capacity_l, "capacity_kg": capacity_kg, "fixed_cost_cents": fixed_cost_cents}
    costs = {"cost_per_km_cents": cost_per_km_cents, "cost_per_h_cents": cost_per_h_cents}
    return _add(connection, "add_vehicle", {**values, **capacity, **costs})


def add_shift(connection: Connection, *, vehicle_id: int, weekday: int, begins: time, ends: time) -> int:
    """Let a vehicle drive on an ISO weekday (1 is Monday) between two Berlin wall times; return the shift's id."""
    values = {"vehicle_id": vehicle_id, "weekday": weekday, "begins": begins, "ends": ends}
    return _add(connection, "add_shift", values)


def add_map_feature(
    connection: Connection,
    *,
    organisation_id: int,
    kind: str,
    geometry: Mapping[str, Any],
    name: str = "",
    rank: int = 0,
) -> int:
    """Add a place, road, water or boundary (`geometry`: GeoJSON) to the map; return its id."""
    values = {"organisation_id": organisation_id, "kind": kind, "name": name, "rank": rank}
    return _add(connection, "add_map_feature", {**values, "geometry": Jsonb(dict(geometry))})


def _derivation(spec: DatastreamSpec) -> str | None:
    """How storage computes it, if it does."""
    if spec.derivation is DerivationKind.DIFFERENCE:
        return "difference"
    if spec.derivation is DerivationKind.PASSAGES_TO_COUNTS:
        return "passage_speed" if spec.quantity == "speed" else "passage_count"
    return None


def _add(connection: Connection, query: str, values: Mapping[str, Any]) -> int:
    with translated():
        row = connection.execute(QUERIES[query], values).fetchone()
    if row is None:
        raise NotFound(f"{query}: what it refers to does not exist: {_named(values)}")
    if not isinstance(row[0], int):
        raise StorageError(f"{query} returned no id")
    return row[0]


def _named(values: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} {value}" for name, value in values.items() if name.endswith("_id") or name in ("id", "key")
    )
