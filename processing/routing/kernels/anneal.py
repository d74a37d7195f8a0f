"""Simulated annealing over ruin and recreate, driven by iterations alone so that a seed reproduces."""

from processing.routing.kernels.compile import entry, inlined, kernel
from processing.routing.kernels.history import forget, put_by, take_back
from processing.routing.kernels.model import (
    COST,
    FIRST_OPTION,
    LEAVING,
    NEED,
    NOWHERE,
    Int64,
    Model,
    Best,
    Tours,
    UInt64,
)
from processing.routing.kernels.natural import whole
from processing.routing.kernels.random import below, fraction
from processing.routing.kernels.recreate import recreate, sort_pool
from processing.routing.kernels.ruin import ruin
from processing.routing.kernels.tour import refresh

GUESTS = 10
"""Left needs invited into a recreation at most."""


@entry
def build(m: Model, t: Tours, old: Tours, rng: UInt64, pool: Int64, gaps: Int64) -> int:
    """First solution by greedy insertion in the pool's order; returns its objective."""
    for v in range(m.vehicle.shape[0]):
        refresh(m, t, v)
    for i in range(m.need.shape[0]):
        if not recreate(m, t, old, rng, pool[i : i + 1], whole(1), 1.0, whole(NOWHERE), gaps):
            take_back(m, t, old)
        forget(t)
    return objective(m, t)


@entry
def recount(m: Model, t: Tours) -> int:
    """The objective after all tours are recomputed from their stops."""
    for v in range(m.vehicle.shape[0]):
        refresh(m, t, v)
    return objective(m, t)


@inlined
def objective(m: Model, t: Tours) -> int:
    """Cost of all tours and of what they leave."""
    total = 0
    for v in range(m.vehicle.shape[0]):
        total += t.tour[v, COST]
    for i in range(t.gone[t.gone.shape[0] - 1, 0]):
        total += m.need[t.gone[i, 0], LEAVING]
    return total


@inlined
def pick_seed(m: Model, t: Tours, rng: UInt64) -> int:
    """A container to ruin around, one in ten times one that nobody serves."""
    left = t.gone[t.gone.shape[0] - 1, 0]
    if left > 0 and below(rng, 10) == 0:
        need = t.gone[below(rng, left), 0]
        return int(m.member[m.option[m.need[need, FIRST_OPTION], 0]])
    return below(rng, m.demand.shape[1])


@kernel
def invite(m: Model, t: Tours, seed: int, pool: Int64, count: int) -> int:
    """Add left needs near the seed to the pool."""
    removed = count
    for i in range(m.near.shape[1]):
        need = whole(m.node[0, m.near[seed, i], NEED])
        if t.gone[need, 1] >= 0:
            fresh = True
            for j in range(count):
                if pool[j] == need:
                    fresh = False
                    break
            if fresh:
                pool[count] = need
                count += 1
                if count - removed >= GUESTS:
                    break
    return count


@entry
def anneal(
    m: Model,
    t: Tours,
    old: Tours,
    best: Best,
    dirty: Int64,
    rng: UInt64,
    pool: Int64,
    keys: Int64,
    gaps: Int64,
    temperatures: Int64,
    luck: Int64,
    average: int,
    longest: int,
    first: int,
    last: int,
    total: int,
    values: Int64,
) -> None:
    """Run iterations ``first`` … ``last`` - 1 of ``total``.

    Parameters
    ----------
    temperatures : (S,) int64
        µ€, from hot to cold, each for an equal share of ``total``.
    luck : (4096,) int64
        Quantiles of the exponential distribution × 2**20: a change for the worse passes if it costs less than
        temperature × luck.
    values : (2,) int64
        Objective of the current and of the best solution; updated.
    """
    for i in range(first, last):
        left = t.gone[t.gone.shape[0] - 1, 0]
        step = i * temperatures.size // total
        allowed = max(1, (temperatures[step] * luck[below(rng, luck.size)]) >> 20)
        seed = pick_seed(m, t, rng)
        count = ruin(m, t, old, seed, average, longest, rng, pool)
        if count < 0:
            take_back(m, t, old)
            continue
        change = whole(0)
        kept = t.kept[t.kept.shape[0] - 1, 0]
        for j in range(kept):
            v = t.kept[j, 0]
            change += t.tour[v, COST] - old.tour[v, COST]
        spared = whole(0)
        if left > 0:
            removed = count
            count = invite(m, t, seed, pool, count)
            spared = leaving_of(m, pool, removed, count)
        sort_pool(m, t, rng, pool, count, keys)
        bait = 1.0 if below(rng, 4) != 0 else 1.0 + 2.0 * fraction(rng)
        if not recreate(m, t, old, rng, pool, count, bait, allowed - change + spared, gaps):
            take_back(m, t, old)
            continue
        change = -spared
        for j in range(count):
            if t.gone[pool[j], 1] >= 0:
                change += m.need[pool[j], LEAVING]
        kept = t.kept[t.kept.shape[0] - 1, 0]
        for j in range(kept):
            v = t.kept[j, 0]
            change += t.tour[v, COST] - old.tour[v, COST]
        if change >= allowed:
            take_back(m, t, old)
            continue
        values[0] += change
        for j in range(kept):
            dirty[t.kept[j, 0]] = 1
        forget(t)
        if values[0] < values[1]:
            values[1] = values[0]
            for v in range(m.vehicle.shape[0]):
                if dirty[v] == 1:
                    put_by(m, t, best, v)
                    dirty[v] = 0


@inlined
def leaving_of(m: Model, pool: Int64, first: int, last: int) -> int:
    """Cost of leaving these entries of the pool."""
    total = 0
    for j in range(first, last):
        total += m.need[pool[j], LEAVING]
    return total
