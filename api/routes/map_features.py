"""What the map shows beneath the things, drawn by us: places, roads, water."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.access import Reader
from api.geojson import Feature, FeatureCollection, GeoJSONResponse, respond
from api.queries import load
from api.reads import rows

router = APIRouter(tags=["map"])
QUERIES = load("organisations.sql")


class MapFeature(BaseModel):
    """What a line, area or place on the map is."""

    kind: Literal["place", "road", "water", "boundary"]
    name: str
    rank: int = Field(description="0 is most important.")


@router.get("/map", response_model=FeatureCollection[MapFeature], response_class=GeoJSONResponse)
async def get_map(caller: Reader) -> Response:
    """Return the map beneath the things as GeoJSON."""
    async with caller.transaction() as connection:
        found = await rows(connection, QUERIES["map_features"])
    features = [
        Feature[MapFeature](
            id=one["id"],
            geometry=one["geometry"],
            properties=MapFeature(kind=one["kind"], name=one["name"], rank=one["rank"]),
        )
        for one in found
    ]
    return respond(
        FeatureCollection[MapFeature](features=features), {"Cache-Control": "private, max-age=300"}
    )
