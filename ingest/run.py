"""The ingest worker: messages in, rows committed, acknowledgements out, until it is told to stop."""

import gc
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random, SystemRandom
from types import FrameType

import structlog

from ingest.complaints import Complaints
from ingest.config import IngestConfig
from ingest.inbox import Delivery, Inbox
from ingest.link import Link
from ingest.stop import Stop
from ingest.store import DatabaseStore
from ingest.writer import Writer
from storage.batch import BatchResult

log = structlog.get_logger(__name__)

PATIENCE_S = 0.5
GARBAGE_EVERY = 50_000
"""New objects between two looks for cycles: batches hold many and no cycles, and looking cost a tenth of the time."""


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


def run(
    config: IngestConfig,
    *,
    stop: Stop | None = None,
    clock: Callable[[], datetime] = utc_now,
    random: Random | None = None,
) -> int:
    """Carry messages from the broker into the database until SIGTERM, SIGINT or `stop`.

    A message is acknowledged once it is committed, in the order received. While the database is away, nothing is
    acknowledged and the broker keeps the rest; while the broker is away, the worker tries to come back.

    Returns
    -------
    int
        0 after a clean stop: what was in hand is committed and acknowledged, the session is kept by the broker.

    Raises
    ------
    SessionTakenOver
        If another client has connected under our client id.
    BrokerError
        If the broker refuses us by name on the first connection.
    UsageError, ProfileError
        If the configuration or a device profile cannot be used.
    """
    stop = stop or Stop()
    random = random or SystemRandom()
    inbox = Inbox()
    store = DatabaseStore(config.database_url, config.profiles_folder)
    writer = Writer(store, stop=stop, random=random)
    link = Link(config, inbox, random=random, clock=clock)
    with _signals(stop), _rare_garbage_collection():
        link.start()
        try:
            tally = _carry(config, inbox, writer, link, stop)
        finally:
            link.close()
            store.close()
    if link.failure is not None:
        raise link.failure
    log.info("stopped", stored=tally.stored, duplicate=tally.duplicate, quarantined=tally.quarantined)
    return 0


def _carry(config: IngestConfig, inbox: Inbox, writer: Writer, link: Link, stop: Stop) -> BatchResult:
    total, complaints = BatchResult(), Complaints()
    while link.failure is None and not stop.asked:
        batch = inbox.take(limit=config.batch_size, window_s=config.batch_ms / 1000, patience_s=PATIENCE_S)
        total += _write(batch, writer, complaints)
    link.pause()
    if link.failure is None:
        # What waits behind this batch is not acknowledged, and stays with the broker.
        total += _write(inbox.take(limit=config.batch_size, window_s=0, patience_s=0), writer, complaints)
    return total


def _write(batch: list[Delivery], writer: Writer, complaints: Complaints) -> BatchResult:
    """Commit a batch, then acknowledge it in the order received."""
    if not batch:
        return BatchResult()
    written = writer.write([delivery.message for delivery in batch])
    if written is None:
        return BatchResult()
    for delivery in batch:
        if delivery.packet_id is not None:
            delivery.connection.acknowledge(delivery.packet_id)
    complaints.hear(written.outcomes)
    log.debug("batch committed", messages=len(batch), readings=written.tally.readings)
    return written.tally


@contextmanager
def _rare_garbage_collection() -> Iterator[None]:
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(GARBAGE_EVERY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextmanager
def _signals(stop: Stop) -> Iterator[None]:
    """Let SIGTERM and SIGINT ask for a clean stop; only the main thread may say so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask(number: int, _: FrameType | None) -> None:
        stop.ask()

    previous = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
