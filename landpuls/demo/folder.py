"""The demo's folder: everything it writes lies there, and nothing else does, so that it can be thrown away."""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import LandpulsError

MARKER = "landpuls-demo"
MARKER_TEXT = "This folder belongs to `landpuls demo`; `landpuls demo --fresh` deletes it.\n"
NEEDED_BYTES = 1_000_000_000
ENDING_S = 60.0
"""Longer than a guardian takes: it kills services after 15 s, and the database after another 15 s."""


class DemoFolder:
    """`<home>/demo`, with its parts by name."""

    def __init__(self, home: Path) -> None:
        self.path = home / "demo"
        self.lock = home / "demo.lock"
        self.guard = home / "demo.guard"

    @property
    def logs(self) -> Path:
        """Where each process writes its log."""
        return self.path / "logs"

    @property
    def broker(self) -> Path:
        """The broker's configuration, passwords and queue."""
        return self.path / "broker"

    @property
    def secrets(self) -> Path:
        """API keys and passwords, readable to the user alone."""
        return self.path / "secrets.json"

    @property
    def simulator_state(self) -> Path:
        """Where the fleet remembers how full its containers are."""
        return self.path / "simulator.json"

    def log_of(self, name: str) -> Path:
        """The log of one process."""
        return self.logs / f"{name}.log"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for this supervisor alone.

        Raises
        ------
        LandpulsError
            If another supervisor works there.
        """
        try:
            self.lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = self.lock.open("a+", encoding="ascii")
        except OSError as error:
            raise _unwritable(self.lock.parent, error) from error
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                holder = file.read().strip() or "unknown"
                raise LandpulsError(
                    f"A demo is running in {self.path} already (process {holder}). Stop it with Ctrl-C there, or run a "
                    "second one elsewhere: landpuls --home OTHER demo --port 8001."
                ) from None
            file.seek(0)
            file.truncate()
            file.write(str(os.getpid()))
            file.flush()
            yield

    def await_guardian(self, say: Callable[[str], None], limit_s: float = ENDING_S) -> None:
        """Wait until the guardian of a supervisor that was killed has ended that one's services.

        Raises
        ------
        LandpulsError
            If it takes longer than `limit_s`.
        """
        with self.guard.open("a+", encoding="ascii") as file:
            deadline = time.monotonic() + limit_s
            is_said = False
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise LandpulsError(
                            f"The services of a demo that was killed are still ending in {self.path}. "
                            f"See {self.log_of('guardian')}, and try again in a minute."
                        ) from None
                    if not is_said:
                        say("Waiting for the services of a demo that was killed to end")
                        is_said = True
                    time.sleep(0.1)
                else:
                    return

    def delete(self) -> None:
        """Delete the folder, if it is a demo's.

        Raises
        ------
        LandpulsError
            If it does not carry the demo's marker, or cannot be deleted.
        """
        if not self.path.exists():
            return
        if not (self.path / MARKER).is_file():
            raise LandpulsError(
                f"{self.path} was not made by `landpuls demo` (it holds no file {MARKER}), so --fresh leaves it alone. "
                "Move it away, or choose another folder with --home."
            )
        try:
            # The marker goes last: a deletion that was interrupted can be taken up again.
            for entry in self.path.iterdir():
                if entry.name != MARKER:
                    shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
            shutil.rmtree(self.path)
        except OSError as error:
            raise LandpulsError(f"{self.path} cannot be deleted: {error}.") from error

    def prepare(self) -> bool:
        """Make the folder if it is missing, and return whether it was.

        Raises
        ------
        LandpulsError
            If it belongs to something else, cannot be written, or its disk is nearly full.
        """
        is_new = not self.path.exists() or not any(self.path.iterdir())
        if not is_new and not (self.path / MARKER).is_file():
            raise LandpulsError(
                f"{self.path} holds files that are not the demo's. Move them away, or choose another --home."
            )
        try:
            for folder in (self.path, self.logs, self.broker):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self.path / MARKER).write_text(MARKER_TEXT, encoding="utf-8")
        except OSError as error:
            raise _unwritable(self.path, error) from error
        self.check_space()
        return is_new

    def check_space(self, needed_bytes: int = NEEDED_BYTES) -> None:
        """Refuse to go on where the disk is nearly full.

        Raises
        ------
        LandpulsError
            If less than `needed_bytes` are free.
        """
        free = shutil.disk_usage(self.path).free
        if free < needed_bytes:
            raise LandpulsError(
                f"The disk of {self.path} is nearly full: {free / 1e6:.0f} MB free, the demo needs "
                f"{needed_bytes / 1e6:.0f} MB. Make room, or choose another folder with --home."
            )


def _unwritable(folder: Path, error: OSError) -> LandpulsError:
    if isinstance(error, PermissionError):
        remedy = "Choose another folder with --home, or change its owner."
    else:
        remedy = "Make room, or choose another folder with --home."
    return LandpulsError(f"{folder} cannot be written: {error.strerror or error}. {remedy}")
