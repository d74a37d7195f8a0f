"""Neighbours are those that a comparison with every other container finds."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from domain.planning import Chamber, PlanProblem
from processing.routing.arrays import build_model
from processing.routing.index import Index
from processing.routing.kernels.model import OPENS, SERVICE, SHUTS
from processing.routing.near import BESIDE_RICH, LATE_WEIGHT, MOST, STRANGE, WAITING_WEIGHT
from tests.processing.routing.large import large

PER_M, PER_S = 900.0, 5_000.0
"""µ€ a metre and a second."""


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


def sorted_out(problem: PlanProblem) -> PlanProblem:
    """Four kinds of waste, for which there are two facilities, one or none; a lorry has chambers for two of them."""
    tip = problem.facilities[0]
    names = ("glass", "paper", "residual", "clothes")
    chambers = tuple(
        Chamber(fractions=frozenset({name}), capacity_l=50_000, capacity_kg=5_000)
        for name in ("glass", "clothes")
    )
    return replace(
        problem,
        containers=tuple(
            replace(task, fraction=names[number % 4]) for number, task in enumerate(problem.containers)
        ),
        facilities=(
            tip,
            replace(tip, id="yard", location=7, service_s=900, fractions=frozenset({"glass", "paper"})),
        ),
        vehicles=(*problem.vehicles, replace(problem.vehicles[0], id="lorry", chambers=chambers)),
    )


def tip_far_off(problem: PlanProblem) -> PlanProblem:
    """The same four kinds of waste, one of which goes to a tip that is farther away than all else."""
    ways = np.asarray(problem.distance_m).copy()
    tip = problem.facilities[0]
    ways[tip.location] *= 5
    ways[:, tip.location] *= 5
    only = replace(tip, fractions=frozenset({"residual"}))
    return sorted_out(replace(problem, facilities=(only,), distance_m=ways, duration_s=ways // 14))


def by_facilities(
    problem: PlanProblem, index: Index, cost: NDArray[np.float64], far: float, n: int
) -> NDArray[np.float64]:
    """Costs among the first n places, where unlike waste makes it dearer by way of a facility."""
    direct = cost[:n, :n].copy()
    for a, b in product(range(n), repeat=2):
        one, other = index.units[a][0].fraction, index.units[b][0].fraction
        if one == other or {one, other} == {"glass", "clothes"}:
            continue
        ways = [
            cost[a, n + f] + each.service_s * PER_S + cost[n + f, b]
            for f, each in enumerate(problem.facilities)
            if one in each.fractions
        ]
        direct[a, b] = max(direct[a, b], min(ways, default=far))
    return direct


@pytest.mark.parametrize(
    "changed",
    [lambda problem: problem, uneven, sorted_out, tip_far_off],
    ids=["even", "uneven", "sorted", "far off"],
)
def test_neighbours_are_the_best_of_all(changed) -> None:
    """Near, before and after each container stand those with the smallest sums, ties by number."""
    problem = changed(large(stops=350, fleet=3))
    index = Index(problem)
    model = build_model(index)
    n = len(index.units)
    tables = [table[0].astype(np.float64) for table in (model.out_m, model.out_s)]
    metres, seconds = (table[:n, :n] for table in tables)
    per_second = max(PER_S, PER_M * metres.sum() / seconds.sum())
    ways = tables[0] * PER_M + tables[1] * PER_S
    together = (model.may.T.astype(int) @ model.may.astype(int)) > 0
    far = STRANGE * (ways.max() + PER_S * model.node[0, :, SERVICE].max())
    ways[:n, :n] += far * ~together
    cost = by_facilities(problem, index, ways, far, n)
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
    assert (model.beside[0] == np.argsort(after.T, axis=1, kind="stable")[:, :BESIDE_RICH]).all()
    assert (model.beside[1] == np.argsort(after, axis=1, kind="stable")[:, :BESIDE_RICH]).all()
