"""Runs the worker: threads that react to readings and keep the database in order, and beside them the job queue."""

import asyncio
import contextlib
import random
import signal
import threading

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


def run(config: WorkerConfig) -> int:
    """Work until SIGTERM or SIGINT; return the exit code."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=react, args=(config, stop), name="reactor"),
        threading.Thread(target=keep, args=(config, stop), name="keeper"),
    ]
    for thread in threads:
        thread.start()
    try:
        asyncio.run(_work(config, stop))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    log.info("stopped")
    return 0


async def _work(config: WorkerConfig, stop: threading.Event) -> None:
    stopped = asyncio.Event()

    def end() -> None:
        stop.set()
        stopped.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    log.info("started", jobs=config.jobs)
    await _jobs_until(stopped, config, stop)


async def _jobs_until(stopped: asyncio.Event, config: WorkerConfig, stop: threading.Event) -> None:
    """Run the job queue until told to stop, beginning anew whenever the database was away."""
    pause_s = 0.5
    while not stopped.is_set():
        app = worker_app(config.database_url, stop)
        try:
            async with app.open_async():
                await retry_orphans(app)
                pause_s = 0.5
                await _run_queue(app, config.jobs, stopped)
        except (psycopg.Error, ConnectorException, DatabaseUnavailable) as error:
            log.warning("job queue away", error=str(error).strip(), next_try_s=round(pause_s, 1))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopped.wait(), pause_s * random.uniform(0.5, 1.5))
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


async def _run_queue(app: App, concurrency: int, stopped: asyncio.Event) -> None:
    worker = asyncio.ensure_future(
        app.run_worker_async(
            concurrency=concurrency, install_signal_handlers=False, shutdown_graceful_timeout=JOB_END_S
        )
    )
    stopping = asyncio.ensure_future(stopped.wait())
    await asyncio.wait({worker, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not worker.done():
        worker.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await worker
