"""From the broker into the tables, and the acknowledgement after it."""

import subprocess
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from ingest.config import IngestConfig
from tests.ingest.conftest import Publisher, Tables, Worker, eventually, uplink

pytestmark = pytest.mark.broker

BLOCKED = """SELECT pid FROM pg_stat_activity
              WHERE datname = current_database() AND application_name = 'landpuls ingest'
                AND wait_event_type = 'Lock'"""


def test_readings_arrive(
    region: int, config: IngestConfig, start: Callable[..., Worker], publisher: Publisher, tables: Tables
) -> None:
    """A published uplink becomes readings of its container, and a clean stop ends with 0."""
    worker = start(config)
    publisher.publish(uplink(1))
    eventually(tables.count)
    assert [row[0] for row in tables.messages()] == [1]
    values = tables.rows("SELECT quantity, value FROM latest JOIN datastream d ON d.id = datastream_id")
    assert dict(values)["distance"] == pytest.approx(0.301)
    assert worker.finish() == 0


def test_order_is_kept(
    region: int, config: IngestConfig, start: Callable[..., Worker], publisher: Publisher, tables: Tables
) -> None:
    """Messages are committed in the order received, over many batches."""
    start(config, batch_size=7)
    publisher.publish(*(uplink(number) for number in range(200)))
    eventually(lambda: tables.count() == 200, "every message")
    assert [row[0] for row in tables.rows("SELECT f_cnt FROM message ORDER BY id")] == list(range(200))


def test_nothing_is_acknowledged_before_the_commit(
    region: int,
    config: IngestConfig,
    child: Callable[..., subprocess.Popen[bytes]],
    start: Callable[..., Worker],
    publisher: Publisher,
    tables: Tables,
    owner: Any,
) -> None:
    """A worker killed while its transaction cannot commit has acknowledged nothing: the broker sends it again."""
    start(config).finish()
    owner.execute("LOCK TABLE landpuls.message IN ACCESS EXCLUSIVE MODE")
    process = child()
    publisher.publish(*(uplink(number) for number in range(20)))
    with psycopg.connect(config.database_url, autocommit=True) as login:
        eventually(lambda: login.execute(BLOCKED).fetchone(), "the blocked transaction")
    process.kill()
    process.wait()
    owner.rollback()
    start(config)
    eventually(lambda: {row[0] for row in tables.rows("SELECT f_cnt FROM message")} == set(range(20)))
    assert tables.rows("SELECT count(*) FROM message WHERE outcome = 1") == [(20,)]
    assert tables.rows("SELECT bool_or(redelivered) FROM message") == [(True,)]


def test_same_message_twice_is_a_duplicate(
    region: int, config: IngestConfig, start: Callable[..., Worker], publisher: Publisher, tables: Tables
) -> None:
    """The same uplink from two network servers is counted twice and stored once."""
    start(config)
    publisher.publish(uplink(1), uplink(1))
    eventually(lambda: tables.count() == 2)
    assert [row[0] for row in tables.messages()] == [1, 2]


def test_retained_message_comes_once(
    region: int, config: IngestConfig, start: Callable[..., Worker], publisher: Publisher, tables: Tables
) -> None:
    """A retained uplink is taken when the worker first subscribes, and not again after each reconnect."""
    publisher.publish(uplink(1), retain=True)
    start(config).finish()
    eventually(tables.count)
    start(config).finish()
    assert tables.count() == 1


def test_quality_of_service_0_is_taken_too(
    region: int, config: IngestConfig, start: Callable[..., Worker], publisher: Publisher, tables: Tables
) -> None:
    """A publisher without acknowledgements is served as well as the protocol lets us."""
    start(config)
    publisher.client.publish(*uplink(1), qos=0)
    eventually(tables.count)
    assert [row[0] for row in tables.messages()] == [1]


def test_the_things_stack_and_chirpstack_are_subscribed(
    region: int, config: IngestConfig, start: Callable[..., Worker], publisher: Publisher, tables: Tables
) -> None:
    """Topics of the three envelopes reach the worker; what is no uplink is ignored and counted."""
    start(config)
    publisher.publish(
        (
            "v3/app@tenant/devices/dev/join",
            b'{"end_device_ids":{"dev_eui":"0011223344556677"},"join_accept":{}}',
        ),
        ("application/1/device/0011223344556677/event/join", b'{"deviceInfo":{"devEui":"0011223344556677"}}'),
    )
    eventually(lambda: tables.count() == 2)
    assert {row[1] for row in tables.messages()} == {"not_an_uplink"}
