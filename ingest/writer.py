"""Commits outcomes and gives up on none of them: waits for the database, and isolates what it refuses."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, fields
from random import Random
from typing import Protocol, Self

import psycopg
import structlog

from domain.errors import DatabaseUnavailable, StorageError
from domain.messages import Message, Outcome
from ingest.backoff import Backoff
from ingest.pipeline import Interpret, bare, interpret_all, rejected
from ingest.stop import Stop

log = structlog.get_logger(__name__)

CONTENT_ERRORS = (psycopg.DataError, psycopg.IntegrityError, ValueError, OverflowError)
"""What blames the rows, not the database: only these make us look for a culprit in the batch."""


class Store(Protocol):
    """The database as ingest sees it."""

    def interpreter(self) -> Interpret:
        """Return `interpret` with the devices as they are registered now."""
        ...

    def commit(self, outcomes: Sequence[Outcome]) -> "Tally":
        """Commit all of the outcomes in one transaction, or none."""
        ...

    def close(self) -> None:
        """Close the connection; the next use opens another."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """What became of the messages of one or more transactions."""

    received: int = 0
    stored: int = 0
    duplicate: int = 0
    quarantined: int = 0
    ignored: int = 0
    readings: int = 0

    def __add__(self, other: Self) -> "Tally":
        names = (each.name for each in fields(self))
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in names})


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What was committed, in the order of the messages."""

    outcomes: tuple[Outcome, ...]
    tally: Tally


class Writer:
    """Writes batches, each whole and in order, for as long as it takes.

    Parameters
    ----------
    stop, grace_s
        Once `stop` is asked for, a database that is away is waited for no longer than `grace_s`; the messages are not
        acknowledged then, so the broker keeps them.
    """

    def __init__(self, store: Store, *, stop: Stop, random: Random, grace_s: float = 10.0) -> None:
        self._store = store
        self._stop = stop
        self._backoff = Backoff(random)
        self._grace_s = grace_s

    def write(self, messages: Sequence[Message]) -> Written | None:
        """Interpret and commit a batch; None if a stop came while the database was away.

        Interpretation is part of each try: while the database was away, devices may have been registered.
        """
        deadline: float | None = None
        while True:
            try:
                outcomes = interpret_all(messages, self._store.interpreter())
                written = self._commit(outcomes)
            except StorageError as error:
                if self._stop.asked:
                    deadline = deadline or time.monotonic() + self._grace_s
                    if time.monotonic() > deadline:
                        log.error(
                            "stopped without the database; the broker keeps the messages",
                            messages=len(messages),
                        )
                        return None
                self._wait(error, len(messages))
            else:
                if self._backoff.attempts:
                    log.info("the database is back", tries=self._backoff.attempts)
                self._backoff.reset()
                return written

    def _wait(self, error: StorageError, messages: int) -> None:
        delay_s = self._backoff.next_s()
        log.warning(
            "batch not committed, nothing acknowledged; trying again",
            reason=str(error),
            messages=messages,
            retry_in_s=round(delay_s, 2),
        )
        self._store.close()
        if self._stop.asked:
            time.sleep(min(delay_s, 0.5))
        else:
            self._stop.wait(delay_s)

    def _commit(self, outcomes: Sequence[Outcome]) -> Written:
        """Commit in one transaction; where rows are refused for their content, in halves, down to the culprit."""
        try:
            return Written(outcomes=tuple(outcomes), tally=self._store.commit(outcomes))
        except StorageError as error:
            if not blames_content(error):
                raise
            if len(outcomes) == 1:
                return self._quarantine(outcomes[0], error)
        middle = len(outcomes) // 2
        first = self._commit(outcomes[:middle])
        second = self._commit(outcomes[middle:])
        return Written(outcomes=first.outcomes + second.outcomes, tally=first.tally + second.tally)

    def _quarantine(self, outcome: Outcome, error: StorageError) -> Written:
        log.error(
            "the database refused a message; it goes to quarantine",
            device=outcome.device_key,
            topic=outcome.message.topic[:200],
            reason=str(error),
        )
        kept = rejected(outcome, error)
        try:
            return Written(outcomes=(kept,), tally=self._store.commit([kept]))
        except StorageError as again:
            if not blames_content(again):
                raise
        # If even this is refused, the fault lies with the database, not with the message: it is tried again.
        last = bare(outcome)
        return Written(outcomes=(last,), tally=self._store.commit([last]))


def blames_content(error: BaseException) -> bool:
    """Whether the database refused the rows themselves, so that trying the same again cannot help."""
    if isinstance(error, DatabaseUnavailable):
        return False
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, CONTENT_ERRORS):
            return True
        cause = cause.__cause__
    return False
