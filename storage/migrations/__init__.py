"""The numbered migrations: our own, and those of the job queue that lives beside us in the schema `jobs`."""

import hashlib
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal, LiteralString

Home = Literal["plain", "timescale"]

NUMBERED = re.compile(r"^\d{4}_\w+$")
PLAIN_ONLY = re.compile(r"/\* plain: (.*?) \*/")
TOUCHES = re.compile(r"^-- touches: (.*)$", re.MULTILINE)
QUEUE = "queue_"
QUEUE_FOUNDATION = f"{QUEUE}foundation"


@dataclass(frozen=True, kw_only=True, slots=True)
class Migration:
    """A step of the schema; `scripts` run in one transaction with `schema` first in the search path."""

    name: str
    scripts: tuple[LiteralString, ...]
    checksum: str
    schema: str = "landpuls"
    touches: tuple[str, ...] = ()
    """Tables that it reads or rewrites whole, for the estimate."""


def all_migrations(home: Home) -> tuple[Migration, ...]:
    """Every migration for a home, in the order in which they run."""
    return own_migrations(home) + queue_migrations()


def own_migrations(home: Home) -> tuple[Migration, ...]:
    """Ours: `NNNN_name.sql`, followed by `NNNN_name.plain.sql` or `NNNN_name.timescale.sql` where there is one."""
    texts = {
        file.name: file.read_text(encoding="utf-8")
        for file in files(__package__).iterdir()
        if file.name[-4:] == ".sql"
    }
    found = []
    for stem in sorted(name[:-4] for name in texts if NUMBERED.match(name[:-4])):
        scripts = [texts[name] for name in (f"{stem}.sql", f"{stem}.{home}.sql") if name in texts]
        touched = [table.strip() for line in TOUCHES.findall("".join(scripts)) for table in line.split(",")]
        found.append(
            Migration(
                name=stem,
                scripts=tuple(_for_home(script, home) for script in scripts),
                checksum=_checksum(scripts),
                touches=tuple(table for table in touched if table != "nothing"),
            )
        )
    return tuple(found)


def queue_migrations() -> tuple[Migration, ...]:
    """The schema of Procrastinate, as its installed version brings it."""
    from procrastinate.schema import SchemaManager

    schema = SchemaManager.get_schema()
    # The library owns this file and mends old installations by migrations of its own, so its text is not pinned.
    return (
        Migration(
            name=QUEUE_FOUNDATION, scripts=(schema, _QUEUE_GRANTS), checksum="procrastinate 3", schema="jobs"
        ),
    )


_QUEUE_GRANTS: LiteralString = """
GRANT USAGE ON SCHEMA jobs TO landpuls_worker, landpuls_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO landpuls_worker;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA jobs TO landpuls_api;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO landpuls_worker, landpuls_api;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs TO landpuls_worker, landpuls_api;
"""


def _for_home(script: str, home: Home) -> LiteralString:
    return PLAIN_ONLY.sub(r"\1" if home == "plain" else "", script)


def _checksum(scripts: list[str]) -> str:
    return hashlib.sha256("\0".join(scripts).encode()).hexdigest()
