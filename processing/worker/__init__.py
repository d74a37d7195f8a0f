"""The worker: reacts to touched intervals, runs jobs and keeps the database in order."""

from processing.worker.config import WorkerConfig
from processing.worker.run import run

__all__ = ["WorkerConfig", "run"]
