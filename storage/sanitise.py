"""Values that the database can hold, whatever a device sent: no content may ever block a batch."""

from datetime import UTC, datetime, timedelta

import numpy as np

from domain.messages import MAX_PAYLOAD_BYTES, Outcome, Passage, Reading

MAX_TEXT = 4_000
MAX_KIND = 100
INT2_MAX = 2**15 - 1
INT4_MAX = 2**31 - 1
INT8_MAX = 2**63 - 1
FLOAT4_MAX = float(np.finfo(np.float32).max)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
MAX_LEAD = timedelta(days=1)


def text(value: object, longest: int = MAX_TEXT) -> str | None:
    """Text without NUL characters and lone surrogates, which PostgreSQL refuses, and of bounded length."""
    if value is None:
        return None
    clean = str(value)[:longest]
    if clean.isascii() and "\0" not in clean:
        return clean
    return clean.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def whole(value: int | None, highest: int) -> int | None:
    """The number if its column can hold it."""
    return value if value is not None and -highest - 1 <= value <= highest else None


def single(value: float | None) -> float | None:
    """The number if single precision can hold it."""
    return value if value is not None and abs(value) <= FLOAT4_MAX else None


def payload(outcome: Outcome) -> bytes:
    """What is kept of a payload."""
    return outcome.message.payload[:MAX_PAYLOAD_BYTES]


def storable_reading(reading: Reading, received_at: datetime) -> bool:
    """Whether a reading fits: the interpreter has judged its time, this keeps absurd days from being created."""
    return EARLIEST <= reading.time <= received_at + MAX_LEAD and 0 < reading.datastream_id <= INT4_MAX


def storable_passage(passage: Passage, received_at: datetime) -> bool:
    """Whether a passage fits."""
    return (
        EARLIEST <= passage.time <= received_at + MAX_LEAD
        and 0 < passage.installation_id <= INT4_MAX
        and 0 < passage.thing_id <= INT4_MAX
        and 0 <= passage.ordinal <= INT2_MAX
    )
