"""GeoJSON (RFC 7946): features of what the region has, longitude before latitude (WGS 84)."""

from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

P = TypeVar("P")

MEDIA_TYPE = "application/geo+json"


class Geometry(BaseModel):
    """A geometry as RFC 7946 has it."""

    type: Literal["Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"]
    coordinates: list[Any] = Field(description="Positions as [longitude, latitude] in degrees, WGS 84.")


class Feature(BaseModel, Generic[P]):
    """A thing with its place."""

    type: Literal["Feature"] = "Feature"
    id: int | str | None = None
    geometry: Geometry
    properties: P


class FeatureCollection(BaseModel, Generic[P]):
    """Features together."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[Feature[P]]
    next_cursor: str | None = Field(
        None, description="Give it as `cursor` for the next features; null on the last."
    )


class GeoJSONResponse(JSONResponse):
    """A response of GeoJSON's media type."""

    media_type = MEDIA_TYPE


def respond(collection: BaseModel, headers: dict[str, str] | None = None) -> Response:
    """Return the response with the collection."""
    return Response(collection.model_dump_json(), media_type=MEDIA_TYPE, headers=headers)


def point(longitude: float, latitude: float) -> dict[str, Any]:
    """Return the geometry of a place."""
    return {"type": "Point", "coordinates": [longitude, latitude]}
