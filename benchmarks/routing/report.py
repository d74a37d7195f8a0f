"""From finished runs to the figures that are published: gaps, ratios, and everything that is odd about a run."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from benchmarks.published import KIM
from benchmarks.routing.families import FAMILIES
from benchmarks.routing.runs import BEST_KNOWN, Outcome
from benchmarks.routing.schedule import OURS, SOLVERS

AGREE = 1e-4
"""Share by which a solver's own cost may differ from the evaluator's: VROOM's are rounded to a millionth of a way."""

TURN = timedelta(minutes=30)
"""Solvers took turns on an instance if their last runs on it lie no further apart, for each budget."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A solver on a family with a budget: mean over instances of the mean over seeds."""

    solver: str
    gap_percent: float | None
    runs: int
    instances: int
    not_feasible: int
    reason: str
    iterations_per_s: float | None
    wall_s: float | None


def report(outcomes: Sequence[Outcome], machine: dict[str, Any]) -> dict[str, Any]:
    """Everything that the tables show, as plain data."""
    compared = _with_best_seen([each for each in outcomes if each.run.solver != BEST_KNOWN])
    groups: dict[tuple[str, float, str], list[Outcome]] = defaultdict(list)
    for outcome in compared:
        groups[outcome.run.family, outcome.run.seconds, outcome.run.clock].append(outcome)
    families = [_family(*key, groups[key]) for key in sorted(groups, key=_in_order)]
    return {
        "machine": machine,
        "versions": _versions(compared),
        "families": families,
        "instances": [_instance(*key, found) for key, found in _by_instance(compared).items()],
        "kim": [_kim(outcome) for outcome in compared if outcome.run.family == "Kim2006"],
        "best_known": [_best_known(outcome) for outcome in outcomes if outcome.run.solver == BEST_KNOWN],
        "disagreements": [_disagreement(each) for each in compared if disagrees(each)],
        "not_feasible": [_not_feasible(each) for each in compared if each.status in ("infeasible", "failed")],
    }


def disagrees(outcome: Outcome) -> bool:
    """Whether the solver says another cost than our evaluator counts for its routes."""
    if outcome.status != "ok" or outcome.cost is None or outcome.claimed_cost is None:
        return False
    return abs(outcome.cost - outcome.claimed_cost) > AGREE * max(1.0, abs(outcome.cost))


