"""All routes are judged by one evaluator, whoever made them."""

from pathlib import Path

from benchmarks.routing.families import cases
from benchmarks.routing.judge import Judge
from benchmarks.routing.runs import Run

RUN = Run(family="CVRP", instance="tiny", solver="pyvrp", seed=1, seconds=1.0, clock="wall")


def test_cost_is_the_evaluators_whatever_is_claimed(data: Path) -> None:
    """Longer routes than the best-known ones cost what they are long."""
    (case,) = cases(data, ["CVRP"])
    found = Judge(0).judged(case, RUN, "Route #1: 1 3\nRoute #2: 2 4\nCost 5\n", claimed=5.0)
    assert (found.status, found.cost, found.claimed_cost, found.best_known) == ("ok", 80.0, 5.0, 68.0)
    assert found.vehicles == 2


def test_infeasible_routes_are_reported_with_what_they_break(data: Path) -> None:
    """An overloaded vehicle and a forgotten customer are no solution, however short."""
    (case,) = cases(data, ["CVRP"])
    found = Judge(0).judged(case, RUN, "Route #1: 1 2 3\n")
    assert found.status == "infeasible"
    assert found.reason.partition(":")[0] in {"capacity_volume", "required_unserved"}
    assert found.gap_percent is None


def test_nonsense_for_routes_is_a_failure_that_says_so(data: Path) -> None:
    """What cannot be read ends one run, not the benchmark."""
    (case,) = cases(data, ["CVRP"])
    found = Judge(0).judged(case, RUN, "Route #1: 77\n")
    assert found.status == "failed"
    assert "77" in found.reason
