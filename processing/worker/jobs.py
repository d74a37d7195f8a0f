"""The jobs that the worker runs; storage knows their names, so that others can ask for them."""

import threading
from contextlib import closing

import structlog
from procrastinate import App, PsycopgConnector

from processing.planning.draft import draft_plan
from processing.routing.stop import Stop
from storage.database import connect, session
from storage.jobs import DRAFT_PLAN
from storage.queries import Queries

JOBS = Queries("jobs.sql", "processing.worker")

log = structlog.get_logger("landpuls.worker")

DEFAULT_SECONDS = 10.0


def worker_app(database_url: str, stop: threading.Event) -> App:
    """Return the queue with its tasks; `stop` ends a running search early, with the best found so far."""
    connector = PsycopgConnector(conninfo=database_url, kwargs=session(database_url, "worker", "jobs"))
    app = App(connector=connector)

    @app.task(name=DRAFT_PLAN)
    def draft(plan_id: int) -> None:
        draft_requested(database_url, plan_id, stop)

    return app


def draft_requested(database_url: str, plan_id: int, stop: threading.Event) -> None:
    """Compute one requested plan as its row asks."""
    with closing(connect(database_url, "worker")) as connection:
        row = connection.execute(JOBS["requested"], {"plan_id": plan_id}).fetchone()
        connection.rollback()
        if row is None:
            log.warning("plan gone", plan_id=plan_id)
            return
        seed, seconds, iterations = row
        if seconds is None and iterations is None:
            seconds = DEFAULT_SECONDS
        draft_plan(
            connection,
            plan_id=plan_id,
            stop=Stop(seconds=seconds, iterations=iterations, requested=stop.is_set),
            seed=seed,
        )
    log.info("plan computed", plan_id=plan_id)


async def retry_orphans(app: App) -> None:
    """Give jobs of workers that died without a word back to the queue."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=30):
        log.warning("taking over the job of a worker that died", job_id=job.id, task=job.task_name)
        await app.job_manager.retry_job(job)
