"""What storage's tests receive messages from, and the messages themselves."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from device_profiles.profile import DatastreamSpec, DerivationKind
from domain.messages import Message, MessageKey, Outcome, OutcomeKind, Passage, Reading
from domain.quality import Quality
from domain.quantities import Aggregation
from domain.things import DatastreamKey, ThingKind
from storage import registry
from storage.database import Connection

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Yard:
    """Ids of what was built; `streams` by name."""

    organisation: int
    other: int
    container: int
    counter: int
    meter: int
    gate: int
    other_container: int
    device: int
    gate_installation: int
    streams: dict[str, int]


def spec(quantity: str, aggregation: Aggregation, qualifier: str = "", **more: Any) -> DatastreamSpec:
    """A datastream as a profile would name it."""
    return DatastreamSpec(quantity=quantity, qualifier=qualifier, unit="1", aggregation=aggregation, **more)


SPECS = {
    "container": [
        spec("fill_level", Aggregation.LAST),
        spec("temperature", Aggregation.MEAN),
    ],
    "counter": [
        spec("vehicle_count", Aggregation.SUM, "direction=1", period_s=900),
        spec("speed", Aggregation.WEIGHTED_MEAN, "direction=1", period_s=900),
    ],
    "meter": [
        spec("energy_total", Aggregation.LAST),
        spec(
            "energy",
            Aggregation.SUM,
            derivation=DerivationKind.DIFFERENCE,
            derived_from=(DatastreamKey(quantity="energy_total"),),
            wraps_at=1000.0,
            max_step=400.0,
        ),
    ],
    "gate": [
        spec(
            "vehicle_count",
            Aggregation.SUM,
            "class=car;direction=1",
            derivation=DerivationKind.PASSAGES_TO_COUNTS,
        ),
        spec(
            "vehicle_count",
            Aggregation.SUM,
            "class=lorry;direction=1",
            derivation=DerivationKind.PASSAGES_TO_COUNTS,
        ),
        spec("speed", Aggregation.WEIGHTED_MEAN, "direction=1", derivation=DerivationKind.PASSAGES_TO_COUNTS),
    ],
}


def build_yard(connection: Connection) -> Yard:
    """Register it; the caller commits."""
    organisation = registry.add_organisation(connection, key="yard", name="Yard", kind="municipality")
    other = registry.add_organisation(connection, key="other", name="Other", kind="municipality")
    ids = {}
    for kind in ("container", "counter", "meter", "gate"):
        ids[kind] = _thing(
            connection, organisation, kind, ThingKind.COUNTER if kind == "gate" else ThingKind(kind)
        )
        registry.add_datastreams(connection, ids[kind], SPECS[kind])
    ids["other_container"] = _thing(connection, other, "container", ThingKind.CONTAINER)
    registry.add_datastreams(connection, ids["other_container"], SPECS["container"])
    device = registry.register_device(
        connection, organisation_id=organisation, key="AA00000000000001", profile_key="test/test"
    )
    row = connection.execute(
        """INSERT INTO installation (organisation_id, device_id, thing_id, valid_from)
           VALUES (%s, %s, %s, %s) RETURNING id""",
        (organisation, device, ids["gate"], NOON - timedelta(days=100)),
    ).fetchone()
    assert row is not None
    names = {thing: kind for kind, thing in ids.items()}
    found = connection.execute("SELECT id, thing_id, quantity, qualifier FROM datastream").fetchall()
    streams = {
        f"{names[thing]} {quantity} {qualifier}".strip(): one for one, thing, quantity, qualifier in found
    }
    return Yard(
        organisation=organisation,
        other=other,
        device=device,
        gate_installation=row[0],
        streams=streams,
        **ids,
    )


def _thing(connection: Connection, organisation: int, key: str, kind: ThingKind) -> int:
    return registry.add_thing(
        connection, organisation_id=organisation, key=key, name=key, kind=kind, longitude=14.0, latitude=51.5
    )


def hashed(text: str) -> UUID:
    """A UUID that stands for a text."""
    return UUID(bytes=hashlib.blake2b(text.encode(), digest_size=16).digest())


def reading(stream: int, time: datetime, value: float, **more: Any) -> Reading:
    """A reading without reproach."""
    return Reading(datastream_id=stream, time=time, value=value, **more)


def stored(
    yard: Yard,
    key: str,
    readings: Sequence[Reading] = (),
    *,
    payload: str | None = None,
    received_at: datetime = NOON,
    redelivered: bool = False,
    weak: bool = False,
    passages: Sequence[Passage] = (),
    **more: Any,
) -> Outcome:
    """A message that was understood."""
    body = payload if payload is not None else key
    message = Message(topic="t", payload=body.encode(), received_at=received_at, redelivered=redelivered)
    values: dict[str, Any] = {"kind": OutcomeKind.STORED, "organisation_id": yard.organisation} | more
    return Outcome(
        message=message,
        key=MessageKey(key=hashed(key), payload_hash=hashed(f"payload {body}"), weak=weak),
        device_id=values.pop("device_id", yard.device),
        readings=tuple(readings),
        passages=tuple(passages),
        **values,
    )


def passage(yard: Yard, time: datetime, ordinal: int = 0, **more: Any) -> Passage:
    """A vehicle at the gate."""
    values: dict[str, Any] = {"direction": 1, "vehicle_class": "car", "speed_kmh": 50.0} | more
    return Passage(
        installation_id=yard.gate_installation, thing_id=yard.gate, time=time, ordinal=ordinal, **values
    )


def rows(connection: Connection, query: str, *values: object) -> list[tuple[Any, ...]]:
    """All rows of a query; the transaction is ended, so that the next look sees the next state."""
    found = connection.execute(query, values or None).fetchall()
    connection.rollback()
    return found


def series(connection: Connection, stream: int) -> list[tuple[Any, ...]]:
    """Time, value, period and quality of a datastream's readings."""
    query = "SELECT time, value, period_s, quality FROM reading WHERE datastream_id = %s ORDER BY time"
    return [
        (time, value, period, Quality(flags))
        for time, value, period, flags in rows(connection, query, stream)
    ]
