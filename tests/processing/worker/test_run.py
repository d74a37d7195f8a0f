"""The worker as a process: runs jobs that others ask for, and stops when asked."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest
from procrastinate import App, PsycopgConnector
from structlog.testing import capture_logs

from processing.worker.config import WorkerConfig
from processing.worker.run import run
from storage.batch import commit_batch
from storage.database import session
from storage.jobs import DRAFT_PLAN
from tests.processing.worker.test_reactor import levels, wait_for
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


def test_a_fault_of_ours_ends_the_worker(monkeypatch, database, ingest, yard: Yard):
    """A thread that fails by a fault of ours takes the worker down with 1 and a traceback."""

    def faulty(*_: object) -> None:
        raise ValueError("cannot convert float NaN to integer")

    monkeypatch.setattr("processing.worker.reactor.update_containers", faulty)
    commit_batch(ingest, [levels(yard, [40.0], datetime.now(UTC))])
    with capture_logs() as logs:
        assert run(WorkerConfig(database_url=database), random=Random(1)) == 1
    [fault] = [line for line in logs if line["log_level"] == "error"]
    assert fault["part"] == "reactor"
    assert fault["exc_info"]


def test_jobs_of_a_dead_worker_are_taken_over(database, owner, yard: Yard):
    """A job whose worker dies while another one runs is done by that other one, without a restart."""
    insert = "INSERT INTO plan (organisation_id, day, seconds) VALUES (%s, %s, 1) RETURNING id"
    [(plan_id,)] = owner.execute(insert, (yard.organisation, date(2026, 3, 10))).fetchall()
    owner.commit()
    config = WorkerConfig(database_url=database, orphans_every_s=0.2)
    status = "SELECT status::text FROM jobs.procrastinate_jobs"
    done: list[str] = []

    def die_meanwhile() -> None:
        try:
            take_over()
            done.append("taken over")
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    def take_over() -> None:
        wait_for(lambda: rows(owner, "SELECT 1 FROM jobs.procrastinate_workers"), 20)
        owner.execute(
            "WITH dead AS (INSERT INTO jobs.procrastinate_workers (last_heartbeat)"
            " VALUES (now() - interval '29 seconds') RETURNING id)"
            " INSERT INTO jobs.procrastinate_jobs (task_name, queue_name, args, status, worker_id)"
            " SELECT %s, 'default', jsonb_build_object('plan_id', %s::bigint), 'doing', id FROM dead",
            (DRAFT_PLAN, plan_id),
        )
        owner.commit()
        wait_for(lambda: rows(owner, status) == [("succeeded",)], 60)

    other = threading.Thread(target=die_meanwhile)
    other.start()
    assert run(config, random=Random(1)) == 0
    other.join()
    assert done == ["taken over"]
