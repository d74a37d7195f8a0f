"""An installation can be set up from the command line: organisations, API keys, the invented region."""

import json

import pytest

from landpuls.commands.organisations import Replanning
from processing.planning.former import PRICES
from storage.database import connect
from storage.tenancy import authenticate_sync

CALAU = ("organisations", "add", "120660052052", "Stadt Calau", "--kind", "municipality")


@pytest.fixture
def run(landpuls, database):
    """The command on the test's database."""
    return lambda *arguments: landpuls(*arguments, LANDPULS_DATABASE__URL=database)


def principal(database, key):
    """Who the service takes the bearer of a key for."""
    with connect(database, "api") as connection:
        return authenticate_sync(connection, key)


def test_an_organisation_gets_a_key(run, database):
    """From an empty installation two commands lead to a key that opens the API, alone on standard output."""
    assert run(*CALAU).returncode == 0
    (listed,) = json.loads(run("organisations", "list", "--json").stdout)["organisations"]
    assert (listed["key"], listed["name"], listed["kind"]) == ("120660052052", "Stadt Calau", "municipality")
    arguments = ("keys", "add", "--organisation", "120660052052", "--role", "planner", "--name", "Desk")
    made = run(*arguments)
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith("lp_")
    assert made.stdout.count("\n") == 1
    found = principal(database, made.stdout.strip())
    assert found is not None
    assert (found.organisation_key, found.role, found.installation_wide) == ("120660052052", "planner", False)
    wide = json.loads(run(*arguments, "--installation", "--expires", "2999-01-01", "--json").stdout)
    assert wide["expires_at"] == "2998-12-31T23:00:00Z"
    found = principal(database, wide["key"])
    assert found is not None
    assert found.installation_wide


def test_an_organisation_says_how_days_are_planned_again(run):
    """Each wish that planning knows can be set and is listed; `keep` is what holds unless one is set."""
    run(*CALAU)
    assert {each.value for each in Replanning} == set(PRICES)
    for wish in (None, *PRICES):
        if wish is not None:
            done = run("organisations", "change", "120660052052", "--replanning", wish)
            assert done.returncode == 0, done.stderr
        (listed,) = json.loads(run("organisations", "list", "--json").stdout)["organisations"]
        assert listed["replanning"] == (wish or "keep")


def test_a_revoked_key_opens_nothing(run, database):
    """Listed by its first characters only, a key is revoked by its number, once."""
    run(*CALAU)
    key = run(
        "keys", "add", "--organisation", "120660052052", "--role", "viewer", "--name", "Wall"
    ).stdout.strip()
    shown = run("keys", "list", "--json")
    assert key not in shown.stdout
    (listed,) = json.loads(shown.stdout)["keys"]
    assert key.startswith(listed["prefix"])
    assert run("keys", "revoke", str(listed["id"])).returncode == 0
    assert principal(database, key) is None
    again = run("keys", "revoke", str(listed["id"]))
    assert (again.returncode, again.stdout) == (1, "")
    assert "keys list" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "remedy"),
    [
        (CALAU, 1, "already"),
        (("organisations", "add", "Stadt Calau", "x", "--kind", "municipality"), 2, "lower-case"),
        (("keys", "add", "--organisation", "no", "--role", "viewer", "--name", "x"), 1, "organisations list"),
        (("keys", "list", "--organisation", "no"), 1, "organisations list"),
        (("organisations", "change", "no", "--replanning", "anew"), 1, "organisations list"),
        (("organisations", "change", "120660052052", "--replanning", "never"), 2, "keep_hours"),
        (
            (
                "keys",
                "add",
                "--organisation",
                "x",
                "--role",
                "viewer",
                "--name",
                "x",
                "--expires",
                "2020-01-01",
            ),
            2,
            "later day",
        ),
    ],
)
def test_mistakes_are_told(run, arguments, code, remedy):
    """What cannot be is refused in one paragraph that says how to mend it."""
    run(*CALAU)
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert remedy in done.stderr
    assert "Traceback" not in done.stderr


def test_the_region_is_registered_once(run, database):
    """The invented region's devices are known to ingest afterwards; a second time changes nothing and says so."""
    first = run("demo-region")
    assert first.returncode == 0, first.stderr
    found = principal(database, first.stdout.strip())
    assert found is not None
    assert (found.role, found.installation_wide, len(found.readable) > 1) == ("operator", True, True)
    with connect(database, "ingest") as connection:
        (devices,) = connection.execute("SELECT count(*) FROM device").fetchone()
    assert devices > 600
    again = run("demo-region")
    assert (again.returncode, again.stdout) == (0, "")
    assert "already" in again.stderr
    with connect(database, "ingest") as connection:
        assert connection.execute("SELECT count(*) FROM device").fetchone() == (devices,)
