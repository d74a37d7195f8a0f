"""Ends the demo's processes when their supervisor was killed before it could.

It is a process of its own, started first, and reads from the supervisor which processes live. When that pipe ends
without a word of farewell, the supervisor is dead, and what it started is ended: services first, the database last.
What was started but not told of any more is known by a mark in its environment.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import uuid4

GRACE_S = 15.0
FAREWELL = "farewell"
MARK = "GUARDED_BY"
"""Variable in the environment of what a guardian watches over."""
SETTLE_S = 0.3
"""After so long a process that was being started when the supervisor died has its own environment."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ward:
    """A process to end: `started` tells it from a later one with the same id; `late` goes after the others."""

    pid: int
    started: int
    end_signal: int
    late: bool


class Guardian:
    """The supervisor's side of the pipe; its ``mark`` belongs into the environment of all that is started."""

    def __init__(self, log: Path, lock: Path) -> None:
        mark = uuid4().hex
        self.mark = {MARK: mark}
        held = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            # The guardian inherits the lock and holds it until it ends; the next supervisor waits for that.
            fcntl.flock(held, fcntl.LOCK_SH)
            with log.open("ab") as stream:
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-m", "landpuls.demo.guardian", mark],
                    stdin=subprocess.PIPE,
                    stdout=stream,
                    stderr=stream,
                    text=True,
                    start_new_session=True,
                    pass_fds=(held,),
                )
        finally:
            os.close(held)

    def watch(self, pid: int, *, end_signal: int = signal.SIGTERM, late: bool = False) -> None:
        """Have a process ended, should the supervisor die."""
        self._tell(f"{pid} {started_at(pid) or 0} {int(end_signal)} {int(late)}")

    def dismiss(self) -> None:
        """Let the guardian go: everything has ended."""
        self._tell(FAREWELL)
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        if self._process.stdin is None or self._process.poll() is not None:
            return
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            return


def started_at(pid: int) -> int | None:
    """Return when a process began, in ticks since the system's start; None if it has ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else int(fields[19])


def read_wards(stream: IO[str]) -> list[Ward] | None:
    """Read until the pipe ends; None after a farewell."""
    wards = []
    for line in stream:
        if line.strip() == FAREWELL:
            return None
        pid, started, end_signal, late = (int(part) for part in line.split())
        wards.append(Ward(pid=pid, started=started, end_signal=end_signal, late=bool(late)))
    return wards


def end(wards: Iterable[Ward], grace_s: float = GRACE_S) -> None:
    """Ask each to stop, and kill what has not after the grace."""
    living = [ward for ward in wards if _lives(ward)]
    for ward in living:
        _send(ward.pid, ward.end_signal)
    deadline = time.monotonic() + grace_s
    while any(_lives(ward) for ward in living) and time.monotonic() < deadline:
        time.sleep(0.1)
    for ward in living:
        if _lives(ward):
            _send(ward.pid, signal.SIGKILL)


def marked(mark: str) -> list[Ward]:
    """Return the processes that bear this mark."""
    entry = f"{MARK}={mark}".encode()
    wards = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdecimal() and entry in (folder / "environ").read_bytes().split(b"\0"):
                pid = int(folder.name)
                wards.append(
                    Ward(pid=pid, started=started_at(pid) or 0, end_signal=signal.SIGTERM, late=False)
                )
        except OSError:
            continue
    return wards


def _lives(ward: Ward) -> bool:
    return started_at(ward.pid) == ward.started


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def main() -> None:
    """Wait for the supervisor's end, expected or not."""
    wards = read_wards(sys.stdin)
    if wards is not None:
        end(ward for ward in wards if not ward.late)
        time.sleep(SETTLE_S)
        end(marked(sys.argv[1]))
        end(ward for ward in wards if ward.late)


if __name__ == "__main__":
    main()
