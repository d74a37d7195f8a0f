"""What lives: counts, fullest containers and the plan, read from the tables as they are."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

from domain.messages import OutcomeKind
from storage.database import Connection, connect, translated
from storage.queries import Queries

QUERIES = Queries("demo.sql", "landpuls.demo")
OVERLAP = timedelta(minutes=5)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
FULLEST = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """Messages by what became of them; `redelivered` counts second deliveries of a message committed before."""

    received: int = 0
    stored: int = 0
    duplicate: int = 0
    quarantined: int = 0
    ignored: int = 0
    redelivered: int = 0
    readings: int = 0

    def __sub__(self, other: Self) -> "Ledger":
        return Ledger(**{name: getattr(self, name) - getattr(other, name) for name in self.__slots__})

    @property
    def balanced(self) -> bool:
        """Whether every message is accounted for."""
        return self.received == self.stored + self.duplicate + self.quarantined + self.ignored


@dataclass(frozen=True, kw_only=True, slots=True)
class FullContainer:
    """A container and how full it is."""

    name: str
    place: str
    fraction: str
    fill_percent: float
    full_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanState:
    """The day's plan."""

    id: int
    status: str
    feasible: bool | None
    summary: Mapping[str, Any]
    diagnosis: Any
    tours: int
    stops: int
    done: int

    @property
    def stands(self) -> bool:
        """Whether it is published."""
        return self.status in ("published", "in_progress", "done")

    @property
    def failed(self) -> bool:
        """Whether nothing more is to be expected of it."""
        return self.status in ("infeasible", "failed")


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """The demo at one moment; rates are those since the last look."""

    ledger: Ledger = Ledger()
    messages_per_s: float = 0.0
    containers: int = 0
    containers_known: int = 0
    containers_current: int = 0
    fullest: tuple[FullContainer, ...] = ()
    counters: int = 0
    vehicles_per_h: float = 0.0
    plan: PlanState | None = None
    taken_at: float = field(default_factory=time.monotonic)


class Stats:
    """Looks at the database from time to time; counts messages by reading only those it has not seen."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None
        self._ledger = Ledger()
        self._after = 0
        self._from = EARLIEST
        self._last = Snapshot()

    def look(self, day: date) -> Snapshot:
        """Return the present state; `day` is the Berlin day whose plan is wanted.

        Raises
        ------
        StorageError
            If the database is away; the next look tries again.
        """
        if self._connection is None:
            self._connection = connect(self._url, "worker")
            self._connection.autocommit = True
        try:
            with translated():
                snapshot = self._take(self._connection, day)
        except Exception:
            self.close()
            raise
        elapsed_s = max(1e-3, snapshot.taken_at - self._last.taken_at)
        rate = (snapshot.ledger.received - self._last.ledger.received) / elapsed_s
        self._last = replace(snapshot, messages_per_s=rate)
        return self._last

    def close(self) -> None:
        """Close the connection; the next look opens another."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _take(self, connection: Connection, day: date) -> Snapshot:
        self._count(connection)
        containers, known, current = _row(connection, "containers_known")
        vehicles_per_h, counters = _row(connection, "counters")
        fullest = connection.execute(QUERIES["fullest"], {"limit": FULLEST}).fetchall()
        plan = connection.execute(QUERIES["plan"], {"day": day}).fetchone()
        return Snapshot(
            ledger=self._ledger,
            containers=containers,
            containers_known=known,
            containers_current=current,
            fullest=tuple(
                FullContainer(name=row[0], place=row[1], fraction=row[2], fill_percent=row[3], full_at=row[4])
                for row in fullest
            ),
            counters=counters,
            vehicles_per_h=vehicles_per_h,
            plan=None if plan is None else _plan(plan),
        )

    def _count(self, connection: Connection) -> None:
        values = {"from": self._from, "after": self._after}
        counts = {name: getattr(self._ledger, name) for name in Ledger.__slots__}
        for outcome, redelivered, messages, readings, last_id, last_at in connection.execute(
            QUERIES["new_messages"], values
        ).fetchall():
            kind = OutcomeKind(outcome)
            name = "quarantined" if kind is OutcomeKind.DISCARDED else kind.name.lower()
            counts["received"] += messages
            counts[name] += messages
            counts["readings"] += readings
            if redelivered and kind is OutcomeKind.DUPLICATE:
                counts["redelivered"] += messages
            self._after = max(self._after, last_id)
            self._from = max(self._from, last_at - OVERLAP)
        self._ledger = Ledger(**counts)


def _row(connection: Connection, query: str) -> tuple[Any, ...]:
    row = connection.execute(QUERIES[query]).fetchone()
    assert row is not None, "an aggregate always has a row"
    return row


def _plan(row: tuple[Any, ...]) -> PlanState:
    names = ("id", "status", "feasible", "summary", "diagnosis", "tours", "stops", "done")
    return PlanState(**dict(zip(names, row, strict=True)))
