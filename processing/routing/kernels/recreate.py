"""Recreate: put containers back one after the other, each at its cheapest place (greedy insertion with blinks)."""

import numpy as np

from processing.routing.kernels.compile import kernel
from processing.routing.kernels.history import remember
from processing.routing.kernels.insert import NOWHERE, best_insertion, insert
from processing.routing.kernels.model import PLACE, VOLUME, WEIGHT, Int32, Int64, Model, Stops, Tours, UInt64
from processing.routing.kernels.random import below, next_bits


@kernel
def sort_pool(m: Model, rng: UInt64, pool: Int32, count: int, keys: Int64) -> None:
    """Order the pool: required first, then at random, by demand, from far to near or from near to far."""
    n = m.leaving.size
    depot = m.node[n + m.accepts.shape[0], PLACE]
    draw = below(rng, 11)
    for i in range(count):
        c = pool[i]
        if draw < 4:
            key = next_bits(rng) >> 1
        elif draw < 8:
            key = -m.node[c, VOLUME] - m.node[c, WEIGHT]
        elif draw < 10:
            key = -m.from_m[depot, m.node[c, PLACE]]
        else:
            key = int(np.int64(m.from_m[depot, m.node[c, PLACE]]))
        keys[i] = key + (0 if m.required[c] else 1 << 40)
    for i in range(1, count):
        key, c = keys[i], pool[i]
        j = i - 1
        while j >= 0 and keys[j] > key:
            keys[j + 1], pool[j + 1] = keys[j], pool[j]
            j -= 1
        keys[j + 1], pool[j + 1] = key, c


@kernel
def recreate(m: Model, t: Tours, old: Stops, rng: UInt64, pool: Int32, count: int, bait: float) -> None:
    """Insert the pool's containers; an optional one if that costs at most ``bait`` times leaving it."""
    for i in range(count):
        c = int(np.int64(pool[i]))
        limit = NOWHERE if m.required[c] else int(m.leaving[c] * bait) + 1
        _, v, k, before, after = best_insertion(m, t, c, limit, rng)
        if v < 0:
            continue
        remember(t, old, v)
        insert(m, t, c, v, k, before, after)
