"""The ledger: received = stored + duplicate + quarantined + ignored, recomputed from the messages at each request."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.access import Reader
from api.clock import Now
from api.fields import Day, day_range
from api.pages import Filters
from api.queries import load
from api.reads import Row, rows
from domain.time import berlin_day, day_bounds
from storage.database import AsyncConnection

router = APIRouter(tags=["ledger"])
QUERIES = load("ledger.sql")

MOST_DAYS = 92
OUTCOMES = ("stored", "duplicate", "quarantined", "ignored")
COUNTS = ("received", *OUTCOMES, "readings")


class LedgerCounts(BaseModel):
    """What became of messages."""

    received: int = Field(description="Messages that arrived and were committed.")
    stored: int
    duplicate: int
    quarantined: int = Field(description="Discarded ones included.")
    ignored: int = Field(description="Those without anything to store, such as joins.")
    readings: int = Field(description="Readings that the messages added.")


class LedgerDay(LedgerCounts):
    """What became of the messages of one day."""

    day: date = Field(description="Berlin day of arrival.")


class Ledger(BaseModel):
    """What became of the messages of some days."""

    days: list[LedgerDay]
    total: LedgerCounts
    balanced: bool = Field(
        description="Whether received = stored + duplicate + quarantined + ignored on every day."
    )


class LedgerFilters(Filters):
    """Which days."""

    from_: Day | None = Field(None, alias="from", description="First Berlin day; today if none is given.")
    to: Day | None = Field(None, description="Last Berlin day, included; today if not given.")


@router.get("/ledger", response_model=Ledger)
async def get_ledger(caller: Reader, now: Now, query: Annotated[LedgerFilters, Query()]) -> dict[str, Any]:
    """Say what became of every message, by day and in total."""
    async with caller.transaction() as connection:
        days = await ledger_days(connection, query, now)
    return {"days": days, "total": totals(days), "balanced": balanced(days)}


async def ledger_days(
    connection: AsyncConnection, query: LedgerFilters, now: datetime, *, device_id: int | None = None
) -> list[Row]:
    """Count what became of the messages, by Berlin day."""
    first, last = day_range(query.from_, query.to, today=berlin_day(now), most_days=MOST_DAYS)
    begin, end = day_bounds(first)[0], day_bounds(last)[1]
    return await rows(
        connection,
        QUERIES["ledger"],
        device=device_id,
        begin=begin,
        end=end,
        **{"from": first, "to": last},
    )


def totals(days: list[Row]) -> dict[str, int]:
    """Return the sum of each count."""
    return {name: sum(day[name] for day in days) for name in COUNTS}


def balanced(days: list[Row]) -> bool:
    """Whether every message of every day has exactly one outcome."""
    return all(day["received"] == sum(day[name] for name in OUTCOMES) for day in days)
