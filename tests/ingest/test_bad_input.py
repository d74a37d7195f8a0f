"""Whatever arrives, it ends where the design says, with a reason a person understands, and the flow goes on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from paho.mqtt.client import MQTTMessage

from domain.messages import MAX_PAYLOAD_BYTES
from domain.quality import Quality
from ingest.config import IngestConfig
from ingest.connection import received, topic_of
from storage.database import Connection
from tests.ingest.conftest import (
    DEVICE,
    ORGANISATION,
    Publisher,
    Tables,
    Worker,
    eventually,
    register,
    uplink,
)

pytestmark = pytest.mark.broker

UP = f"landpuls/v1/{ORGANISATION}/{DEVICE}/up"
NOW = datetime.now(UTC).replace(microsecond=0)
STORED, DUPLICATE, QUARANTINED, IGNORED = 1, 2, 3, 4
AFTERWARDS = 999

QUARANTINED_CASES = {
    "malformed JSON": ((UP, b'{"payload_hex": '), "not_json", "JSON"),
    "no JSON object": ((UP, b"[1, 2]"), "bad_envelope", "object"),
    "empty payload": ((UP, b""), "not_json", "JSON"),
    "invalid UTF-8": ((UP, b'{"payload_hex": "\xff\xfe"}'), "not_utf8", "UTF-8"),
    "NaN in JSON": ((UP, b'{"payload_hex": "00", "rssi": NaN}'), "not_json", "JSON"),
    "nesting without end": ((UP, b"[" * 30_000), "not_json", "JSON"),
    "unknown device": (uplink(1, device="nobody"), "unknown_device", "nobody"),
    "unknown profile": (uplink(1, device="bin-2"), "unknown_profile", "acme/none"),
    "truncated payload": (uplink(1, payload="8000010111"), "undecodable", "5"),
    "over-long payload": (uplink(1, payload="80" * 200), "undecodable", "200"),
    "no hexadecimal": (uplink(1, payload="zz"), "bad_envelope", "hexadecimal"),
    "time of 1970": (uplink(1, at=datetime(1970, 1, 1, tzinfo=UTC)), "no_time", "time"),
    "1 MB": ((UP, b"x" * 1_000_000), "too_large", "1000000"),
    "topic nobody expects": (("landpuls/v1/somewhere/else", b"{}"), "unexpected_topic", "topic"),
    "wrong ending of the topic": ((f"{UP}/down", b"{}"), "unexpected_topic", "topic"),
    "NUL in a message's id": (uplink(1, id="a\0b", payload="8000010111"), "undecodable", "5"),
    "NUL in a device's name": (
        (
            "application/1/device/0011223344556677/event/up",
            b'{"deviceInfo": {"devEui": "a\\u0000b"}, "fPort": 3, "data": "AA=="}',
        ),
        "bad_envelope",
        "DevEUI",
    ),
}


@pytest.mark.parametrize("case", QUARANTINED_CASES)
def test_quarantined(
    case: str,
    region: int,
    owner: Connection,
    config: IngestConfig,
    start: Callable[..., Worker],
    publisher: Publisher,
    tables: Tables,
) -> None:
    """It is kept in quarantine with its reason, acknowledged, and the message behind it is stored."""
    message, reason, said = QUARANTINED_CASES[case]
    register(owner, "bin-2", profile="acme/none")
    worker = start(config)
    publisher.publish(message, uplink(AFTERWARDS))
    eventually(lambda: tables.count() == 2)
    rows = tables.rows("SELECT outcome, reason, detail, length(payload) FROM message ORDER BY id")
    assert rows[0][0] == QUARANTINED
    assert rows[0][1] == reason
    assert said in rows[0][2]
    assert rows[1][0] == STORED
    assert worker.finish() == 0
    start(config).finish()
    assert tables.count() == 2, "what is in quarantine is acknowledged"


def test_implausible_value_is_kept_and_flagged(
    region: int, config: IngestConfig, start: Callable[..., Worker], publisher: Publisher, tables: Tables
) -> None:
    """A distance beyond the sensor's reach is stored with its flag, and stays out of the latest values."""
    start(config)
    publisher.publish(uplink(1, payload="80000101112710000500000000000 02d81".replace(" ", "")))
    eventually(tables.count)
    values = tables.rows(
        "SELECT value, quality FROM reading JOIN datastream d ON d.id = datastream_id WHERE quantity = 'distance'"
    )
    assert values[0][0] == pytest.approx(10.0)
    assert values[0][1] & Quality.IMPLAUSIBLE
    latest = tables.rows("SELECT quantity FROM latest JOIN datastream d ON d.id = datastream_id")
    assert ("distance",) not in latest
    assert ("temperature",) in latest


