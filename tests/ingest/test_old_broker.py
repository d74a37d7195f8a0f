"""A broker that speaks MQTT 3.1.1 only."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from ingest.config import IngestConfig
from ingest.ready import VARIABLE
from landpuls.demo.broker import HOST, Broker, write_amqtt
from landpuls.demo.child import Child
from landpuls.demo.ports import answers, free_port
from landpuls.demo.secrets import FLEET_USER, INGEST_USER, Secrets
from tests.ingest.conftest import PATIENCE_S, Tables, Worker, eventually, uplink

pytest.importorskip("amqtt")


@pytest.fixture
def old_broker(tmp_path: Path) -> Iterator[tuple[Broker, Secrets]]:
    """A running amqtt."""
    import sys

    known = Secrets.load(tmp_path / "secrets.json")
    port = free_port()
    command = (
        sys.executable,
        "-P",
        "-m",
        "amqtt.scripts.broker_script",
        "-c",
        str(write_amqtt(tmp_path, port, known)),
    )
    child = Child(
        "amqtt",
        command,
        log=tmp_path / "amqtt.log",
        folder=tmp_path,
        environment={},
    )
    child.start()
    eventually(lambda: answers(HOST, port))
    yield Broker(name="amqtt", remark="", command=command, port=port), known
    child.stop(10.0)


def test_falls_back_to_3_1_1(
    region: int,
    database: str,
    tables: Tables,
    old_broker: tuple[Broker, Secrets],
    monkeypatch: pytest.MonkeyPatch,
    workers: list[Worker],
) -> None:
    """Where MQTT 5 is refused the worker goes on with 3.1.1, says that it is ready, and loses nothing."""
    import socket

    broker, known = old_broker
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
        name = f"landpuls-test-{Random().getrandbits(64):x}"
        ready.bind(f"\0{name}")
        ready.settimeout(PATIENCE_S)
        monkeypatch.setenv(VARIABLE, f"@{name}")
        config = IngestConfig(
            database_url=database, port=broker.port, username=INGEST_USER, password=known.ingest_password
        )
        worker = Worker(config).start()
        workers.append(worker)
        assert ready.recv(100) == b"READY=1"
    client = publisher(broker, known)
    for number in range(500):
        client.publish(*uplink(number), qos=1)
    eventually(lambda: tables.count() == 500, "every message")
    client.disconnect()
    client.loop_stop()
    assert worker.finish() == 0


def publisher(broker: Broker, known: Secrets) -> Any:
    """A connected client of the fleet."""
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(FLEET_USER, known.fleet_password)
    client.connect(HOST, broker.port)
    client.loop_start()
    return client
