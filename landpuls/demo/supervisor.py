"""One process that answers for all of the demo's: starts them, shows what lives, and leaves nothing behind."""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType

from domain.errors import UsageError
from landpuls.database import configured_url
from landpuls.demo.crew import Crew
from landpuls.demo.fleet import read_tally
from landpuls.demo.folder import DemoFolder
from landpuls.demo.guardian import Guardian
from landpuls.demo.launch import Launch, Running, Stopped
from landpuls.demo.once import READINGS, Result, result_of
from landpuls.demo.ports import check_free
from landpuls.demo.screen import Facts, Screen
from landpuls.demo.watch import LOOK_EVERY_S, Watch
from landpuls.output import notes, print_json
from landpuls.settings import Settings

ONCE_LIMIT_S = 300.0
DRAIN_S = 60.0
STOP_FLEET_S = 60.0


class Stop:
    """Set by the first SIGINT, SIGTERM or SIGHUP; a second one makes it hurry."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, number: int, _: FrameType | None) -> None:
        """Handle a signal."""
        self.asked += 1


def run(settings: Settings, *, once: bool, fresh: bool, as_json: bool) -> int:
    """Run the demo until Ctrl-C, or once through; return the exit code.

    Raises
    ------
    LandpulsError
        If it cannot start or go on; says why and what to do.
    """
    began = time.monotonic()
    if fresh and configured_url(settings):
        raise UsageError(
            "--fresh deletes the demo's own database, but database.url names another one; empty that yourself."
        )
    folder = DemoFolder(settings.home)
    screen = Screen(console=notes())
    with folder.locked(), _signals() as stop:
        folder.await_guardian(screen.remark)
        if fresh:
            folder.delete()
        folder.prepare()
        check_free(settings.api.host, settings.api.port)
        guardian = Guardian(folder.log_of("guardian"), folder.guard)
        crew = Crew(guardian, screen.remark)
        try:
            return _run(settings, folder, crew, screen, stop, began, once=once, as_json=as_json)
        except Stopped:
            return 130
        finally:
            screen.close()
            screen.remark("Stopping")
            crew.hurried = stop.asked > 1
            crew.stop_all()
            guardian.dismiss()


def _run(
    settings: Settings,
    folder: DemoFolder,
    crew: Crew,
    screen: Screen,
    stop: Stop,
    began: float,
    *,
    once: bool,
    as_json: bool,
) -> int:
    launch = Launch(
        settings=settings,
        folder=folder,
        crew=crew,
        say=lambda text: screen.remark(f"[{time.monotonic() - began:5.1f} s] {text}"),
        stopping=lambda: stop.asked > 0,
        api_port=settings.api.port,
    )
    running = launch.run()
    facts = _facts(running, folder)
    watch = Watch(running, folder, crew, screen, facts)
    try:
        screen.remark(f"Page: {facts.page}")
        if once:
            return _once(launch, running, watch, crew, stop, began, as_json=as_json)
        launch.start_fleet(running)
        while not stop.asked:
            watch.tick(datetime.now(UTC))
            time.sleep(LOOK_EVERY_S)
    finally:
        watch.close()
    return 0


def _once(
    launch: Launch, running: Running, watch: Watch, crew: Crew, stop: Stop, began: float, *, as_json: bool
) -> int:
    """Run until the readings and the plan are there, stop the fleet, drain, and print what became of each message."""
    # What an earlier run left in the broker's queue belongs to that run's account, not to this one's.
    first = watch.settle(lambda _: True, quiet_s=0.0, limit_s=DRAIN_S)
    before = watch.settle(
        lambda _: True, quiet_s=2.0 if first.ledger.received else 0.0, limit_s=DRAIN_S
    ).ledger
    published_before = read_tally(launch.folder.simulator_state).published
    launch.start_fleet(running)
    deadline = began + ONCE_LIMIT_S
    while True:
        snapshot = watch.tick(datetime.now(UTC))
        if stop.asked:
            raise Stopped
        plan = snapshot.plan
        if plan is not None and (
            plan.failed or (plan.stands and snapshot.ledger.readings - before.readings >= READINGS)
        ):
            break
        if time.monotonic() > deadline:
            launch.say(f"Not done within {ONCE_LIMIT_S:.0f} s")
            break
        time.sleep(LOOK_EVERY_S / 2)
    launch.say("Stopping the fleet, and draining")
    crew.stop(("simulate",))
    tally = read_tally(launch.folder.simulator_state)
    published = tally.published - published_before
    last = watch.settle(
        lambda seen: (seen.ledger - before).received - (seen.ledger - before).redelivered >= published,
        quiet_s=1.0,
        limit_s=DRAIN_S,
    )
    seconds = time.monotonic() - began
    result = result_of(last.ledger - before, published, last.plan, seconds, resent=tally.resent)
    return _report(result, as_json=as_json)


def _report(result: Result, *, as_json: bool) -> int:
    if as_json:
        print_json(result.as_dict())
    else:
        for name, value in result.as_dict().items():
            print(f"{name:>20} {value}")  # noqa: T201
    if not result.proves:
        print("landpuls: the account does not close, or no feasible plan came of it.", file=sys.stderr)  # noqa: T201
    return 0 if result.proves else 1


def _facts(running: Running, folder: DemoFolder) -> Facts:
    api = running.addresses.api_url
    return Facts(
        page=f"{api}/#key={running.secrets.page_key}",
        api=f"{api}/api/v1/openapi.json",
        logs=str(folder.logs),
        broker=f"{running.broker.name} on port {running.addresses.broker_port}",
        phase="starting",
    )


@contextmanager
def _signals() -> Iterator[Stop]:
    stop = Stop()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    previous = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
