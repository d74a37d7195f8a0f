"""Commits outcomes and gives up on none of them: waits for the database, and isolates what it refuses."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from typing import Protocol

import psycopg
import structlog

from domain.errors import StorageError
from domain.messages import Message, Outcome
from ingest.backoff import Backoff
from ingest.pipeline import Interpret, bare, interpret_all, rejected
from ingest.stop import Stop
from storage.batch import BatchRefused, BatchResult

log = structlog.get_logger(__name__)


class Store(Protocol):
    """The database as ingest sees it."""

    def interpreter(self) -> Interpret:
        """Return `interpret` with the devices as they are registered now."""
        ...

    def commit(self, outcomes: Sequence[Outcome]) -> BatchResult:
        """Commit all of the outcomes in one transaction, or none."""
        ...

    def close(self) -> None:
        """Close the connection; the next use opens another."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What was committed, in the order of the messages."""

    outcomes: tuple[Outcome, ...]
    tally: BatchResult


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """Messages still to be committed together; `treat` is what is done to each outcome before."""

    messages: Sequence[Message]
    treat: Callable[[Outcome], Outcome]
    last_form: bool = False


class Writer:
    """Writes batches, each whole and in order, for as long as it takes.

    A batch is one transaction. Only where rows are refused for what is in them is it divided, down to the culprit,
    which goes to quarantine; what is committed by then is not written again.

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
        pending = [_Part(messages=messages, treat=_as_it_is)]
        outcomes: list[Outcome] = []
        tally, deadline = BatchResult(), None
        while pending:
            part = pending.pop()
            try:
                made = [part.treat(one) for one in interpret_all(part.messages, self._store.interpreter())]
                tally += self._store.commit(made)
            except Exception as error:
                if blames_content(error) and not part.last_form:
                    pending.extend(_divided(part, error))
                    continue
                if self._stop.asked:
                    deadline = deadline or time.monotonic() + self._grace_s
                    if time.monotonic() > deadline:
                        log.error(
                            "stopped without the database; the broker keeps the messages",
                            messages=len(messages),
                        )
                        return None
                self._wait(error, len(part.messages))
                pending.append(part)
            else:
                self._recovered()
                outcomes.extend(made)
        return Written(outcomes=tuple(outcomes), tally=tally)

    def _wait(self, error: Exception, messages: int) -> None:
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

    def _recovered(self) -> None:
        if self._backoff.attempts:
            log.info("the database is back", tries=self._backoff.attempts)
            self._backoff.reset()


def _as_it_is(outcome: Outcome) -> Outcome:
    return outcome


def _divided(part: _Part, error: Exception) -> list[_Part]:
    """Return what to try instead, the first of it last: halves, or a simpler form of a single message."""
    if len(part.messages) > 1:
        middle = len(part.messages) // 2
        return [
            replace(part, messages=part.messages[middle:]),
            replace(part, messages=part.messages[:middle]),
        ]
    log.error(
        "the database refused a message; it goes to quarantine",
        topic=part.messages[0].topic[:200],
        reason=str(error),
    )
    if part.treat is _as_it_is:
        return [replace(part, treat=partial(rejected, error=error))]
    # If even this is refused, the fault lies with the database, not with the message, and it is tried again.
    return [replace(part, treat=bare, last_form=True)]


def blames_content(error: BaseException) -> bool:
    """Whether the rows themselves are at fault, so that trying the same again cannot help."""
    return isinstance(error, BatchRefused) or not isinstance(error, StorageError | psycopg.Error | OSError)
