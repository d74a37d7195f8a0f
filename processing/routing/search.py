"""One search: its arrays, its state, and blocks of iterations on them."""

import math
from functools import cache

import numpy as np

from domain.planning import PlannedTour, PlanProblem
from processing.routing.arrays import build_model, empty_stops, empty_tours, read_tours
from processing.routing.kernels.anneal import anneal, build, objective
from processing.routing.kernels.model import PLACE, Int32, Int64, Model, Stops, Tours
from processing.routing.kernels.tour import refresh
from processing.routing.sample import sample_problem

STEPS = 1024
"""Temperatures between hot and cold."""
HOT = 1.0
"""First temperature, as a share of the first solution's cost for each placed container."""
COLD = 0.01
"""Last temperature, likewise."""
REMOVED = 10
"""Containers taken out in an iteration on average (the paper's c-bar)."""
_GOLDEN = 0x9E3779B97F4A7C15


class Search:
    """Keeps the current and the best solution of one problem; `start` first, then `run` as often as wanted."""

    def __init__(self, problem: PlanProblem, seed: int) -> None:
        self.problem = problem
        self.model: Model = build_model(problem)
        self.iterations = 0
        count = max(1, len(problem.containers))
        self._current: Tours = empty_tours(self.model)
        self._old: Stops = empty_stops(self.model)
        self._best: Stops = empty_stops(self.model)
        self._old.size[:] = 0
        self._dirty = np.zeros(len(problem.vehicles), np.int32)
        self._pool = np.zeros(2 * count, np.int32)
        self._keys = np.zeros(2 * count, np.int64)
        self._rng = np.array([(seed * _GOLDEN + _GOLDEN) % 2**64 or 1], dtype=np.uint64)
        self._luck = _exponential_quantiles()
        self._temperatures = np.zeros(STEPS, np.int64)
        penalties = self.model.leaving.sum() if len(problem.containers) else 0
        self._values = np.array([penalties, penalties], dtype=np.int64)

    @staticmethod
    @cache
    def compile() -> None:
        """Load the kernels from the cache, or compile them, on a tiny problem."""
        search = Search(sample_problem(), seed=0)
        search.start()
        search.run(5, 5)

    def start(self) -> None:
        """Make the first solution and set the temperatures after it."""
        for row in range(len(self.problem.vehicles)):
            refresh(self.model, self._current, row)
        self._pool[: self.model.leaving.size] = _far_first(self.model)
        first = build(self.model, self._current, self._old, self._rng, self._pool)
        self._values[:] = first
        self._keep_all()
        placed = int((self._current.tour_of >= 0).sum())
        scale = float(self._current.now.cost.sum()) / max(1, placed)
        ratio = (COLD / HOT) ** (1.0 / (STEPS - 1))
        self._temperatures[:] = [math.floor(scale * HOT * ratio**step) for step in range(STEPS)]

    def run(self, iterations: int, total: int) -> None:
        """Do so many more iterations of a schedule that has ``total`` of them."""
        anneal(
            self.model,
            self._current,
            self._old,
            self._best,
            self._dirty,
            self._rng,
            self._pool,
            self._keys,
            self._temperatures,
            self._luck,
            REMOVED,
            self.iterations,
            self.iterations + iterations,
            total,
            self._values,
        )
        self.iterations += iterations

    @property
    def objective(self) -> int:
        """What the search minimises: cost, and a penalty for each required container left."""
        return int(self._values[1])

    @property
    def current_objective(self) -> int:
        """The same of the current solution, as added up from the changes."""
        return int(self._values[0])

    @property
    def unserved_required(self) -> int:
        """Required containers that the best solution leaves."""
        return int((self._left() & self.model.required).sum())

    @property
    def cost_ueur(self) -> int:
        """Cost of the best solution as the evaluator counts it."""
        left = self._left() & ~self.model.required
        return int(self._best.cost.sum() + self.model.leaving[left].sum())

    def tours(self) -> tuple[PlannedTour, ...]:
        """Tours of the best solution."""
        return read_tours(self.problem, self._best)

    def recount(self) -> int:
        """Objective of the current solution from scratch, for tests."""
        return int(objective(self.model, self._current))

    def _left(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        count = self.model.leaving.size
        left = np.ones(count, np.bool_)
        for row in range(self._best.size.size):
            stops = self._best.node[row, : self._best.size[row]]
            left[stops[stops < count]] = False
        return left

    def _keep_all(self) -> None:
        self._best.node[:] = self._current.now.node
        self._best.size[:] = self._current.now.size
        self._best.cost[:] = self._current.now.cost


def _far_first(model: Model) -> Int32:
    """Required before optional containers, each group from far to near."""
    count = model.leaving.size
    depot = model.node[count + model.accepts.shape[0], PLACE]
    away = model.from_m[depot, model.node[:count, PLACE]]
    return np.lexsort((-away, ~model.required)).astype(np.int32)


def _exponential_quantiles() -> Int64:
    """4096 quantiles of the exponential distribution × 2**20: integers, so that no library's logarithm matters."""
    values = [round(-math.log((index + 0.5) / 4096) * 2**20) for index in range(4096)]
    return np.array(values, dtype=np.int64)
