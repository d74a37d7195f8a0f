"""One evaluator for everybody: routes in, cost in the family's scale and broken constraints out."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.published import best_known
from benchmarks.routing.children import ask
from benchmarks.routing.families import Case
from benchmarks.routing.instances import load
from benchmarks.routing.runs import BEST_KNOWN, Outcome, Run
from domain.errors import LandpulsError
from domain.planning import PlanSolution, evaluate
from processing.routing.formats import Instance

KEPT = ("wall_s", "cpu_s", "iterations", "version", "first_feasible_s", "peak_mib")
"""What a child says about itself that an outcome keeps as it is."""


class Judge:
    """Reads each instance once and evaluates whatever routes it is given for it."""

    def __init__(self, core: int) -> None:
        self.core = core
        self._case: Case | None = None
        self._instance: Instance | None = None

    def carry_out(self, case: Case, run: Run) -> Outcome:
        """Run a solver, or take the best-known routes, and judge what comes out."""
        if run.solver == BEST_KNOWN:
            return self.judged(case, run, case.best_known_path.read_text())
        with tempfile.TemporaryDirectory() as folder:
            routes = Path(folder) / "routes.sol"
            reply = ask(case, run, self.core, routes)
            if reply.record is None:
                return _outcome(run, status="failed", reason=reply.failure, best_known=self._known(case))
            record = reply.record
            kept = {name: record[name] for name in KEPT}
            if record["status"] == "cannot_state" or not routes.exists():
                return _outcome(run, status=record["status"], reason=record["reason"], **kept)
            return self.judged(case, run, routes.read_text(), record["claimed_cost"], **kept)

    def judged(self, case: Case, run: Run, text: str, claimed: float | None = None, **kept: Any) -> Outcome:
        """The outcome of a run that ended with these routes; ``claimed`` is in the problem's own unit."""
        instance = self._of(case)
        try:
            tours = instance.read_solution(text, run.solver)
        except LandpulsError as error:
            return _outcome(run, status="failed", reason=str(error), best_known=self._known(case), **kept)
        evaluation = evaluate(instance.problem, PlanSolution(tours=tours))
        broken = evaluation.violations
        return _outcome(
            run,
            status="infeasible" if broken else "ok",
            reason=f"{broken[0].name}: {broken[0].message}" if broken else "",
            cost=float(instance.cost(evaluation.cost.total_ueur)),
            claimed_cost=None if claimed is None else float(instance.cost(round(claimed))),
            best_known=self._known(case),
            vehicles=sum(bool(tour.visits) for tour in tours),
            **kept,
        )

    def _known(self, case: Case) -> float | None:
        return self._of(case).best_known or best_known(case.family, case.name, case.path)

    def _of(self, case: Case) -> Instance:
        if self._instance is None or self._case != case:
            self._case, self._instance = case, load(case.family, case.path)
        return self._instance


def _outcome(run: Run, **found: Any) -> Outcome:
    return Outcome(run=run, finished_at=datetime.now(UTC).isoformat(timespec="seconds"), **found)
