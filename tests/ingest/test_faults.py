"""What the worker does when the broker, the database or another worker gets in the way."""

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.errors import BrokerError, SessionTakenOver
from ingest.config import IngestConfig
from storage.database import connect
from storage.embedded import EmbeddedPostgres
from storage.migrate import migrate
from tests.ingest.conftest import Publisher, Tables, Worker, eventually, register, uplink

pytestmark = pytest.mark.broker


def stored(tables: Tables) -> set[int]:
    """Frame counters of the messages whose readings are in the tables."""
    return {row[0] for row in tables.rows("SELECT f_cnt FROM message WHERE outcome = 1")}


def test_killed_worker_loses_nothing(
    region: int,
    config: IngestConfig,
    child: Callable[..., subprocess.Popen[bytes]],
    start: Callable[..., Worker],
    publisher: Publisher,
    tables: Tables,
) -> None:
    """A worker killed under load leaves no gap: what it had not acknowledged goes to the next one, once."""
    start(config).finish()
    process = child(LANDPULS_MQTT__BATCH_SIZE="5")
    publisher.publish(*(uplink(number) for number in range(300)))
    eventually(tables.count)
    process.kill()
    process.wait()
    start(config)
    eventually(lambda: stored(tables) == set(range(300)), "every message")
    assert tables.rows("SELECT count(*) FROM message WHERE outcome = 1") == [(300,)]


def test_terminated_worker_stops_cleanly(
    region: int,
    config: IngestConfig,
    child: Callable[..., subprocess.Popen[bytes]],
    start: Callable[..., Worker],
    publisher: Publisher,
    tables: Tables,
) -> None:
    """SIGTERM ends a worker with 0; the broker keeps its session, and queues for it."""
    start(config).finish()
    process = child()
    publisher.publish(uplink(1))
    eventually(tables.count)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    publisher.publish(uplink(2))
    start(config)
    eventually(lambda: stored(tables) == {1, 2})
    assert not any(row[2] for row in tables.messages()), "nothing was delivered twice"


def test_broker_restarts(
    region: int, config: IngestConfig, start: Callable[..., Worker], mosquitto: Any, tables: Tables
) -> None:
    """After a restart of the broker the worker is back by itself, and nothing confirmed is missing."""
    start(config)
    first = Publisher(mosquitto.port)
    first.publish(*(uplink(number) for number in range(50)))
    mosquitto.stop()
    first.close()
    mosquitto.start()
    second = Publisher(mosquitto.port)
    second.publish(*(uplink(number) for number in range(50, 100)))
    second.close()
    eventually(lambda: stored(tables) == set(range(100)), "every message")
    assert tables.rows("SELECT count(*) FROM message WHERE outcome = 1") == [(100,)]


def test_broker_comes_late(
    region: int, config: IngestConfig, mosquitto: Any, workers: list[Worker], tables: Tables
) -> None:
    """A worker that starts before its broker waits for it."""
    mosquitto.stop()
    worker = Worker(config).start()
    workers.append(worker)
    time.sleep(0.5)
    mosquitto.start()
    publisher = Publisher(mosquitto.port)
    try:
        eventually(lambda: mosquitto.subscriptions(config.client_id) >= len(config.topics))
        publisher.publish(uplink(1))
        eventually(lambda: stored(tables) == {1})
    finally:
        publisher.close()


def test_taken_over_session_ends_the_worker(
    region: int, config: IngestConfig, start: Callable[..., Worker], publisher: Publisher, tables: Tables
) -> None:
    """A second worker under the same client id ends the first with an error that says so; the second goes on."""
    first = start(config)
    start(config)
    first.join()
    assert isinstance(first.error, SessionTakenOver)
    assert "worker-1" in str(first.error)
    publisher.publish(uplink(1))
    eventually(lambda: stored(tables) == {1})


def test_database_goes_away_and_comes_back(
    tmp_path: Path, config: IngestConfig, start: Callable[..., Worker], publisher: Publisher
) -> None:
    """While the database is down nothing is acknowledged and nothing lost; afterwards all is stored once."""
    server = EmbeddedPostgres(tmp_path / "home", durable=False)
    url = server.start()
    try:
        migrate(url)
        with connect(url, "owner") as connection:
            register(connection)
        tables = Tables(url)
        worker = start(replace(config, database_url=url))
        publisher.publish(*(uplink(number) for number in range(30)))
        eventually(lambda: stored(tables) == set(range(30)))
        server.stop()
        publisher.publish(*(uplink(number) for number in range(30, 90)))
        time.sleep(1.0)
        server.start()
        eventually(lambda: stored(tables) == set(range(90)), "every message")
        assert tables.rows("SELECT count(*) FROM message") == [(90,)]
        assert worker.finish() == 0
    finally:
        server.stop()


