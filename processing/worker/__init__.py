"""The worker: reacts to touched intervals and runs jobs."""

from processing.worker.config import WorkerConfig
from processing.worker.run import run

__all__ = ["WorkerConfig", "run"]
