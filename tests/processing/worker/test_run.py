"""The worker as a process: runs jobs that others ask for, and stops when asked."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from procrastinate import App, PsycopgConnector

from storage.database import session
from storage.jobs import DRAFT_PLAN
from tests.processing.worker.test_reactor import wait_for
from tests.storage.yard import Yard, rows


@pytest.fixture
def process(database, tmp_path):
    """A running `landpuls work` on the test's database."""
    environment = os.environ | {"LANDPULS_DATABASE__URL": database, "LANDPULS_HOME": str(tmp_path)}
    command = [sys.executable, "-P", "-m", "landpuls", "work"]
    running = subprocess.Popen(command, env=environment, cwd=Path(__file__).parents[3])
    yield running
    running.kill()
    running.wait()


def defer(database: str, plan_id: int) -> None:
    """Ask for the plan as the API does."""

    async def ask() -> None:
        app = App(connector=PsycopgConnector(conninfo=database, kwargs=session(database, "api", "jobs")))
        async with app.open_async():
            await app.configure_task(DRAFT_PLAN).defer_async(plan_id=plan_id)

    asyncio.run(ask())


@pytest.mark.slow
def test_a_requested_plan_is_computed_and_the_worker_ends_cleanly(
    process, database, owner, worker, yard: Yard
):
    """A job that the API's role deferred is run, here to an empty draft; SIGTERM ends the worker with 0."""
    insert = "INSERT INTO plan (organisation_id, day, seconds) VALUES (%s, %s, 1) RETURNING id"
    [(plan_id,)] = owner.execute(insert, (yard.organisation, date(2026, 3, 10))).fetchall()
    owner.commit()
    defer(database, plan_id)
    query = "SELECT status, diagnosis FROM plan WHERE id = %s"
    wait_for(lambda: rows(worker, query, plan_id)[0][0] not in ("requested", "computing"), 60)
    [(status, diagnosis)] = rows(worker, query, plan_id)
    assert (status, diagnosis) == ("draft", [])
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
