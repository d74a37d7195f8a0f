"""A batch's outcomes as columns, ready to be staged: arrays where widths are fixed, lists where they are not."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from domain.messages import Outcome, OutcomeKind, Reason
from domain.quality import Quality
from domain.time import berlin_day, from_micros
from storage import sanitise
from storage.keys import Verdict
from storage.staging import Column, micros

DAY_US = 86_400_000_000
QUARTER_US = 900_000_000
INT2_MASK = 0x7FFF
KEEPS_PAYLOAD = (OutcomeKind.STORED, OutcomeKind.QUARANTINED)
FILLED_IN = dict.fromkeys(
    ("quality", "reading_count", "passage_count", "duplicate_readings", "conflict_readings"), 0
) | {"redelivered": False}
"""What the table of messages fills in; null elsewhere."""
OWN_TOPIC = "landpuls/v1/"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadingColumns:
    """Readings of a batch, sorted by datastream and time; each array has one entry a reading.

    `message` is the index of its message in the batch; `fresh` whether it is the first of its datastream and time.
    """

    message: NDArray[np.int32]
    fresh: NDArray[np.bool_]
    datastream_id: NDArray[np.int32]
    time_us: NDArray[np.int64]
    value: NDArray[np.float64]
    period_s: NDArray[np.int32]
    weight: NDArray[np.float32]
    quality: NDArray[np.int16]

    def columns(self) -> list[Column]:
        """As the staging table wants them."""
        return [
            Column(name="row", type="int4", values=np.arange(len(self.message), dtype=np.int32)),
            Column(name="fresh", type="bool", values=self.fresh),
            Column(name="datastream_id", type="int4", values=self.datastream_id),
            Column(name="time", type="timestamptz", values=self.time_us),
            Column(name="value", type="float8", values=self.value),
            Column(name="period_s", type="int4", values=self.period_s),
            Column(name="weight", type="float4", values=self.weight),
            Column(name="quality", type="int2", values=self.quality),
        ]

    def touched(self) -> list[Column]:
        """The quarter hours that the plausible readings fall into, each once."""
        plausible = self.quality & int(Quality.IMPLAUSIBLE) == 0
        streams, quarters = self.datastream_id[plausible], self.time_us[plausible] // QUARTER_US
        # Sorted by datastream and time, so repetitions stand together.
        new = np.ones(len(streams), bool)
        new[1:] = (streams[1:] != streams[:-1]) | (quarters[1:] != quarters[:-1])
        return [
            Column(name="datastream_id", type="int4", values=streams[new]),
            Column(name="begins_at", type="timestamptz", values=quarters[new] * QUARTER_US),
        ]


def reading_columns(outcomes: Sequence[Outcome], verdicts: Sequence[Verdict]) -> ReadingColumns:
    """Collect the readings of the messages that are stored."""
    found = [
        (number, reading, Quality.NEW_EPOCH if verdict.new_epoch else Quality.GOOD)
        for number, (outcome, verdict) in enumerate(zip(outcomes, verdicts, strict=True))
        if outcome.kind is OutcomeKind.STORED and not verdict.duplicate
        for reading in outcome.readings
    ]
    count = len(found)
    time_us = micros([one.time for _, one, _ in found])
    streams = np.fromiter((one.datastream_id for _, one, _ in found), np.int32, count)
    order = np.lexsort((np.arange(count), time_us, streams))
    streams, time_us = streams[order], time_us[order]
    fresh = np.ones(count, bool)
    fresh[1:] = (streams[1:] != streams[:-1]) | (time_us[1:] != time_us[:-1])
    periods = ((one.period_s or 0) for _, one, _ in found)
    weights = (np.nan if one.weight is None else one.weight for _, one, _ in found)
    with np.errstate(over="ignore"):
        single = np.fromiter(weights, np.float64, count).astype(np.float32)
    return ReadingColumns(
        message=np.fromiter((number for number, _, _ in found), np.int32, count)[order],
        fresh=fresh,
        datastream_id=streams,
        time_us=time_us,
        value=np.fromiter((one.value for _, one, _ in found), np.float64, count)[order],
        period_s=np.clip(np.fromiter(periods, np.int64, count), 0, sanitise.INT4_MAX).astype(np.int32)[order],
        weight=single[order],
        quality=np.fromiter(
            ((int(one.quality) | int(flag)) & INT2_MASK for _, one, flag in found), np.int16, count
        )[order],
    )


def passage_columns(outcomes: Sequence[Outcome], verdicts: Sequence[Verdict]) -> list[Column]:
    """Collect the passages of the messages that are stored."""
    found = [
        (verdict.key, passage)
        for outcome, verdict in zip(outcomes, verdicts, strict=True)
        if outcome.kind is OutcomeKind.STORED and not verdict.duplicate
        for passage in outcome.passages
    ]
    passages = [passage for _, passage in found]
    small = sanitise.INT2_MAX
    return [
        Column(name="time", type="timestamptz", values=[one.time for one in passages]),
        Column(name="message_key", type="uuid", values=[key for key, _ in found]),
        Column(name="installation_id", type="int4", values=[one.installation_id for one in passages]),
        Column(name="thing_id", type="int4", values=[one.thing_id for one in passages]),
        Column(name="ordinal", type="int2", values=[one.ordinal for one in passages]),
        Column(
            name="direction", type="int2", values=[sanitise.whole(one.direction, small) for one in passages]
        ),
        Column(name="lane", type="int2", values=[sanitise.whole(one.lane, small) for one in passages]),
        Column(name="speed_kmh", type="float4", values=[sanitise.single(one.speed_kmh) for one in passages]),
        Column(name="length_m", type="float4", values=[sanitise.single(one.length_m) for one in passages]),
        Column(
            name="vehicle_class",
            type="text",
            values=[sanitise.text(one.vehicle_class, sanitise.MAX_KIND) for one in passages],
        ),
        Column(name="quality", type="int2", values=[int(one.quality) & INT2_MASK for one in passages]),
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What each message of the batch added, by its index; messages that added nothing are left out."""

    readings: dict[int, int] = field(default_factory=dict)
    duplicates: dict[int, int] = field(default_factory=dict)
    conflicts: dict[int, int] = field(default_factory=dict)
    passages: dict[UUID, int] = field(default_factory=dict)


