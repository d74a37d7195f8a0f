"""Two municipalities and an association that plans for one of them: what the API's tests ask about."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from device_profiles.profile import DatastreamSpec
from domain.access import Permission, Role
from domain.messages import Message, MessageKey, Outcome, OutcomeKind, Reading
from domain.quantities import QUANTITIES
from domain.things import ThingKind, WasteFraction
from storage import registry
from storage.batch import commit_batch
from storage.database import Connection

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
"""The time that the service's clock shows: a Wednesday noon in summer time."""
TODAY = NOW.date()
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@dataclass(kw_only=True)
class Region:
    """Ids by name, and an API key for each organisation and role."""

    calau: int
    vetschau: int
    association: int
    ids: dict[str, int] = field(default_factory=dict)
    keys: dict[tuple[str, Role], str] = field(default_factory=dict)
    streams: dict[tuple[int, str, str], int] = field(default_factory=dict)

    def key(self, organisation: str, role: Role = Role.VIEWER) -> str:
        """The API key of an organisation in a role."""
        return self.keys[organisation, role]

    def stream(self, thing: str, quantity: str, qualifier: str = "") -> int:
        """The datastream of a thing by its name."""
        return self.streams[self.ids[thing], quantity, qualifier]


def build_region(owner: Connection) -> Region:
    """Register everything; the caller commits."""
    region = Region(
        calau=registry.add_organisation(owner, key="120660052052", name="Calau", kind="municipality"),
        vetschau=registry.add_organisation(owner, key="120660320320", name="Vetschau", kind="municipality"),
        association=registry.add_organisation(
            owner, key="kav", name="Abfallverband", kind="association", invented=True
        ),
    )
    registry.grant(
        owner, organisation_id=region.calau, grantee_id=region.association, permission=Permission.PLAN
    )
    for name in ("calau", "vetschau", "association"):
        for role in Role:
            region.keys[name, role] = registry.create_api_key(owner, getattr(region, name), f"{role}", role)
    _containers(owner, region)
    _counter(owner, region)
    _fleet(owner, region)
    region.ids["device"] = registry.register_device(
        owner, organisation_id=region.calau, key="70B3D57ED0000001", profile_key="test/bin", name="Sensor 1"
    )
    region.ids["vetschau_device"] = registry.register_device(
        owner, organisation_id=region.vetschau, key="70B3D57ED0000002", profile_key="test/bin"
    )
    found = owner.execute("SELECT id, thing_id, quantity, qualifier FROM datastream").fetchall()
    region.streams = {(thing, quantity, qualifier): one for one, thing, quantity, qualifier in found}
    return region


def _containers(owner: Connection, region: Region) -> None:
    named = {
        "calau_residual": (region.calau, WasteFraction.RESIDUAL),
        "calau_paper": (region.calau, WasteFraction.PAPER),
        "calau_glass": (region.calau, WasteFraction.GLASS),
        "vetschau_residual": (region.vetschau, WasteFraction.RESIDUAL),
    }
    for number, (name, (organisation, fraction)) in enumerate(named.items()):
        place = {"longitude": 13.95 + number / 100, "latitude": 51.74}
        site = registry.add_site(
            owner,
            organisation_id=organisation,
            key=name,
            name=f"Standplatz {number}",
            address="Markt 1",
            **place,
        )
        thing = registry.add_thing(
            owner,
            organisation_id=organisation,
            key=name,
            name=name,
            kind=ThingKind.CONTAINER,
            site_id=site,
            **place,
        )
        registry.add_container(
            owner, thing_id=thing, waste_fraction=fraction, volume_l=1100, density_kg_l=0.1
        )
        registry.add_datastreams(owner, thing, [spec("fill_level"), spec("temperature")])
        region.ids[name] = thing


def _counter(owner: Connection, region: Region) -> None:
    counter = registry.add_thing(
        owner,
        organisation_id=region.calau,
        key="b169",
        name="B 169",
        kind=ThingKind.COUNTER,
        longitude=13.96,
        latitude=51.75,
    )
    registry.add_datastreams(
        owner,
        counter,
        [
            spec("vehicle_count", "class=car", period_s=900),
            spec("vehicle_count", "class=lorry", period_s=900),
            spec("speed", "", period_s=900),
        ],
    )
    region.ids["counter"] = counter


