"""One service of the demo as a process in a group of its own, with its log and its restarts."""

import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from domain.errors import LandpulsError

RESTARTS = 3
WITHIN_S = 60.0
TAIL_LINES = 8


class ChildFailed(LandpulsError):
    """A service of the demo keeps ending."""


class Child:
    """A process that is started, watched, started again a few times, and stopped.

    Parameters
    ----------
    end_signal
        What asks it to stop cleanly.
    """

    def __init__(
        self,
        name: str,
        command: tuple[str, ...],
        *,
        log: Path,
        folder: Path,
        environment: Mapping[str, str],
        end_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.log = log
        self.end_signal = end_signal
        self._command = command
        self._folder = folder
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._ends: deque[float] = deque(maxlen=RESTARTS + 1)

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs or before it was started. Negative: the signal that ended it."""
        return None if self._process is None else self._process.poll()

    def start(self, mark: Mapping[str, str] | None = None) -> int:
        """Start it, with a mark in its environment, and return its process id.

        Raises
        ------
        ChildFailed
            If the program cannot be started.
        """
        try:
            with self.log.open("ab") as log:
                # A group of its own: Ctrl-C in the terminal reaches the supervisor alone, which stops in good order.
                self._process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=self._folder,
                    env={**self._environment, **(mark or {})},
                    start_new_session=True,
                )
        except OSError as error:
            raise ChildFailed(f"{self.name} cannot be started ({self._command[0]}: {error}).") from error
        return self._process.pid

    def may_restart(self) -> bool:
        """Note that it has ended, and say whether to start it again: not when it has ended too often of late."""
        now = time.monotonic()
        self._ends.append(now)
        return len(self._ends) <= RESTARTS or now - self._ends[0] > WITHIN_S

    def ask_to_stop(self) -> None:
        """Ask it to stop cleanly."""
        self._send(self.end_signal)

    def wait(self, seconds: float) -> bool:
        """Wait for its end, and return whether it came."""
        if self._process is None:
            return True
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self, grace_s: float) -> bool:
        """Stop it, by force after `grace_s`; return whether force was not needed."""
        self.ask_to_stop()
        if self.wait(grace_s):
            return True
        self._send(signal.SIGKILL)
        self.wait(5.0)
        return False

    def failure(self) -> str:
        """Say in a sentence how it ended, with the last lines of its log."""
        code = self.exit_code
        how = f"with exit code {code}" if code is None or code >= 0 else f"by {signal.Signals(-code).name}"
        return f"{self.name} ended {how}. The end of {self.log}:\n{self.tail()}"

    def tail(self) -> str:
        """Return the last lines of its log."""
        try:
            text = self.log.read_bytes()[-8_000:].decode("utf-8", errors="replace")
        except OSError:
            return "  (there is no log)"
        lines = text.strip().splitlines()[-TAIL_LINES:]
        return "\n".join(f"  {line[:300]}" for line in lines) or "  (it said nothing)"

    def _send(self, number: int) -> None:
        if self.pid is not None:
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                return
