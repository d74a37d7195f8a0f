"""The whole demo as its user starts it: once through, and again with the same data."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from landpuls.demo.broker import find_mosquitto
from landpuls.demo.guardian import started_at
from landpuls.demo.ports import free_port
from landpuls.kernels import kernel_folder
from landpuls.settings.places import default_home
from tests.ingest.conftest import eventually

LIMIT_S = 600.0
KEYS = [
    *("readings", "published", "redelivered", "received", "stored", "duplicate", "quarantined", "ignored"),
    *("tours", "stops", "unserved_mandatory", "plan_feasible", "seconds"),
]


def demo(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``landpuls demo`` to its end."""
    return subprocess.run(
        [
            sys.executable,
            "-P",
            "-m",
            "landpuls",
            "--home",
            str(home),
            "demo",
            "--port",
            str(free_port()),
            *arguments,
        ],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
        env=environment(),
        cwd=home.parent,
    )


def environment() -> dict[str, str]:
    """Our environment without settings of Landpuls."""
    return {name: value for name, value in os.environ.items() if not name.startswith("LANDPULS_")}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder that shares the compiled kernels with the user's, where they are compiled."""
    folder = tmp_path / "home"
    folder.mkdir()
    if (compiled := kernel_folder(default_home())).is_dir():
        kernel_folder(folder).symlink_to(compiled)
    return folder


def children_of(pid: int) -> list[int]:
    """Process ids of a process's children, the threads' included."""
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


def check(result: dict[str, Any]) -> None:
    """Every message is accounted for, and a feasible plan stands."""
    assert list(result) == KEYS
    assert result["readings"] >= 5_000
    assert result["received"] == result["published"] + result["redelivered"]
    assert result["received"] == sum(
        result[name] for name in ("stored", "duplicate", "quarantined", "ignored")
    )
    assert result["plan_feasible"] is True
    assert result["unserved_mandatory"] == 0
    assert result["tours"] > 0
    assert result["stops"] > 0


@pytest.mark.slow
@pytest.mark.broker
def test_once_and_once_again(home: Path) -> None:
    """A first run brings tours and a closed account in one line of JSON; a second one goes on with the same data."""
    if find_mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    for arguments in (("--fresh",), ()):
        done = demo(home, "--once", "--json", *arguments)
        assert done.returncode == 0, done.stderr
        (line,) = done.stdout.splitlines()
        check(json.loads(line))


@pytest.mark.slow
def test_ctrl_c_stops_everything(home: Path, tmp_path: Path) -> None:
    """Killed, and begun anew at once, the demo runs; Ctrl-C ends it with 0; of all its processes none is left."""
    begun: list[int] = []
    for number, code, arguments in ((signal.SIGKILL, -signal.SIGKILL, ()), (signal.SIGINT, 0, ("--fresh",))):
        command = [
            sys.executable,
            "-P",
            "-m",
            "landpuls",
            "--home",
            str(home),
            "demo",
            "--port",
            str(free_port()),
            *arguments,
        ]
        with (tmp_path / "said").open("w") as said:
            supervisor = subprocess.Popen(command, stderr=said, env=environment(), cwd=tmp_path)
        eventually(
            lambda: "Starting the simulated fleet" in (tmp_path / "said").read_text(),
            "the fleet",
            within_s=LIMIT_S,
        )
        started = eventually(lambda: children_of(supervisor.pid))  # noqa: B023
        assert len(started) >= 6
        assert not any(started_at(pid) for pid in begun)
        begun += started
        supervisor.send_signal(number)
        assert supervisor.wait(LIMIT_S) == code
    eventually(lambda: not any(started_at(pid) for pid in begun), "the end of the children")


def test_data_of_another_postgresql(tmp_path: Path) -> None:
    """Data of another PostgreSQL major are left alone, and the message says what to do."""
    home = tmp_path / "home"
    data = home / "demo" / "postgres"
    data.mkdir(parents=True)
    (home / "demo" / "landpuls-demo").write_text("")
    (data / "PG_VERSION").write_text("12\n")
    done = demo(home)
    assert done.returncode == 1
    assert "belongs to PostgreSQL 12" in done.stderr
    assert "--fresh" in done.stderr
    assert "Traceback" not in done.stderr
    assert (data / "PG_VERSION").exists()


def test_port_in_use(tmp_path: Path) -> None:
    """A taken port ends the demo before anything is started, and names the option."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = demo(tmp_path / "home", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "--port" in done.stderr


def test_fresh_spares_a_database_of_the_settings(tmp_path: Path) -> None:
    """--fresh never touches a database that the settings name."""
    command = [sys.executable, "-P", "-m", "landpuls", "--home", str(tmp_path), "demo", "--fresh"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env=environment() | {"LANDPULS_DATABASE__URL": "postgresql://nobody@127.0.0.1:1/none"},
    )
    assert done.returncode == 2
    assert "database.url" in done.stderr
