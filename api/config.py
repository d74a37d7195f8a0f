"""What the service needs to know; the command fills it from the settings."""

from dataclasses import dataclass, field
from pathlib import Path

BUILT_PAGE = Path(__file__).parent / "static"


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiConfig:
    """Where the service listens and which database it reads; times in seconds."""

    database_url: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    static_dir: Path = BUILT_PAGE
    """The built page; a note stands in its place while it is missing."""
    base_map_url: str = ""
    """Style of a base map whose host the page may ask; empty: it asks no other host."""
    pool_min: int = 1
    pool_max: int = 8
    pool_timeout_s: float = 10.0
    """How long a request waits for a connection before it is refused."""
    statement_timeout_s: float = 30.0
    live: "LiveConfig" = field(default_factory=lambda: LiveConfig())


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveConfig:
    """Pace and bounds of the live stream, in seconds."""

    interval_s: float = 1.0
    """Least time between two messages to one client."""
    idle_s: float = 3.0
    """How long to wait for the database's hint before looking anyway."""
    recheck_s: float = 15.0
    """How often a client's key and grants are read anew."""
    ledger_s: float = 3.0
    """Least time between two countings of the ledger for the same organisations."""
    auth_s: float = 10.0
    """How long a client may take to say who it is."""
    send_s: float = 10.0
    """How long a message may take to leave before the client counts as too slow."""
    clients_max: int = 200
