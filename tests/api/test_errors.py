"""Every endpoint refuses in the same shape, whatever is wrong."""

import pytest
from fastapi.routing import APIRoute

from api.app import create_app
from api.config import ApiConfig
from tests.api.conftest import open_client
from tests.api.problem import check_problem
from tests.api.region import Region

pytestmark = pytest.mark.anyio

OPEN = {"/api/v1/problems", "/api/v1/problems/{name}"}


def _operations() -> list[tuple[str, str]]:
    paths = create_app(ApiConfig(database_url="")).openapi()["paths"]
    return [
        (method.upper(), path) for path, item in paths.items() for method in item if path.startswith("/api")
    ]


OPERATIONS = _operations()
PROTECTED = [(method, path) for method, path in OPERATIONS if path not in OPEN]
WITH_ID = [(method, path) for method, path in PROTECTED if "{" in path]
LISTS = [
    path
    for method, path in PROTECTED
    if method == "GET" and "{" not in path and path not in ("/api/v1/me", "/api/v1/map")
]


def _filled(path: str, value: str) -> str:
    head, brace, rest = path.partition("{")
    return head + value + rest.partition("}")[2] if brace else path


def test_every_route_of_the_api_is_described():
    """No route of the API is missing in the document that these tests enumerate."""
    app = create_app(ApiConfig(database_url=""))
    served = {
        route.path for route in app.routes if isinstance(route, APIRoute) and route.path.startswith("/api")
    }
    assert served <= {path for _, path in OPERATIONS}


async def test_no_key_no_answer(anonymous):
    """Without a key every endpoint answers 401 and says how to send one."""
    for method, path in PROTECTED:
        response = await anonymous.request(method, _filled(path, "1"))
        body = check_problem(response, 401, "unauthenticated")
        assert "Bearer" in response.headers["www-authenticate"]
        assert "Authorization" in body["detail"]


async def test_wrong_keys(anonymous):
    """A key that is unknown, of another form or another scheme is refused in the same way."""
    for header in (
        "Bearer lp_unknown_unknown_unknown",
        "Bearer x",
        "Basic abc",
        "Bearer",
        "lp_x",
        "Bearer ü\0",
    ):
        response = await anonymous.get("/api/v1/me", headers={"Authorization": header.encode()})
        check_problem(response, 401, "unauthenticated")


async def test_other_methods(anonymous):
    """A method that an endpoint does not have is answered 405 with those that it has."""
    for _, path in OPERATIONS:
        response = await anonymous.request("PUT", _filled(path, "1"))
        check_problem(response, 405, "method-not-allowed")
        assert response.headers["allow"]


async def test_unknown_ids(planner):
    """What does not exist is answered 404; an id that is none 422, as what stands in the path."""
    for method, path in WITH_ID:
        query = {"quantity": "fill_level"} if path == "/api/v1/things/{thing_id}/readings" else {}
        body = check_problem(
            await planner.request(method, _filled(path, "2000000000"), params=query), 404, "not-found"
        )
        assert "2000000000" in body["detail"]
        for wrong in ("x", "0", "-1", "99999999999999999999"):
            body = check_problem(
                await planner.request(method, _filled(path, wrong), params=query), 422, "invalid"
            )
            assert body["errors"][0]["location"] == "path"


async def test_unknown_filters(calau):
    """A query parameter that does not exist is refused by its name, never silently ignored."""
    for path in LISTS:
        body = check_problem(await calau.get(path, params={"colour": "red"}), 422, "invalid")
        assert [(one["location"], one["field"]) for one in body["errors"]] == [("query", "colour")]


async def test_unknown_addresses(anonymous):
    """An address that does not exist is a problem too, beside the API as within it."""
    for path in (
        "/api/v1/nothing",
        "/api/v2/things",
        "/api",
        "/nothing",
        "/assets/nothing.js",
        "/.git",
        "/a/b",
    ):
        check_problem(await anonymous.get(path), 404, "not-found")


WRONG_VALUES = (
    ("/api/v1/things", {"limit": "0"}, "limit"),
    ("/api/v1/things", {"limit": "1001"}, "limit"),
    ("/api/v1/things", {"cursor": "x" * 401}, "cursor"),
    ("/api/v1/things", {"cursor": "bm90IGEgY3Vyc29y"}, "cursor"),
    ("/api/v1/things", {"cursor": "é"}, "cursor"),
    ("/api/v1/things", {"kind": "castle"}, "kind"),
    ("/api/v1/things", {"bbox": "1,2,3"}, "bbox"),
    ("/api/v1/things", {"bbox": "14,52,13,51"}, "bbox"),
    ("/api/v1/things", {"bbox": "nan,nan,nan,nan"}, "bbox"),
    ("/api/v1/things", {"organisation": "x" * 64}, "organisation.0"),
    ("/api/v1/things", {"organisation": "a\0"}, "organisation.0"),
    ("/api/v1/containers", {"min_fill": "101"}, "min_fill"),
    ("/api/v1/containers", {"min_fill": "nan"}, "min_fill"),
    ("/api/v1/plans", {"day": "tomorrow"}, "day"),
    ("/api/v1/plans", {"day": "1970-01-01"}, "day"),
    ("/api/v1/tours", {"plan": "1", "day": "2026-06-10"}, "day"),
    ("/api/v1/collections", {"from": "2026-06-10T00:00:00"}, "from"),
    ("/api/v1/collections", {"from": "2024-06-10T00:00:00Z"}, "from"),
    ("/api/v1/collections", {"from": "2026-06-10T00:00:00Z", "to": "2026-06-09T00:00:00Z"}, "from"),
    ("/api/v1/ledger", {"from": "2026-06-10", "to": "2026-06-09"}, "from"),
    ("/api/v1/ledger", {"from": "2025-06-10"}, "from"),
    ("/api/v1/messages", {"outcome": "lost"}, "outcome"),
    ("/api/v1/messages", {"from": "9999-12-31T23:59:59Z"}, "from"),
    ("/api/v1/messages", {"from": "2026-01-01T00:00:00Z"}, "from"),
)


