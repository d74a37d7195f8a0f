"""Over a real Mosquitto: what is counted has arrived, a broker that goes away costs nothing, a stop is clean."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import paho.mqtt.client as paho
import pytest

from simulators.config import SimulationConfig
from simulators.run import Simulation
from tests.simulators.conftest import every

pytestmark = pytest.mark.broker

PATIENCE_S = 60


class Ear:
    """A persistent subscriber that keeps everything it hears, also over a restart of the broker."""

    def __init__(self, port):
        self.heard = []
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id="ear", clean_session=False)
        self._client.reconnect_delay_set(0.05, 0.2)
        self._client.on_connect = lambda client, *_: client.subscribe("#", 1)
        self._subscribed = threading.Event()
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = lambda _client, _data, message: self.heard.append(
            (message.topic, message.payload, time.time())
        )
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        assert self._subscribed.wait(PATIENCE_S)

    def wait_for(self, number):
        """Wait until so many messages were heard."""
        deadline = time.monotonic() + PATIENCE_S
        while len(self.heard) < number and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.heard

    def close(self):
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def ear(mosquitto):
    """Hears everything that is published."""
    listening = Ear(mosquitto.port)
    yield listening
    listening.close()


def config_of(mosquitto, tmp_path, **more):
    """A short history and then real time."""
    given = {
        "port": mosquitto.port,
        "state_file": tmp_path / "state.json",
        "history_days": 0.25,
        "report_every_s": 1,
        "impairments": every(lost=0.02, duplicated=0.05, disordered=0.05),
    }
    return SimulationConfig(**(given | more))


async def until(condition):
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.02)


async def run_until(simulation, condition):
    """Run a simulation, stop it as soon as something is so, and wait for its end."""
    running = asyncio.create_task(simulation.run())
    try:
        await until(lambda: running.done() or condition())
    finally:
        simulation.stop()
        await running


def test_the_past_then_real_time_and_a_tally_that_is_true(mosquitto, ear, tmp_path, small):
    """The broker has exactly the messages that the tally counts, and none of them names a time to come."""
    config = config_of(mosquitto, tmp_path)
    simulation = Simulation(config, region=small)
    history = []

    def live_a_while():
        if simulation.tally()["history_done"] and not history:
            history.append(simulation.publisher.acknowledged)
        return bool(history) and simulation.publisher.acknowledged >= history[0] + 30

    asyncio.run(run_until(simulation, live_a_while))
    told = json.loads(config.state_file.read_text())
    assert told["published"] == told["published_total"] == simulation.publisher.acknowledged
    assert told["history_done"]
    assert told["status"] == "live"
    assert told["progress"] == 1
    heard = ear.wait_for(told["published"])
    assert len(heard) == told["published"]
    for topic, payload, at in heard:
        assert network_time(topic, json.loads(payload)) <= datetime.fromtimestamp(at + 0.005, UTC)


def network_time(topic, content):
    """The time at which the network heard a message, by envelope."""
    if topic.startswith("v3/"):
        return datetime.fromisoformat(content["received_at"])
    return datetime.fromisoformat(content["time" if topic.startswith("application/") else "network_time"])


def test_a_broker_that_goes_away_and_comes_back_loses_nothing(mosquitto, ear, tmp_path, small):
    """Everything that the fleet says reaches the broker, however often it is restarted meanwhile."""
    config = config_of(mosquitto, tmp_path, history_days=1, connections=2, in_flight=20)
    simulation = Simulation(config, region=small)

    async def disturbed():
        running = asyncio.create_task(simulation.run())
        for wanted in (60, 200):
            await until(
                lambda wanted=wanted: simulation.publisher and simulation.publisher.acknowledged >= wanted
            )
            await asyncio.to_thread(mosquitto.stop)
            await asyncio.sleep(0.3)
            await asyncio.to_thread(mosquitto.start)
        await until(lambda: simulation.tally()["history_done"])
        simulation.stop()
        await running

    asyncio.run(disturbed())
    published = simulation.publisher.acknowledged
    heard = ear.wait_for(published)
    assert published <= len(heard) <= published + simulation.publisher.resent


def test_the_second_start_goes_on_with_the_same_fleet(mosquitto, ear, tmp_path, small):
    """After a stop frame counters go on: no device repeats a number, in all that the two runs published."""
    config = config_of(mosquitto, tmp_path, impairments=every())
    for _ in range(2):
        simulation = Simulation(config, region=small)
        asyncio.run(
            run_until(
                simulation, lambda s=simulation: s.tally()["published"] > 20 and s.tally()["history_done"]
            )
        )
    told = json.loads(config.state_file.read_text())
    assert told["published_total"] > told["published"]
    heard = ear.wait_for(told["published_total"])
    assert len(heard) == told["published_total"]
    assert len({(topic, payload) for topic, payload, _ in heard}) == len(heard)


def test_it_ends_by_itself_at_a_number_of_messages(mosquitto, tmp_path, small):
    """`max_messages` ends the simulation once so many are acknowledged."""
    config = config_of(mosquitto, tmp_path, max_messages=100, history_days=1)
    simulation = Simulation(config, region=small)
    asyncio.run(asyncio.wait_for(simulation.run(), PATIENCE_S))
    assert simulation.publisher.acknowledged >= 100


def test_it_ends_by_itself_at_a_moment(mosquitto, tmp_path, small):
    """A past range is replayed up to `until` and no further."""
    end = datetime.now(UTC) - timedelta(hours=2)
    config = config_of(mosquitto, tmp_path, until=end)
    simulation = Simulation(config, region=small)
    asyncio.run(asyncio.wait_for(simulation.run(), PATIENCE_S))
    assert simulation.fleet.reached_s == pytest.approx(end.timestamp(), abs=1)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_in_the_middle_of_the_past_ends_it_cleanly(mosquitto, ear, tmp_path, how):
    """SIGTERM and Ctrl-C wait for acknowledgements, write the state, and end with 0; the tally is true."""
    file = tmp_path / "state.json"
    code = (
        "import sys; from pathlib import Path; from simulators.config import SimulationConfig;"
        "from simulators.run import run;"
        f"sys.exit(run(SimulationConfig(port={mosquitto.port}, history_days=7, state_file=Path({str(file)!r}))))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    try:
        ear.wait_for(300)
        child.send_signal(how)
        assert child.wait(PATIENCE_S) == 0
    finally:
        child.kill()
    told = json.loads(file.read_text())
    assert told["status"] == "replaying"
    assert 0 < told["progress"] < 1
    assert len(ear.wait_for(told["published"])) == told["published"]


def test_a_broker_that_is_not_there_is_waited_for(tmp_path, small):
    """Without a broker the fleet waits and keeps what it has to say; a stop ends it at once."""
    config = SimulationConfig(port=9, state_file=tmp_path / "state.json", history_days=0.1)
    simulation = Simulation(config, region=small)

    async def wait_a_little():
        running = asyncio.create_task(simulation.run())
        await asyncio.sleep(0.5)
        simulation.stop()
        await asyncio.wait_for(running, PATIENCE_S)

    asyncio.run(wait_a_little())
    told = json.loads(config.state_file.read_text())
    assert told["published"] == 0
    assert told["fleet"]["waiting"], "what could not be published is kept for the next start"
