"""The keeper: maintenance runs by itself, and survives a database that is away."""

import threading
from random import Random

import psycopg
import pytest

from processing.worker.config import WorkerConfig
from processing.worker.keeper import keep
from storage.batch import commit_batch
from storage.database import connect
from tests.processing.worker.test_reactor import wait_for
from tests.storage.yard import NOON, rows, stored

CUT_OFF = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
)


@pytest.fixture
def keeper(database, yard):
    """A running keeper that looks often."""
    stop = threading.Event()
    config = WorkerConfig(database_url=database, keep_every_s=0.1)
    thread = threading.Thread(target=keep, args=(config, stop, Random(1)))
    thread.start()
    yield thread
    stop.set()
    thread.join(20)
    assert not thread.is_alive()


def test_old_keys_go_by_themselves(keeper, ingest, worker, yard):
    """What is beyond retention is removed without being asked, again and again."""
    for name in ("first", "second"):
        commit_batch(ingest, [stored(yard, name)])
        wait_for(lambda: rows(worker, "SELECT count(*) FROM message_key") == [(0,)])


def test_it_outlives_the_absence_of_the_database(keeper, cluster, database, ingest, yard):
    """A database that refuses everybody for a while is maintained again as soon as it is back."""
    name = database_name(ingest)
    commit_batch(ingest, [stored(yard, "kept over the absence", received_at=NOON)])
    with psycopg.connect(cluster.url(), autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        server.execute(CUT_OFF, (name,))
        threading.Event().wait(0.5)
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert keeper.is_alive()
    with connect(database, "ingest") as back, connect(database, "worker") as worker:
        commit_batch(back, [stored(yard, "after the absence")])
        wait_for(lambda: rows(worker, "SELECT count(*) FROM message_key") == [(0,)])


def database_name(connection) -> str:
    """Name of the test's database."""
    return rows(connection, "SELECT current_database()")[0][0]
