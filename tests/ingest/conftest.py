"""A worker on a real broker and a real database, and a device whose messages it knows."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import orjson
import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from device_profiles.registry import Profiles
from domain.things import ThingKind
from ingest.config import IngestConfig
from ingest.run import run, utc_now
from ingest.stop import Stop
from storage import registry
from storage.database import Connection, connect

ORGANISATION = "120660000000"
DEVICE = "bin-1"
PROFILE = "dingtek/df702"
PATIENCE_S = 60.0
HALF_FULL = "8000010111{distance:04x}00150000000000002a81"


def eventually(is_so: Callable[[], Any], what: str = "it", *, within_s: float = PATIENCE_S) -> Any:
    """Wait until something is so, and return it."""
    deadline = time.monotonic() + within_s
    while not (result := is_so()):
        assert time.monotonic() < deadline, f"{what} did not come within {within_s} s"
        time.sleep(0.02)
    return result


def uplink(
    number: int,
    *,
    device: str = DEVICE,
    payload: str | None = None,
    at: datetime | None = None,
    **more: Any,
) -> tuple[str, bytes]:
    """Topic and payload of a bin sensor's message; each number has a time and a value of its own."""
    at = at or datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2) + timedelta(seconds=number)
    content = {
        "id": f"{device}-{number}",
        "f_cnt": number,
        "f_port": 3,
        "network_time": at.isoformat(),
        "payload_hex": HALF_FULL.format(distance=300 + number % 900) if payload is None else payload,
        **more,
    }
    return f"landpuls/v1/{ORGANISATION}/{device}/up", orjson.dumps(content)


@dataclass
class Publisher:
    """A device's network server: publishes with QoS 1 and knows what was acknowledged."""

    port: int
    client: paho.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id="publisher", protocol=MQTTProtocolVersion.MQTTv5
        )
        self.client.max_inflight_messages_set(1000)
        self.client.connect("127.0.0.1", self.port)
        self.client.loop_start()

    def publish(self, *messages: tuple[str, bytes], retain: bool = False) -> None:
        """Publish and wait until the broker has confirmed each."""
        sent = [self.client.publish(topic, payload, qos=1, retain=retain) for topic, payload in messages]
        for one in sent:
            one.wait_for_publish(PATIENCE_S)
            assert one.is_published()

    def close(self) -> None:
        """Disconnect."""
        self.client.disconnect()
        self.client.loop_stop()


@dataclass
class Worker:
    """An ingest worker in a thread of this process."""

    config: IngestConfig
    clock: Callable[[], datetime] = utc_now
    stop: Stop = field(default_factory=Stop)
    code: int | None = None
    error: BaseException | None = None

    def start(self) -> "Worker":
        """Start it."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def finish(self) -> int | None:
        """Stop it cleanly, and return its exit code."""
        self.stop.ask()
        return self.join()

    def join(self) -> int | None:
        """Wait for its end."""
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), "the worker did not stop"
        return self.code

    def _run(self) -> None:
        try:
            self.code = run(self.config, stop=self.stop, clock=self.clock, random=Random(1))
        except BaseException as error:
            self.error = error


@dataclass
class Tables:
    """What the worker has committed, read by another connection."""

    url: str

    def rows(self, query: str, *values: Any) -> list[Any]:
        """Run a query in our schema."""
        with connect(self.url, "worker") as connection:
            return connection.execute(query, values).fetchall()

    def messages(self) -> list[Any]:
        """Outcome, reason, redelivered and number of readings of each message, in order."""
        return self.rows("SELECT outcome, reason, redelivered, reading_count FROM message ORDER BY id")

    def count(self) -> int:
        """How many messages there are."""
        return int(self.rows("SELECT count(*) FROM message")[0][0])


def register(connection: Connection, device: str = DEVICE, profile: str = PROFILE) -> int:
    """Put a container with a sensor into the region, and return the device's id."""
    found = connection.execute("SELECT id FROM organisation WHERE key = %s", [ORGANISATION]).fetchone()
    organisation = (
        int(found[0])
        if found
        else registry.add_organisation(
            connection, key=ORGANISATION, name="Calau", kind="municipality", longitude=13.9, latitude=51.7
        )
    )
    thing = registry.add_thing(
        connection,
        organisation_id=organisation,
        key=f"slot-{device}",
        name=f"Glas {device}",
        kind=ThingKind.CONTAINER,
        longitude=13.95,
        latitude=51.75,
    )
    device_id = registry.register_device(
        connection, organisation_id=organisation, key=device, profile_key=profile
    )
    registry.install(
        connection,
        device_id=device_id,
        thing_id=thing,
        profile=Profiles.load()[PROFILE],
        valid_from=datetime.now(UTC) - timedelta(days=40),
    )
    connection.commit()
    return device_id


@pytest.fixture
def region(owner: Connection) -> int:
    """A region with one container and its sensor."""
    return register(owner)


@pytest.fixture
def tables(database: str) -> Tables:
    """What the worker has committed."""
    return Tables(database)


@pytest.fixture
def config(database: str, mosquitto: Any) -> IngestConfig:
    """Settings of a worker that is quick to commit."""
    return IngestConfig(database_url=database, port=mosquitto.port, client_id="worker-1", batch_ms=20)


@pytest.fixture
def workers() -> Iterator[list[Worker]]:
    """Workers to be stopped at the end of the test."""
    started: list[Worker] = []
    yield started
    for worker in started:
        if worker._thread.is_alive():
            worker.finish()


@pytest.fixture
def start(workers: list[Worker], tables: Tables, mosquitto: Any) -> Callable[..., Worker]:
    """Start a worker, and return once it has subscribed."""

    def begin(config: IngestConfig, clock: Callable[[], datetime] = utc_now, **changes: Any) -> Worker:
        wanted = mosquitto.subscriptions(config.client_id) + len(config.topics)
        worker = Worker(replace(config, **changes), clock).start()
        workers.append(worker)
        eventually(
            lambda: worker.error or mosquitto.subscriptions(config.client_id) >= wanted, "the subscription"
        )
        return worker

    return begin


@pytest.fixture
def publisher(mosquitto: Any) -> Iterator[Publisher]:
    """A connected publisher."""
    one = Publisher(mosquitto.port)
    yield one
    one.close()


@pytest.fixture
def child(config: IngestConfig) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start ``landpuls ingest`` as a process of its own, which a test may kill."""
    children: list[subprocess.Popen[bytes]] = []

    def begin(**settings: str) -> subprocess.Popen[bytes]:
        environment = os.environ | {
            "LANDPULS_DATABASE__URL": config.database_url,
            "LANDPULS_MQTT__PORT": str(config.port),
            "LANDPULS_MQTT__CLIENT_ID": config.client_id,
            "LANDPULS_MQTT__BATCH_MS": str(config.batch_ms),
            **settings,
        }
        process = subprocess.Popen([sys.executable, "-P", "-m", "landpuls", "ingest"], env=environment)
        children.append(process)
        return process

    yield begin
    for process in children:
        if process.poll() is None:
            process.kill()
        process.wait()
