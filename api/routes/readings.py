"""Readings of a datastream: as they are, or summed up by quarter hour, hour or Berlin day."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api import problems
from api.access import Reader
from api.clock import Now
from api.cursors import Keyset
from api.fields import Id, Instant, Text, Time
from api.pages import PageFilters, page
from api.problems import ProblemError, invalid
from api.queries import load
from api.reads import Row, row, rows
from domain.quantities import Aggregation
from storage.database import AsyncConnection

router = APIRouter(tags=["readings"])
QUERIES = load("readings.sql")

Resolution = Literal["raw", "15min", "hour", "day"]

LONGEST = {
    "raw": timedelta(days=31),
    "15min": timedelta(days=93),
    "hour": timedelta(days=732),
    "day": timedelta(days=7320),
}
"""The longest range that one request may ask for."""

USUAL = {
    "raw": timedelta(days=1),
    "15min": timedelta(days=1),
    "hour": timedelta(days=7),
    "day": timedelta(days=31),
}
"""The range before `to` where `from` is not given."""

TICK = timedelta(microseconds=1)


class Reading(BaseModel):
    """A datastream's value at a time."""

    time: Time = Field(description="When it was observed; of an interval, its begin.")
    value: float | None = Field(
        description="In the datastream's unit; null if the device sent no finite number."
    )
    quality: int = Field(description="Set of flags; 0 is a reading without reproach.")
    period_s: int | None = Field(description="Length of the interval; null for an instant.")


class Aggregate(BaseModel):
    """The readings of an interval, summed up; implausible ones are left out."""

    begins_at: Time
    mean: float | None = Field(description="Weighted by count where the datastream is a mean of many.")
    sum: float
    min: float
    max: float
    first: float
    last: float
    count: int = Field(description="Readings in the interval.")
    completeness: float | None = Field(
        description="Part of the interval that they cover, 0 to 1; null if unknown."
    )


class ObservedStream(BaseModel):
    """What the readings are of."""

    id: int
    thing_id: int
    quantity: str
    qualifier: str
    unit: str = Field(description="UCUM.")
    aggregation: Aggregation
    period_s: int | None


class ReadingPage(BaseModel):
    """Readings of one datastream, oldest first."""

    datastream: ObservedStream
    items: list[Reading] | list[Aggregate]
    next_cursor: str | None = None


class RangeFilters(PageFilters):
    """From when to when, how fine."""

    from_: Instant | None = Field(None, alias="from", description="Included.")
    to: Instant | None = Field(None, description="Not included; now if not given.")
    limit: Annotated[int, Field(ge=1, le=10_000, description="Items on a page at most.")] = 1000


class ReadingFilters(RangeFilters):
    """Which readings of a datastream."""

    resolution: Resolution = Field("raw", description="Days are those of Europe/Berlin.")


class ThingReadingFilters(ReadingFilters):
    """Which readings of a thing."""

    quantity: Annotated[Text, Field(max_length=60, description="Such as fill_level.")]
    qualifier: Annotated[
        Text, Field(max_length=200, description="Such as direction=1; empty if it has none.")
    ] = ""


@router.get("/things/{thing_id}/readings", response_model=ReadingPage)
async def list_thing_readings(
    caller: Reader, now: Now, thing_id: Annotated[Id, Path()], query: Annotated[ThingReadingFilters, Query()]
) -> Row:
    """Return the readings of one quantity at a thing, oldest first."""
    async with caller.transaction() as connection:
        stream = await row(
            connection,
            QUERIES["datastream_of"],
            thing=thing_id,
            quantity=query.quantity,
            qualifier=query.qualifier,
        )
        if stream is None:
            raise await _not_observed(connection, thing_id, query)
        return await _readings(connection, stream, query, now)


@router.get("/datastreams/{datastream_id}/readings", response_model=ReadingPage)
async def list_datastream_readings(
    caller: Reader, now: Now, datastream_id: Annotated[Id, Path()], query: Annotated[ReadingFilters, Query()]
) -> Row:
    """Return the readings of a datastream, oldest first."""
    async with caller.transaction() as connection:
        stream = await row(connection, QUERIES["datastream"], id=datastream_id)
        if stream is None:
            raise ProblemError(
                problems.NOT_FOUND, f"There is no datastream {datastream_id} that you may see."
            )
        return await _readings(connection, stream, query, now)


async def _readings(connection: AsyncConnection, stream: Row, query: ReadingFilters, now: datetime) -> Row:
    keyset = query.keyset(f"readings {stream['id']}", datetime)
    after, end = range_after(query, query.resolution, keyset, now)
    parameters = {"datastream": stream["id"], "after": after, "to": end, "limit": query.limit + 1}
    if query.resolution != "raw":
        parameters["period"] = stream["period_s"]
    found = await rows(connection, QUERIES[query.resolution], **parameters)
    column = "time" if query.resolution == "raw" else "begins_at"
    return page(found, query.limit, keyset, lambda item: [item[column]]) | {"datastream": stream}


def range_after(
    query: RangeFilters, resolution: str, keyset: Keyset, now: datetime
) -> tuple[datetime, datetime]:
    """Return the instant after which the page begins, and the one before which the range ends.

    Raises
    ------
    ProblemError
        If the range is empty, or longer than the resolution allows.
    """
    end = query.to or now + TICK
    begin = query.from_ or end - USUAL[resolution]
    if begin >= end:
        raise invalid("from", "must lie before `to`, which is now if not given")
    if end - begin > LONGEST[resolution] + TICK:
        raise invalid(
            "from",
            f"a range of {(end - begin).days} days is too long: {LONGEST[resolution].days} days "
            f"at most with the resolution {resolution}",
            hint="Ask for a coarser resolution, or in several requests.",
        )
    (last,) = keyset.decode(query.cursor)
    return max(begin - TICK, last or begin - TICK), end


async def _not_observed(
    connection: AsyncConnection, thing_id: int, query: ThingReadingFilters
) -> ProblemError:
    thing = await row(connection, QUERIES["observed"], thing=thing_id)
    if thing is None:
        return ProblemError(problems.NOT_FOUND, f"There is no thing {thing_id} that you may see.")
    wanted = query.quantity + (f" ({query.qualifier})" if query.qualifier else "")
    there = ", ".join(thing["quantities"]) or "nothing"
    return ProblemError(
        problems.NOT_FOUND, f"{wanted} is not observed at thing {thing_id}; observed there: {there}."
    )
