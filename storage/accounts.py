"""Which organisations and API keys there are, for whoever runs the installation; on a connection in the role owner."""

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from domain.access import Role
from domain.errors import NotFound
from storage.database import Connection, translated
from storage.queries import Queries

QUERIES = Queries("accounts.sql")


@dataclass(frozen=True, kw_only=True, slots=True)
class Organisation:
    """A tenant; `invented` if it is demonstration data; `replanning` as `processing.planning.former` has it."""

    id: int
    key: str
    name: str
    kind: str
    replanning: str
    invented: bool
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiKey:
    """What is known of a key: never the key itself, only its first characters in `prefix`."""

    id: int
    organisation: str
    name: str
    prefix: str
    role: Role
    installation_wide: bool
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


def list_organisations(connection: Connection) -> list[Organisation]:
    """Return every tenant, by key."""
    with translated(), connection.cursor(row_factory=class_row(Organisation)) as cursor:
        return cursor.execute(QUERIES["organisations"]).fetchall()


def has_organisation(connection: Connection, key: str) -> bool:
    """Whether a tenant has this key."""
    with translated():
        return connection.execute(QUERIES["organisation"], {"key": key}).fetchone() is not None


def set_replanning(connection: Connection, key: str, wish: str) -> None:
    """Say how much of a day's former plan holds when this tenant plans the day again.

    Raises
    ------
    NotFound
        If there is no such tenant; the message says how to see or add them.
    """
    number = organisation_id(connection, key)
    with translated():
        connection.execute(QUERIES["set_replanning"], {"organisation": number, "wish": wish})


def organisation_id(connection: Connection, key: str) -> int:
    """Return the id of the tenant with this key.

    Raises
    ------
    NotFound
        If there is none; the message says how to see or add them.
    """
    with translated():
        row = connection.execute(QUERIES["organisation"], {"key": key}).fetchone()
    if row is None:
        raise NotFound(
            f"There is no organisation {key!r}; `landpuls organisations list` shows those there are, "
            "`landpuls organisations add` adds one."
        )
    return int(row[0])


def list_api_keys(connection: Connection, organisation: str | None = None) -> list[ApiKey]:
    """Return the keys of all organisations or of one (by its key), the oldest first, revoked ones included."""
    with translated(), connection.cursor(row_factory=class_row(ApiKey)) as cursor:
        return cursor.execute(QUERIES["api_keys"], {"organisation": organisation}).fetchall()
