"""The children together: started under guard, started again when they are killed, stopped in good order."""

import signal
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from landpuls.demo.child import Child, ChildFailed
from landpuls.demo.guardian import Guardian

GRACE_S = 40.0
HURRIED_S = 1.0


class Database(Protocol):
    """The embedded database as the crew sees it."""

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        ...

    def start(self) -> str:
        """Start it and return its URL."""
        ...

    def stop(self) -> None:
        """Stop it."""
        ...


class Crew:
    """Every process that the supervisor answers for.

    Parameters
    ----------
    say
        Called with a sentence for the person at the terminal.
    """

    def __init__(self, guardian: Guardian, say: Callable[[str], None]) -> None:
        self._guardian = guardian
        self._say = say
        self._children: dict[str, Child] = {}
        self._database: Database | None = None
        self.hurried = False

    def __iter__(self) -> Iterator[Child]:
        return iter(self._children.values())

    def __getitem__(self, name: str) -> Child:
        return self._children[name]

    @property
    def states(self) -> tuple[tuple[str, bool], ...]:
        """Each process with whether it runs."""
        database = [] if self._database is None else [("postgres", self._database.pid is not None)]
        return (*database, *((child.name, child.pid is not None) for child in self))

    def start_database(self, database: Database) -> str:
        """Start the embedded database; return its URL."""
        url = database.start()
        self._database = database
        self._guard_database()
        return url

    def start(self, child: Child) -> None:
        """Start a child and answer for it from now on."""
        pid = child.start(self._guardian.mark)
        self._children[child.name] = child
        self._guardian.watch(pid, end_signal=child.end_signal)

    def look_after(self) -> None:
        """Start again what has ended by itself.

        Raises
        ------
        ChildFailed
            If it keeps ending: the fault is not a passing one.
        """
        if self._database is not None and self._database.pid is None:
            self._say("The database was ended from outside; starting it again. Nothing acknowledged is lost.")
            self._database.stop()
            self._database.start()
            self._guard_database()
        for child in self:
            if child.pid is None and child.exit_code is not None:
                failure = child.failure()
                if not child.may_restart():
                    raise ChildFailed(f"Giving up: {failure}")
                self._say(f"Starting {child.name} again: {failure}")
                self.start(child)

    def forget(self, name: str) -> None:
        """Stop answering for a child that has ended as it should."""
        self._children.pop(name, None)

    def stop(self, *orders: Iterable[str]) -> None:
        """Stop groups of children by name, one group after the other."""
        for names in orders:
            group = [self._children[name] for name in names if name in self._children]
            for child in group:
                child.ask_to_stop()
            for child in group:
                if not self._wait(child):
                    child.stop(0.0)
                    self._say(f"{child.name} did not stop by itself and was killed.")
                self.forget(child.name)

    def stop_all(self) -> None:
        """Stop everything: the fleet, then those who serve it, then the broker, the database last."""
        self.stop(("simulate",), ("ingest",), ("serve", "work"), ("broker",), tuple(self._children))
        if self._database is not None:
            self._database.stop()
            self._database = None

    def _wait(self, child: Child) -> bool:
        deadline = time.monotonic() + GRACE_S
        while not child.wait(0.2):
            limit = min(deadline, time.monotonic() + HURRIED_S) if self.hurried else deadline
            if time.monotonic() > limit:
                return False
            if self.hurried:
                deadline = limit
        return True

    def _guard_database(self) -> None:
        if self._database is not None and self._database.pid is not None:
            self._guardian.watch(self._database.pid, end_signal=signal.SIGINT, late=True)
