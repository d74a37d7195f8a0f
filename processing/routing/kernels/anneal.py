"""Simulated annealing over ruin and recreate, driven by iterations alone so that a seed reproduces."""

from processing.routing.kernels.compile import kernel
from processing.routing.kernels.history import copy_stops, forget, take_back
from processing.routing.kernels.model import Int32, Int64, Model, Stops, Tours, UInt64
from processing.routing.kernels.random import below, fraction
from processing.routing.kernels.recreate import recreate, sort_pool
from processing.routing.kernels.ruin import ruin

GUESTS = 10
"""Left containers invited into a recreation at most."""


@kernel
def build(m: Model, t: Tours, old: Stops, rng: UInt64, pool: Int32) -> int:
    """First solution by greedy insertion in the pool's order; returns its objective."""
    recreate(m, t, old, rng, pool, m.leaving.size, 1.0)
    forget(old)
    return objective(m, t)


@kernel
def objective(m: Model, t: Tours) -> int:
    """Cost of all tours and of what they leave."""
    total = 0
    for v in range(t.now.size.size):
        total += t.now.cost[v]
    for c in range(m.leaving.size):
        if t.tour_of[c] < 0:
            total += m.leaving[c]
    return total


@kernel
def pick_seed(m: Model, t: Tours, rng: UInt64) -> tuple[int, int]:
    """A container to ruin around, one in ten times a left one; and how many are left."""
    n = m.leaving.size
    left = 0
    chosen = -1
    for c in range(n):
        if t.tour_of[c] < 0:
            left += 1
            if below(rng, left) == 0:
                chosen = c
    if left > 0 and below(rng, 10) == 0:
        return chosen, left
    return below(rng, n), left


@kernel
def invite(m: Model, t: Tours, seed: int, pool: Int32, count: int) -> int:
    """Add left containers near the seed to the pool."""
    removed = count
    for i in range(m.near.shape[1]):
        c = m.near[seed, i]
        if t.tour_of[c] < 0:
            fresh = True
            for j in range(removed):
                if pool[j] == c:
                    fresh = False
                    break
            if fresh:
                pool[count] = c
                count += 1
                if count - removed >= GUESTS:
                    break
    return count


@kernel
def anneal(
    m: Model,
    t: Tours,
    old: Stops,
    best: Stops,
    dirty: Int32,
    rng: UInt64,
    pool: Int32,
    keys: Int64,
    temperatures: Int64,
    luck: Int64,
    average: int,
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
        seed, left = pick_seed(m, t, rng)
        count = ruin(m, t, old, seed, average, rng, pool)
        if count < 0:
            take_back(m, t, old)
            continue
        if left > 0:
            removed = count
            count = invite(m, t, seed, pool, count)
            change = -leaving_of(m, pool, removed, count)
        else:
            change = 0
        sort_pool(m, rng, pool, count, keys)
        bait = 1.0 if below(rng, 4) != 0 else 1.0 + 2.0 * fraction(rng)
        recreate(m, t, old, rng, pool, count, bait)
        for j in range(count):
            if t.tour_of[pool[j]] < 0:
                change += m.leaving[pool[j]]
        for v in range(t.now.size.size):
            if old.size[v] > 0:
                change += t.now.cost[v] - old.cost[v]
        step = i * temperatures.size // total
        allowed = (temperatures[step] * luck[below(rng, luck.size)]) >> 20
        if change >= allowed and change >= 0:
            take_back(m, t, old)
            continue
        values[0] += change
        for v in range(t.now.size.size):
            if old.size[v] > 0:
                dirty[v] = 1
        forget(old)
        if values[0] < values[1]:
            values[1] = values[0]
            for v in range(t.now.size.size):
                if dirty[v] == 1:
                    copy_stops(t.now, best, v)
                    dirty[v] = 0


@kernel
def leaving_of(m: Model, pool: Int32, first: int, last: int) -> int:
    """Cost of leaving these entries of the pool."""
    total = 0
    for j in range(first, last):
        total += m.leaving[pool[j]]
    return total
