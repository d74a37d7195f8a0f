"""What an ingest worker needs to know, checked before it connects anywhere."""

from dataclasses import dataclass, field
from pathlib import Path

from domain.errors import UsageError

TOPICS = ("v3/+/devices/+/#", "application/+/device/+/event/#", "landpuls/v1/#")
"""The Things Stack, ChirpStack and our own envelope."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IngestConfig:
    """Where messages come from, where they go, and how many may be under way.

    `client_id` must stay the same over restarts: the broker keeps what came meanwhile under it, for
    `session_expiry_s`. Each worker needs its own. `receive_maximum` bounds the messages that an MQTT 5 broker sends
    ahead of our acknowledgements, and thereby the memory of a worker whose database is away.
    """

    database_url: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 1883
    tls: bool = False
    ca_file: Path | None = None
    certificate_file: Path | None = None
    key_file: Path | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    client_id: str = "landpuls-ingest"
    topics: tuple[str, ...] = TOPICS
    batch_size: int = 5_000
    batch_ms: int = 200
    session_expiry_s: int = 604_800
    receive_maximum: int = 10_000
    keepalive_s: int = 30
    profiles_folder: Path | None = None

    def __post_init__(self) -> None:
        if not self.client_id:
            raise UsageError(
                "The MQTT client id is empty; a session survives a restart only under a stable one."
            )
        if not self.topics:
            raise UsageError("There is no topic filter to subscribe to.")
        for name, low, high in (
            ("port", 1, 65_535),
            ("batch_size", 1, 65_535),
            ("batch_ms", 1, 60_000),
            ("session_expiry_s", 1, 2**32 - 1),
            ("receive_maximum", 1, 65_535),
            ("keepalive_s", 5, 65_535),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise UsageError(f"{name} is {value}; it must lie between {low} and {high}.")
        if (self.ca_file or self.certificate_file) and not self.tls:
            raise UsageError("A certificate file is given, but tls is off; turn it on or leave the file out.")
