"""Messages: what became of each, with its payload; and what lies in quarantine."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api import problems
from api.access import Reader
from api.clock import Now
from api.fields import BigId, Instant, Text, Time
from api.pages import Filters, Limit, Page, PageFilters, page, whole
from api.problems import ProblemError, invalid
from api.queries import load
from api.reads import Row, row, rows
from domain.messages import OutcomeKind
from domain.time import EPOCH
from storage.database import AsyncConnection

router = APIRouter(tags=["messages"])
QUERIES = load("messages.sql")

USUAL = timedelta(days=31)
LONGEST = timedelta(days=92)
SKEW = timedelta(minutes=5)
LOOKBACKS = (timedelta(minutes=20), timedelta(hours=4), timedelta(days=2))

Outcome = Literal["stored", "duplicate", "quarantined", "ignored", "discarded"]


class Message(BaseModel):
    """One MQTT message and what became of it."""

    id: int
    received_at: Time
    outcome: Outcome
    reason: str | None = Field(description="Why it is in quarantine, or was ignored.")
    detail: str | None = Field(description="The reason in a sentence.")
    organisation_id: int | None = Field(description="Null if it belongs to none that is known.")
    device_id: int | None
    device_key: str | None
    profile_key: str | None
    profile_version: int | None
    envelope: str | None = Field(description="Which network server's form it has.")
    topic: str | None
    reading_count: int = Field(description="Readings that it added.")
    passage_count: int = Field(description="Passages that it added.")
    duplicate_readings: int = Field(description="Equal values that were there already.")
    conflict_readings: int = Field(description="Other values for a datastream and time that had one.")
    redelivered: bool = Field(description="The broker said that it may have sent it before.")
    quality: int
    f_cnt: int | None
    network_time: Time | None


class MessageWithPayload(Message):
    """A message with what it carried."""

    payload_base64: str | None = Field(description="Null where it is not kept, as of duplicates.")
    payload_text: str | None = Field(description="The same as text, if it is UTF-8.")


class QuarantineGroup(BaseModel):
    """Messages that lie in quarantine for the same reason."""

    reason: str | None
    device_key: str | None
    profile_key: str | None
    count: int
    first_at: Time
    last_at: Time
    detail: str | None = Field(description="The newest one's reason in a sentence.")
    newest_message_id: int


class MessageFilters(PageFilters):
    """Which messages."""

    device: Annotated[Text, Field(max_length=128)] | None = Field(
        None,
        description="Of devices with this key. Several organisations may have one with the same; "
        "`organisation` tells them apart.",
    )
    organisation: Annotated[
        list[Annotated[Text, Field(max_length=63)]],
        Field(
            max_length=50, description="Only messages of these organisations, by key or id; may be repeated."
        ),
    ] = Field(default_factory=list)
    outcome: Outcome | None = None
    reason: Annotated[Text, Field(max_length=40)] | None = Field(None, description="Such as unknown_device.")
    from_: Instant | None = Field(
        None, alias="from", description="Arrived then or later; 31 days ago if not given."
    )
    to: Instant | None = Field(None, description="Arrived before; now if not given.")


class QuarantineFilters(Filters):
    """How many groups."""

    limit: Limit = 100


@router.get("/messages", response_model=Page[Message])
async def list_messages(
    caller: Reader, now: Now, query: Annotated[MessageFilters, Query()]
) -> dict[str, Any]:
    """List messages and what became of each, the newest first."""
    end = query.to or now + SKEW
    begin = query.from_ or end - USUAL
    if not begin < end <= begin + LONGEST:
        raise invalid("from", f"must lie before `to`, and {LONGEST.days} days before it at most")
    keyset = query.keyset("messages", datetime, int)
    before, before_id = keyset.decode(query.cursor)
    async with caller.transaction() as connection:
        parameters = {
            "outcome": OutcomeKind[query.outcome.upper()] if query.outcome else None,
            "reason": query.reason,
            "organisations": await _organisations(connection, query.organisation),
            "devices": await _devices(connection, query.device),
            "device_key": query.device,
            "before": before,
            "before_id": before_id,
            "to": end,
            "limit": query.limit + 1,
        }
        for first in beginnings(begin, before or end):
            found = await rows(connection, QUERIES["messages"], **parameters | {"from": first})
            if len(found) > query.limit:
                break
    return page(
        [_named(one) for one in found], query.limit, keyset, lambda item: [item["received_at"], item["id"]]
    )


@router.get("/messages/{message_id}", response_model=MessageWithPayload)
async def get_message(caller: Reader, now: Now, message_id: Annotated[BigId, Path()]) -> Row:
    """Return one message with its payload."""
    async with caller.transaction() as connection:
        for first in (*beginnings(now - USUAL, now), EPOCH):
            found = await row(connection, QUERIES["message"], id=message_id, **{"from": first})
            if found is not None:
                break
    if found is None:
        raise ProblemError(problems.NOT_FOUND, f"There is no message {message_id} that you may see.")
    payload: bytes | None = found.pop("payload")
    return _named(found) | {
        "payload_base64": None if payload is None else b64encode(payload).decode(),
        "payload_text": None if payload is None else _text(payload),
    }


@router.get("/quarantine", response_model=Page[QuarantineGroup])
async def list_quarantine(caller: Reader, query: Annotated[QuarantineFilters, Query()]) -> dict[str, Any]:
    """List what lies in quarantine by reason, device and profile, the newest first."""
    async with caller.transaction() as connection:
        return whole(await rows(connection, QUERIES["quarantine"], limit=query.limit))


def beginnings(begin: datetime, end: datetime) -> Iterator[datetime]:
    """Return where to begin looking back from `end`: not far at first, at `begin` at last."""
    for span in LOOKBACKS:
        if end - span > begin:
            yield end - span
    yield begin


async def _devices(connection: AsyncConnection, key: str | None) -> list[int]:
    """Return the ids of the devices that are registered under a key: none, one, or one in each organisation."""
    if key is None:
        return []
    return [int(found["id"]) for found in await rows(connection, QUERIES["devices_of"], key=key)]


async def _organisations(connection: AsyncConnection, names: list[str]) -> list[int] | None:
    """Return the ids of the organisations that were asked for by key or id; None if all are meant."""
    if not names:
        return None
    found = await rows(connection, QUERIES["organisations_of"], organisations=names)
    return [int(one["id"]) for one in found]


def _named(found: Row) -> Row:
    return found | {"outcome": OutcomeKind(found["outcome"]).name.lower()}


def _text(payload: bytes) -> str | None:
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        return None
