"""The command keeps its manners: help with an example, one line of JSON, errors in one paragraph, known exit codes."""

import json
import subprocess
import sys

import pytest
from typer.main import get_command

from landpuls.cli import app

HEAVY = {"numba", "numpy", "fastapi", "psycopg", "uvicorn", "paho", "pydantic_settings", "procrastinate"}


def leaves(command, path=()):
    """Yield each command that does something, with its words."""
    if not hasattr(command, "commands"):
        yield path, command
        return
    for name, child in command.commands.items():
        yield from leaves(child, (*path, name))


LEAVES = list(leaves(get_command(app)))


@pytest.mark.parametrize(("path", "command"), LEAVES, ids=[" ".join(path) for path, _ in LEAVES])
def test_every_command_shows_an_example(path, command):
    """The help of each command says what it does and ends with an example that begins with it."""
    assert command.help
    assert command.epilog.startswith(f"Example: landpuls {' '.join(path)}")


@pytest.mark.parametrize(("path", "command"), LEAVES, ids=[" ".join(path) for path, _ in LEAVES])
def test_every_option_is_explained(path, command):
    """Each option of each command says what it is for."""
    assert [
        option.name for option in command.params if option.param_type_name == "option" and not option.help
    ] == []


def test_all_commands_are_there():
    """What the documentation promises exists."""
    words = {path[0] for path, _ in LEAVES}
    promised = (
        "demo serve ingest work simulate plan solve migrate profiles ledger messages warm doctor config openapi "
        "organisations keys demo-region"
    )
    assert words == set(promised.split())


def test_help_loads_nothing_heavy():
    """The command's tree is built without NumPy, Numba, the web framework or the database driver."""
    code = "import sys, landpuls.cli; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY & set(done.stdout.split()) == set()


def test_json_is_one_line(landpuls):
    """With --json a command prints one object on one line, and nothing else to standard output."""
    done = landpuls("config", "show", "--json")
    assert done.stdout.count("\n") == 1
    assert json.loads(done.stdout)["settings"]["api.port"] == {"value": 8000, "origin": "default"}


def test_arguments_reach_the_settings(landpuls, tmp_path):
    """The options before the sub-command count as arguments."""
    shown = json.loads(landpuls("--home", str(tmp_path / "other"), "config", "show", "--json").stdout)
    assert shown["settings"]["home"] == {"value": str(tmp_path / "other"), "origin": "argument"}


def test_wrong_settings_end_in_one_paragraph(landpuls):
    """A wrong setting is one line on standard error without a traceback, and exit code 2."""
    done = landpuls("config", "show", LANDPULS_API__PORT="many")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("landpuls: The setting api.port (environment LANDPULS_API__PORT) is wrong")
    assert done.stderr.count("\n") == 1


def test_debug_shows_where(landpuls):
    """With --debug the traceback is there."""
    assert "Traceback" in landpuls("--debug", "config", "show", LANDPULS_API__PORT="many").stderr


def test_wrong_arguments_are_usage(landpuls):
    """A word that is no command ends with exit code 2."""
    assert landpuls("serbe").returncode == 2


def test_an_unreachable_database_is_no_traceback(landpuls):
    """A database that is not there ends with exit code 1 and says so."""
    done = landpuls("ledger", LANDPULS_DATABASE__URL="postgresql://nobody@127.0.0.1:1/x")
    assert done.returncode == 1
    assert "database cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_home_that_cannot_be_written_is_no_traceback(landpuls):
    """A folder that cannot be made ends with exit code 1 and is named."""
    done = landpuls("migrate", LANDPULS_HOME="/proc/landpuls")
    assert done.returncode == 1
    assert "/proc/landpuls" in done.stderr
    assert "Traceback" not in done.stderr


def test_bundled_profiles_pass_their_vectors(landpuls):
    """The command runs the vectors of every bundled profile, and all pass."""
    done = landpuls("profiles", "test", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["failed"] == []


def test_an_unknown_profile_names_the_known(landpuls):
    """Asked for a profile that does not exist, the command lists those that do."""
    done = landpuls("profiles", "show", "no/such")
    assert done.returncode == 1
    assert "dingtek/" in done.stderr


def test_doctor_finds_a_missing_database(landpuls):
    """Doctor ends with 1 when the configured database does not answer, and names it among its findings."""
    done = landpuls("doctor", "--json", LANDPULS_DATABASE__URL="postgresql://nobody@127.0.0.1:1/x")
    report = json.loads(done.stdout)
    assert (done.returncode, report["healthy"]) == (1, False)
    assert next(one["verdict"] for one in report["findings"] if one["check"] == "database") == "bad"


def test_migration_is_rehearsed_and_run(landpuls, empty_database):
    """Rehearsing changes nothing and says what would run; running does it; running again finds nothing to do."""
    url = {"LANDPULS_DATABASE__URL": empty_database}
    rehearsed = json.loads(landpuls("migrate", "--rehearse", "--json", **url).stdout)
    migrated = json.loads(landpuls("migrate", "--json", **url).stdout)
    again = json.loads(landpuls("migrate", "--json", **url).stdout)
    assert rehearsed["rehearsed"]
    assert [step["name"] for step in migrated["steps"]] == [step["name"] for step in rehearsed["steps"]] != []
    assert again["steps"] == []


def test_an_empty_ledger_is_balanced(landpuls, database):
    """A database that has received nothing has a balanced ledger."""
    done = landpuls("ledger", "--json", LANDPULS_DATABASE__URL=database)
    report = json.loads(done.stdout)
    assert (done.returncode, report["balanced"], report["total"]["received"]) == (0, True, 0)


def test_messages_tell_what_became_of_them(landpuls, database):
    """A quarantined message is listed with its reason, summed up, and shown with the bytes that came."""
    from storage.database import connect

    with connect(database, "ingest") as connection:
        connection.execute(
            "INSERT INTO message (received_at, key, outcome, day, device_key, reason, detail, topic, payload)"
            " VALUES (now(), gen_random_uuid(), 3, now()::date, 'a1', 'malformed', 'no JSON', 'v3/x', '\\x7bff')"
        )
        connection.commit()
    url = {"LANDPULS_DATABASE__URL": database}
    (listed,) = json.loads(landpuls("messages", "list", "--outcome", "quarantined", "--json", **url).stdout)[
        "messages"
    ]
    assert (listed["device_key"], listed["reason"], listed["detail"]) == ("a1", "malformed", "no JSON")
    shown = json.loads(landpuls("messages", "show", str(listed["id"]), "--json", **url).stdout)
    assert (shown["outcome"], shown["payload_hex"]) == ("quarantined", "7bff")
    (group,) = json.loads(landpuls("messages", "quarantine", "--json", **url).stdout)["quarantine"]
    assert (group["count"], group["reason"]) == (1, "malformed")
    assert "messages list" in landpuls("messages", "show", "999", **url).stderr
