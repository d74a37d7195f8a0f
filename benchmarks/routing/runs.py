"""What was run and what came of it: one line of JSON for each finished run, so that a killed benchmark goes on."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

Clock = Literal["wall", "cpu"]
Status = Literal["ok", "infeasible", "cannot_state", "failed"]

BEST_KNOWN = "best-known"


@dataclass(frozen=True, kw_only=True)
class Run:
    """One solver on one instance with one seed and one budget."""

    family: str
    instance: str
    solver: str
    seed: int
    seconds: float
    clock: Clock


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A finished run.

    Attributes
    ----------
    status : str
        ``ok``; ``infeasible`` if the evaluator says so; ``cannot_state`` if the solver has no words for the problem;
        ``failed`` if it gave no routes.
    cost : float or None
        By our evaluator, in the scale of the family's `.sol`.
    claimed_cost : float or None
        What the solver says itself, in the same scale.
    best_known : float or None
    wall_s, cpu_s : float
        Search time of the solver's process, after reading and compiling.
    first_feasible_s : float or None
        When the first solution without unserved required containers was there, where the solver tells.
    peak_mib : int or None
        Most memory that the solver's process held, the instance and its interpreter included.
    """

    run: Run
    status: Status
    reason: str = ""
    cost: float | None = None
    claimed_cost: float | None = None
    best_known: float | None = None
    vehicles: int | None = None
    wall_s: float = 0.0
    cpu_s: float = 0.0
    iterations: int | None = None
    first_feasible_s: float | None = None
    peak_mib: int | None = None
    version: str = ""
    finished_at: str = ""

    @property
    def gap_percent(self) -> float | None:
        """How far above the best-known cost; None without a feasible solution or anything to compare with."""
        if self.status != "ok" or self.cost is None or not self.best_known:
            return None
        return 100.0 * (self.cost - self.best_known) / self.best_known


class RunLog:
    """The file of finished runs; a line that was cut off by a kill counts as not run."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> list[Outcome]:
        """Finished runs in the order of their first end; of a repeated one the latest."""
        if not self.path.exists():
            return []
        outcomes: dict[Run, Outcome] = {}
        for line in self.path.read_text().splitlines():
            try:
                outcome = _outcome(json.loads(line))
            except (ValueError, KeyError, TypeError):
                continue
            outcomes[outcome.run] = outcome
        return list(outcomes.values())

    def append(self, outcome: Outcome) -> None:
        """Add a line at once, after closing one that a kill left open."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as file:
            if file.tell():
                file.seek(-1, 2)
                if file.read(1) != b"\n":
                    file.write(b"\n")
            file.write(json.dumps(asdict(outcome)).encode() + b"\n")


def _outcome(record: dict[str, Any]) -> Outcome:
    return Outcome(**record | {"run": Run(**record["run"])})


def missing(wanted: Iterable[Run], finished: Iterable[Outcome], again: Iterable[str] = ()) -> list[Run]:
    """Return the wanted runs that are not finished, failed, or whose solver is to be run again."""
    repeated = set(again)
    done = {
        outcome.run
        for outcome in finished
        if outcome.status != "failed" and outcome.run.solver not in repeated
    }
    return [run for run in wanted if run not in done]
