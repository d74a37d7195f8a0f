"""Things: what is observed, with the newest value of everything observed there, as JSON and as GeoJSON."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from api import problems
from api.access import Caller, Reader
from api.fields import Id, Latitude, Longitude, OrganisationFilter, Time
from api.geojson import Feature, FeatureCollection, GeoJSONResponse, point, respond
from api.pages import Page, PageFilters, page
from api.problems import ProblemError, invalid
from api.queries import load
from api.reads import Row, row, rows
from domain.quantities import Aggregation
from domain.things import ThingKind

router = APIRouter(tags=["things"])
QUERIES = load("things.sql")

BBOX_HINT = "West,south,east,north in degrees, such as 13.6,51.4,14.2,52.0."


class LatestValue(BaseModel):
    """The newest value of a datastream by the time it was observed at."""

    datastream_id: int
    quantity: str = Field(examples=["fill_level"])
    qualifier: str = Field(description="Such as direction=1;class=lorry; empty if there is none.")
    unit: str = Field(description="UCUM.", examples=["%"])
    time: Time = Field(description="When it was observed; of an interval, its begin.")
    value: float | None
    quality: int = Field(description="Set of flags; 0 is a reading without reproach.")
    period_s: int | None = Field(description="Length of the interval; null for an instant.")


class Thing(BaseModel):
    """A container slot, counting cross-section, meter or parking bay."""

    id: int
    key: str
    name: str
    kind: ThingKind
    organisation_id: int
    site_id: int | None
    longitude: Longitude
    latitude: Latitude
    invented: bool = Field(description="Whether it is demonstration data, to be labelled so.")
    latest: list[LatestValue]


class Datastream(BaseModel):
    """One quantity observed at a thing, with one unit."""

    id: int
    quantity: str
    qualifier: str
    unit: str = Field(description="UCUM.")
    aggregation: Aggregation = Field(description="How its readings are summarised.")
    derivation: str | None = Field(description="How Landpuls computes it, if it does.")
    derived_from: int | None = Field(description="The datastream that it is computed from.")
    period_s: int | None = Field(description="Expected interval of its readings.")


class ThingWithDatastreams(Thing):
    """A thing with everything that is observed there."""

    datastreams: list[Datastream]


class ThingFilters(PageFilters):
    """Which things."""

    kind: ThingKind | None = None
    organisation: OrganisationFilter = Field(default_factory=list)
    bbox: str | None = Field(None, max_length=120, description=BBOX_HINT)


class GeoThingFilters(ThingFilters):
    """Which things; more of them at once than in a list."""

    limit: Annotated[int, Field(ge=1, le=5000, description="Features at most.")] = 1000


@router.get("/things", response_model=Page[Thing])
async def list_things(caller: Reader, query: Annotated[ThingFilters, Query()]) -> dict[str, Any]:
    """List things with the newest value of each of their datastreams."""
    return await _things(caller, query)


@router.get("/things.geojson", response_model=FeatureCollection[Thing], response_class=GeoJSONResponse)
async def list_things_geojson(caller: Reader, query: Annotated[GeoThingFilters, Query()]) -> Response:
    """Return the same things as GeoJSON."""
    found = await _things(caller, query)
    features = [
        Feature[Thing](id=one["id"], geometry=point(one["longitude"], one["latitude"]), properties=one)
        for one in found["items"]
    ]
    return respond(FeatureCollection[Thing](features=features, next_cursor=found["next_cursor"]))


@router.get("/things/{thing_id}", response_model=ThingWithDatastreams)
async def get_thing(caller: Reader, thing_id: Annotated[Id, Path()]) -> Row:
    """Return one thing with everything that is observed there."""
    async with caller.transaction() as connection:
        found = await row(connection, QUERIES["things"], **_NO_FILTERS | {"id": thing_id})
        if found is None:
            raise ProblemError(problems.NOT_FOUND, f"There is no thing {thing_id} that you may see.")
        found["datastreams"] = await rows(connection, QUERIES["datastreams"], thing=thing_id)
    return found


_NO_FILTERS: dict[str, Any] = dict.fromkeys(
    ("after", "id", "kind", "organisations", "west", "south", "east", "north")
) | {"limit": 1}


async def _things(caller: Caller, query: ThingFilters) -> dict[str, Any]:
    keyset = query.keyset("things", int)
    (after,) = keyset.decode(query.cursor)
    parameters = _NO_FILTERS | bbox_parameters(query.bbox)
    parameters |= {"after": after, "kind": query.kind, "organisations": query.organisation or None}
    async with caller.transaction() as connection:
        found = await rows(connection, QUERIES["things"], **parameters | {"limit": query.limit + 1})
    return page(found, query.limit, keyset, lambda item: [item["id"]])


def bbox_parameters(text: str | None) -> dict[str, float | None]:
    """Read a bounding box in the order of RFC 7946.

    Raises
    ------
    ProblemError
        If it is no four numbers, or they bound nothing on earth.
    """
    if text is None:
        return {}
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise invalid("bbox", "is not four numbers parted by commas", hint=BBOX_HINT) from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise invalid("bbox", "is no box of longitudes, then latitudes, on earth", hint=BBOX_HINT)
    return {"west": west, "south": south, "east": east, "north": north}
