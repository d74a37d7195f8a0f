"""What became of each message: lists and single ones, as the command line shows them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from psycopg.rows import dict_row

from domain.errors import NotFound
from domain.messages import OutcomeKind
from domain.quality import Quality
from storage.database import Connection, translated
from storage.queries import Queries

QUERIES = Queries("messages.sql")
BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
END = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredMessage:
    """A message as it was received, and what it led to; `payload` only when asked for alone, and if it was kept."""

    id: int
    received_at: datetime
    outcome: OutcomeKind
    reason: str | None
    detail: str | None
    device_id: int | None
    device_key: str | None
    organisation_key: str | None
    topic: str | None
    redelivered: bool
    quality: Quality
    reading_count: int
    passage_count: int
    duplicate_readings: int
    conflict_readings: int
    network_time: datetime | None
    f_cnt: int | None
    envelope: str | None
    profile_key: str | None
    profile_version: int | None
    payload: bytes | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class QuarantineGroup:
    """Quarantined messages of one device for one reason; `detail` is that of the newest."""

    reason: str | None
    device_key: str | None
    profile_key: str | None
    count: int
    first_at: datetime
    last_at: datetime
    detail: str | None


def list_messages(
    connection: Connection,
    *,
    device: str | None = None,
    outcome: OutcomeKind | None = None,
    reason: str | None = None,
    begin: datetime = BEGIN,
    end: datetime = END,
    before: int | None = None,
    limit: int = 50,
) -> list[StoredMessage]:
    """Messages received in [begin, end), the newest first; give the last one's id as `before` for the next page."""
    values = {"device": device, "outcome": None if outcome is None else int(outcome), "reason": reason}
    page = {"begin": begin, "end": end, "before": before, "limit": limit}
    return [_message(row) for row in _rows(connection, "list", {**values, **page})]


def show_message(connection: Connection, message_id: int) -> StoredMessage:
    """One message with its payload.

    Raises
    ------
    NotFound
        If there is none with this number.
    """
    found = _rows(connection, "show", {"id": message_id})
    if not found:
        raise NotFound(f"There is no message {message_id}; `landpuls messages list` shows those there are.")
    return _message(found[0])


def quarantine(connection: Connection) -> list[QuarantineGroup]:
    """What lies in quarantine, by reason and device."""
    return [QuarantineGroup(**row) for row in _rows(connection, "quarantine", {})]


def _rows(connection: Connection, query: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    with translated(), connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(QUERIES[query], values).fetchall()


def _message(row: dict[str, Any]) -> StoredMessage:
    return StoredMessage(
        **{**row, "outcome": OutcomeKind(row["outcome"]), "quality": Quality(row["quality"])}
    )
