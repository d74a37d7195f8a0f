"""The page and what surrounds every answer: caching, and a policy that lets the page ask nobody else."""

from dataclasses import replace

import pytest

from api.app import create_app
from tests.api.conftest import open_client
from tests.api.problem import check_problem

pytestmark = pytest.mark.anyio


@pytest.fixture
async def page(app, config):
    """A client of the service with a page that was built while it ran."""
    assets = config.static_dir / "assets"
    assets.mkdir(parents=True)
    (config.static_dir / "index.html").write_text("<!doctype html><title>Landpuls</title>")
    (config.static_dir / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (assets / "index-abc123.js").write_text("export {}")
    async with open_client(app) as client:
        yield client


async def test_not_built(anonymous):
    """While the page is not built, its place says how to build it, in both languages."""
    response = await anonymous.get("/")
    assert response.status_code == 503
    assert "make setup" in response.text


async def test_caching(page):
    """The index is asked for anew each time, files whose names carry a hash never."""
    index = await page.get("/")
    assert (index.status_code, index.headers["cache-control"]) == (200, "no-cache")
    again = await page.get("/", headers={"If-None-Match": index.headers["etag"]})
    assert again.status_code == 304
    asset = await page.get("/assets/index-abc123.js")
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asset.headers["content-type"].startswith("text/javascript")
    assert (await page.get("/icon.svg")).headers["content-type"] == "image/svg+xml"


async def test_nothing_else_is_served(page, config):
    """No path leads out of the folder."""
    (config.static_dir.parent / "secret").write_text("x")
    for path in (
        "/..%2fsecret",
        "/assets/..%2f..%2fsecret",
        "/assets/%2e%2e/index.html",
        "/index.html",
        "/assets/",
    ):
        check_problem(await page.get(path), 404)


async def test_policy(page):
    """The page may load itself and MapLibre's workers from blobs, and asks no other host."""
    headers = (await page.get("/")).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["worker-src"] == "'self' blob:"
    assert policy["frame-ancestors"] == "'none'"
    assert "http" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


async def test_base_map(config):
    """A base map that the operator configured is the one host that the page may ask."""
    app = create_app(
        replace(config, base_map_url="https://sgx.geodatenzentrum.de/gdz_basemapde_vektor/style.json")
    )
    async with app.router.lifespan_context(app), open_client(app) as client:
        policy = (await client.get("/healthz")).headers["content-security-policy"]
    assert "connect-src 'self' https://sgx.geodatenzentrum.de;" in policy


async def test_answers_are_not_kept(calau):
    """What the API answers is kept by no cache; the map for a few minutes by the browser alone."""
    assert (await calau.get("/api/v1/things")).headers["cache-control"] == "no-store"
    assert (await calau.get("/api/v1/map")).headers["cache-control"] == "private, max-age=300"


async def test_health(anonymous):
    """The process says that it lives, and that its database is there and of its version."""
    assert (await anonymous.get("/healthz")).json() == {"status": "ok"}
    assert (await anonymous.get("/readyz")).json()["status"] == "ready"


async def test_not_ready_without_schema(config, empty_database):
    """On a database that was not set up the process lives, is not ready, and says what to do."""
    app = create_app(replace(config, database_url=empty_database, pool_timeout_s=2))
    async with app.router.lifespan_context(app), open_client(app) as client:
        assert (await client.get("/healthz")).status_code == 200
        body = check_problem(await client.get("/readyz"), 503, "unavailable")
        assert "landpuls migrate" in body["detail"]


async def test_not_ready_without_database(config):
    """While the database is away the process lives, and refuses with a time to try again."""
    app = create_app(replace(config, database_url="host=127.0.0.1 port=1 dbname=x", pool_timeout_s=0.5))
    async with app.router.lifespan_context(app), open_client(app, "lp_0123456789abcdefghij") as client:
        assert (await client.get("/healthz")).status_code == 200
        for path in ("/readyz", "/api/v1/me"):
            response = await client.get(path)
            check_problem(response, 503, "unavailable")
            assert int(response.headers["retry-after"]) > 0
