"""From a PUBLISH to what became of it: message, uplink, readings, passages, outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from domain.quality import Quality
from domain.time import check_aware

MAX_PAYLOAD_BYTES = 65_536
"""Longer messages are quarantined unread, their first bytes kept: no bundled network server sends more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One MQTT PUBLISH as it reached us."""

    topic: str
    payload: bytes
    received_at: datetime
    redelivered: bool = False
    """The DUP flag: the broker says that it may have sent this before."""
    uncut_bytes: int | None = None
    """The true size of a payload of which only the first `MAX_PAYLOAD_BYTES` + 1 bytes were kept."""
    uncut_digest: bytes = b""
    """Of such a payload as a whole, so that two with the same beginning stay two messages."""

    def __post_init__(self) -> None:
        check_aware(self.received_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Uplink:
    """What an envelope says: which device, when, and the payload still to be decoded.

    `payload` is bytes for binary profiles and the decoded JSON object for profiles with method `json`.
    `dedup` identifies the uplink for good (a deduplication id, or session and frame counter); None if the envelope
    carries nothing of the kind.
    """

    envelope: str
    device_key: str
    payload: bytes | Mapping[str, Any]
    organisation_key: str | None = None
    f_port: int | None = None
    f_cnt: int | None = None
    dedup: str | None = None
    device_time: datetime | None = None
    network_time: datetime | None = None
    rssi_dbm: float | None = None
    snr_db: float | None = None
    simulated: bool = False


class OutcomeKind(IntEnum):
    """What became of a message; the values are stored."""

    STORED = 1
    DUPLICATE = 2
    QUARANTINED = 3
    IGNORED = 4
    DISCARDED = 5
    """Was quarantined, and a person discarded it; counts as quarantined in the ledger."""


class Reason(StrEnum):
    """Why a message is in quarantine or was ignored; the value is shown to people beside a sentence of detail."""

    UNEXPECTED_TOPIC = "unexpected_topic"
    TOO_LARGE = "too_large"
    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    BAD_ENVELOPE = "bad_envelope"
    UNKNOWN_DEVICE = "unknown_device"
    WRONG_ORGANISATION = "wrong_organisation"
    NOT_INSTALLED = "not_installed"
    UNKNOWN_PROFILE = "unknown_profile"
    UNDECODABLE = "undecodable"
    NO_TIME = "no_time"
    NO_DATASTREAM = "no_datastream"
    NOT_AN_UPLINK = "not_an_uplink"
    """Ignored: joins, acknowledgements, status messages of the network server."""
    NO_READINGS = "no_readings"
    """Ignored: decoded well and says nothing to store, such as a boot message."""
    CODEC_FAILED = "codec_failed"
    """Quarantined: our own code failed on it; a defect to report, and the message is kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A datastream's value at a phenomenon time; an interval's value is stamped with its begin and has `period_s`.

    `weight` is the count behind a weighted mean (vehicles behind a mean speed), else None for 1.
    """

    datastream_id: int
    time: datetime
    value: float
    quality: Quality = Quality.GOOD
    period_s: int | None = None
    weight: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """One vehicle's event at a counting cross-section; `ordinal` tells two in one message and second apart."""

    installation_id: int
    thing_id: int
    time: datetime
    ordinal: int
    direction: int | None = None
    lane: int | None = None
    vehicle_class: str | None = None
    speed_kmh: float | None = None
    length_m: float | None = None
    quality: Quality = Quality.GOOD


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusEvent:
    """A status flag that a device raised: tilt, fire, battery low, tamper."""

    thing_id: int
    kind: str
    time: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageKey:
    """Identity of an uplink for deduplication.

    `key` is a 128-bit BLAKE2b of the identity; `payload_hash` of topic and payload. `weak` keys come from content alone
    and count as duplicates only when DUP is set or within 60 s.
    """

    key: UUID
    payload_hash: UUID
    weak: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What `interpret` made of a message, ready to be committed.

    `kind` is STORED, QUARANTINED or IGNORED; DUPLICATE is found by the database at commit.
    """

    message: Message
    kind: OutcomeKind
    key: MessageKey
    envelope: str | None = None
    organisation_id: int | None = None
    device_id: int | None = None
    device_key: str | None = None
    installation_id: int | None = None
    profile_key: str | None = None
    profile_version: int | None = None
    network_time: datetime | None = None
    f_cnt: int | None = None
    reason: Reason | None = None
    detail: str | None = None
    readings: tuple[Reading, ...] = ()
    passages: tuple[Passage, ...] = ()
    events: tuple[StatusEvent, ...] = field(default=())
