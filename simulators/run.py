"""Runs a simulation: the past as fast as the broker takes it, then real time, until it is told to stop.

The wiring, top down: fleet → publisher → broker; the driver empties containers of the same fleet; what happened is
written down every second. Nothing is ever published from the future: the fleet never advances beyond the clock.
"""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from device_profiles.registry import Profiles
from domain.errors import UsageError
from simulators.config import SimulationConfig
from simulators.driver.crew import Crew
from simulators.fleet.fleet import Fleet
from simulators.memory import read_memory, write_memory
from simulators.publisher import Publisher
from simulators.region import Region, oberspreewald_lausitz

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]

HISTORY_STEP_S = 1800.0
LIVE_STEP_S = 0.5
SAVE_EVERY_S = 1.0
PATIENCE_S = 10.0
SHORT_GAP_S = 1200.0
"""After a shorter pause the fleet goes on in the live rhythm, as if it had not stopped."""


def utc_now() -> datetime:
    """The clock on the wall."""
    return datetime.now(UTC)


def run(config: SimulationConfig, *, clock: Clock = utc_now) -> int:
    """Simulate until SIGTERM or SIGINT, `until` or `max_messages`; return the exit code 0.

    Raises
    ------
    UsageError
        If the state file is none, or belongs to another seed.
    """
    simulation = Simulation(config, clock)
    asyncio.run(_with_signals(simulation))
    return 0


async def _with_signals(simulation: "Simulation") -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(ValueError, RuntimeError):  # not in the main thread: the caller stops it
            loop.add_signal_handler(number, simulation.stop)
    await simulation.run()


class Simulation:
    """One run of the fleet; `run` it once, `stop` it from the same loop.

    `region` stands for the demonstration's if none is given.
    """

    def __init__(
        self, config: SimulationConfig, clock: Clock = utc_now, region: Region | None = None
    ) -> None:
        self._config = config
        self._clock = clock
        self._region = region or oberspreewald_lausitz(config.seed)
        self._total_before = 0
        self._rhythm_s = config.history_report_every_s
        self._history_done = False
        self.fleet = self._fleet()
        self._history_begin_s = self.fleet.reached_s
        self._stopped: asyncio.Event | None = None
        self.publisher: Publisher | None = None

    def _fleet(self) -> Fleet:
        config, now = self._config, self._clock()
        known = read_memory(config.state_file) if config.state_file else None
        earliest = now - timedelta(days=config.history_days)
        born = earliest if known is None else datetime.fromtimestamp(known["fleet"]["born_s"], UTC)
        fleet = Fleet(
            self._region,
            Profiles.load(config.profiles_folder),
            seed=config.seed,
            born=born,
            now=now,
            drivers=config.has_driver,
            impairments=config.impairments,
        )
        if known is not None:
            self._recall(fleet, known, now, earliest)
        return fleet

    def _recall(self, fleet: Fleet, known: dict[str, Any], now: datetime, earliest: datetime) -> None:
        if known["fleet"]["seed"] != self._config.seed:
            raise UsageError(
                f"{self._config.state_file} belongs to seed {known['fleet']['seed']}, not {self._config.seed}; "
                "use that seed, or another state file"
            )
        fleet.restore(known["fleet"])
        self._total_before = int(known["published_total"])
        gap_s = now.timestamp() - fleet.reached_s
        if gap_s < SHORT_GAP_S:
            self._rhythm_s = self._config.report_every_s
        if fleet.reached_s < earliest.timestamp():
            fleet.skip_to(earliest.timestamp())
        log.info("goes_on", since=_iso(fleet.reached_s), published_total=self._total_before)

    def stop(self) -> None:
        """Publish no more, wait for the acknowledgements under way, write the state, and end."""
        if self._stopped is not None:
            self._stopped.set()

    async def run(self) -> None:
        """Simulate until stopped."""
        self._stopped = asyncio.Event()
        self.publisher = Publisher(self._config)
        self._save()
        publishing = asyncio.create_task(self.publisher.run())
        working = [asyncio.create_task(one) for one in self._work()]
        stopping = asyncio.create_task(self._stopped.wait())
        try:
            await asyncio.wait([publishing, stopping, *working], return_when=asyncio.FIRST_COMPLETED)
            for task in working:
                task.cancel()
            await asyncio.gather(*working, return_exceptions=True)
            await self.publisher.stop(PATIENCE_S)
        finally:
            publishing.cancel()
            stopping.cancel()
            ends = await asyncio.gather(publishing, *working, return_exceptions=True)
            self._save()
        for end in ends:
            if isinstance(end, Exception):
                raise end
        log.info("stopped", **self.tally())

    def _work(self) -> list[Coroutine[Any, Any, None]]:
        return [self._live(), self._keep_saving()]

    async def _live(self) -> None:
        await self._catch_up()
        assert self.publisher is not None
        self._history_done = True
        log.info("live", published=self.publisher.acknowledged)
        async with asyncio.TaskGroup() as tasks:
            if self._config.api_url is not None:
                tasks.create_task(Crew(self._config, self._region, self.fleet, self._clock).run())
            tasks.create_task(self._real_time())

    async def _catch_up(self) -> None:
        """Replay what has passed, up to a moment less than a step ago."""
        assert self.publisher is not None
        log.info("replaying", begin=_iso(self.fleet.reached_s))
        while (left_s := self._end_s() - self.fleet.reached_s) > LIVE_STEP_S and not self._enough():
            until_s = self.fleet.reached_s + min(left_s, HISTORY_STEP_S)
            await self.publisher.put(self.fleet.advance(until_s, self._rhythm_s))
            await asyncio.sleep(0)
        await self.publisher.drained()

    async def _real_time(self) -> None:
        assert self.publisher is not None
        while not self._ended():
            await self.publisher.put(self.fleet.advance(self._end_s(), self._config.report_every_s))
            await asyncio.sleep(LIVE_STEP_S)
        await self.publisher.drained()
        self.stop()

    def _end_s(self) -> float:
        now, until = self._clock(), self._config.until
        return (now if until is None else min(now, until)).timestamp()

    def _enough(self) -> bool:
        assert self.publisher is not None
        limit = self._config.max_messages
        return limit is not None and self.publisher.acknowledged >= limit

    def _ended(self) -> bool:
        until = self._config.until
        return self._enough() or (until is not None and self._clock() >= until)

    async def _keep_saving(self) -> None:
        while True:
            await asyncio.sleep(SAVE_EVERY_S)
            self._save()

    def _save(self) -> None:
        if self._config.state_file is not None:
            unsent = self.publisher.unsent() if self.publisher is not None else ()
            write_memory(self._config.state_file, self.tally(), self.fleet.state(unsent))

    def tally(self) -> dict[str, Any]:
        """How far it has come; see `simulators.memory`."""
        acknowledged = 0 if self.publisher is None else self.publisher.acknowledged
        past_s = max(1.0, self._clock().timestamp() - self._history_begin_s)
        return {
            "status": "live" if self._history_done else "replaying",
            "published": acknowledged,
            "published_total": self._total_before + acknowledged,
            "resent": 0 if self.publisher is None else self.publisher.resent,
            "history_done": self._history_done,
            "progress": 1.0
            if self._history_done
            else (self.fleet.reached_s - self._history_begin_s) / past_s,
            "simulated_until": _iso(self.fleet.reached_s),
        }


def _iso(time_s: float) -> str:
    return datetime.fromtimestamp(time_s, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
