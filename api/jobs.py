"""Deferring jobs in the request's own transaction: a plan without its job, or a job without its plan, cannot be."""

from functools import cache

from procrastinate import App, PsycopgConnector

from api.queries import load
from storage.database import AsyncConnection
from storage.jobs import DRAFT_PLAN

QUERIES = load("jobs.sql")


@cache
def _queue() -> App:
    """Return the queue without connections of its own: each job travels on its request's."""
    return App(connector=PsycopgConnector())


async def defer_draft(connection: AsyncConnection, plan_id: int) -> int:
    """Defer the computation of a plan and return the job's id; workers see it once the transaction is committed."""
    await connection.execute(QUERIES["see_jobs"])
    job_id = await _queue().configure_task(DRAFT_PLAN, connection=connection).defer_async(plan_id=plan_id)
    await connection.execute(QUERIES["see_ours"])
    return job_id
