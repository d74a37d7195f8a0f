"""Connections and pools: each takes one of our four roles, sees our schema first and speaks UTC."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Literal, LiteralString, TypeAlias

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, ConnectionPool

from domain.errors import DatabaseUnavailable, MigrationError, StorageError

Role = Literal["owner", "ingest", "worker", "api"]
ROLES: tuple[Role, ...] = ("owner", "ingest", "worker", "api")
Connection: TypeAlias = psycopg.Connection[TupleRow]
AsyncConnection: TypeAlias = psycopg.AsyncConnection[TupleRow]
SyncPool: TypeAlias = ConnectionPool[Connection]
AsyncPool: TypeAlias = AsyncConnectionPool[AsyncConnection]

CONNECT_TIMEOUT_S = 10
ASSUME: LiteralString = """SELECT set_config('role', %(role)s, false),
  set_config('search_path', 'landpuls,public', false), set_config('timezone', 'UTC', false)"""


def session(url: str, role: Role, schema: str = "landpuls") -> dict[str, str | int]:
    """Connection arguments that give a session its role, search path and time zone for good.

    They are start-up options, so that no RESET brings back more rights than the role has. Poolers drop such options;
    `connect` and the pools therefore set them once more.
    """
    given = conninfo_to_dict(url).get("options")
    ours = f"-c role=landpuls_{role} -c search_path={schema},public -c timezone=UTC"
    return {
        "options": f"{given} {ours}" if given else ours,
        "application_name": f"landpuls {role}",
        "connect_timeout": CONNECT_TIMEOUT_S,
    }


def connect(url: str, role: Role) -> Connection:
    """Open a connection in one of our roles; the caller commits.

    Raises
    ------
    DatabaseUnavailable
        If the server cannot be reached.
    MigrationError
        If our roles do not exist there yet.
    """
    with translated():
        connection = psycopg.connect(url, **session(url, role))  # type: ignore[arg-type]  # options and numbers mixed
        try:
            _assume(connection, role)
        except BaseException:
            connection.close()
            raise
        return connection


def open_pool(url: str, role: Role, min_size: int = 1, max_size: int = 4) -> SyncPool:
    """Open a pool of connections in one of our roles."""
    return ConnectionPool(
        url,
        kwargs=session(url, role),
        configure=partial(_assume, role=role),
        min_size=min_size,
        max_size=max_size,
        open=True,
        name=f"landpuls {role}",
    )


async def open_async_pool(url: str, role: Role, min_size: int = 1, max_size: int = 8) -> AsyncPool:
    """Open a pool of asynchronous connections in one of our roles; it connects in the background."""
    pool: AsyncPool = AsyncConnectionPool(
        url,
        kwargs=session(url, role),
        configure=partial(_assume_async, role=role),
        min_size=min_size,
        max_size=max_size,
        open=False,
        name=f"landpuls {role}",
    )
    await pool.open()
    return pool


def _assume(connection: Connection, role: Role) -> None:
    connection.execute(ASSUME, {"role": f"landpuls_{role}"})
    connection.commit()


async def _assume_async(connection: AsyncConnection, role: Role) -> None:
    await connection.execute(ASSUME, {"role": f"landpuls_{role}"})
    await connection.commit()


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into ours: what may pass by itself is DatabaseUnavailable, the rest StorageError."""
    try:
        yield
    except psycopg.Error as error:
        raise our_error(error) from error


def our_error(error: psycopg.Error) -> StorageError:
    """The error of ours that says what a driver's error means for us."""
    text = str(error).strip()
    if 'role "landpuls_' in text and "does not exist" in text:
        return MigrationError(f"The database has not been set up; run `landpuls migrate`. ({text})")
    if isinstance(
        error,
        psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn | psycopg.errors.UndefinedFunction,
    ):
        return MigrationError(
            f"The database schema is not the one this version needs; run `landpuls migrate`. ({text})"
        )
    passing = (psycopg.OperationalError, psycopg.InterfaceError)
    if isinstance(error, passing) and not isinstance(error, psycopg.errors.QueryCanceled):
        return DatabaseUnavailable(f"The database cannot be reached or gave up: {text}")
    return StorageError(f"The database refused: {text}")
