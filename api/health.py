"""Whether the process lives, and whether it can do its work: asked by supervisors, without a key."""

import asyncio
from typing import Literal

from fastapi import APIRouter, Request
from psycopg_pool import PoolTimeout
from pydantic import BaseModel, Field

from api import problems
from api.problems import ProblemError
from api.queries import load
from api.reads import row
from domain.errors import MigrationError
from storage.database import AsyncPool

router = APIRouter(tags=["health"])

QUERIES = load("health.sql")
PATIENCE_S = 3.0


class Health(BaseModel):
    """The state of the service."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """What the service needs."""

    status: Literal["ready"] = "ready"
    database: Literal["ok"] = "ok"
    live_listener: bool = Field(
        description="Whether hints of changes arrive; without, the stream is slower, not wrong."
    )


@router.get("/healthz", response_model=Health)
async def healthz() -> Health:
    """Say that the process lives."""
    return Health()


@router.get("/readyz", response_model=Readiness)
async def readyz(request: Request) -> Readiness:
    """Say whether requests can be answered: the database is reached and has the schema of this version."""
    pool: AsyncPool = request.app.state.pool
    try:
        async with asyncio.timeout(PATIENCE_S), pool.connection(timeout=PATIENCE_S) as connection:
            schema = await row(connection, QUERIES["missing"])
    except (TimeoutError, PoolTimeout):
        raise ProblemError(problems.UNAVAILABLE, "The database cannot be reached now.") from None
    if schema is None or schema["missing"]:
        raise MigrationError
    return Readiness(live_listener=request.app.state.hub.listening)