def test_device_clock_of_1970_is_replaced(
    region: int, config: IngestConfig, start: Callable[..., Worker], publisher: Publisher, tables: Tables
) -> None:
    """A device that believes it is 1970 is read at the network's time, and each reading is flagged."""
    start(config)
    publisher.publish(uplink(1, at=NOW, time="1970-01-01T00:00:00Z"))
    eventually(tables.count)
    readings = tables.rows("SELECT time, quality FROM reading")
    assert {time for time, _ in readings} == {NOW}
    assert all(quality & Quality.TIME_REPLACED for _, quality in readings)


def test_clock_of_next_year_is_replaced(
    region: int, config: IngestConfig, start: Callable[..., Worker], publisher: Publisher, tables: Tables
) -> None:
    """A network server that lives in next year does not put readings there: they stand at the time of receipt."""
    start(config, clock=lambda: NOW)
    publisher.publish(uplink(1, at=NOW + timedelta(days=365)))
    eventually(tables.count)
    readings = tables.rows("SELECT time, quality FROM reading")
    assert {time for time, _ in readings} == {NOW}
    assert all(quality & Quality.TIME_REPLACED for _, quality in readings)


def test_over_long_messages_are_told_apart_by_what_is_not_kept(
    region: int, config: IngestConfig, start: Callable[..., Worker], publisher: Publisher, tables: Tables
) -> None:
    """Two of them that begin alike are two messages; the same one twice is a duplicate; little of each is kept."""
    start(config)
    long = b"x" * 200_000
    publisher.publish((UP, long + b"1"), (UP, long + b"2"), (UP, long + b"2"))
    eventually(lambda: tables.count() == 3)
    rows = tables.rows("SELECT outcome, reason, detail, length(payload) FROM message ORDER BY id")
    assert [row[0] for row in rows] == [QUARANTINED, QUARANTINED, DUPLICATE]
    for _, reason, detail, kept in rows[:2]:
        assert (reason, kept) == ("too_large", MAX_PAYLOAD_BYTES)
        assert "200001 bytes" in detail


def test_memory_holds_little_of_an_over_long_message() -> None:
    """What waits for a batch is bounded, whatever the broker lets pass."""
    kept = received("t", b"x" * 1_000_000, NOW, redelivered=False)
    assert (len(kept.payload), kept.uncut_bytes) == (MAX_PAYLOAD_BYTES + 1, 1_000_000)
    whole = received("t", b"x" * MAX_PAYLOAD_BYTES, NOW, redelivered=False)
    assert (len(whole.payload), whole.uncut_bytes) == (MAX_PAYLOAD_BYTES, None)


def test_boot_message_is_ignored(
    region: int, config: IngestConfig, start: Callable[..., Worker], publisher: Publisher, tables: Tables
) -> None:
    """A well-formed message without readings is counted as ignored."""
    start(config)
    publisher.publish(uplink(1, payload="800001031901041801" + "1e4b1e" + "00" * 12 + "81"))
    eventually(tables.count)
    assert tables.messages()[0][0] == IGNORED


def test_a_flood_of_poison_does_not_hold_up_the_rest(
    region: int, config: IngestConfig, start: Callable[..., Worker], publisher: Publisher, tables: Tables
) -> None:
    """A thousand broken messages among good ones end in quarantine, and every good one is stored."""
    start(config)
    mixed: list[tuple[str, bytes]] = []
    for number in range(500):
        mixed += [uplink(number), (UP, b"\x00\xff" * (number % 50)), (UP, orjson.dumps({"n": number}))]
    publisher.publish(*mixed)
    eventually(lambda: tables.count() == len(mixed), "every message")
    assert tables.rows("SELECT count(*) FROM message WHERE outcome = 1") == [(500,)]


def test_topic_that_is_no_utf_8() -> None:
    """A topic that no encoding explains is kept readable; brokers refuse it, but not every sender is one."""
    assert topic_of(MQTTMessage(topic=b"landpuls/\xff/up")) == "landpuls/\\xff/up"


def test_broker_refuses_topic_that_is_no_utf_8(
    region: int,
    config: IngestConfig,
    start: Callable[..., Worker],
    publisher: Publisher,
    tables: Tables,
    mosquitto: Any,
) -> None:
    """A client that publishes to such a topic loses its own connection, and the flow goes on."""
    import socket

    start(config)
    with socket.create_connection(("127.0.0.1", mosquitto.port)) as rude:
        rude.sendall(bytes.fromhex("100d00044d5154540402003c000178"))
        rude.recv(16)
        topic = b"landpuls/v1/\xff\xfe/up"
        rude.sendall(bytes([0x30, len(topic) + 4]) + len(topic).to_bytes(2, "big") + topic + b"{}")
        rude.settimeout(5)
        assert rude.recv(16) in (b"", b"\xe0\x00")
    publisher.publish(uplink(1))
    eventually(tables.count)
    assert [row[0] for row in tables.messages()] == [STORED]
