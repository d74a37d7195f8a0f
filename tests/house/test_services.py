"""Each service of the compose file, with its own command and settings, against real servers with passwords and TLS."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from storage.embedded import binary, unprivileged
from tests.fixtures.brokers import free_port
from tests.house.test_broker_config import Broker

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
COMMAND = str(Path(sys.executable).parent / "landpuls")
WAIT_S = 60
PUBLISHED = 120

pytestmark = [pytest.mark.slow, pytest.mark.broker]


class Postgres:
    """A server that asks for passwords, prepared by the script that the compose file mounts."""

    def __init__(self, folder, secrets):
        self.port = free_port()
        data = folder / "data"
        initdb = [binary("initdb"), "-D", data, "-U", "postgres", "--auth=scram-sha-256", "--no-sync"]
        self._run([*initdb, f"--pwfile={secrets / 'database-superuser'}"], folder)
        server = [
            binary("postgres"),
            "-D",
            data,
            "-p",
            self.port,
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "fsync=off",
        ]
        command = unprivileged([str(part) for part in [*server, "-c", f"unix_socket_directories={folder}"]])
        self.log = (folder / "log").open("wb")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, cwd=folder)
        self.environment = os.environ | {
            "PATH": f"{binary('psql').parent}:{os.environ['PATH']}",
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGPASSWORD": (secrets / "database-superuser").read_text().strip(),
            "POSTGRES_DB": "landpuls",
            "SECRETS": str(secrets),
        }
        self._wait()
        psql = [binary("psql"), "-U", "postgres", "-d", "postgres", "-c", "CREATE DATABASE landpuls"]
        subprocess.run(psql, env=self.environment, check=True, capture_output=True)
        subprocess.run(
            ["bash", ROOT / "deploy/postgres/login.sh"], env=self.environment, check=True, capture_output=True
        )

    def _run(self, command, folder):
        subprocess.run(
            unprivileged([str(part) for part in command]), check=True, capture_output=True, cwd=folder
        )

    def _wait(self):
        deadline = time.monotonic() + WAIT_S
        probe = [binary("psql"), "-U", "postgres", "-d", "postgres", "-c", "SELECT 1"]
        while subprocess.run(probe, env=self.environment, check=False, capture_output=True).returncode:
            assert self.process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(WAIT_S)
        self.log.close()


@dataclass
class Stack:
    """Broker and database as in the compose file, and its services started by hand."""

    folder: Path
    broker: Broker
    postgres: Postgres
    api_port: int = field(default_factory=free_port)
    running: dict = field(default_factory=dict)

    def environment(self, service):
        """Return a service's environment with the addresses of this machine."""
        given = {key: str(value) for key, value in COMPOSE["services"][service]["environment"].items()}
        if "LANDPULS_DATABASE__URL" in given:
            given["LANDPULS_DATABASE__URL"] = re.sub(
                "@timescaledb:5432", f"@127.0.0.1:{self.postgres.port}", given["LANDPULS_DATABASE__URL"]
            )
        if "LANDPULS_MQTT__HOST" in given:
            given |= {"LANDPULS_MQTT__HOST": "localhost", "LANDPULS_MQTT__PORT": str(self.broker.port)}
        if "LANDPULS_API__HOST" in given:
            given |= {"LANDPULS_API__HOST": "127.0.0.1", "LANDPULS_API__PORT": str(self.api_port)}
        given = {key: value.replace("/run/secrets", str(self.broker.secrets)) for key, value in given.items()}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("LANDPULS_")}
        return clean | {"LANDPULS_HOME": str(self.folder / "home"), "LANDPULS_LOG__FORMAT": "json"} | given

    def run(self, service, *arguments):
        """Run a service's command to its end."""
        command = [COMMAND, *(arguments or COMPOSE["services"][service]["command"])]
        return subprocess.run(
            command,
            env=self.environment(service),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, service):
        """Start a service."""
        with (self.folder / f"{service}.log").open("wb") as log:
            self.running[service] = subprocess.Popen(
                [COMMAND, *COMPOSE["services"][service]["command"]],
                env=self.environment(service),
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )

    def stop(self):
        """Stop all services as a container would be stopped; return their exit codes."""
        for process in self.running.values():
            process.terminate()
        codes = {name: process.wait(WAIT_S) for name, process in self.running.items()}
        self.running.clear()
        return codes

    def ledger(self):
        """Return the ledger's report."""
        return json.loads(self.run("work", "ledger", "--json").stdout)

    def answers(self, path):
        """Return the API's answer to a request without a key."""
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(f"http://127.0.0.1:{self.api_port}{path}", timeout=5).status
        return None


@pytest.fixture
def stack(tmp_path):
    """Return a migrated database and a broker."""
    (tmp_path / "broker").mkdir()
    (tmp_path / "postgres").mkdir()
    broker = Broker(tmp_path / "broker")
    postgres = Postgres(tmp_path / "postgres", broker.secrets)
    stack = Stack(folder=tmp_path, broker=broker, postgres=postgres)
    yield stack
    stack.stop()
    broker.stop()
    postgres.stop()


def until(condition):
    """Wait for something to become true."""
    deadline = time.monotonic() + WAIT_S
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    return found


def test_services_run_as_the_compose_file_says(stack):
    """Migration, ingest, worker, API and simulators do their work as roles without more rights than they need."""
    migrated = stack.run("migrate")
    assert migrated.returncode == 0, migrated.stderr
    for service in ("ingest", "work", "serve"):
        stack.start(service)
    until(lambda: stack.answers("/readyz") == 200)
    simulated = stack.run("simulate", "simulate", "--history-days", "1", "--messages", str(PUBLISHED))
    assert simulated.returncode == 0, simulated.stderr
    report = until(lambda: (seen := stack.ledger())["total"]["received"] >= PUBLISHED and seen)
    assert report["balanced"]
    for service in ("ingest", "work"):
        doctor = stack.run(service, "doctor")
        assert doctor.returncode == 0, doctor.stdout
    assert stack.stop() == {"ingest": 0, "work": 0, "serve": 0}