def message_columns(
    outcomes: Sequence[Outcome],
    verdicts: Sequence[Verdict],
    identities: Sequence[int],
    counts: Counts,
    organisations: dict[str, int],
) -> list[Column]:
    """Every message with what became of it; duplicates and ignored ones without their payload."""
    kinds = [
        OutcomeKind.DUPLICATE if verdict.duplicate else outcome.kind
        for outcome, verdict in zip(outcomes, verdicts, strict=True)
    ]
    numbers = range(len(outcomes))
    keys = [verdict.key for verdict in verdicts]
    vehicles = [0 if verdict.duplicate else counts.passages.get(verdict.key, 0) for verdict in verdicts]
    flags = [int(Quality.NEW_EPOCH) if verdict.new_epoch else 0 for verdict in verdicts]
    kept = [
        sanitise.payload(one) if kind in KEEPS_PAYLOAD else None
        for one, kind in zip(outcomes, kinds, strict=True)
    ]
    owners = [
        one.organisation_id
        if one.organisation_id is not None
        else organisation_of(one.message.topic, organisations)
        for one in outcomes
    ]
    f_cnts = [sanitise.whole(one.f_cnt, sanitise.INT8_MAX) for one in outcomes]
    versions = [sanitise.whole(one.profile_version, sanitise.INT4_MAX) for one in outcomes]
    quarters = (micros([one.message.received_at for one in outcomes]) // QUARTER_US).tolist()
    days = {quarter: berlin_day(from_micros(quarter * QUARTER_US)) for quarter in set(quarters)}
    day = [days[quarter] for quarter in quarters]
    return [
        Column(name="received_at", type="timestamptz", values=[one.message.received_at for one in outcomes]),
        Column(name="id", type="bigint", values=identities),
        Column(name="key", type="uuid", values=keys),
        Column(name="organisation_id", type="int4", values=owners),
        Column(name="device_id", type="int4", values=[one.device_id for one in outcomes]),
        Column(name="installation_id", type="int4", values=[one.installation_id for one in outcomes]),
        Column(name="outcome", type="int2", values=[int(kind) for kind in kinds]),
        Column(name="redelivered", type="bool", values=[one.message.redelivered for one in outcomes]),
        Column(name="quality", type="int2", values=flags),
        Column(name="reading_count", type="int4", values=[counts.readings.get(n, 0) for n in numbers]),
        Column(name="passage_count", type="int4", values=vehicles),
        Column(name="duplicate_readings", type="int4", values=[counts.duplicates.get(n, 0) for n in numbers]),
        Column(name="conflict_readings", type="int4", values=[counts.conflicts.get(n, 0) for n in numbers]),
        Column(name="day", type="date", values=day),
        Column(name="network_time", type="timestamptz", values=[one.network_time for one in outcomes]),
        Column(name="f_cnt", type="bigint", values=f_cnts),
        Column(name="profile_version", type="int4", values=versions),
        Column(name="profile_key", type="text", values=[sanitise.text(one.profile_key) for one in outcomes]),
        Column(name="envelope", type="text", values=[sanitise.text(one.envelope) for one in outcomes]),
        Column(name="device_key", type="text", values=[sanitise.text(one.device_key) for one in outcomes]),
        Column(name="reason", type="text", values=[sanitise.text(one.reason) for one in outcomes]),
        Column(name="detail", type="text", values=[sanitise.text(one.detail) for one in outcomes]),
        Column(name="topic", type="text", values=[sanitise.text(one.message.topic) for one in outcomes]),
        Column(name="payload", type="bytea", values=kept),
    ]


def organisation_of(topic: str, organisations: dict[str, int]) -> int | None:
    """The organisation that one of our own topics names, so that it sees its unknown devices."""
    if not topic.startswith(OWN_TOPIC):
        return None
    return organisations.get(topic[len(OWN_TOPIC) :].partition("/")[0])


def admissible(outcome: Outcome) -> Outcome:
    """The outcome itself, or its quarantine if it holds times or ids that no table of ours can."""
    received_at = outcome.message.received_at
    if all(sanitise.storable_reading(one, received_at) for one in outcome.readings) and all(
        sanitise.storable_passage(one, received_at) for one in outcome.passages
    ):
        return outcome
    detail = "It holds a time before 2000 or more than a day ahead, or an id that cannot be; check the device's clock."
    return quarantined(outcome, Reason.NO_TIME, detail)


def quarantined(outcome: Outcome, reason: Reason, detail: str) -> Outcome:
    """The same message, kept aside for a person to look at."""
    return replace(
        outcome,
        kind=OutcomeKind.QUARANTINED,
        reason=reason,
        detail=detail,
        readings=(),
        passages=(),
        events=(),
    )


def utc_days(outcomes: Sequence[Outcome]) -> set[int]:
    """UTC days since 1970 that a batch's rows fall on."""
    times = [outcome.message.received_at for outcome in outcomes]
    times += [one.time for outcome in outcomes for one in outcome.readings]
    times += [one.time for outcome in outcomes for one in outcome.passages]
    return set(np.unique(micros(times) // DAY_US).tolist())


def without_defaults(columns: Sequence[Column]) -> list[Column]:
    """Leave out columns in which every row has what the table fills in by itself: fewer bytes, the same rows."""
    kept = []
    for column in columns:
        default = FILLED_IN.get(column.name)
        if any(value != default for value in column.values):
            kept.append(column)
    return kept
