"""Reacts to touched intervals: restates their rollups, then the states of the things they belong to.

One transaction each time: a worker that is killed leaves the intervals for the next one.
"""

import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from random import Random

import psycopg
import structlog

from domain.errors import StorageError
from processing.states.containers import update_containers
from processing.states.counters import update_counters
from processing.states.sql import STATES
from processing.worker.config import WorkerConfig
from storage.database import Connection, connect
from storage.restate import restate

log = structlog.get_logger("landpuls.worker")

LONGEST_PAUSE_S = 30.0
COLLECTED_WITHIN = timedelta(days=2)
"""Collections reported later than that wait for the sensor to confirm them."""


def react(config: WorkerConfig, stop: threading.Event, random: Random) -> None:
    """Keep rollups and states up to date until told to stop; outlive every absence and refusal of the database."""
    pause_s = 0.5
    while not stop.is_set():
        try:
            with closing(connect(config.database_url, "worker")) as connection:
                pause_s = 0.5
                _follow(connection, config, stop)
        except (psycopg.Error, StorageError) as error:
            log.warning("nothing restated", error=str(error).strip(), next_try_s=round(pause_s, 1))
            stop.wait(pause_s * random.uniform(0.5, 1.5))
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


def catch_up(connection: Connection, limit: int, clock: Callable[[], datetime]) -> int:
    """Restate up to `limit` touched intervals and the states that follow from them, in one transaction.

    Returns
    -------
    The number of intervals restated, and of containers collected since; 0 when there is nothing left.
    """
    try:
        restated = restate(connection, limit)
        now = clock()
        collected = _collected(connection, now)
        if things := sorted({*restated.thing_ids, *collected}):
            _update_states(connection, things, now)
        connection.commit()
    finally:
        connection.rollback()
    return restated.intervals + len(collected)


def _follow(connection: Connection, config: WorkerConfig, stop: threading.Event) -> None:
    """Work off what there is, then wait to be called or for the next look."""
    connection.execute("LISTEN landpuls_live")
    connection.commit()
    while not stop.is_set():
        begun = time.monotonic()
        intervals = catch_up(connection, config.batch, lambda: datetime.now(UTC))
        if intervals:
            log.info("restated", intervals=intervals, seconds=round(time.monotonic() - begun, 3))
            stop.wait(min(0.5, config.poll_s))
        else:
            _wait(connection, config.poll_s, stop)


def _wait(connection: Connection, seconds: float, stop: threading.Event) -> None:
    deadline = time.monotonic() + seconds
    while not stop.is_set() and time.monotonic() < deadline:
        if any(True for _ in connection.notifies(timeout=0.25, stop_after=1)):
            return


def _collected(connection: Connection, now: datetime) -> list[int]:
    rows = connection.execute(STATES["collected"], {"since": now - COLLECTED_WITHIN, "now": now}).fetchall()
    return [thing_id for (thing_id,) in rows]


def _update_states(connection: Connection, things: list[int], now: datetime) -> None:
    kinds: dict[int, str] = dict(connection.execute(STATES["kinds"], {"things": things}).fetchall())
    if containers := [thing for thing in things if kinds.get(thing) == "container"]:
        update_containers(connection, containers, now)
    if counters := [thing for thing in things if kinds.get(thing) == "counter"]:
        update_counters(connection, counters, now)