def _with_best_seen(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Compare instances without a published value with the best that any run here found."""
    best: dict[tuple[str, str], float] = {}
    for outcome in outcomes:
        if outcome.status == "ok" and outcome.cost is not None:
            key = outcome.run.family, outcome.run.instance
            best[key] = min(outcome.cost, best.get(key, outcome.cost))
    return [
        outcome
        if outcome.best_known
        else replace(outcome, best_known=best.get((outcome.run.family, outcome.run.instance)))
        for outcome in outcomes
    ]


def _family(family: str, seconds: float, clock: str, outcomes: list[Outcome]) -> dict[str, Any]:
    by_solver: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_solver[outcome.run.solver].append(outcome)
    cells = {solver: vars(_cell(solver, by_solver[solver])) for solver in SOLVERS if solver in by_solver}
    ratios = {
        solver: _ratio(by_solver[OURS], by_solver[solver])
        for solver in cells
        if solver != OURS and OURS in cells
    }
    return {
        "family": family,
        "seconds": seconds,
        "clock": clock,
        "seeds": len({each.run.seed for each in by_solver[OURS]}),
        "in_turns": all(_in_turns(found) for found in _by_instance(outcomes, solvers=False).values()),
        "solvers": cells,
        "ratio_to": ratios,
    }


def _in_turns(outcomes: Iterable[Outcome]) -> bool:
    """Whether the solvers ran on an instance one after the other, not on different days."""
    last: dict[str, datetime] = {}
    for outcome in outcomes:
        if outcome.finished_at:
            finished = datetime.fromisoformat(outcome.finished_at)
            solver = outcome.run.solver
            last[solver] = max(finished, last.get(solver, finished))
    return not last or max(last.values()) - min(last.values()) <= TURN


def _cell(solver: str, outcomes: list[Outcome]) -> Cell:
    gaps = _gaps(outcomes)
    searched = [each for each in outcomes if each.status in ("ok", "infeasible")]
    paces = [each.iterations / each.cpu_s for each in searched if each.iterations and each.cpu_s]
    odd = [each for each in outcomes if each.status != "ok"]
    return Cell(
        solver=solver,
        gap_percent=statistics.mean(gaps.values()) if gaps else None,
        runs=len(outcomes),
        instances=len(gaps),
        not_feasible=sum(each.status in ("infeasible", "failed") for each in outcomes),
        reason=odd[0].reason if odd else "",
        iterations_per_s=statistics.mean(paces) if paces else None,
        wall_s=statistics.mean(each.wall_s for each in searched) if searched else None,
    )


def _gaps(outcomes: Iterable[Outcome]) -> dict[str, float]:
    """Mean gap of each instance over its seeds."""
    found: dict[str, list[float]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.gap_percent is not None:
            found[outcome.run.instance].append(outcome.gap_percent)
    return {name: statistics.mean(gaps) for name, gaps in found.items()}


def _ratio(ours: list[Outcome], theirs: list[Outcome]) -> float | None:
    """Our mean gap divided by theirs, over the instances that both solved."""
    mine, other = _gaps(ours), _gaps(theirs)
    common = mine.keys() & other.keys()
    if not common or sum(other[name] for name in common) <= 0:
        return None
    return sum(mine[name] for name in common) / sum(other[name] for name in common)


def _by_instance(
    outcomes: list[Outcome], *, solvers: bool = True
) -> dict[tuple[str, str, float, str], list[Outcome]]:
    """The runs by family, instance, budget and solver, or those of all ``solvers`` together."""
    groups: dict[tuple[str, str, float, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        run = outcome.run
        groups[run.family, run.instance, run.seconds, run.solver if solvers else ""].append(outcome)
    return {key: groups[key] for key in sorted(groups, key=lambda key: (_in_order((key[0],)), key[1:]))}


def _instance(family: str, name: str, seconds: float, solver: str, outcomes: list[Outcome]) -> dict[str, Any]:
    first = [each.first_feasible_s for each in outcomes if each.first_feasible_s is not None]
    return {
        "family": family,
        "instance": name,
        "seconds": seconds,
        "solver": solver,
        "best_known": outcomes[0].best_known,
        "gap_percent": _gaps(outcomes).get(name),
        "costs": [each.cost for each in outcomes],
        "seeds": [each.run.seed for each in outcomes],
        "iterations": [each.iterations for each in outcomes],
        "first_feasible_s": max(first) if first else None,
        "peak_mib": max((each.peak_mib for each in outcomes if each.peak_mib), default=None),
        "status": sorted({each.status for each in outcomes}),
    }


def _kim(outcome: Outcome) -> dict[str, Any]:
    figures = KIM.get(outcome.run.instance)
    known = {} if figures is None else {name: list(getattr(figures, name)) for name in vars(figures)}
    return {
        "set": outcome.run.instance,
        "seconds": outcome.run.seconds,
        "seed": outcome.run.seed,
        "vehicles": outcome.vehicles,
        "miles": outcome.cost,
        "status": outcome.status,
        "published": known,
        "reached": outcome.status == "ok"
        and figures is not None
        and outcome.vehicles is not None
        and outcome.cost is not None
        and outcome.vehicles <= figures.vehicles
        and outcome.cost < figures.fewest_miles,
    }


def _best_known(outcome: Outcome) -> dict[str, Any]:
    agrees = (
        outcome.status == "ok"
        and outcome.cost is not None
        and outcome.best_known is not None
        and abs(outcome.cost - outcome.best_known) <= 1e-6 * outcome.best_known
    )
    return {
        "family": outcome.run.family,
        "instance": outcome.run.instance,
        "stated": outcome.best_known,
        "counted": outcome.cost,
        "status": outcome.status,
        "reason": outcome.reason,
        "agrees": agrees,
    }


def _disagreement(outcome: Outcome) -> dict[str, Any]:
    return vars(outcome.run) | {"claimed": outcome.claimed_cost, "counted": outcome.cost}


def _not_feasible(outcome: Outcome) -> dict[str, Any]:
    return vars(outcome.run) | {"status": outcome.status, "reason": outcome.reason}


def _versions(outcomes: Iterable[Outcome]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for outcome in outcomes:
        if outcome.version:
            found[outcome.run.solver].add(outcome.version)
    return {solver: sorted(versions) for solver, versions in found.items()}


def _in_order(key: tuple[Any, ...]) -> tuple[Any, ...]:
    family = key[0]
    return (FAMILIES.index(family) if family in FAMILIES else len(FAMILIES), *key[1:])
