"""Runs the worker: threads that react to readings and keep the database in order, and beside them the job queue."""

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable
from random import Random, SystemRandom

import psycopg
import structlog
from procrastinate import App
from procrastinate.exceptions import ConnectorException

from domain.errors import DatabaseUnavailable
from processing.worker.config import WorkerConfig
from processing.worker.jobs import retry_orphans, worker_app
from processing.worker.keeper import keep
from processing.worker.reactor import LONGEST_PAUSE_S, react

log = structlog.get_logger("landpuls.worker")

JOB_END_S = 20.0
"""How long a job may take to end when the worker stops; a search ends within a second, and keeps the best it found."""
ABSENCES = (psycopg.Error, ConnectorException, DatabaseUnavailable)
LOOK_S = 0.25


def run(config: WorkerConfig, *, random: Random | None = None) -> int:
    """Work until SIGTERM or SIGINT.

    Returns
    -------
    The exit code: 0 after a clean stop, 1 if a thread failed by a fault of ours, so that who started us does so again.
    """
    random = random or SystemRandom()
    stop, failed = threading.Event(), threading.Event()

    def begin(work: Callable[[WorkerConfig, threading.Event, Random], None], name: str) -> threading.Thread:
        def guarded() -> None:
            try:
                work(config, stop, random)
            except Exception:
                log.exception("failed by a fault of ours, ending", part=name)
                failed.set()
                stop.set()

        thread = threading.Thread(target=guarded, name=name)
        thread.start()
        return thread

    threads = [begin(react, "reactor"), begin(keep, "keeper")]
    try:
        asyncio.run(_work(config, stop, random))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    log.info("stopped")
    return int(failed.is_set())


async def _work(config: WorkerConfig, stop: threading.Event, random: Random) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    log.info("started", jobs=config.jobs)
    await _jobs_until(stop, config, random)


async def _stopping(stop: threading.Event) -> None:
    """Wait for the event that threads and signals set."""
    while not stop.is_set():  # noqa: ASYNC110 - threads set it too, which an asyncio.Event does not allow
        await asyncio.sleep(LOOK_S)


async def _jobs_until(stop: threading.Event, config: WorkerConfig, random: Random) -> None:
    """Run the job queue until told to stop, beginning anew whenever the database was away."""
    pause_s = 0.5
    while not stop.is_set():
        app = worker_app(config.database_url, stop)
        try:
            async with app.open_async():
                await retry_orphans(app)
                pause_s = 0.5
                await _run_queue(app, config, stop)
        except ABSENCES as error:
            log.warning("job queue away", error=str(error).strip(), next_try_s=round(pause_s, 1))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(_stopping(stop), pause_s * random.uniform(0.5, 1.5))
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


async def _run_queue(app: App, config: WorkerConfig, stop: threading.Event) -> None:
    worker = asyncio.ensure_future(
        app.run_worker_async(
            concurrency=config.jobs, install_signal_handlers=False, shutdown_graceful_timeout=JOB_END_S
        )
    )
    others = [asyncio.ensure_future(_stopping(stop)), asyncio.ensure_future(_look_for_orphans(app, config))]
    await asyncio.wait({worker, *others}, return_when=asyncio.FIRST_COMPLETED)
    for task in (*others, worker):
        task.cancel()
    for task in (worker, *others):
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _look_for_orphans(app: App, config: WorkerConfig) -> None:
    """Give the jobs of workers that die while we run back to the queue."""
    while True:
        await asyncio.sleep(config.orphans_every_s)
        try:
            await retry_orphans(app)
        except ABSENCES as error:
            log.warning("no look for orphaned jobs", error=str(error).strip())
