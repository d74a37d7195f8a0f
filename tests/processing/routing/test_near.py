"""Neighbours are those that a comparison with every other container finds."""

from dataclasses import replace

import numpy as np
import pytest

from domain.planning import PlanProblem
from processing.routing.arrays import build_model
from processing.routing.index import Index
from processing.routing.kernels.model import OPENS, SERVICE, SHUTS
from processing.routing.near import BESIDE, LATE_WEIGHT, MOST, STRANGE, WAITING_WEIGHT
from tests.processing.routing.large import large


def uneven(problem: PlanProblem) -> PlanProblem:
    """Ways that are longer one way than the other, and containers that two of the vehicles share out."""
    ways = np.asarray(problem.distance_m)
    there = np.triu(ways) + ways * 3 // 2 * np.tri(len(ways), k=-1, dtype=np.int32)
    names = [vehicle.id for vehicle in problem.vehicles]
    containers = tuple(
        replace(task, vehicles=frozenset({names[number % 2]})) if number % 3 else task
        for number, task in enumerate(problem.containers)
    )
    return replace(problem, containers=containers, distance_m=there, duration_s=there // 14)


@pytest.mark.parametrize("changed", [lambda problem: problem, uneven], ids=["even", "uneven"])
def test_neighbours_are_the_best_of_all(changed) -> None:
    """Near, before and after each container stand those with the smallest sums, ties by number."""
    index = Index(changed(large(stops=350, fleet=3)))
    model = build_model(index)
    n = len(index.units)
    metres, seconds = (table[0, :n, :n].astype(np.float64) for table in (model.out_m, model.out_s))
    per_m, per_s = 900.0, 5_000.0
    per_second = max(per_s, per_m * metres.sum() / seconds.sum())
    cost = metres * per_m + seconds * per_s
    together = (model.may.T.astype(int) @ model.may.astype(int)) > 0
    cost += STRANGE * cost.max() * ~together
    opens, shuts, service = (
        model.node[0, :n, column].astype(np.float64) for column in (OPENS, SHUTS, SERVICE)
    )
    drive = seconds + service[:, None]
    waiting = np.maximum(opens[None, :] - drive - shuts[:, None], 0.0)
    late = np.maximum(opens[:, None] + drive - shuts[None, :], 0.0)
    after = cost + per_second * (WAITING_WEIGHT * waiting + LATE_WEIGHT * late)
    np.fill_diagonal(after, np.inf)
    apart = np.minimum(cost, cost.T)
    np.fill_diagonal(apart, -1.0)
    assert (model.near == np.argsort(apart, axis=1, kind="stable")[:, :MOST]).all()
    assert (model.beside[0] == np.argsort(after.T, axis=1, kind="stable")[:, :BESIDE]).all()
    assert (model.beside[1] == np.argsort(after, axis=1, kind="stable")[:, :BESIDE]).all()
