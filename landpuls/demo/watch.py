"""The demo's life after the start: looks at it, asks for the day's plan, notices when something is wrong."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from domain.errors import DatabaseUnavailable
from domain.time import berlin_day
from landpuls.demo.crew import Crew
from landpuls.demo.fleet import FleetTally, read_tally
from landpuls.demo.folder import DemoFolder
from landpuls.demo.launch import Running
from landpuls.demo.plan import PlanRefused, request_plan
from landpuls.demo.screen import Facts, Screen
from landpuls.demo.stats import Snapshot, Stats

LOOK_EVERY_S = 1.0
SPACE_EVERY_S = 30.0
LEAST_BYTES = 200_000_000
CURRENT_SHARE = 0.9
RETRY_PLAN_S = 15.0


class Watch:
    """One look at a time; `tick` is called in a loop until the demo ends."""

    def __init__(
        self, running: Running, folder: DemoFolder, crew: Crew, screen: Screen, facts: Facts
    ) -> None:
        self._running = running
        self._folder = folder
        self._crew = crew
        self._screen = screen
        self._facts = facts
        self._stats = Stats(running.addresses.database_url)
        self._space_at = 0.0
        self._plan_at = 0.0
        self._asked_for: date | None = None
        self._began = time.time()
        self.latest = Snapshot()
        self.tally = FleetTally()

    def tick(self, now: datetime) -> Snapshot:
        """Look after the children, take a snapshot, show it, and ask for today's plan when it is time.

        Raises
        ------
        LandpulsError
            If a child keeps ending, or the disk is nearly full.
        """
        self._crew.look_after()
        self._check_space()
        day = berlin_day(now)
        self.look(day)
        self.tally = read_tally(self._folder.simulator_state, since=self._began)
        self._plan(day)
        facts = replace(self._facts, phase=self._phase(), services=self._crew.states)
        self._screen.show(self.latest, facts)
        return self.latest

    def look(self, day: date) -> Snapshot:
        """Take a snapshot; while the database is away, the last one stands."""
        try:
            self.latest = self._stats.look(day)
        except DatabaseUnavailable as error:
            self._screen.remark(str(error))
        return self.latest

    def settle(self, is_settled: Callable[[Snapshot], bool], *, quiet_s: float, limit_s: float) -> Snapshot:
        """Look until nothing new has arrived for `quiet_s` and `is_settled` holds, at most for `limit_s`."""
        deadline = time.monotonic() + limit_s
        received, since = -1, time.monotonic()
        while True:
            snapshot = self.look(berlin_day(datetime.now(UTC)))
            now = time.monotonic()
            if snapshot.ledger.received != received:
                received, since = snapshot.ledger.received, now
            if (now - since >= quiet_s and is_settled(snapshot)) or now > deadline:
                return snapshot
            time.sleep(0.2)

    def close(self) -> None:
        """Let go of the database."""
        self._stats.close()

    def _phase(self) -> str:
        if self._history_is_in():
            return "live"
        return f"replaying the last days, {self.tally.progress:.0%}"

    def _history_is_in(self) -> bool:
        snapshot = self.latest
        return (
            self.tally.history_done
            and snapshot.containers > 0
            and snapshot.containers_current >= CURRENT_SHARE * snapshot.containers
        )

    def _plan(self, day: date) -> None:
        """Ask for the day's plan once the history is in; again only when none came of it."""
        plan = self.latest.plan
        if self._asked_for == day or (plan is not None and not plan.failed) or not self._history_is_in():
            return
        if plan is not None and plan.failed:
            self._asked_for = day
            self._screen.remark(f"There is no plan for today: {plan.diagnosis or plan.status}")
            return
        if time.monotonic() < self._plan_at:
            return
        addresses = self._running.addresses
        try:
            request_plan(addresses.api_url, self._running.secrets.page_key, day)
        except PlanRefused as error:
            self._plan_at = time.monotonic() + RETRY_PLAN_S
            self._screen.remark(f"{error} Trying again in {RETRY_PLAN_S:.0f} s.")
        else:
            self._asked_for = day
            self._screen.remark(f"The last days are in; planning the tours of {day}.")

    def _check_space(self) -> None:
        if time.monotonic() >= self._space_at:
            self._space_at = time.monotonic() + SPACE_EVERY_S
            self._folder.check_space(LEAST_BYTES)
