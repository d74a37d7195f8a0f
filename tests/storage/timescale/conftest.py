"""The same fixtures on TimescaleDB: one connection, which builds the yard as owner and then works as the worker."""

from collections.abc import Iterator

import pytest

from storage.batch import commit_batch
from storage.database import Connection, connect
from tests.storage.yard import Yard, build_yard


@pytest.fixture
def database(timescale: str) -> str:
    """URL of the emptied TimescaleDB."""
    return timescale


@pytest.fixture
def owner(database: str) -> Iterator[Connection]:
    """The one connection of the test, in the role owner."""
    with connect(database, "owner") as connection:
        connection.prepare_threshold = (
            None  # names of prepared statements would collide with those of other connections
        )
        yield connection


@pytest.fixture
def yard(owner: Connection) -> Yard:
    """The yard; from here on the connection is the worker's, which may do all that ingest may."""
    made = build_yard(owner)
    owner.execute("SELECT set_config('role', 'landpuls_worker', false)")
    owner.commit()
    return made


@pytest.fixture
def worker(owner: Connection, yard: Yard) -> Connection:
    """The one connection, in the role worker."""
    return owner


@pytest.fixture
def ingest(worker: Connection) -> Connection:
    """The same."""
    return worker


@pytest.fixture(autouse=True)
def staging(monkeypatch: pytest.MonkeyPatch) -> str:
    """PGlite dies of a COPY from the client, so here `unnest` is what tests get that do not ask for either."""
    monkeypatch.setitem(commit_batch.__kwdefaults__, "staging", "unnest")
    return "unnest"
