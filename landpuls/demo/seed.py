"""Puts the simulated region into the database: the only place where simulators and storage meet."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from device_profiles.registry import Profiles
from domain.access import Role
from simulators.region import Region
from simulators.region.model import Container, Thing
from storage import registry
from storage.database import Connection
from storage.queries import Queries

HISTORY = timedelta(days=30)
"""How long before now the devices were installed: longer than any history that is replayed."""
QUERIES = Queries("demo.sql", "landpuls.demo")
SHAPE = frozenset({"organisation_key", "key", "name", "longitude", "latitude", "site_key", "kind"})
"""Fields of a thing that have columns of their own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiKeys:
    """The keys that the demo made for itself, in plain."""

    page: str
    driver: str


def is_seeded(connection: Connection, region: Region) -> bool:
    """Whether the region's planning organisation is there already."""
    row = connection.execute(QUERIES["has_organisation"], {"key": region.association_key}).fetchone()
    return row is not None


def seed(connection: Connection, region: Region, profiles: Profiles, *, now: datetime) -> ApiKeys:
    """Register everything and make the demo's keys in one transaction: all of it, or nothing.

    Parameters
    ----------
    connection
        In the role owner.
    """
    keys = make_keys(connection, register(connection, region, profiles, now=now))
    connection.commit()
    return keys


def register(connection: Connection, region: Region, profiles: Profiles, *, now: datetime) -> int:
    """Register everything but keys; return the id of the organisation that plans. The caller commits."""
    organisations = {
        one.key: registry.add_organisation(
            connection,
            key=one.key,
            name=one.name,
            kind=one.kind,
            longitude=one.longitude,
            latitude=one.latitude,
            invented=one.invented,
        )
        for one in region.organisations
    }
    for grant in region.grants:
        registry.grant(
            connection,
            organisation_id=organisations[grant.organisation_key],
            grantee_id=organisations[grant.grantee_key],
            permission=grant.permission,
        )
    sites = _add_sites(connection, region, organisations)
    things = {thing.key: _add_thing(connection, thing, organisations, sites) for thing in region.things}
    _add_devices(connection, region, profiles, organisations, things, installed=now - HISTORY)
    _add_fleet(connection, region, organisations)
    for feature in region.map_features:
        registry.add_map_feature(
            connection,
            organisation_id=organisations[feature.organisation_key],
            kind=feature.kind,
            name=feature.name,
            rank=feature.rank,
            geometry=feature.geometry,
        )
    return organisations[region.association_key]


def make_keys(connection: Connection, association_id: int) -> ApiKeys:
    """Create the keys of the page and of the driver; the caller commits."""
    return ApiKeys(
        page=registry.create_api_key(
            connection, association_id, "Demo: page", Role.OPERATOR, installation_wide=True
        ),
        driver=registry.create_api_key(connection, association_id, "Demo: simulated driver", Role.OPERATOR),
    )


def renew_keys(connection: Connection, region: Region) -> ApiKeys:
    """Create new keys for a region that is there, for the case that the old ones were lost; commits."""
    row = connection.execute(QUERIES["has_organisation"], {"key": region.association_key}).fetchone()
    assert row is not None, "the region is seeded"
    keys = make_keys(connection, int(row[0]))
    connection.commit()
    return keys


def _add_sites(connection: Connection, region: Region, organisations: Mapping[str, int]) -> dict[str, int]:
    return {
        site.key: registry.add_site(
            connection,
            organisation_id=organisations[site.organisation_key],
            key=site.key,
            name=site.name,
            address=site.address,
            longitude=site.longitude,
            latitude=site.latitude,
            setup_s=site.setup_s,
            access_note=site.access_note,
        )
        for site in region.sites
    }


def _add_thing(
    connection: Connection, thing: Thing, organisations: Mapping[str, int], sites: Mapping[str, int]
) -> int:
    thing_id = registry.add_thing(
        connection,
        organisation_id=organisations[thing.organisation_key],
        key=thing.key,
        name=thing.name,
        kind=thing.kind,
        longitude=thing.longitude,
        latitude=thing.latitude,
        site_id=sites[thing.site_key] if isinstance(thing, Container) else None,
        properties=_properties(thing),
    )
    if isinstance(thing, Container):
        registry.add_container(
            connection,
            thing_id=thing_id,
            waste_fraction=thing.waste_fraction,
            volume_l=thing.volume_l,
            density_kg_l=thing.density_kg_l,
            service_s=thing.service_s,
            threshold_percent=thing.threshold_percent,
            max_interval_days=thing.max_interval_days,
        )
    return thing_id


def _properties(thing: Thing) -> dict[str, Any]:
    return {each.name: getattr(thing, each.name) for each in fields(thing) if each.name not in SHAPE}


def _add_devices(
    connection: Connection,
    region: Region,
    profiles: Profiles,
    organisations: Mapping[str, int],
    things: Mapping[str, int],
    *,
    installed: datetime,
) -> None:
    for device in region.devices:
        device_id = registry.register_device(
            connection,
            organisation_id=organisations[device.organisation_key],
            key=device.key,
            name=device.name,
            profile_key=device.profile_key,
        )
        registry.install(
            connection,
            device_id=device_id,
            thing_id=things[device.thing_key],
            profile=profiles[device.profile_key],
            valid_from=installed,
            parameters=device.parameters,
        )


def _add_fleet(connection: Connection, region: Region, organisations: Mapping[str, int]) -> None:
    depots = {
        depot.key: registry.add_depot(
            connection,
            organisation_id=organisations[depot.organisation_key],
            key=depot.key,
            name=depot.name,
            longitude=depot.longitude,
            latitude=depot.latitude,
        )
        for depot in region.depots
    }
    for facility in region.facilities:
        registry.add_facility(
            connection,
            organisation_id=organisations[facility.organisation_key],
            key=facility.key,
            name=facility.name,
            longitude=facility.longitude,
            latitude=facility.latitude,
            fractions=facility.fractions,
            service_s=facility.service_s,
            opens=facility.opens,
            closes=facility.closes,
        )
    vehicles = {
        vehicle.key: registry.add_vehicle(
            connection,
            depot_id=depots[vehicle.depot_key],
            key=vehicle.key,
            name=vehicle.name,
            fractions=vehicle.fractions,
            capacity_l=vehicle.capacity_l,
            capacity_kg=vehicle.capacity_kg,
            fixed_cost_cents=vehicle.fixed_cost_cents,
            cost_per_km_cents=vehicle.cost_per_km_cents,
            cost_per_h_cents=vehicle.cost_per_h_cents,
        )
        for vehicle in region.vehicles
    }
    for shift in region.shifts:
        registry.add_shift(
            connection,
            vehicle_id=vehicles[shift.vehicle_key],
            weekday=shift.weekday,
            begins=shift.begins,
            ends=shift.ends,
        )
