"""Proof that every message is accounted for, recomputed from the rows themselves and never from counters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from psycopg.pq import TransactionStatus

from domain.time import day_bounds
from storage.database import Connection, translated
from storage.queries import Queries

QUERIES = Queries("ledger.sql")


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerRow:
    """Messages of a Berlin day by outcome, and the readings they added; `device` is None for all devices together.

    With `by_device`, device_id 0 and device `unknown` stand for messages whose device nobody registered.
    """

    day: date
    received: int
    stored: int
    duplicate: int
    quarantined: int
    ignored: int
    readings: int
    device_id: int | None = None
    device: str | None = None

    @property
    def balanced(self) -> bool:
        """Whether everything received is accounted for."""
        return self.received == self.stored + self.duplicate + self.quarantined + self.ignored


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerCheck:
    """Whether the ledger holds; `problems` says in sentences what does not."""

    rows: tuple[LedgerRow, ...]
    problems: tuple[str, ...]

    @property
    def balanced(self) -> bool:
        """Whether nothing is missing."""
        return not self.problems


def recompute(
    connection: Connection, first_day: date, last_day: date, by_device: bool = False
) -> list[LedgerRow]:
    """Count messages and readings of these Berlin days, both included, by day or by day and device."""
    begin, end = day_bounds(first_day)[0], day_bounds(last_day)[1]
    values = {"first": first_day, "last": last_day, "begin": begin, "end": end}
    with translated():
        found = connection.execute(
            QUERIES["recompute_by_device" if by_device else "recompute"], values
        ).fetchall()
        names: dict[int, str] = dict(
            connection.execute(QUERIES["devices"], {"ids": [row[1] for row in found]}).fetchall()
        )
    columns = ("received", "stored", "duplicate", "quarantined", "ignored", "readings")
    return [
        LedgerRow(
            day=day,
            device_id=device if by_device else None,
            device=names.get(device, "unknown") if by_device else None,
            **dict(zip(columns, counts, strict=True)),
        )
        for day, device, *counts in found
    ]


def total(rows: Sequence[LedgerRow]) -> dict[str, int]:
    """The sums over rows, by column."""
    columns = ("received", "stored", "duplicate", "quarantined", "ignored", "readings")
    return {name: sum(getattr(row, name) for row in rows) for name in columns}


def check(connection: Connection, first_day: date, last_day: date) -> LedgerCheck:
    """Recompute these days and compare what all messages say they added with what stands in the tables."""
    with translated():
        if connection.info.transaction_status == TransactionStatus.INTRANS:
            connection.rollback()
        # One snapshot, or a batch committed between two counts would look like a loss.
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.execute(QUERIES["hold"])
    rows = tuple(recompute(connection, first_day, last_day))
    problems = [
        f"{row.day}: {row.received} received, but {row.stored} stored + {row.duplicate} duplicate + "
        f"{row.quarantined} quarantined + {row.ignored} ignored"
        for row in rows
        if not row.balanced
    ]
    with translated():
        for kind in ("readings", "passages"):
            said, there = _one(connection, f"{kind}_in_messages"), _one(connection, f"{kind}_in_tables")
            if said != there:
                problems.append(f"messages say that they added {said} {kind}, the table holds {there}")
        connection.rollback()
    return LedgerCheck(rows=rows, problems=tuple(problems))


def _one(connection: Connection, query: str) -> int:
    row = connection.execute(QUERIES[query]).fetchone()
    return int(row[0]) if row else 0
