"""What the batch writer needs to know of datastreams and organisations, kept for each connection.

One small query a batch tells whether it still holds.
"""

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from storage.database import Connection
from storage.queries import Queries

QUERIES = Queries("batch.sql")


@dataclass(kw_only=True, slots=True)
class Metadata:
    """State of one connection: what it knows of the registry, its staging tables, the days that have partitions."""

    version: int = -1
    counter_things: dict[int, int] = field(default_factory=dict)
    """Counter datastreams whose difference is wanted, with their things."""
    organisations: dict[str, int] = field(default_factory=dict)
    staged: bool = False
    days: set[int] = field(default_factory=set)
    """UTC days since 1970 whose partitions exist."""


_KNOWN: WeakKeyDictionary[Connection, Metadata] = WeakKeyDictionary()


def metadata_of(connection: Connection) -> Metadata:
    """What is known for a connection, possibly out of date."""
    return _KNOWN.setdefault(connection, Metadata())


def forget(connection: Connection) -> None:
    """Know nothing any more, after a failure."""
    _KNOWN.pop(connection, None)


def refresh(connection: Connection) -> Metadata:
    """What is known for a connection, brought up to date inside the running transaction."""
    known = metadata_of(connection)
    row = connection.execute(QUERIES["directory_version"]).fetchone()
    version = int(row[0]) if row else 0
    if version != known.version:
        known.counter_things = dict(connection.execute(QUERIES["derived_sources"]).fetchall())
        known.organisations = dict(connection.execute(QUERIES["organisation_keys"]).fetchall())
        known.version = version
    return known
