"""The service over its real ASGI interface, and over a real socket where the stream is concerned."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.config import ApiConfig, LiveConfig
from api.serve import listening_socket, uvicorn_config
from domain.access import Role
from tests.api.region import NOW, Region, build_region

Client = httpx.AsyncClient
ClientOf = Callable[..., Client]

BRISK = LiveConfig(
    interval_s=0.02, idle_s=0.3, recheck_s=0.2, ledger_s=0.02, auth_s=2.0, send_s=1.0, clients_max=3
)


@pytest.fixture
def anyio_backend() -> str:
    """The event loop that the service runs on."""
    return "asyncio"


@pytest.fixture
def region(owner) -> Region:
    """Two municipalities and an association that plans for one of them."""
    built = build_region(owner)
    owner.commit()
    return built


@pytest.fixture
def config(database: str, tmp_path) -> ApiConfig:
    """The service on the test's database, without a built page."""
    return ApiConfig(
        database_url=database, static_dir=tmp_path / "static", live=BRISK, pool_max=4, pool_timeout_s=5
    )


@pytest.fixture
async def app(config: ApiConfig, anyio_backend: str) -> AsyncIterator[FastAPI]:
    """The running application."""
    app = create_app(config, clock=lambda: NOW)
    async with app.router.lifespan_context(app):
        yield app


@asynccontextmanager
async def open_client(app: FastAPI, key: str | None = None) -> AsyncIterator[Client]:
    """A client of the application, with an API key or without."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://landpuls", headers=headers) as client:
        yield client


@pytest.fixture
async def anonymous(app: FastAPI) -> AsyncIterator[Client]:
    """A client without a key."""
    async with open_client(app) as client:
        yield client


@pytest.fixture
async def calau(app: FastAPI, region: Region) -> AsyncIterator[Client]:
    """A viewer of the municipality Calau."""
    async with open_client(app, region.key("calau")) as client:
        yield client


@pytest.fixture
async def vetschau(app: FastAPI, region: Region) -> AsyncIterator[Client]:
    """A viewer of the municipality Vetschau, which granted nobody anything."""
    async with open_client(app, region.key("vetschau")) as client:
        yield client


@pytest.fixture
async def planner(app: FastAPI, region: Region) -> AsyncIterator[Client]:
    """A planner of the association, which Calau lets plan."""
    async with open_client(app, region.key("association", Role.PLANNER)) as client:
        yield client


@pytest.fixture
def served(config: ApiConfig) -> Iterator[str]:
    """Address of the service on a real socket, run by uvicorn in a thread of its own; without the scheme."""
    with listening_socket("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn_config(config))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=20)
