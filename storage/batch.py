"""The only way from outcomes to rows: one transaction a batch, and nothing is acknowledged before it has committed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import numpy as np
import psycopg

from domain.errors import DatabaseUnavailable, StorageError
from domain.messages import Outcome, OutcomeKind
from storage import batch_columns
from storage.batch_columns import Counts, ReadingColumns
from storage.database import Connection, our_error
from storage.keys import Verdict, judge
from storage.metadata import Metadata, forget, metadata_of, refresh
from storage.partitions import ensure_days
from storage.queries import Queries
from storage.sanitise import MAX_KIND, text
from storage.staging import Column, Staging, write

QUERIES = Queries("batch.sql")
EPOCH_DAY = date(1970, 1, 1)
CONTENT = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.ProgramLimitExceeded)
"""Errors that lie in the rows themselves, so that trying again would help nobody."""


class BatchRefused(StorageError):
    """The database refuses a row of the batch for what is in it; nothing of the batch is stored."""


class CommitInDoubt(DatabaseUnavailable):
    """The connection was lost while the batch was committed; only the server knows whether it is stored."""

    def __init__(self, error: psycopg.Error, *, transaction: int, result: "BatchResult") -> None:
        super().__init__(f"The connection to the database was lost while a batch was committed: {error}")
        self.transaction = transaction
        self.result = result


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchResult:
    """What became of a batch: messages by outcome, and the readings and passages added to the tables."""

    received: int = 0
    stored: int = 0
    duplicate: int = 0
    quarantined: int = 0
    ignored: int = 0
    readings: int = 0
    passages: int = 0

    def __add__(self, other: "BatchResult") -> "BatchResult":
        return BatchResult(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})


def commit_batch(
    connection: Connection, outcomes: Sequence[Outcome], *, staging: Staging = "copy"
) -> BatchResult:
    """Store what became of these messages, in the order received, and commit.

    Parameters
    ----------
    connection
        In the role ingest or worker, outside any transaction.
    staging
        `copy`, or `unnest` where the server passes no COPY; both store the same.

    Raises
    ------
    CommitInDoubt
        If the connection was lost during the commit; ask `has_committed` before the batch is given again.
    DatabaseUnavailable
        If the database is away or gave up; nothing is stored, and the same batch can be given again.
    BatchRefused
        If the database refuses a row in spite of all care; divide the batch to find it.
    StorageError
        If the schema is not as expected.
    """
    if not outcomes:
        return BatchResult()
    admitted = [batch_columns.admissible(outcome) for outcome in outcomes]
    try:
        return _commit_afresh(connection, admitted, staging)
    except CONTENT as error:
        _roll_back(connection)
        raise BatchRefused(f"The database refused: {error.diag.message_primary or error}") from error
    except psycopg.Error as error:
        _roll_back(connection)
        raise our_error(error) from error
    except BaseException:
        _roll_back(connection)
        raise


def has_committed(connection: Connection, transaction: int) -> bool:
    """Say whether a transaction whose commit was in doubt has committed.

    Raises
    ------
    DatabaseUnavailable
        If the server cannot say: it is away, or still at work on that transaction.
    """
    try:
        row = connection.execute(QUERIES["transaction_status"], {"transaction": str(transaction)}).fetchone()
        connection.rollback()
    except psycopg.DataError:  # a server that never had it, put in the place of the one that did
        connection.rollback()
        return False
    except psycopg.Error as error:
        raise our_error(error) from error
    status = None if row is None else row[0]
    if status == "in progress":
        raise DatabaseUnavailable("The database is still at work on a batch whose connection was lost.")
    return bool(status == "committed")


def _roll_back(connection: Connection) -> None:
    forget(connection)
    if not connection.closed:
        try:
            connection.rollback()
        except psycopg.Error:
            connection.close()


def _commit_afresh(connection: Connection, outcomes: Sequence[Outcome], staging: Staging) -> BatchResult:
    """Commit, a second time if a partition that this connection knew of was removed meanwhile."""
    try:
        return _commit(connection, outcomes, staging)
    except psycopg.errors.CheckViolation:  # what a missing partition is called, too
        _roll_back(connection)
        return _commit(connection, outcomes, staging)


def _commit(connection: Connection, outcomes: Sequence[Outcome], staging: Staging) -> BatchResult:
    _prepare(connection, outcomes)
    known = refresh(connection)
    verdicts = judge(connection, outcomes, staging)
    readings = batch_columns.reading_columns(outcomes, verdicts)
    numbered = connection.execute(QUERIES["message_ids"], {"count": len(outcomes)}).fetchall()
    identities, transaction = [number for number, _ in numbered], int(numbered[0][1])
    counts = _store_readings(connection, readings, identities, staging)
    _store_passages(connection, outcomes, verdicts, counts, staging)
    _derive(connection, readings, known, outcomes, verdicts, staging)
    _store_latest(connection, readings, counts, staging)
    _store_events(connection, outcomes, verdicts)
    columns = batch_columns.message_columns(
        outcomes, verdicts, identities, counts.by_message, known.organisations
    )
    write(connection, "message", batch_columns.without_defaults(columns), staging)
    connection.execute(QUERIES["notify"])
    result = _result(outcomes, verdicts, counts.by_message)
    try:
        connection.commit()
    except CONTENT:
        raise
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        _roll_back(connection)
        raise CommitInDoubt(error, transaction=transaction, result=result) from error
    return result


def _prepare(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """Make staging tables and missing partitions in a transaction of their own, so that nobody waits for them long."""
    known = metadata_of(connection)
    missing = batch_columns.utc_days(outcomes) - known.days
    if not missing and known.staged:
        return
    if not known.staged:
        connection.execute(QUERIES["stage_tables"])
    if missing:
        ensure_days(connection, [EPOCH_DAY + timedelta(days=day) for day in missing])
    connection.commit()
    known.staged = True
    known.days |= missing


@dataclass(kw_only=True, slots=True)
class _Stored:
    by_message: Counts
    rejected: list[int]


def _store_readings(
    connection: Connection, readings: ReadingColumns, identities: Sequence[int], staging: Staging
) -> _Stored:
    """Insert the readings; what met another at its datastream and time is a duplicate if equal, else a conflict."""
    if not len(readings.message):
        return _Stored(by_message=Counts(), rejected=[])
    write(connection, "stage_reading", readings.columns(), staging)
    rejected = [row for (row,) in connection.execute(QUERIES["insert_readings"])]
    messages = readings.message.tolist()
    counts = Counts(readings=dict(Counter(messages)))
    if rejected:
        for row, equal in connection.execute(QUERIES["compare_readings"], {"rows": rejected}).fetchall():
            number = messages[row]
            counts.readings[number] -= 1
            kept = counts.duplicates if equal else counts.conflicts
            kept[number] = kept.get(number, 0) + 1
            if not equal:
                conflict = {"rows": [row], "messages": [identities[number]]}
                connection.execute(QUERIES["keep_conflicts"], conflict)
    return _Stored(by_message=counts, rejected=rejected)


def _store_passages(
    connection: Connection,
    outcomes: Sequence[Outcome],
    verdicts: Sequence[Verdict],
    stored: _Stored,
    staging: Staging,
) -> None:
    columns = batch_columns.passage_columns(outcomes, verdicts)
    if not len(columns[0].values):
        return
    write(connection, "stage_passage", columns, staging)
    added: list[tuple[UUID, int]] = connection.execute(QUERIES["insert_passages"]).fetchall()
    stored.by_message.passages.update(added)


def _derive(
    connection: Connection,
    readings: ReadingColumns,
    known: Metadata,
    outcomes: Sequence[Outcome],
    verdicts: Sequence[Verdict],
    staging: Staging,
) -> None:
    """Compute what follows from neighbouring readings and from passages, one transaction a thing at a time."""
    counters = np.isin(readings.datastream_id, np.fromiter(known.counter_things, np.int32))
    things = {known.counter_things[stream] for stream in readings.datastream_id[counters].tolist()}
    counted = {
        passage.thing_id
        for outcome, verdict in zip(outcomes, verdicts, strict=True)
        if outcome.kind is OutcomeKind.STORED and not verdict.duplicate
        for passage in outcome.passages
    }
    if not things and not counted:
        return
    connection.execute(QUERIES["lock_things"], {"things": sorted(things | counted)})
    if things:
        columns = (
            Column(name="datastream_id", type="int4", values=readings.datastream_id[counters]),
            Column(name="time", type="timestamptz", values=readings.time_us[counters]),
        )
        write(connection, "stage_counter", columns, staging)
        connection.execute(QUERIES["derive_differences"])
    if counted:
        connection.execute(QUERIES["derive_passages"])


def _store_latest(
    connection: Connection, readings: ReadingColumns, stored: _Stored, staging: Staging
) -> None:
    if not len(readings.message):
        return
    connection.execute(QUERIES["upsert_latest"], {"rejected": stored.rejected})
    write(connection, "touched_interval", readings.touched(), staging)


def _store_events(connection: Connection, outcomes: Sequence[Outcome], verdicts: Sequence[Verdict]) -> None:
    found = [
        (outcome.organisation_id, event.thing_id, outcome.device_id, text(event.kind, MAX_KIND), event.time)
        for outcome, verdict in zip(outcomes, verdicts, strict=True)
        if outcome.organisation_id is not None and not verdict.duplicate
        for event in outcome.events
    ]
    if found:
        names = ("organisation_id", "thing_id", "device_id", "kind", "time")
        columns = dict(zip(names, (list(column) for column in zip(*found, strict=True)), strict=True))
        connection.execute(QUERIES["insert_events"], columns)


def _result(outcomes: Sequence[Outcome], verdicts: Sequence[Verdict], counts: Counts) -> BatchResult:
    kinds = Counter(
        OutcomeKind.DUPLICATE if verdict.duplicate else outcome.kind
        for outcome, verdict in zip(outcomes, verdicts, strict=True)
    )
    return BatchResult(
        received=len(outcomes),
        stored=kinds[OutcomeKind.STORED],
        duplicate=kinds[OutcomeKind.DUPLICATE],
        quarantined=kinds[OutcomeKind.QUARANTINED] + kinds[OutcomeKind.DISCARDED],
        ignored=kinds[OutcomeKind.IGNORED],
        readings=sum(counts.readings.values()),
        passages=sum(counts.passages.values()),
    )
