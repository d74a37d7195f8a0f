"""One search: its arrays, its state, and blocks of iterations on them."""

import copy
import math
from collections.abc import Callable
from functools import cache

import numpy as np

from domain.planning import PlannedTour, PlanProblem, PlanSolution
from processing.routing.arrays import build_model
from processing.routing.cooling import Cooling
from processing.routing.index import Index
from processing.routing.kernels.act import ANNEAL, BEGIN, BUILD, CLOSE, PART, RECOUNT, act
from processing.routing.kernels.model import (
    FIRST_OPTION,
    LEAST,
    LEAVING,
    NEED,
    OBJECTIVE,
    PLAIN,
    REQUIRED,
    STARTS_AT,
    SUCC,
    TOUR,
    TRIPS,
    Best,
    Bool,
    Int64,
    Model,
    Style,
    Tours,
    Work,
)
from processing.routing.kernels.parting import LOADED
from processing.routing.pauses import pauses_of
from processing.routing.sample import sample_problem
from processing.routing.savings import fit_for_savings, savings_tours
from processing.routing.start import Placement, check_start, halved, route_of, stops_of, without
from processing.routing.tours import copy_tours, empty_best, empty_tours
from processing.routing.tuning import STEPS, STYLE, style_for, temperatures

INSERTED_AT_ONCE = 64
"""Needs put into the first solution between two questions whether that is enough."""
MOST_COUNTED = 12
"""Trips up to which those of a vehicle are counted when a tour is parted anew."""
_GOLDEN = 0x9E3779B97F4A7C15
_NO_ROUTE: Int64 = np.zeros((0, 2), np.int64)


