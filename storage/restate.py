"""Rollups of exactly the quarter hours that ingest touched, however late their readings came.

Ingest appends what it touched and never waits; whoever restates takes rows out of that queue in the same transaction in
which it writes what follows from them, so that a crash leaves them in the queue.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
from psycopg.pq import TransactionStatus

from domain.time import HOUR_S, QUARTER_S, berlin_day, day_bounds, floor_to
from storage.database import ASSUME, Connection, our_error
from storage.queries import Queries

QUERIES = Queries("restate.sql")
QUARTER = timedelta(seconds=QUARTER_S)
HOUR = timedelta(seconds=HOUR_S)
Window = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True, slots=True)
class Restated:
    """Whose quarter hours were restated, and how many; empty if nothing was touched."""

    datastream_ids: frozenset[int] = frozenset()
    thing_ids: frozenset[int] = frozenset()
    intervals: int = 0

    def __bool__(self) -> bool:
        return self.intervals > 0


def restate(connection: Connection, limit: int = 20_000) -> Restated:
    """Restate the rollups of up to `limit` touched rows; the caller commits, with what it computes from them.

    Raises
    ------
    DatabaseUnavailable, StorageError
        Nothing is lost then: the rows are still in the queue.
    """
    idle = connection.info.transaction_status == TransactionStatus.IDLE
    try:
        row = connection.execute(QUERIES["is_plain"]).fetchone()
        if row is not None and row[0]:
            return _restate_tables(connection, limit)
        if idle:
            connection.commit()
            return _refresh_then_remove(connection, limit)
        return _take_and_refresh(connection, limit)
    except psycopg.Error as error:
        if idle and not connection.closed:
            connection.rollback()
        raise our_error(error) from error


def _restate_tables(connection: Connection, limit: int) -> Restated:
    connection.execute(QUERIES["stage"])
    connection.execute(QUERIES["alone"])
    connection.execute("TRUNCATE stage_interval")
    if not connection.execute(QUERIES["claim"], {"limit": limit}).rowcount:
        return Restated()
    for name in ("restate_15min", "restate_hour", "restate_day"):
        connection.execute(QUERIES[name])
    return _restated(connection.execute(QUERIES["claimed"]).fetchall())


def _take_and_refresh(connection: Connection, limit: int) -> Restated:
    """On TimescaleDB a refresh is a transaction of its own; doing it again after a crash does no harm.

    Inside a transaction of the caller's it goes over a second connection, while the rows are claimed in the first.
    """
    found = connection.execute(QUERIES["take"], {"limit": limit}).fetchall()
    if found:
        info = connection.info
        options = {"password": info.password, "autocommit": True}
        with psycopg.connect(info.dsn, **options) as second:  # type: ignore[arg-type]  # text and flags mixed
            second.execute(ASSUME, {"role": _role(connection)})
            _refresh(second, [begins_at for *_, begins_at in found])
    return _restated(found)


def _refresh_then_remove(connection: Connection, limit: int) -> Restated:
    """The same where the caller has no transaction open: first refreshed, then taken out of the queue."""
    before = connection.autocommit
    connection.autocommit = True
    try:
        found = connection.execute(QUERIES["peek"], {"limit": limit}).fetchall()
        _refresh(connection, [begins_at for *_, begins_at in found])
    finally:
        if not connection.closed:
            connection.autocommit = before
    if found:
        connection.execute(QUERIES["remove"], {"ids": [identity for identity, *_ in found]})
    return _restated([(stream, thing, begins_at) for _, stream, thing, begins_at in found])


def _refresh(connection: Connection, begins: Sequence[datetime]) -> None:
    """Refresh the windows of these quarter hours in all three aggregates; one process does so at a time."""
    times = sorted(set(begins))
    connection.execute(QUERIES["lock_refresh"])
    try:
        for aggregate, windows in (
            ("rollup_15min", merged([(one, one + QUARTER) for one in times])),
            ("rollup_hour", merged([_hour(one) for one in times])),
            ("rollup_day", merged([day_bounds(berlin_day(one)) for one in times])),
        ):
            for begin, end in windows:
                connection.execute(QUERIES["refresh"], {"aggregate": aggregate, "begin": begin, "end": end})
    finally:
        connection.execute(QUERIES["unlock_refresh"])


def _role(connection: Connection) -> str:
    row = connection.execute("SELECT current_user").fetchone()
    return str(row[0]) if row else ""


def merged(windows: Sequence[Window]) -> list[Window]:
    """Sorted windows, with those that touch or overlap made one."""
    joined: list[Window] = []
    for begin, end in windows:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def _hour(instant: datetime) -> Window:
    begin = floor_to(instant, HOUR_S)
    return begin, begin + HOUR


def _restated(rows: Sequence[tuple[int, int, datetime]]) -> Restated:
    return Restated(
        datastream_ids=frozenset(stream for stream, _, _ in rows),
        thing_ids=frozenset(thing for _, thing, _ in rows),
        intervals=len({(stream, begins_at) for stream, _, begins_at in rows}),
    )
