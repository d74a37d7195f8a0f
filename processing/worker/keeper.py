"""Keeps the database in order, hour after hour: partitions ahead, retention, old message keys."""

import threading
from contextlib import closing
from datetime import UTC, datetime
from random import Random

import psycopg
import structlog

from domain.errors import StorageError
from processing.worker.config import WorkerConfig
from storage.database import connect
from storage.maintenance import Maintained, maintain

log = structlog.get_logger("landpuls.worker")

LONGEST_PAUSE_S = 60.0


def keep(config: WorkerConfig, stop: threading.Event, random: Random) -> None:
    """Maintain the database at once and then every `keep_every_s`, until told to stop; outlive its absence."""
    pause_s = 1.0
    while not stop.is_set():
        try:
            with closing(connect(config.database_url, "worker")) as connection:
                _tell(maintain(connection, datetime.now(UTC), config.retention, stop.is_set))
        except (psycopg.Error, StorageError) as error:
            log.warning("maintenance postponed", error=str(error).strip(), next_try_s=round(pause_s, 1))
            stop.wait(pause_s * random.uniform(0.5, 1.5))
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        else:
            pause_s = 1.0
            stop.wait(config.keep_every_s)


def _tell(done: Maintained) -> None:
    if done.partitions or done.keys or done.messages or done.readings or done.passages:
        log.info(
            "maintained",
            partitions=done.partitions,
            keys=done.keys,
            messages=done.messages,
            readings=done.readings,
            passages=done.passages,
        )
    if done.quarantined:
        log.warning(
            "messages left quarantine with their day, neither replayed nor discarded", count=done.quarantined
        )
    if done.postponed:
        log.warning("old days are in use, their removal is tried again", tables=done.postponed)
