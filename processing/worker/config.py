"""What the worker needs to know, given by the command."""

from dataclasses import dataclass, field

from storage.maintenance import Retention


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerConfig:
    """Where the database is, and how often to look when nobody calls."""

    database_url: str
    poll_s: float = 2.0
    batch: int = 200_000
    """Touched intervals restated in one transaction at most."""
    jobs: int = 1
    """Jobs run at the same time; a plan keeps one core busy."""
    retention: Retention = field(default_factory=Retention)
    keep_every_s: float = 3600.0
    """How often partitions are made and what is beyond retention removed."""
    orphans_every_s: float = 60.0
    """How often to look for the jobs of workers that died without a word."""

    def __post_init__(self) -> None:
        amounts = (self.poll_s, self.batch, self.jobs, self.keep_every_s, self.orphans_every_s)
        if min(amounts) <= 0 or self.poll_s > 3600:
            raise ValueError(
                "poll_s, batch, jobs, keep_every_s and orphans_every_s must be positive, poll_s at most an hour"
            )
