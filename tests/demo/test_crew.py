"""Children that are killed, that keep failing, and whose supervisor is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import LandpulsError
from landpuls.demo.child import RESTARTS, Child, ChildFailed
from landpuls.demo.crew import Crew
from landpuls.demo.folder import DemoFolder
from landpuls.demo.guardian import Guardian, started_at
from landpuls.demo.ports import check_free, free_port
from tests.ingest.conftest import eventually

SLEEPER = (sys.executable, "-c", "import time; time.sleep(600)")
STUBBORN = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)",
)


@pytest.fixture
def said() -> list[str]:
    """What the crew told the person at the terminal."""
    return []


@pytest.fixture
def crew(tmp_path: Path, said: list[str]) -> Iterator[Crew]:
    """A crew under guard, stopped at the end."""
    guardian = Guardian(tmp_path / "guardian.log", tmp_path / "guard")
    one = Crew(guardian, said.append)
    yield one
    one.stop_all()
    guardian.dismiss()


def child(tmp_path: Path, command: tuple[str, ...], name: str = "sleeper") -> Child:
    """A child that is not started yet."""
    return Child(name, command, log=tmp_path / f"{name}.log", folder=tmp_path, environment={})


def test_killed_child_is_started_again(tmp_path: Path, crew: Crew, said: list[str]) -> None:
    """A child killed from outside is back, and the person reads which signal ended it."""
    crew.start(child(tmp_path, SLEEPER))
    first = crew["sleeper"].pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    eventually(lambda: crew["sleeper"].pid is None)
    crew.look_after()
    assert crew["sleeper"].pid not in (None, first)
    assert "SIGKILL" in said[0]
    assert crew.states == (("sleeper", True),)


def test_child_that_keeps_failing_ends_the_demo(tmp_path: Path, crew: Crew) -> None:
    """After a few restarts within a minute the supervisor gives up, with the end of the child's log."""
    crew.start(child(tmp_path, (sys.executable, "-c", "raise SystemExit('no such table')")))
    with pytest.raises(ChildFailed, match="no such table"):
        for _ in range(RESTARTS + 1):
            eventually(lambda: crew["sleeper"].exit_code is not None)
            crew.look_after()


def test_child_that_ignores_the_signal_is_killed(tmp_path: Path, crew: Crew, said: list[str]) -> None:
    """A child that does not stop when asked is killed after the grace; none is left."""
    crew.start(child(tmp_path, STUBBORN))
    pid = crew["sleeper"].pid
    eventually(lambda: "deaf" in (tmp_path / "sleeper.log").read_text())
    crew.hurried = True
    crew.stop_all()
    assert pid is not None
    assert started_at(pid) is None
    assert "was killed" in said[0]


def test_program_that_does_not_exist(tmp_path: Path, crew: Crew) -> None:
    """A missing program is named."""
    with pytest.raises(ChildFailed, match="/nowhere/mosquitto"):
        crew.start(child(tmp_path, ("/nowhere/mosquitto",)))


@pytest.mark.parametrize("start", ["crew.start(one)", "one.start(guardian.mark)"], ids=["told", "untold"])
def test_no_orphans_when_the_supervisor_is_killed(tmp_path: Path, start: str) -> None:
    """After SIGKILL of the supervisor the guardian ends every child, even one that it had not been told of yet.

    The next start waits until it has.
    """
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom landpuls.demo.child import Child\n"
        "from landpuls.demo.crew import Crew\nfrom landpuls.demo.guardian import Guardian\n"
        "from landpuls.demo.folder import DemoFolder\n"
        "folder = Path(sys.argv[1])\n"
        "guardian = Guardian(folder / 'guardian.log', DemoFolder(folder).guard)\n"
        "crew = Crew(guardian, print)\n"
        "for name in 'ab':\n"
        "    one = Child(name, (sys.executable, '-c', 'import time; time.sleep(600)'), log=folder / name, "
        "folder=folder, environment={})\n"
        f"    {start}\n    print(one.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    supervisor = subprocess.Popen([sys.executable, "-P", "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
    assert supervisor.stdout is not None
    pids = [int(supervisor.stdout.readline()) for _ in range(2)]
    assert all(started_at(pid) for pid in pids)
    supervisor.kill()
    supervisor.wait()
    supervisor.stdout.close()
    said: list[str] = []
    DemoFolder(tmp_path).await_guardian(said.append)
    assert not any(started_at(pid) for pid in pids)
    assert said in ([], ["Waiting for the services of a demo that was killed to end"])


def test_port_in_use_names_the_way_out() -> None:
    """A port that is taken is reported with the option that chooses another."""
    import socket

    port = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(LandpulsError, match=rf"Port {port} .*--port"):
            check_free("127.0.0.1", port)
    check_free("127.0.0.1", port)


def test_services_that_do_not_end_are_named(tmp_path: Path) -> None:
    """The wait for a guardian is bounded, and says where to look."""
    folder = DemoFolder(tmp_path)
    guardian = Guardian(tmp_path / "guardian.log", folder.guard)
    try:
        with pytest.raises(LandpulsError, match=r"still ending.*guardian\.log"):
            folder.await_guardian(lambda _: None, limit_s=0.2)
    finally:
        guardian.dismiss()
    folder.await_guardian(lambda _: None, limit_s=0)
