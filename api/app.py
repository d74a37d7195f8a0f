"""The wiring of the service: what surrounds a request, which routes there are, what lives as long as the process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from random import Random, SystemRandom

from fastapi import FastAPI
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from api import errors, health
from api.clock import Clock, system_clock
from api.config import ApiConfig
from api.dashboard import page_router
from api.description import describe
from api.live.hub import Hub
from api.live.ledger import LedgerCounter
from api.live.socket import router as live_router
from api.middleware import RequestMiddleware
from api.routes import RESOURCES
from storage.database import AsyncPool, open_async_pool


def create_app(config: ApiConfig, *, clock: Clock = system_clock, random: Random | None = None) -> FastAPI:
    """Return the service as an ASGI application; it opens its connections when its lifespan begins.

    Parameters
    ----------
    config : where the database is, and the bounds
    clock : tells the time, aware and in UTC
    random : spreads reconnections
    """
    app = FastAPI(lifespan=_lifespan, docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json")
    app.state.config = config
    app.state.clock = clock
    app.state.hub = Hub(config.database_url, random or SystemRandom())
    app.state.live_ledger = LedgerCounter(config.live.ledger_s)
    errors.install(app)
    app.add_middleware(RequestMiddleware, base_map_url=config.base_map_url)
    for router in RESOURCES:
        app.include_router(router, prefix="/api/v1")
    app.include_router(live_router)
    app.include_router(health.router)
    app.include_router(page_router(config.static_dir))
    describe(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Keep the pool and the live listener while the service runs; neither needs the database to be there yet."""
    app.state.pool = await _open_pool(app.state.config)
    listening = asyncio.create_task(app.state.hub.run(), name="live listener")
    try:
        yield
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
        await app.state.pool.close()


async def _open_pool(config: ApiConfig) -> AsyncPool:
    url = _with_statement_timeout(config.database_url, config.statement_timeout_s)
    pool = await open_async_pool(url, "api", min_size=config.pool_min, max_size=config.pool_max)
    pool.timeout = config.pool_timeout_s
    return pool


def _with_statement_timeout(url: str, seconds: float) -> str:
    given = conninfo_to_dict(url).get("options") or ""
    return make_conninfo(url, options=f"{given} -c statement_timeout={round(seconds * 1000)}".strip())