def _fleet(owner: Connection, region: Region) -> None:
    depot = registry.add_depot(
        owner, organisation_id=region.association, key="d", name="Depot", longitude=13.9, latitude=51.7
    )
    region.ids["depot"] = depot
    region.ids["vehicle"] = registry.add_vehicle(
        owner,
        depot_id=depot,
        key="v1",
        name="OSL-AV 101",
        fractions=list(WasteFraction),
        capacity_l=30_000,
        capacity_kg=10_000,
    )


def spec(quantity: str, qualifier: str = "", period_s: int | None = None) -> DatastreamSpec:
    """A datastream of a quantity as the whole system knows it."""
    known = QUANTITIES[quantity]
    return DatastreamSpec(
        quantity=quantity,
        qualifier=qualifier,
        unit=known.unit,
        aggregation=known.aggregation,
        period_s=period_s,
    )


def hashed(text: str) -> UUID:
    """A UUID that stands for a text."""
    return UUID(bytes=hashlib.blake2b(text.encode(), digest_size=16).digest())


def outcome(
    organisation: int | None,
    device: int | None,
    name: str,
    readings: list[Reading] | None = None,
    **more: Any,
) -> Outcome:
    """A message of a device, understood unless said otherwise."""
    received_at = more.pop("received_at", NOW)
    message = Message(
        topic=f"landpuls/v1/x/{name}/up", payload=more.pop("payload", name.encode()), received_at=received_at
    )
    values: dict[str, Any] = {"kind": OutcomeKind.STORED, "profile_key": "test/bin"} | more
    return Outcome(
        message=message,
        key=MessageKey(key=hashed(name), payload_hash=hashed(f"payload {name}")),
        organisation_id=organisation,
        device_id=device,
        readings=tuple(readings or ()),
        **values,
    )


def fill(region: Region, ingest: Connection, thing: str, levels: list[float], end: datetime = NOW) -> None:
    """Commit fill levels of a container, a minute apart, the last one at `end`, in a message each."""
    stream = region.stream(thing, "fill_level")
    organisation = region.vetschau if thing.startswith("vetschau") else region.calau
    device = region.ids["vetschau_device" if thing.startswith("vetschau") else "device"]
    begin = end - MINUTE * (len(levels) - 1)
    batch = [
        outcome(
            organisation,
            device,
            f"{thing} {begin + MINUTE * index}",
            [Reading(datastream_id=stream, time=begin + MINUTE * index, value=level)],
            received_at=begin + MINUTE * index,
        )
        for index, level in enumerate(levels)
    ]
    commit_batch(ingest, batch)


def add_plan(owner: Connection, region: Region, status: str = "draft", day: Any = TODAY) -> dict[str, int]:
    """Write a plan of the association with one tour of two containers; return ids by name."""
    (plan,) = _one(
        owner,
        "INSERT INTO plan (organisation_id, day, status, feasible, progress) VALUES (%s, %s, %s, true, 1) RETURNING id",
        region.association,
        day,
        status,
    )
    (tour,) = _one(
        owner,
        "INSERT INTO tour (organisation_id, plan_id, vehicle_id, number, begins_at, ends_at, distance_m, drive_s,"
        " cost_cents) VALUES (%s, %s, %s, 1, %s, %s, 12000, 1800, 9900) RETURNING id",
        region.association,
        plan,
        region.ids["vehicle"],
        NOW,
        NOW + HOUR,
    )
    ids = {"plan": plan, "tour": tour}
    stops = [("start", None), ("container", "calau_residual"), ("container", "calau_paper"), ("end", None)]
    for position, (kind, thing) in enumerate(stops):
        at = NOW + timedelta(minutes=10 * position)
        (stop,) = _one(
            owner,
            "INSERT INTO stop (organisation_id, tour_id, position, kind, thing_id, depot_id, longitude, latitude,"
            " arrives_at, begins_at, departs_at, distance_m, load_l, load_kg, demand_l)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, 51.74, %s, %s, %s, 4000, 0, 0, 0) RETURNING id",
            region.association,
            tour,
            position,
            kind,
            region.ids[thing] if thing else None,
            None if thing else region.ids["depot"],
            13.9 + position / 100,
            at,
            at,
            at,
        )
        ids[thing or kind] = stop
    owner.commit()
    return ids


def _one(connection: Connection, query: str, *values: Any) -> tuple[Any, ...]:
    row = connection.execute(query, values).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return row
