"""The OpenAPI document: committed, complete, and the same wherever it is made."""

import json

import pytest
from jsonschema import Draft202012Validator

from api import openapi
from api.app import create_app
from api.config import ApiConfig
from tests.api.region import Region, add_plan, fill

DOCUMENT = openapi.document()
OPERATIONS = [
    (method, path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
]


def test_committed():
    """The committed document describes the API; `landpuls openapi --write` writes it anew."""
    assert openapi.is_current()


def test_deterministic():
    """Two applications have the same document, to the byte."""
    assert (
        openapi.text()
        == json.dumps(
            create_app(ApiConfig(database_url="")).openapi(), indent=2, ensure_ascii=False, sort_keys=True
        )
        + "\n"
    )


def test_everything_is_explained():
    """Every operation has a name of its own and an explanation, and every error is a problem."""
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(names) == len(set(names))
    for _, path, operation in OPERATIONS:
        assert operation["description"], path
        assert list(operation["responses"]["default"]["content"]) == ["application/problem+json"]
        assert "422" not in operation["responses"]


def test_keys_are_asked_for():
    """Every operation of the API but the explanation of problems needs a key."""
    for _, path, operation in OPERATIONS:
        open_to_all = path.startswith("/api/v1/problems") or not path.startswith("/api")
        assert ("security" in operation) != open_to_all, path


def test_stream_is_described():
    """The messages of the live stream are described beside the resources."""
    schemas = DOCUMENT["components"]["schemas"]
    for name in ("LiveSubscription", "LiveHello", "LiveChange", "LiveError", "Problem"):
        assert schemas[name]["properties"]
    references = json.dumps(DOCUMENT).split('"#/components/schemas/')[1:]
    assert {one.partition('"')[0] for one in references} <= set(schemas)


@pytest.mark.anyio
async def test_answers_are_as_described(planner, owner, ingest, region: Region):
    """What the service answers is what its document says, field by field."""
    fill(region, ingest, "calau_residual", [40.0, 41.0])
    ids = add_plan(owner, region, "published") | region.ids
    named = {
        "thing_id": ids["calau_residual"],
        "plan_id": ids["plan"],
        "tour_id": ids["tour"],
        "device_id": ids["device"],
    }
    named["datastream_id"] = region.stream("calau_residual", "fill_level")
    named["message_id"] = (await planner.get("/api/v1/messages")).json()["items"][0]["id"]
    for method, path, operation in OPERATIONS:
        if method != "get":
            continue
        counter = {"thing_id": ids["counter"]} if path.startswith("/api/v1/counters") else {}
        address = path.format(**named | counter | {"name": "invalid"})
        query = {"quantity": "fill_level"} if path == "/api/v1/things/{thing_id}/readings" else {}
        response = await planner.get(address, params=query)
        assert response.status_code == 200, response.text
        (content,) = operation["responses"]["200"]["content"].items()
        assert response.headers["content-type"] == content[0]
        schema = content[1]["schema"] | {"components": DOCUMENT["components"]}
        Draft202012Validator(schema).validate(response.json())
