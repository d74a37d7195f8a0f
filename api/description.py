"""The OpenAPI document: what FastAPI knows of the routes, one problem for every error, and the stream's messages."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from api import problems
from api.live.messages import LiveChange, LiveError, LiveHello, LiveSubscription
from api.problems import Problem

VERSION = "1.0.0"
"""Of the API, not of the program: it changes with the document."""

SUMMARY = "Bin sensors, traffic counters, plans and tours of a district."

DESCRIPTION = """\
Bin sensors, traffic counters, plans and tours of a district.

**Conventions.** Metres, seconds, kilograms, litres, percent 0–100, km/h, vehicles an hour; units stand in the names.
Longitude before latitude, WGS 84. Instants are RFC 3339 in UTC and need an offset; days are those of Europe/Berlin.

**Access.** `Authorization: Bearer lp_…`. A key belongs to an organisation and has a role: viewer, planner, traffic,
integrator or operator. It sees what belongs to its organisation and to those that granted it something.

**Lists** are `{"items": […], "next_cursor": …}`; give `next_cursor` as `cursor`, with the same filters, for more.

**Errors** are RFC 9457 problems (`application/problem+json`), explained under `/api/v1/problems`.

**Live.** `/api/v1/live` is a WebSocket. The client sends a `LiveSubscription`, the service a `LiveHello`, then a
`LiveChange` whenever something changed, once a second at most, and a `LiveError` before it refuses.
"""

STREAMED = (LiveSubscription, LiveHello, LiveChange, LiveError, Problem)
_METHODS = ("get", "post", "put", "patch", "delete")
_REFERENCE = "#/components/schemas/{model}"


def describe(app: FastAPI) -> None:
    """Let the application serve this document."""
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        found = get_openapi(
            title="Landpuls",
            version=VERSION,
            summary=SUMMARY,
            description=DESCRIPTION,
            routes=app.routes,
        )
        _name_operations(found)
        _add_problems(found)
        _add_streamed(found)
        app.openapi_schema = found
    return app.openapi_schema


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [item[method] for item in document["paths"].values() for method in _METHODS if method in item]


def _name_operations(document: dict[str, Any]) -> None:
    """Call each operation by its function alone, such as list_things."""
    for operation in _operations(document):
        operation["operationId"] = operation["operationId"].partition("__")[0]


def _add_problems(document: dict[str, Any]) -> None:
    """Every operation may end in a problem; FastAPI's own error shape never occurs."""
    schema = {"$ref": _REFERENCE.format(model="Problem")}
    answer = {"description": "A problem.", "content": {problems.MEDIA_TYPE: {"schema": schema}}}
    for operation in _operations(document):
        operation["responses"].pop("422", None)
        operation["responses"]["default"] = answer
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)


def _add_streamed(document: dict[str, Any]) -> None:
    """Describe the messages of the live stream, which OpenAPI knows no paths for."""
    _, found = models_json_schema(
        [(model, "validation" if model is LiveSubscription else "serialization") for model in STREAMED],
        ref_template=_REFERENCE,
    )
    for name, schema in found["$defs"].items():
        document["components"]["schemas"].setdefault(name, schema)