async def test_wrong_values(calau):
    """A value that cannot be is refused with its field, and with what is wrong with it."""
    for path, query, field in WRONG_VALUES:
        body = check_problem(await calau.get(path, params=query), 422, "invalid")
        assert body["errors"][0]["field"] == field
        assert body["errors"][0]["message"]


async def test_hints(calau):
    """Where it can be said what would be right, it is said."""
    body = check_problem(await calau.get("/api/v1/collections", params={"from": "yesterday"}), 422)
    assert "2026-05-04T06:00:00Z" in body["errors"][0]["hint"]


WRONG_BODIES = (
    (b"{", {"Content-Type": "application/json"}, 400, "bad-request"),
    (b'{"day": "\xff"}', {"Content-Type": "application/json"}, 400, "bad-request"),
    (b"day=2026-06-11", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "unsupported-media-type"),
    (b"{}", {}, 415, "unsupported-media-type"),
    (b"[]", {"Content-Type": "application/json"}, 422, "invalid"),
    (b"{}", {"Content-Type": "application/json"}, 422, "invalid"),
    (b"NaN", {"Content-Type": "application/json"}, 422, "invalid"),
    (b" " * 70_000, {"Content-Type": "application/json"}, 413, "too-large"),
    (b"[" * 60_000, {"Content-Type": "application/json"}, 400, "bad-request"),
)


async def test_wrong_bodies(planner):
    """A body that is no JSON, too large, or not what is needed is refused as what it is."""
    for content, headers, status, name in WRONG_BODIES:
        check_problem(await planner.post("/api/v1/plans", content=content, headers=headers), status, name)


async def test_body_that_hides_its_size(planner):
    """A body sent in pieces is cut off at the same limit as one that declares its size."""

    async def pieces():
        for _ in range(10):
            yield b" " * 10_000

    headers = {"Content-Type": "application/json"}
    check_problem(await planner.post("/api/v1/plans", content=pieces(), headers=headers), 413, "too-large")


async def test_long_query(calau):
    """A query beyond its bound is refused before it is read."""
    check_problem(await calau.get("/api/v1/things", params={"bbox": "1" * 5000}), 414, "uri-too-long")


async def test_viewers_write_nothing(calau):
    """A viewer's key is refused wherever something is written, and told which role it takes."""
    for method, path in PROTECTED:
        if method == "POST":
            body = check_problem(await calau.request(method, _filled(path, "1"), json={}), 403, "forbidden")
            assert "planner" in body["detail"]


async def test_failures_of_ours_tell_nothing(app, owner, region: Region):
    """When our own code or schema fails, the client learns an id to report, and nothing of the inside."""
    owner.execute("ALTER TABLE map_feature RENAME COLUMN rank TO importance")
    owner.execute("ALTER VIEW visible_rollup_hour RENAME COLUMN sum TO total")
    owner.commit()
    async with open_client(app, region.key("calau")) as client:
        body = check_problem(await client.get("/api/v1/map"), 503, "unavailable")
    assert "importance" not in str(body)
    assert "landpuls migrate" in body["detail"]


async def test_unforeseen_failures(app, anonymous, monkeypatch):
    """An exception that nobody foresaw is a problem with status 500 that tells nothing of the inside."""
    monkeypatch.setattr("api.routes.problems.problems.KINDS", None)
    response = await anonymous.get("/api/v1/problems")
    body = check_problem(response, 500, "internal")
    assert "NoneType" not in str(body)


async def test_request_ids(anonymous):
    """A harmless request id of the caller is kept for the log; another is replaced."""
    given = await anonymous.get("/healthz", headers={"X-Request-ID": "my-request-1"})
    assert given.headers["x-request-id"] == "my-request-1"
    forged = await anonymous.get("/healthz", headers={"X-Request-ID": "a\tb" + "c" * 100})
    assert "\t" not in forged.headers["x-request-id"]


async def test_problems_are_explained(anonymous):
    """The `type` of a problem leads to its explanation."""
    body = check_problem(await anonymous.get("/api/v1/me"), 401)
    explained = await anonymous.get(body["type"])
    assert explained.json()["status"] == 401
    assert explained.json()["mend"]
    every = (await anonymous.get("/api/v1/problems")).json()["items"]
    assert explained.json() in every
    check_problem(await anonymous.get("/api/v1/problems/nothing"), 404, "not-found")


async def test_no_other_origin(anonymous):
    """A page of another origin gets no permission to read answers."""
    response = await anonymous.get("/healthz", headers={"Origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in response.headers
