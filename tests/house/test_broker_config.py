"""The broker's configuration lets in who should be let in, over TLS, and nobody else."""

import os
import queue
import shutil
import socket
import subprocess
import time
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest

from tests.fixtures.brokers import executable, free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
WAIT_S = 60
ORGANISATION = "120660000000"

pytestmark = pytest.mark.broker


class Broker:
    """A Mosquitto with the shipped configuration; only its paths and port are others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.secrets = folder / "secrets"
        self.port = free_port()
        subprocess.run(
            [DEPLOY / "make-secrets", "--user", ORGANISATION, self.secrets], check=True, capture_output=True
        )
        shutil.copy(DEPLOY / "mosquitto" / "acl", folder / "acl")
        (folder / "acl").chmod(0o600)
        (folder / "data").mkdir()
        text = (DEPLOY / "mosquitto" / "mosquitto.conf").read_text(encoding="utf-8")
        for there, here in {
            "listener 8883": f"listener {self.port} 127.0.0.1",
            "/run/secrets": str(self.secrets),
            "/mosquitto/config": str(folder),
            "/mosquitto/data": str(folder / "data"),
        }.items():
            assert there in text
            text = text.replace(there, here)
        user = "user root\n" if os.geteuid() == 0 else ""
        (folder / "mosquitto.conf").write_text(user + text, encoding="utf-8")
        self.log = (folder / "log").open("wb")
        self.process = subprocess.Popen(
            [executable(), "-c", folder / "mosquitto.conf"], stdout=self.log, stderr=self.log
        )

    def password(self, name: str) -> str:
        """Return a generated password."""
        return (self.secrets / name).read_text(encoding="utf-8").strip()

    def client(self, user: str | None, password: str | None = None) -> "Client":
        """Connect, and say how that went."""
        return Client(self, user, password)

    def stop(self) -> None:
        """End the broker."""
        self.process.terminate()
        self.process.wait(WAIT_S)
        self.log.close()


class Client:
    """A paho client that waits for what it asked for."""

    def __init__(self, broker: Broker, user: str | None, password: str | None) -> None:
        self.answers: queue.Queue[object] = queue.Queue()
        self.received: queue.Queue[mqtt.MQTTMessage] = queue.Queue()
        self.paho = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        if user is not None:
            self.paho.username_pw_set(user, password)
        self.paho.tls_set(ca_certs=str(broker.secrets / "tls-ca"))
        self.paho.on_connect = lambda _c, _u, _f, reason, _p: self.answers.put(reason)
        self.paho.on_subscribe = lambda _c, _u, _m, reasons, _p: self.answers.put(reasons[0])
        self.paho.on_publish = lambda _c, _u, _m, reason, _p: self.answers.put(reason)
        self.paho.on_message = lambda _c, _u, message: self.received.put(message)
        self._connect(broker.port)
        self.paho.loop_start()
        self.connected = str(self.answers.get(timeout=WAIT_S))

    def _connect(self, port: int) -> None:
        for _ in range(100):
            try:
                self.paho.connect("localhost", port)
                return
            except ConnectionRefusedError:
                time.sleep(0.05)
        raise AssertionError("the broker does not listen")

    def subscribe(self, topic: str) -> None:
        """Subscribe and wait for the answer."""
        self.paho.subscribe(topic, qos=1)
        self.answers.get(timeout=WAIT_S)

    def publish(self, topic: str) -> str:
        """Publish and return the broker's answer."""
        self.paho.publish(topic, b"x", qos=1)
        return str(self.answers.get(timeout=WAIT_S))

    def close(self) -> None:
        """Leave."""
        self.paho.disconnect()
        self.paho.loop_stop()


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    """A running broker with the shipped configuration."""
    running = Broker(tmp_path_factory.mktemp("broker"))
    yield running
    running.stop()


@pytest.fixture
def join(broker):
    """Connect clients that are gone again after the test."""
    clients = []

    def connect(user, password=None):
        clients.append(broker.client(user, password))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()


@pytest.mark.parametrize(
    ("user", "password"), [(None, None), ("landpuls-ingest", "wrong"), ("landpuls-ingest", "")]
)
def test_nobody_enters_without_the_password(join, user, password):
    """Anonymous clients and wrong passwords are refused."""
    assert "Not authorized" in join(user, password).connected


def test_nobody_enters_without_tls(broker):
    """To a client without TLS the port says no MQTT."""
    hello = bytes.fromhex("100f00044d5154540402003c000378797a")  # CONNECT of MQTT 3.1.1, client id "xyz"
    with socket.create_connection(("127.0.0.1", broker.port), timeout=WAIT_S) as plain:
        plain.sendall(hello)
        try:
            answer = plain.recv(1)
        except ConnectionResetError:
            answer = b""
    assert answer != b"\x20"  # CONNACK


def test_simulated_devices_reach_ingest(broker, join):
    """What the simulators publish in each of the three formats arrives at ingest."""
    reader = join("landpuls-ingest", broker.password("mqtt-ingest"))
    sender = join("landpuls-simulate", broker.password("mqtt-simulate"))
    topics = ["v3/app/devices/a/up", "application/1/device/0011/event/up", "landpuls/v1/120000000000/b/up"]
    for topic in ("v3/+/devices/+/#", "application/+/device/+/event/#", "landpuls/v1/#"):
        reader.subscribe(topic)
    assert [sender.publish(topic) for topic in topics] == ["Success"] * 3
    assert [reader.received.get(timeout=WAIT_S).topic for _ in topics] == topics


def test_ingest_may_not_publish(broker, join):
    """The reader cannot forge readings."""
    reader = join("landpuls-ingest", broker.password("mqtt-ingest"))
    assert reader.publish("landpuls/v1/120000000000/b/up") == "Not authorized"


def test_the_network_server_stays_in_its_topics(broker, join):
    """A network server publishes uplinks in its own formats and nothing else, and reads nothing."""
    server = join("network-server", broker.password("mqtt-network-server"))
    assert server.publish("v3/app/devices/a/up") in ("Success", "No matching subscribers")
    assert server.publish("landpuls/v1/120000000000/b/up") == "Not authorized"
    server.subscribe("v3/#")
    assert server.publish("v3/app/devices/a/up") in ("Success", "No matching subscribers")
    assert server.received.empty()


def test_an_organisation_publishes_for_its_own_devices_only(broker, join):
    """A user named by an organisation's key cannot speak for another organisation."""
    user = join(ORGANISATION, broker.password(f"mqtt-{ORGANISATION}"))
    assert user.publish(f"landpuls/v1/{ORGANISATION}/b/up") in ("Success", "No matching subscribers")
    assert user.publish("landpuls/v1/120000000000/b/up") == "Not authorized"
