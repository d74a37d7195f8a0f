"""What a simulation needs to know, checked before it connects anywhere."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from domain.errors import UsageError
from domain.time import check_aware
from simulators.fleet.impairments import Impairments


@dataclass(frozen=True, kw_only=True, slots=True)
class SimulationConfig:
    """Where the fleet publishes, how it behaves, and what it remembers.

    The fleet first replays the last `history_days`, or what has passed since `state_file` was written, then goes on in
    real time: containers and meters report every `report_every_s`, the others when they have something to say. With
    `api_url` and `api_key` a driver empties what today's published tours say, `driver_stop_s` for each stop; without
    them a fixed schedule does. It ends at `until`, or when `max_messages` were acknowledged, else when it is told to.
    """

    host: str = "127.0.0.1"
    port: int = 1883
    tls: bool = False
    ca_file: Path | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    client_id: str = "landpuls-simulator"
    connections: int = 1
    in_flight: int = 64
    """Messages under way on each connection before the broker has acknowledged one."""
    keepalive_s: int = 20
    seed: int = 1
    history_days: float = 7.0
    history_report_every_s: float = 10_800.0
    """How often containers report within the history: what a sensor's battery allows."""
    report_every_s: float = 60.0
    impairments: Impairments = field(default_factory=Impairments)
    state_file: Path | None = None
    api_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    driver_stop_s: float = 15.0
    blocked_share: float = 0.02
    """Share of stops at which a driver finds the way blocked."""
    until: datetime | None = None
    max_messages: int | None = None
    profiles_folder: Path | None = None

    def __post_init__(self) -> None:
        for name, low, high in (
            ("port", 1, 65_535),
            ("connections", 1, 16),
            ("in_flight", 1, 10_000),
            ("keepalive_s", 5, 65_535),
            ("history_days", 0, 30),
            ("history_report_every_s", 60, 86_400),
            ("report_every_s", 1, 86_400),
            ("driver_stop_s", 0, 86_400),
            ("blocked_share", 0, 1),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise UsageError(f"{name} is {value}; it must lie between {low} and {high}.")
        if self.ca_file is not None and not self.tls:
            raise UsageError("ca_file is given, but tls is off; turn it on or leave the file out.")
        if self.ca_file is not None and not self.ca_file.is_file():
            raise UsageError(f"ca_file {self.ca_file} is no file; correct the path.")
        if (self.api_url is None) != (self.api_key is None):
            raise UsageError("The driver needs api_url and api_key, both or neither.")
        if self.until is not None:
            check_aware(self.until)

    @property
    def has_driver(self) -> bool:
        """Whether drivers follow published tours."""
        return self.api_url is not None
