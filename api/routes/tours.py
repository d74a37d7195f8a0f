"""Tours: every stop in its order with times and loads, as JSON for drivers and as GeoJSON for maps."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from api import problems
from api.access import Caller, Reader
from api.clock import Now
from api.fields import Day, Id, Latitude, Longitude, Time
from api.geojson import Feature, FeatureCollection, GeoJSONResponse, Geometry, respond
from api.pages import Filters, Page, whole
from api.problems import ProblemError, invalid
from api.queries import load
from api.reads import Row, row, rows
from api.routes.plans import PlanStatus, Vehicle
from domain.things import WasteFraction
from domain.time import berlin_day

router = APIRouter(tags=["tours"])
QUERIES = load("tours.sql")
StopKind = Literal["start", "container", "unload", "clean", "wait", "pause", "end"]


class StopCollection(BaseModel):
    """What was done at a stop."""

    outcome: Literal["served", "skipped"]
    collected_at: Time


class Stop(BaseModel):
    """A place on a tour."""

    id: int
    position: int = Field(description="0 is where the tour begins.")
    kind: StopKind
    thing_id: int | None = Field(description="The container, if it is one.")
    name: str
    site_name: str | None
    address: str | None
    access_note: str | None
    waste_fraction: WasteFraction | None
    longitude: Longitude
    latitude: Latitude
    arrives_at: Time
    begins_at: Time = Field(description="After setting up and waiting.")
    departs_at: Time
    distance_m: int = Field(description="Of the leg that ends here.")
    load_l: int = Field(description="On leaving.")
    load_kg: int = Field(description="On leaving.")
    demand_l: int = Field(description="Expected to be taken up here.")
    demand_kg: int
    required: bool = Field(description="False where it is served because it costs little.")
    collection: StopCollection | None = Field(description="What was done here; null while nothing was.")


class Tour(BaseModel):
    """One vehicle's way through a day."""

    id: int
    plan_id: int
    day: date = Field(description="Berlin day.")
    plan_status: PlanStatus
    organisation_id: int
    number: int
    vehicle: Vehicle
    begins_at: Time
    ends_at: Time
    distance_m: int
    drive_s: int
    cost_cents: int
    stops: list[Stop]


class TourFeature(BaseModel):
    """What a tour's line or a stop's point stands for."""

    feature: Literal["tour", "stop"]
    tour_id: int
    tour_number: int
    vehicle_name: str | None
    number: int | None = Field(None, description="Number of a container stop on its tour, from 1.")
    stop_id: int | None = None
    kind: str | None = Field(None, description="start, container, unload, clean, wait, pause or end.")
    name: str | None = None
    thing_id: int | None = None
    arrives_at: Time | None = None
    outcome: str | None = None
    distance_m: int | None = None


class TourFilters(Filters):
    """Which tours."""

    plan: Id | None = Field(None, description="Those of this plan.")
    day: Day | None = Field(None, description="Those in force on this Berlin day; today if no plan is given.")


@router.get("/tours", response_model=Page[Tour])
async def list_tours(caller: Reader, now: Now, query: Annotated[TourFilters, Query()]) -> dict[str, Any]:
    """List the tours of a plan, or those in force on a day, with all of their stops."""
    if query.plan is not None and query.day is not None:
        raise invalid("day", "cannot be asked for beside `plan`", hint="Give one of the two.")
    if query.plan is not None:
        return whole(await _tours_of_plan(caller, query.plan))
    async with caller.transaction() as connection:
        found = await rows(connection, QUERIES["tours"], id=None, plan=None, day=query.day or berlin_day(now))
    return whole(found)


@router.get(
    "/tours/{tour_id}.geojson", response_model=FeatureCollection[TourFeature], response_class=GeoJSONResponse
)
async def get_tour_geojson(caller: Reader, tour_id: Annotated[Id, Path()]) -> Response:
    """Return a tour's line and its stops, containers numbered from 1, as GeoJSON."""
    return respond(FeatureCollection[TourFeature](features=_features(await _tour(caller, tour_id))))


@router.get("/tours/{tour_id}", response_model=Tour)
async def get_tour(caller: Reader, tour_id: Annotated[Id, Path()]) -> Row:
    """Return one tour with its stops."""
    return await _tour(caller, tour_id)


@router.get(
    "/plans/{plan_id}/tours.geojson",
    response_model=FeatureCollection[TourFeature],
    response_class=GeoJSONResponse,
)
async def get_plan_tours_geojson(caller: Reader, plan_id: Annotated[Id, Path()]) -> Response:
    """Return the lines and stops of all tours of a plan as GeoJSON."""
    tours = await _tours_of_plan(caller, plan_id)
    return respond(
        FeatureCollection[TourFeature](features=[one for tour in tours for one in _features(tour)])
    )


async def _tours_of_plan(caller: Caller, plan_id: int) -> list[Row]:
    async with caller.transaction() as connection:
        if await row(connection, QUERIES["plan_exists"], plan=plan_id) is None:
            raise ProblemError(problems.NOT_FOUND, f"There is no plan {plan_id} that you may see.")
        return await rows(connection, QUERIES["tours"], id=None, plan=plan_id, day=None)


async def _tour(caller: Caller, tour_id: int) -> Row:
    async with caller.transaction() as connection:
        found = await row(connection, QUERIES["tours"], id=tour_id, plan=None, day=None)
    if found is None:
        raise ProblemError(problems.NOT_FOUND, f"There is no tour {tour_id} that you may see.")
    return found


def _features(tour: Row) -> list[Feature[TourFeature]]:
    """Return the tour's line, then its stops; a line needs two positions, a tour without stops has none."""
    common = {"tour_id": tour["id"], "tour_number": tour["number"], "vehicle_name": tour["vehicle"]["name"]}
    stops = tour["stops"]
    features = []
    if len(stops) > 1:
        line = Geometry(type="LineString", coordinates=[_position(stop) for stop in stops])
        properties = TourFeature(feature="tour", distance_m=tour["distance_m"], **common)
        features.append(Feature[TourFeature](id=f"tour-{tour['id']}", geometry=line, properties=properties))
    number = 0
    for stop in stops:
        number += stop["kind"] == "container"
        features.append(_stop_feature(stop, number if stop["kind"] == "container" else None, common))
    return features


def _stop_feature(stop: Row, number: int | None, common: dict[str, Any]) -> Feature[TourFeature]:
    properties = TourFeature(
        feature="stop",
        number=number,
        stop_id=stop["id"],
        kind=stop["kind"],
        name=stop["name"],
        thing_id=stop["thing_id"],
        arrives_at=stop["arrives_at"],
        outcome=(stop["collection"] or {}).get("outcome"),
        **common,
    )
    geometry = Geometry(type="Point", coordinates=_position(stop))
    return Feature[TourFeature](id=f"stop-{stop['id']}", geometry=geometry, properties=properties)


def _position(stop: Row) -> list[float]:
    return [stop["longitude"], stop["latitude"]]
