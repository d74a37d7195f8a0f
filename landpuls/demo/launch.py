"""From an empty folder to running services, step by step; each step says what it does."""

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_hex

from domain.errors import LandpulsError
from landpuls.database import configured_url
from landpuls.demo.broker import Broker, choose_broker
from landpuls.demo.child import Child, ChildFailed
from landpuls.demo.crew import Crew
from landpuls.demo.folder import DemoFolder
from landpuls.demo.plan import is_ready
from landpuls.demo.ports import answers, free_port
from landpuls.demo.secrets import Secrets
from landpuls.demo.services import Addresses, broker_child, service_child
from landpuls.settings import Settings

START_S = 60.0
STEP_S = 0.1


class Stopped(Exception):
    """A stop was asked for before everything ran."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Running:
    """What is known once every service runs but the fleet."""

    addresses: Addresses
    secrets: Secrets
    broker: Broker


@dataclass(frozen=True, kw_only=True, slots=True)
class Launch:
    """What the start needs: settings, folder, crew, a voice, and a look at whether to stop."""

    settings: Settings
    folder: DemoFolder
    crew: Crew
    say: Callable[[str], None]
    stopping: Callable[[], bool]
    api_port: int
    ready_name: str = field(default_factory=lambda: f"landpuls-demo-{token_hex(8)}")

    def run(self) -> Running:
        """Start everything but the fleet.

        Raises
        ------
        LandpulsError
            If a step fails; says which and what to do.
        Stopped
            If a stop was asked for meanwhile.
        """
        secrets = Secrets.load(self.folder.secrets)
        broker = choose_broker(self.folder.broker, free_port(), secrets)
        self.say(f"Starting the broker: {broker.name} ({broker.remark})")
        self.crew.start(broker_child(broker, self.folder))
        url = self._database()
        secrets = self._prepare(url, secrets)
        addresses = Addresses(
            database_url=url, broker_port=broker.port, api_host=self.settings.api.host, api_port=self.api_port
        )
        self._services(addresses, secrets)
        return Running(addresses=addresses, secrets=secrets, broker=broker)

    def start_fleet(self, running: Running) -> None:
        """Let the simulated devices and the driver begin."""
        self.say("Starting the simulated fleet: seven days up to now, then real time")
        self.crew.start(self._child("simulate", running.addresses, running.secrets))

    def _database(self) -> str:
        configured = configured_url(self.settings)
        if configured:
            self.say("Using the database from the settings")
            return configured
        from storage.embedded import EmbeddedPostgres

        self.say("Starting the embedded PostgreSQL")
        return self.crew.start_database(EmbeddedPostgres(self.folder.path, join=False))

    def _prepare(self, url: str, secrets: Secrets) -> Secrets:
        from device_profiles.registry import Profiles
        from landpuls.demo.seed import is_seeded, renew_keys, seed
        from simulators.region import oberspreewald_lausitz
        from storage.database import connect
        from storage.migrate import migrate

        self.say("Preparing the database")
        migrate(url)
        region = oberspreewald_lausitz(self.settings.simulate.seed)
        with connect(url, "owner") as connection:
            if not is_seeded(connection, region):
                self.say(f"Registering the region {region.name}: {len(region.things)} things")
                profiles = Profiles.load(self.settings.profiles_folder)
                keys = seed(connection, region, profiles, now=datetime.now(UTC))
            elif not secrets.page_key:
                keys = renew_keys(connection, region)
            else:
                keys = None
        if keys is not None:
            secrets = secrets.with_keys(page_key=keys.page, driver_key=keys.driver)
        secrets.save(self.folder.secrets)
        return secrets

    def _services(self, addresses: Addresses, secrets: Secrets) -> None:
        broker = self.crew["broker"]
        self._until(lambda: answers("127.0.0.1", addresses.broker_port), broker, "accepts no connections")
        self.say("Starting ingest, worker and API")
        with _ready_socket(self.ready_name) as ready:
            for name in ("ingest", "serve", "work"):
                self.crew.start(self._child(name, addresses, secrets))
            self._until(lambda: _said_ready(ready), self.crew["ingest"], "did not subscribe")
        self._until(lambda: is_ready(addresses.api_url), self.crew["serve"], "does not answer")

    def _child(self, name: str, addresses: Addresses, secrets: Secrets) -> Child:
        return service_child(name, self.settings, addresses, secrets, self.folder, ready_name=self.ready_name)

    def _until(self, is_so: Callable[[], bool], child: Child, otherwise: str) -> None:
        deadline = time.monotonic() + START_S
        while not is_so():
            if self.stopping():
                raise Stopped
            if child.pid is None:
                raise ChildFailed(child.failure())
            if time.monotonic() > deadline:
                raise LandpulsError(
                    f"{child.name} {otherwise} within {START_S:.0f} s. The end of {child.log}:\n{child.tail()}"
                )
            time.sleep(STEP_S)


def _ready_socket(name: str) -> socket.socket:
    """Listen under an abstract name: a path under the home folder may be too long for a socket."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(f"\0{name}")
    listener.setblocking(False)
    return listener


def _said_ready(listener: socket.socket) -> bool:
    try:
        return b"READY=1" in listener.recv(1024)
    except BlockingIOError:
        return False
