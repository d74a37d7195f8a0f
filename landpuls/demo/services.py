"""The services of the demo: each one's command, and the settings that all of them share."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from landpuls.demo.broker import HOST, Broker
from landpuls.demo.child import Child
from landpuls.demo.folder import DemoFolder
from landpuls.demo.secrets import FLEET_USER, INGEST_USER, Secrets
from landpuls.settings import Settings

CLIENT_ID = "landpuls-demo-ingest"
PREFIX = "LANDPULS_"
HISTORY_EVERY_S = 21_600
"""Four levels a day are enough to know a container's rate, and the first tours come sooner."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Addresses:
    """Where the services find each other."""

    database_url: str
    broker_port: int
    api_host: str
    api_port: int

    @property
    def api_url(self) -> str:
        """The API's address for clients on this machine."""
        host = "127.0.0.1" if self.api_host in ("0.0.0.0", "::", "") else self.api_host  # noqa: S104
        return f"http://[{host}]:{self.api_port}" if ":" in host else f"http://{host}:{self.api_port}"


def broker_child(broker: Broker, folder: DemoFolder) -> Child:
    """Return the broker as a child."""
    return Child(
        "broker",
        broker.command,
        log=folder.log_of("broker"),
        folder=folder.broker,
        environment=_inherited(),
    )


def service_child(
    name: str,
    settings: Settings,
    addresses: Addresses,
    known: Secrets,
    folder: DemoFolder,
    *,
    ready_name: str,
) -> Child:
    """Return ``landpuls <name>`` as a child with every setting it needs, and none from the folder we stand in."""
    own = {
        "ingest": {
            "MQTT__USERNAME": INGEST_USER,
            "MQTT__PASSWORD": known.ingest_password,
            "MQTT__CLIENT_ID": CLIENT_ID,
        },
        "work": {},
        "serve": {"API__HOST": addresses.api_host, "API__PORT": str(addresses.api_port)},
        "simulate": {
            "MQTT__USERNAME": FLEET_USER,
            "MQTT__PASSWORD": known.fleet_password,
            "SIMULATE__API_URL": addresses.api_url,
            "SIMULATE__API_KEY": known.driver_key,
            "SIMULATE__SEED": str(settings.simulate.seed),
        },
    }[name]
    environment = _inherited() | {
        f"{PREFIX}HOME": str(folder.path),
        f"{PREFIX}DATABASE__URL": addresses.database_url,
        f"{PREFIX}MQTT__HOST": HOST,
        f"{PREFIX}MQTT__PORT": str(addresses.broker_port),
        f"{PREFIX}LOG__LEVEL": settings.log.level,
        f"{PREFIX}LOG__FORMAT": "json",
        **({f"{PREFIX}PROFILES_FOLDER": str(settings.profiles_folder)} if settings.profiles_folder else {}),
        **{f"{PREFIX}{key}": value for key, value in own.items()},
    }
    if name == "ingest":
        environment["NOTIFY_SOCKET"] = f"@{ready_name}"
    return Child(
        name,
        command(name, *(_simulate_arguments(folder) if name == "simulate" else ())),
        log=folder.log_of(name),
        folder=folder.path,
        environment=environment,
    )


def command(*arguments: str) -> tuple[str, ...]:
    """Return the command line of our own command, safe from packages in the folder that it runs in."""
    return (sys.executable, "-P", "-m", "landpuls", *arguments)


def _simulate_arguments(folder: DemoFolder) -> tuple[str, ...]:
    return ("--state", str(folder.simulator_state), "--history-every-s", str(HISTORY_EVERY_S))


def _inherited(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment without our own settings, which would say something else than the demo does."""
    return {name: value for name, value in environment.items() if not name.startswith(PREFIX)}
