"""Bring a database to the schema of this version: roles, numbered migrations, the queue's own schema, partitions.

Each migration runs in a transaction of its own and is recorded with its checksum; one migrator works at a time. A
migration that was applied never changes again: mend it with the next one.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import LiteralString, cast

import psycopg
from psycopg import sql

from domain.errors import MigrationError
from storage.database import ROLES, Connection, Role, translated
from storage.migrations import Home, Migration, all_migrations
from storage.partitions import ensure_partitions
from storage.queries import Queries

PARTITIONS_BEHIND = timedelta(days=8)
PARTITIONS_AHEAD = timedelta(days=3)
SECONDS_PER_MIGRATION = 0.5
SCANNED_BYTES_PER_S = 50_000_000

QUERIES = Queries("migrate.sql")


@dataclass(frozen=True, kw_only=True, slots=True)
class MigrationStep:
    """One migration that ran, or would run; `seconds` is measured, or estimated from what it touches."""

    name: str
    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class MigrationReport:
    """What a run of `migrate` did, or would do."""

    home: str
    rehearsed: bool
    steps: tuple[MigrationStep, ...]
    already_applied: int
    partitions: int


def migrate(
    url: str,
    *,
    rehearse: bool = False,
    progress: Callable[[str], object] | None = None,
    role_passwords: Mapping[Role, str] | None = None,
) -> MigrationReport:
    """Apply what is missing; running it twice changes nothing.

    Parameters
    ----------
    url
        Database and a login that may create roles (on the first run), or that may act as landpuls_owner.
    rehearse
        Only say what would run and for about how long.
    progress
        Called with a line of text before each step.
    role_passwords
        Lets these roles log in with a password; without one they can only be taken on by other logins.

    Raises
    ------
    MigrationError
        If an applied migration was changed, the database is newer than this version, or a right is missing.
    """
    say = progress or (lambda _: None)
    with (
        translated(),
        psycopg.connect(url, autocommit=True, connect_timeout=10, options="-c timezone=UTC") as connection,
    ):
        connection.execute(QUERIES["lock"])
        try:
            return _migrate(connection, rehearse, say, role_passwords or {})
        finally:
            connection.execute("RESET ROLE")
            connection.execute(QUERIES["unlock"])


def _migrate(
    connection: Connection, rehearse: bool, say: Callable[[str], object], passwords: Mapping[Role, str]
) -> MigrationReport:
    home = _home(connection)
    applied = _applied(connection)
    pending = _pending(all_migrations(home), applied)
    if rehearse:
        steps = tuple(MigrationStep(name=one.name, seconds=_estimate(connection, one)) for one in pending)
        for step in steps:
            say(f"would run {step.name}, about {step.seconds:.1f} s")
        return MigrationReport(
            home=home, rehearsed=True, steps=steps, already_applied=len(applied), partitions=0
        )
    _ensure_roles(connection, passwords)
    if home == "timescale" and pending:
        _prepare_timescale(connection)
    connection.execute("SET ROLE landpuls_owner")
    done = []
    for migration in pending:
        say(f"running {migration.name}")
        begin = time.monotonic()
        _apply(connection, migration, home)
        done.append(MigrationStep(name=migration.name, seconds=round(time.monotonic() - begin, 3)))
    connection.execute("SET search_path = landpuls, public")
    today = datetime.now(UTC).date()
    made = ensure_partitions(connection, today - PARTITIONS_BEHIND, today + PARTITIONS_AHEAD)
    say(
        f"{len(done)} migrations applied, {len(applied)} were there already"
        if done
        else "the schema is up to date"
    )
    return MigrationReport(
        home=home, rehearsed=False, steps=tuple(done), already_applied=len(applied), partitions=made
    )


def _home(connection: Connection) -> Home:
    """The home recorded by the first migration, else TimescaleDB wherever the server has it."""
    row = connection.execute("SELECT to_regclass('landpuls.migration')").fetchone()
    if row is not None and row[0] is not None:
        recorded = connection.execute(QUERIES["recorded_home"]).fetchone()
        if recorded is not None:
            return cast(Home, recorded[0])
    available = connection.execute(QUERIES["timescale_available"]).fetchone()
    return "timescale" if available is not None else "plain"


def _applied(connection: Connection) -> dict[str, str]:
    row = connection.execute("SELECT to_regclass('landpuls.migration')").fetchone()
    if row is None or row[0] is None:
        return {}
    return dict(connection.execute(QUERIES["applied"]).fetchall())


def _pending(known: tuple[Migration, ...], applied: dict[str, str]) -> list[Migration]:
    unknown = sorted(set(applied) - {one.name for one in known})
    if unknown:
        raise MigrationError(
            f"The database is newer than this version of Landpuls: it has {', '.join(unknown)}. Update Landpuls.",
            unknown=unknown,
        )
    for one in known:
        if one.name in applied and applied[one.name] != one.checksum:
            raise MigrationError(
                f"{one.name} was changed after it had been applied here. Restore the file as it was released; "
                "what is to be different belongs into a new migration.",
                migration=one.name,
            )
    return [one for one in known if one.name not in applied]


def _estimate(connection: Connection, migration: Migration) -> float:
    """Seconds that a migration may take: a constant, and the time to read what it touches."""
    if not migration.touches:
        return SECONDS_PER_MIGRATION
    row = connection.execute(QUERIES["bytes_of"], {"tables": list(migration.touches)}).fetchone()
    return SECONDS_PER_MIGRATION + float(row[0] if row else 0) / SCANNED_BYTES_PER_S


def _ensure_roles(connection: Connection, passwords: Mapping[Role, str]) -> None:
    there = {name for (name,) in connection.execute(QUERIES["roles"])}
    database, can_create, is_member = cast(
        "tuple[str, bool, bool]",
        connection.execute(QUERIES["whoami"], {"there": "landpuls_owner" in there}).fetchone(),
    )
    missing = [role for role in ROLES if f"landpuls_{role}" not in there]
    if (missing and not can_create) or (not missing and not can_create and not is_member):
        raise MigrationError(
            "This login may neither create the roles landpuls_owner, landpuls_ingest, landpuls_worker and landpuls_api "
            "nor act as landpuls_owner. Run `landpuls migrate` once with a login that has CREATEROLE, such as postgres."
        )
    _create_roles(connection, missing, can_create)
    if can_create:
        _grant_database(connection, database)
    for role, password in passwords.items():
        name = f"landpuls_{role}"
        # Only the verifier travels, so that no password lands in the server's log.
        verifier = connection.pgconn.encrypt_password(
            password.encode(), name.encode(), b"scram-sha-256"
        ).decode()
        login = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}")
        connection.execute(login.format(sql.Identifier(name), sql.Literal(verifier)))


def _create_roles(connection: Connection, missing: Sequence[Role], can_create: bool) -> None:
    with connection.transaction():
        for role in missing:
            connection.execute(
                _statement("CREATE ROLE {role} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE", role)
            )
        for role in ROLES:
            if role in missing or (can_create and not _can_set(connection, role)):
                connection.execute(_statement("GRANT {role} TO CURRENT_USER WITH SET TRUE", role))


def _grant_database(connection: Connection, database: str) -> None:
    """Let the owner make schemas and everybody connect, where they may not yet."""
    for role in ROLES:
        rights: LiteralString = "CREATE, CONNECT, TEMPORARY" if role == "owner" else "CONNECT, TEMPORARY"
        row = connection.execute(
            QUERIES["may_use_database"], {"role": f"landpuls_{role}", "owner": role == "owner"}
        ).fetchone()
        if row is None or not row[0]:
            command = sql.SQL("GRANT {} ON DATABASE {} TO {}")
            connection.execute(
                command.format(sql.SQL(rights), sql.Identifier(database), sql.Identifier(f"landpuls_{role}"))
            )


def _prepare_timescale(connection: Connection) -> None:
    """The extension, and the right to run background jobs for the roles that own some."""
    connection.execute(QUERIES["create_timescale"])
    row = connection.execute(QUERIES["timescale_roles_ready"]).fetchone()
    if row is None or not row[0]:
        connection.execute(QUERIES["timescale_roles"])


def _can_set(connection: Connection, role: Role) -> bool:
    row = connection.execute(QUERIES["can_set"], {"role": f"landpuls_{role}"}).fetchone()
    return bool(row and row[0])


def _statement(text: LiteralString, role: Role) -> sql.Composed:
    return sql.SQL(text).format(role=sql.Identifier(f"landpuls_{role}"))


def _apply(connection: Connection, migration: Migration, home: Home) -> None:
    with connection.transaction():
        connection.execute(QUERIES["prepare"])
        for script in migration.scripts:
            connection.execute(
                sql.SQL("SET LOCAL search_path = {}, public").format(sql.Identifier(migration.schema))
            )
            connection.execute(script)
        connection.execute(
            QUERIES["record"], {"name": migration.name, "checksum": migration.checksum, "home": home}
        )