class Search:
    """Keeps the current and the best solution of one problem; `start` first, then `run` as often as wanted.

    With ``first`` it starts from its tours, as far as they fit.
    """

    def __init__(self, problem: PlanProblem, seed: int, first: PlanSolution | None = None) -> None:
        if first is not None:
            check_start(problem, first)
        self.problem = problem
        self._first = first
        self.index = Index(problem)
        self.model: Model = build_model(self.index)
        self.iterations = 0
        count = max(1, len(self.index.needs))
        self._current: Tours = empty_tours(self.model)
        self._before: Tours = empty_tours(self.model)
        self._best: Best = empty_best(self._current)
        self._left_at = -1
        self._left_then: Bool = np.ones(0, np.bool_)
        vehicles, stops = len(self.index.vehicles), self._best.succ.size
        left = self.model.need[:, LEAVING].sum()
        self._work = Work(
            rng=np.array([(seed * _GOLDEN + _GOLDEN) % 2**64 or 1], dtype=np.uint64),
            pool=np.zeros(2 * count + 20, np.int64),
            keys=np.zeros(2 * count + 20, np.int64),
            gaps=np.zeros((stops + vehicles + 2 * self.model.beside.shape[2] + 20, 2), np.int64),
            dirty=np.zeros(vehicles, np.int64),
            values=np.array([left, left, 0, 0], np.int64),
            absent=np.zeros(count, np.int64),
            fleet=np.zeros(4, np.int64),
            held=np.zeros((2, stops), np.int32),
            parts=self._room_for_parts(),
        )
        self._quantiles = _exponential_quantiles()
        self.style: Style = STYLE
        self._temperatures = np.zeros(STEPS, np.int64)

    @staticmethod
    @cache
    def compile() -> None:
        """Load the kernels from the cache, or compile them, on a tiny problem."""
        search = Search(sample_problem(), seed=0)
        search.start()
        search.run(5, 5)
        search.tours()

    @property
    def movable(self) -> bool:
        """Whether there is anything to search for."""
        return bool(self.index.units and self.index.vehicles)

    def fork(self) -> "Search":
        """A search that goes on from here by itself."""
        other = copy.copy(self)
        other._current, other._before = copy_tours(self._current), copy_tours(self._before)
        other._best = Best(*(each.copy() for each in self._best))
        other._work = Work(**{name: each.copy() for name, each in self._work._asdict().items()})
        return other

    def start(self, enough: Callable[[], bool] = lambda: False) -> None:
        """Make the first solution and set the temperatures after it.

        ``enough`` is asked again and again: if it says so, the rest is left unserved.
        """
        self._begin()
        work = self._work
        count = len(self.index.needs) if self.movable else 0
        work.pool[:count] = _far_first(self.model)[:count]
        inserted = 0
        while True:
            last = min(count, inserted + INSERTED_AT_ONCE)
            work.values[:2] = self._act(BUILD, first=inserted, last=last)
            inserted = last
            if inserted == count or enough():
                break
        work.values[:2] = self._act(PART)
        self._keep_all()
        self.style = style_for(self.model, self._current, parted=work.parts.size > 0)
        self._temperatures = temperatures(self.model, self._current, given=self._first is not None)

    def _begin(self) -> None:
        """The tours to start from; what is left of an option of which a part does not fit is taken out again."""
        stops = self._first_stops()
        while True:
            self._act(BEGIN, route=route_of(stops))
            placed = np.flatnonzero(self._current.stop[: len(self.index.units), TOUR] >= 0)
            parts = halved(self.index, placed.tolist()) if self._first is not None else set()
            if not parts:
                return
            stops = without(stops, parts)
            self._current = empty_tours(self.model)

    def _first_stops(self) -> list[Placement]:
        if self._first is not None:
            return stops_of(self.index, self._first)
        return savings_tours(self.model) if fit_for_savings(self.model) else []

    def _room_for_parts(self) -> Int64:
        vehicle, containers = self.model.vehicle, self.model.demand.shape[1]
        if self.model.rule[PLAIN] or not len(vehicle) or not len(self.model.facility):
            return np.zeros((0, 0, 0), np.int64)
        layers = 2 + min(MOST_COUNTED, max(0, int(vehicle[:, TRIPS].max())))
        return np.zeros((layers, containers + 3, LOADED + self.model.demand.shape[2]), np.int64)

    def run(self, iterations: int, total: int, shift: int = 0) -> None:
        """Do so many more iterations of a schedule that has ``total`` of them, ``shift`` further on in it."""
        first = self.iterations + shift
        self._act(ANNEAL, first=first, last=first + iterations, total=total)
        self.iterations += iterations

    def cool(self, iterations: int, cooling: Cooling) -> None:
        """Do so many more iterations, or fewer: up to where the cooling changes its pace."""
        stretch = cooling.stretch(self.iterations, STEPS)
        self.run(min(iterations, stretch.end - self.iterations), stretch.total, stretch.shift)

    def close(self) -> None:
        """Leave or place anew what is optional in the best solution, each need where that is a gain."""
        if self.movable and not self.model.need[:, REQUIRED].all():
            self._act(CLOSE)

    def _act(
        self, what: int, route: Int64 = _NO_ROUTE, *, first: int = 0, last: int = 0, total: int = 0
    ) -> int:
        return int(
            act(
                what,
                self.model,
                self._current,
                self._before,
                self._best,
                self._work,
                self.style,
                self._temperatures,
                self._quantiles,
                route,
                first,
                last,
                total,
            )
        )

    @property
    def objective(self) -> int:
        """What the search minimises: cost, and a penalty for each required container left."""
        return int(self._work.values[LEAST])

    @property
    def current_objective(self) -> int:
        """The same of the current solution, as added up from the changes."""
        return int(self._work.values[OBJECTIVE])

    @property
    def unserved_required(self) -> int:
        """Required needs that the best solution leaves."""
        return int((self._left() & (self.model.need[:, REQUIRED] != 0)).sum())

    @property
    def cost_ueur(self) -> int:
        """Cost of the best solution as the evaluator counts it."""
        left = self._left() & (self.model.need[:, REQUIRED] != 0)
        own = sum(self.index.needs[need].leaving_ueur for need in np.flatnonzero(left))
        penalties = int(self.model.need[left, LEAVING].sum())
        return self.objective - penalties + own + self.index.fixed_cost_ueur

    def tours(self) -> tuple[PlannedTour, ...]:
        """Tours of the best solution."""
        return self.index.read_tours(self._best, pauses_of(self.model, self._best))

    def recount(self) -> int:
        """Objective of the current solution from scratch, for tests."""
        return self._act(RECOUNT)

    def _left(self) -> Bool:
        """Whether the best solution leaves each need; looked up anew once that has changed."""
        if self._left_at != self.objective:
            left = np.ones(len(self.index.needs), np.bool_)
            for number in range(len(self.index.vehicles)):
                places = np.array(self.index.places_of(self._best, number), dtype=np.int64)
                left[self.model.node[0, places[places < len(self.index.units)], NEED]] = False
            self._left_at, self._left_then = self.objective, left
        return self._left_then

    def _keep_all(self) -> None:
        self._best.succ[:] = self._current.stop[:, SUCC]
        self._best.at[:] = self._current.at
        self._left_at = -1


def _far_first(model: Model) -> Int64:
    """Required before optional needs, each group from far to near."""
    if model.vehicle.shape[0] == 0:
        return np.zeros(0, np.int64)
    heads = model.member[model.option[model.need[:, FIRST_OPTION], 0]]
    away = model.out_m[0, model.vehicle[0, STARTS_AT], heads]
    return np.lexsort((-away, model.need[:, REQUIRED] == 0)).astype(np.int64)


def _exponential_quantiles() -> Int64:
    """4096 quantiles of the exponential distribution × 2**20: integers, so that no library's logarithm matters."""
    values = [round(-math.log((index + 0.5) / 4096) * 2**20) for index in range(4096)]
    return np.array(values, dtype=np.int64)
