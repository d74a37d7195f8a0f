"""Migrations: complete, repeatable, guarded."""

import psycopg
import pytest

from domain.errors import MigrationError
from storage.database import ROLES, connect
from storage.migrate import migrate


def test_a_second_run_changes_nothing(database):
    """What was applied is not applied again."""
    report = migrate(database)
    assert report.steps == ()
    assert report.partitions == 0
    assert report.already_applied >= 3


def test_a_rehearsal_changes_nothing(empty_database):
    """It names what would run, with a time, and leaves the database empty."""
    said = []
    report = migrate(empty_database, rehearse=True, progress=said.append)
    assert report.rehearsed
    assert [step.name for step in report.steps][:2] == ["0001_foundation", "0002_access"]
    assert all(step.seconds > 0 for step in report.steps)
    assert len(said) == len(report.steps)
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT to_regnamespace('landpuls')").fetchone() == (None,)


def test_a_changed_migration_is_refused(database):
    """A text that differs from what was applied is an error that names it."""
    with connect(database, "owner") as connection:
        connection.execute("UPDATE migration SET checksum = 'other' WHERE name = '0001_foundation'")
    with pytest.raises(MigrationError, match="0001_foundation was changed"):
        migrate(database)


def test_a_newer_database_is_refused(database):
    """A migration that this version does not know means that the program is too old."""
    with connect(database, "owner") as connection:
        connection.execute("INSERT INTO migration (name, checksum, home) VALUES ('9999_future', '', 'plain')")
    with pytest.raises(MigrationError, match="newer than this version"):
        migrate(database)


def test_a_failing_migration_leaves_nothing_behind(database, monkeypatch):
    """Each migration is one transaction."""
    from storage import migrate as module
    from storage.migrations import Migration, all_migrations

    broken = Migration(name="0900_broken", scripts=("CREATE TABLE half (id int); SELECT 1/0",), checksum="x")
    monkeypatch.setattr(module, "all_migrations", lambda home: (*all_migrations(home), broken))
    with pytest.raises(Exception, match="division by zero"):
        migrate(database)
    with connect(database, "owner") as connection:
        assert connection.execute("SELECT to_regclass('landpuls.half')").fetchone() == (None,)


def test_each_role_sees_our_schema_in_utc(database):
    """A connection has its role, our schema first, and UTC; a RESET brings back no other role."""
    for role in ROLES:
        with connect(database, role) as connection:
            connection.execute("RESET ALL")
            connection.execute("RESET ROLE")
            shown = connection.execute(
                "SELECT current_user, current_schema, current_setting('timezone')"
            ).fetchone()
            assert shown == (f"landpuls_{role}", "landpuls", "UTC")


def test_an_unmigrated_server_says_so(empty_database, cluster):
    """A missing schema is reported as such, with the remedy."""
    from storage.database import translated

    with (
        pytest.raises(MigrationError, match="landpuls migrate"),
        translated(),
        psycopg.connect(empty_database) as connection,
    ):
        connection.execute("SELECT 1 FROM landpuls.organisation")


def test_nobody_connects_as_superuser(database):
    """The login of the embedded server is no superuser."""
    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = session_user").fetchone()
    assert row == (False,)


def test_roles_log_in_only_with_a_password(database, cluster):
    """Roles are taken on by other logins, unless a password is given; the server then knows its verifier alone."""
    query = "SELECT rolname, rolpassword FROM pg_authid WHERE rolname LIKE 'landpuls!_%' ESCAPE '!' AND rolcanlogin"
    superuser = cluster.url("postgres")
    with psycopg.connect(superuser, autocommit=True) as connection:
        assert connection.execute(query).fetchall() == []
        migrate(database, role_passwords={"ingest": "correct horse"})
        try:
            ((name, verifier),) = connection.execute(query).fetchall()
            assert name == "landpuls_ingest"
            assert verifier.startswith("SCRAM-SHA-256$")
        finally:
            connection.execute("ALTER ROLE landpuls_ingest NOLOGIN PASSWORD NULL")


def test_every_query_is_named_and_described():
    """Each .sql file of queries loads, which means that every query in it has a name and a description."""
    from importlib.resources import files

    from storage.queries import Queries

    names = [one.name for one in files("storage.queries").iterdir() if one.name.endswith(".sql")]
    assert len(names) > 5
    for name in names:
        queries = Queries(name)
        assert list(queries)
        assert all(queries.descriptions[one].endswith(".") for one in queries), name


def test_a_query_without_a_description_is_refused(tmp_path, monkeypatch):
    """An undescribed, a repeated and an unknown name are errors."""
    from domain.errors import StorageError
    from storage.queries import Queries

    folder = tmp_path / "some_queries"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "bare.sql").write_text("-- name: one\nSELECT 1\n")
    (folder / "twice.sql").write_text(
        "-- name: one\n-- First.\nSELECT 1\n-- name: one\n-- Second.\nSELECT 2\n"
    )
    (folder / "good.sql").write_text("-- name: one\n-- It says\n-- one.\nSELECT 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(StorageError, match="one has no description"):
        Queries("bare.sql", "some_queries")
    with pytest.raises(StorageError, match="two queries are named one"):
        Queries("twice.sql", "some_queries")
    good = Queries("good.sql", "some_queries")
    assert (good["one"], good.descriptions["one"]) == ("SELECT 1", "It says one.")
    with pytest.raises(StorageError, match="no query named 'two'"):
        good["two"]
