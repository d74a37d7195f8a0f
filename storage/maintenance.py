"""What a database needs that runs for years: partitions ahead, and no more kept than was agreed.

What goes is added up in the transaction that removes it, so that the ledger holds for ever.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import psycopg

from domain.time import check_aware
from storage.database import Connection, our_error
from storage.partitions import ensure_partitions
from storage.queries import Queries

QUERIES = Queries("maintenance.sql")
AHEAD = timedelta(days=3)
LEAST_DAYS = 45
"""Late readings and rollups reach back this far at most, so that nothing is removed which they still need."""

Table = Literal["message", "reading", "passage"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Retention:
    """How many days each kind of row is kept; None: for ever.

    Raises
    ------
    ValueError
        If messages, readings or passages were to go before late readings have come, or keys on the day they came.
    """

    messages_days: int | None = 365
    readings_days: int | None = None
    passages_days: int | None = 400
    message_keys_days: int = 30
    """At least as long as the broker may keep a message for us."""

    def __post_init__(self) -> None:
        for days in (self.messages_days, self.readings_days, self.passages_days):
            if days is not None and days < LEAST_DAYS:
                raise ValueError(f"messages, readings and passages are kept {LEAST_DAYS} days at least")
        if self.message_keys_days < 1:
            raise ValueError("message keys are kept a day at least")


@dataclass(frozen=True, kw_only=True, slots=True)
class Maintained:
    """What `maintain` made and removed; `postponed` names tables that others were using for too long."""

    partitions: int = 0
    keys: int = 0
    messages: int = 0
    quarantined: int = 0
    """Of the messages those that nobody had replayed or discarded."""
    readings: int = 0
    passages: int = 0
    postponed: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class _Removed:
    rows: int = 0
    quarantined: int = 0
    postponed: bool = False


def maintain(
    connection: Connection,
    now: datetime,
    policy: Retention,
    stopped: Callable[[], bool] = lambda: False,
) -> Maintained:
    """Make partitions ahead, forget old keys, and remove whole UTC days that are beyond retention.

    Every step commits, a day at a time: what was interrupted goes on at the next call, and calling twice changes
    nothing. Several workers may call it at once.

    Parameters
    ----------
    connection
        In the role worker, outside any transaction.
    now
        The present.
    stopped
        Asked before each day; True ends the work early.

    Raises
    ------
    DatabaseUnavailable, StorageError
        What was removed before is accounted for.
    """
    today = check_aware(now).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        partitions = ensure_partitions(connection, today.date(), (today + AHEAD).date())
        connection.commit()
        before = {"before": now - timedelta(days=policy.message_keys_days)}
        keys = connection.execute(QUERIES["prune_keys"], before).rowcount
        connection.commit()
        kept: dict[Table, int | None] = {
            "message": policy.messages_days,
            "reading": policy.readings_days,
            "passage": policy.passages_days,
        }
        removed = {
            table: _remove(connection, table, None if days is None else today - timedelta(days=days), stopped)
            for table, days in kept.items()
        }
    except psycopg.Error as error:
        if not connection.closed:
            connection.rollback()
        raise our_error(error) from error
    return Maintained(
        partitions=partitions,
        keys=keys,
        messages=removed["message"].rows,
        quarantined=removed["message"].quarantined,
        readings=removed["reading"].rows,
        passages=removed["passage"].rows,
        postponed=tuple(table for table, found in removed.items() if found.postponed),
    )


def _remove(
    connection: Connection, table: Table, before: datetime | None, stopped: Callable[[], bool]
) -> _Removed:
    """Remove the days of a table that end by `before`, the oldest first, each in a transaction of its own."""
    rows = quarantined = 0
    while before is not None and not stopped():
        try:
            found = _remove_oldest(connection, table, before)
        except psycopg.errors.LockNotAvailable:
            connection.rollback()
            return _Removed(rows, quarantined, postponed=True)
        if found is None:
            break
        rows, quarantined = rows + found[0], quarantined + found[1]
    return _Removed(rows, quarantined)


def _remove_oldest(connection: Connection, table: Table, before: datetime) -> tuple[int, int] | None:
    """Add up the oldest day and drop it; return its rows and how many were quarantined, None if none is left."""
    with connection.transaction():
        connection.execute(QUERIES["alone"])
        claimed = connection.execute(QUERIES["claim"], {"table": table, "before": before}).fetchone()
        if claimed is None or claimed[0] is None:
            if table == "reading":
                connection.execute(QUERIES["forget_conflicts"], {"before": before})
            return None
        day = {"table": table, "begin": claimed[0], "end": claimed[1]}
        rows, quarantined = connection.execute(QUERIES[f"close_{table}"], day).fetchone() or (0, 0)
        connection.execute(QUERIES["drop"], day)
    return rows, quarantined
