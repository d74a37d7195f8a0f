"""The demo's broker: chosen by what is there, closed to whoever has no password."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from landpuls.demo import broker as brokers
from landpuls.demo.broker import Broker, choose_broker, find_mosquitto
from landpuls.demo.child import Child
from landpuls.demo.ports import answers, free_port
from landpuls.demo.secrets import FLEET_USER, INGEST_USER, Secrets
from tests.ingest.conftest import eventually


@pytest.fixture(params=["Mosquitto", "amqtt"])
def running(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A running broker of each kind, and the passwords it knows."""
    if request.param == "amqtt":
        pytest.importorskip("amqtt")
        monkeypatch.setattr(brokers, "find_mosquitto", lambda: None)
    elif find_mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    known = Secrets.load(tmp_path / "secrets.json")
    broker = choose_broker(tmp_path, free_port(), known)
    assert broker.name == request.param
    child = Child(
        "broker",
        broker.command,
        log=tmp_path / "broker.log",
        folder=tmp_path,
        environment={},
    )
    child.start()
    eventually(lambda: answers("127.0.0.1", broker.port), "the broker")
    yield broker, known
    assert child.stop(20.0), "the broker stops when asked"


def connects(broker: Broker, user: str | None, password: str | None) -> bool:
    """Whether the broker lets a client in."""
    answered, refused = Event(), []
    client = paho.Client(CallbackAPIVersion.VERSION2, reconnect_on_failure=False)
    if user is not None:
        client.username_pw_set(user, password)

    def on_connect(_: Any, __: Any, ___: Any, reason: Any, ____: Any) -> None:
        refused.append(reason.is_failure)
        answered.set()

    client.on_connect = on_connect
    client.on_disconnect = lambda *_: answered.set()
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    assert answered.wait(10)
    client.disconnect()
    client.loop_stop()
    return refused == [False]


def test_only_those_with_a_password_get_in(running: tuple[Broker, Secrets]) -> None:
    """Ingest and the fleet connect with their passwords; a wrong one and none at all are refused."""
    broker, known = running
    assert connects(broker, INGEST_USER, known.ingest_password)
    assert connects(broker, FLEET_USER, known.fleet_password)
    assert not connects(broker, INGEST_USER, "guessed")
    assert not connects(broker, None, None)


def test_says_which_broker_and_what_it_cannot_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Mosquitto the demo says that amqtt stands in, and what that means."""
    monkeypatch.setattr(brokers, "find_mosquitto", lambda: None)
    pytest.importorskip("amqtt")
    assert "forgets" in choose_broker(tmp_path, free_port(), Secrets.load(tmp_path / "none")).remark
