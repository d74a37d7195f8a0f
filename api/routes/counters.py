"""Counting cross-sections: the newest flow of each, and the flows of a range."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api import problems
from api.access import Reader
from api.clock import Now
from api.fields import Id, Latitude, Longitude, OrganisationFilter, Time
from api.pages import Page, PageFilters, page
from api.problems import ProblemError
from api.queries import load
from api.reads import Row, row, rows
from api.routes.readings import RangeFilters, range_after
from domain.flow import Aggregate, flow_state

router = APIRouter(tags=["counters"])
QUERIES = load("counters.sql")


class IntervalFlow(BaseModel):
    """Traffic through a cross-section in one interval, all lanes and directions."""

    begins_at: Time
    flow_per_h: float | None = Field(description="Motor vehicles an hour.")
    speed_kmh: float | None = Field(description="Mean speed of the vehicles, km/h.")
    heavy_share_percent: float | None = Field(
        description="Share of buses and lorries; null if not told apart."
    )


class CounterState(BaseModel):
    """The newest intervals that are over."""

    quarter: IntervalFlow | None
    hour: IntervalFlow | None


class Counter(BaseModel):
    """A counting cross-section."""

    thing_id: int
    key: str
    name: str
    organisation_id: int
    longitude: Longitude
    latitude: Latitude
    state: CounterState | None = Field(description="Null while nothing is known.")


class Flow(IntervalFlow):
    """Traffic of one interval of a range."""

    count: float | None = Field(description="Motor vehicles counted in it.")
    completeness: float | None = Field(description="Part of the interval that was counted, 0 to 1.")


class CounterFilters(PageFilters):
    """Which counters."""

    organisation: OrganisationFilter = Field(default_factory=list)


class FlowFilters(RangeFilters):
    """Which flows."""

    resolution: Literal["15min", "hour", "day"] = Field(
        "hour", description="Days are those of Europe/Berlin."
    )
    limit: Annotated[int, Field(ge=1, le=3000, description="Intervals on a page at most.")] = 1000


@router.get("/counters", response_model=Page[Counter])
async def list_counters(caller: Reader, query: Annotated[CounterFilters, Query()]) -> dict[str, Any]:
    """List counting cross-sections with their newest flow."""
    keyset = query.keyset("counters", int)
    (after,) = keyset.decode(query.cursor)
    async with caller.transaction() as connection:
        found = await rows(
            connection,
            QUERIES["counters"],
            after=after,
            id=None,
            organisations=query.organisation or None,
            limit=query.limit + 1,
        )
    return page(found, query.limit, keyset, lambda item: [item["thing_id"]])


@router.get("/counters/{thing_id}", response_model=Counter)
async def get_counter(caller: Reader, thing_id: Annotated[Id, Path()]) -> Row:
    """Return one counting cross-section with its newest flow."""
    async with caller.transaction() as connection:
        found = await row(
            connection, QUERIES["counters"], after=None, id=thing_id, organisations=None, limit=1
        )
    if found is None:
        raise _no_counter(thing_id)
    return found


@router.get("/counters/{thing_id}/flows", response_model=Page[Flow])
async def list_flows(
    caller: Reader, now: Now, thing_id: Annotated[Id, Path()], query: Annotated[FlowFilters, Query()]
) -> dict[str, Any]:
    """Return the traffic through a cross-section by interval, oldest first."""
    keyset = query.keyset(f"flows {thing_id}", datetime)
    after, end = range_after(query, query.resolution, keyset, now)
    async with caller.transaction() as connection:
        counter = await row(
            connection, QUERIES["counters"], after=None, id=thing_id, organisations=None, limit=1
        )
        if counter is None:
            raise _no_counter(thing_id)
        found = await rows(
            connection,
            QUERIES[f"flows_{query.resolution}"],
            thing=thing_id,
            after=after,
            to=end,
            limit=query.limit + 1,
        )
    return page(list(_flows(found)), query.limit, keyset, lambda item: [item["begins_at"]])


def _flows(found: list[Row]) -> Iterator[Row]:
    for begins_at, streams in groupby(found, key=lambda one: one["begins_at"]):
        yield _flow(begins_at, list(streams))


def _flow(begins_at: datetime, streams: list[Row]) -> Row:
    """Sum up the datastreams of one interval; it is as complete as the least covered count."""
    columns = ("quantity", "qualifier", "sum", "weight", "covered_s")
    state = flow_state(Aggregate(**{name: one[name] for name in columns}) for one in streams)
    covered_s = min((one["covered_s"] for one in streams if one["quantity"] == "vehicle_count"), default=0)
    return {
        "begins_at": begins_at,
        "flow_per_h": state.flow_per_h,
        "speed_kmh": state.speed_kmh,
        "heavy_share_percent": state.heavy_share_percent,
        "count": None if state.flow_per_h is None else round(state.flow_per_h * covered_s / 3600, 3),
        "completeness": min(1.0, covered_s / streams[0]["length_s"]),
    }


def _no_counter(thing_id: int) -> ProblemError:
    return ProblemError(problems.NOT_FOUND, f"There is no counter {thing_id} that you may see.")
