"""Which database a command uses: the one configured, else the embedded one under the home folder, else the demo's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from domain.errors import UsageError
from landpuls.settings import Settings


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """Yield the database's URL, password included; run the embedded PostgreSQL meanwhile if none is configured.

    Raises
    ------
    UsageError
        If the URL is none of PostgreSQL's.
    """
    configured = configured_url(settings)
    if configured:
        yield configured
        return
    from storage.embedded import EmbeddedPostgres

    with EmbeddedPostgres(embedded_home(settings.home)) as url:
        yield url


def embedded_home(home: Path) -> Path:
    """Return whose embedded database a command means: that of `home`, or the demo's where there is no other."""
    demo = home / "demo"
    return demo if (demo / "postgres").is_dir() and not (home / "postgres").is_dir() else home


def configured_url(settings: Settings) -> str:
    """Return the configured URL with its password, or an empty string if none is configured."""
    url = settings.database.url.get_secret_value()
    password = settings.database.password.get_secret_value()
    if not url:
        return ""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise UsageError(
            "The setting database.url must look like postgresql://user@host:5432/landpuls, "
            f"but it begins with {parts.scheme or 'no scheme'!r}."
        )
    if not password:
        return url
    user, _, address = parts.netloc.rpartition("@")
    name = user.partition(":")[0]
    return urlunsplit(parts._replace(netloc=f"{name}:{quote(password, safe='')}@{address}"))
