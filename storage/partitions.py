"""Daily partitions of the large tables on plain PostgreSQL; on TimescaleDB there is nothing to do."""

from collections.abc import Iterable
from datetime import date, timedelta

from storage.database import Connection
from storage.queries import Queries

QUERIES = Queries("partitions.sql")


def ensure_partitions(connection: Connection, from_day: date, to_day: date) -> int:
    """Make the missing partitions of all UTC days from `from_day` to `to_day`, both included; return how many."""
    count = (to_day - from_day).days + 1
    return ensure_days(connection, (from_day + timedelta(days=number) for number in range(count)))


def ensure_days(connection: Connection, days: Iterable[date]) -> int:
    """Make the missing partitions of these UTC days; the caller commits."""
    row = connection.execute(QUERIES["ensure"], {"days": sorted(days)}).fetchone()
    return int(row[0]) if row else 0