def test_stop_while_the_database_is_away(
    tmp_path: Path, config: IngestConfig, start: Callable[..., Worker], publisher: Publisher
) -> None:
    """A worker told to stop without a database leaves its messages to the broker, and the next one has them."""
    server = EmbeddedPostgres(tmp_path / "home", durable=False)
    url = server.start()
    try:
        migrate(url)
        with connect(url, "owner") as connection:
            register(connection)
        worker = start(replace(config, database_url=url))
        server.stop()
        publisher.publish(*(uplink(number) for number in range(10)))
        assert worker.finish() == 0
        server.start()
        start(replace(config, database_url=url))
        tables = Tables(url)
        eventually(lambda: stored(tables) == set(range(10)))
    finally:
        server.stop()


def test_broker_and_database_away_at_once(
    region: int,
    config: IngestConfig,
    start: Callable[..., Worker],
    mosquitto: Any,
    tables: Tables,
    owner: Any,
) -> None:
    """What the broker delivers again after both were away is recognised: stored once, the rest duplicates."""
    start(config)
    owner.execute("LOCK TABLE landpuls.message IN ACCESS EXCLUSIVE MODE")
    publisher = Publisher(mosquitto.port)
    publisher.publish(*(uplink(number) for number in range(40)))
    publisher.close()
    mosquitto.stop()
    mosquitto.start()
    time.sleep(1.0)
    owner.rollback()
    eventually(lambda: stored(tables) == set(range(40)))
    rows = tables.messages()
    assert sum(1 for row in rows if row[0] == 1) == 40
    assert {row[0] for row in rows} <= {1, 2}


def save(mosquitto: Any) -> None:
    """Let the broker write its store now."""
    file = mosquitto.folder / "mosquitto.db"
    file.unlink(missing_ok=True)
    mosquitto._process.send_signal(signal.SIGUSR1)
    eventually(file.exists, "the broker's store")
    time.sleep(0.2)


def account(tables: Tables) -> tuple[int, int]:
    """Messages received, and those of them that were delivered again."""
    rows = tables.messages()
    return len(rows), sum(1 for row in rows if row[0] == 2 and row[2])


def test_killed_broker_with_an_older_store_costs_nothing_in_hand(
    region: int,
    config: IngestConfig,
    start: Callable[..., Worker],
    mosquitto: Any,
    tables: Tables,
    owner: Any,
) -> None:
    """What the worker holds is the last copy where a killed broker comes back with our session, but without it."""
    start(config, batch_size=1)
    owner.execute("LOCK TABLE landpuls.message IN ACCESS EXCLUSIVE MODE")
    publisher = Publisher(mosquitto.port)
    publisher.publish(*(uplink(number) for number in range(20)))
    save(mosquitto)
    publisher.publish(*(uplink(number) for number in range(20, 40)))
    time.sleep(0.3)
    publisher.close()
    mosquitto.kill()
    mosquitto.start()
    time.sleep(1.5)
    owner.rollback()
    eventually(lambda: stored(tables) == set(range(40)), "every message")
    eventually(lambda: tables.count() == 60, "what came again")
    assert account(tables) == (60, 20)


def test_what_an_older_store_delivers_again_is_no_second_message(
    region: int, config: IngestConfig, start: Callable[..., Worker], mosquitto: Any, tables: Tables
) -> None:
    """Committed messages that a killed broker has forgotten to have sent count as redelivered, without its DUP flag."""
    start(config).finish()
    publisher = Publisher(mosquitto.port)
    publisher.publish(*(uplink(number) for number in range(30)))
    save(mosquitto)
    start(config)
    eventually(lambda: tables.count() == 30, "every message")
    publisher.close()
    mosquitto.kill()
    mosquitto.start()
    eventually(lambda: tables.count() == 60, "what came again")
    assert account(tables) == (60, 30)


def test_broker_that_restarts_often_is_no_second_worker(
    region: int, config: IngestConfig, start: Callable[..., Worker], mosquitto: Any, tables: Tables
) -> None:
    """Restarts in short order, during which connections are refused, never end the worker."""
    worker = start(config)
    log = mosquitto.folder / "mosquitto.log"
    for _ in range(6):
        before = log.read_text(errors="replace").count(f" as {config.client_id} ")
        mosquitto.stop()
        time.sleep(0.6)
        mosquitto.start()
        eventually(lambda: log.read_text(errors="replace").count(f" as {config.client_id} ") > before)  # noqa: B023
    publisher = Publisher(mosquitto.port)
    publisher.publish(uplink(1))
    publisher.close()
    eventually(lambda: stored(tables) == {1})
    assert worker.error is None


def test_refused_password_ends_with_a_reason(
    config: IngestConfig, mosquitto: Any, workers: list[Worker]
) -> None:
    """A broker that refuses our password at the very first connection is reported, not asked for ever."""
    mosquitto.stop()
    mosquitto.extra += "\nallow_anonymous false\n"
    mosquitto.start()
    worker = Worker(replace(config, username="somebody", password="wrong-secret")).start()
    workers.append(worker)
    worker.join()
    assert isinstance(worker.error, BrokerError)
    assert "user name" in str(worker.error)
    assert "wrong-secret" not in str(worker.error)


def test_secrets_do_not_show() -> None:
    """Neither passwords nor database addresses appear when a configuration is printed."""
    config = IngestConfig(database_url="postgresql://a:hidden@b/c", username="u", password="hidden")
    assert "hidden" not in repr(config)
