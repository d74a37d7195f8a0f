"""Recreate: put containers back one after the other, each at its cheapest place (greedy insertion with blinks)."""

import numpy as np

from processing.routing.kernels.compile import kernel
from processing.routing.kernels.history import remember
from processing.routing.kernels.insert import NOWHERE, best_insertion, insert
from processing.routing.kernels.model import Int32, Int64, Model, Tours, UInt64
from processing.routing.kernels.random import below, next_bits


@kernel
def sort_pool(m: Model, rng: UInt64, pool: Int32, count: int, keys: Int64) -> None:
    """Order the pool: required first, then at random, by demand, from far to near or from near to far."""
    n = m.fraction.size
    depot = m.place[n + m.accepts.shape[0]]
    draw = below(rng, 11)
    for i in range(count):
        c = pool[i]
        if draw < 4:
            key = next_bits(rng) >> 1
        elif draw < 8:
            key = -m.volume[c] - m.weight[c]
        elif draw < 10:
            key = -m.from_m[depot, m.place[c]]
        else:
            key = np.int64(m.from_m[depot, m.place[c]])
        keys[i] = key + (0 if m.required[c] else 1 << 40)
    for i in range(1, count):
        key, c = keys[i], pool[i]
        j = i - 1
        while j >= 0 and keys[j] > key:
            keys[j + 1], pool[j + 1] = keys[j], pool[j]
            j -= 1
        keys[j + 1], pool[j + 1] = key, c


@kernel
def recreate(m: Model, t: Tours, old: Tours, rng: UInt64, pool: Int32, count: int, bait: float) -> None:
    """Insert the pool's containers; an optional one if that costs at most ``bait`` times leaving it."""
    for i in range(count):
        c = pool[i]
        extra, v, k, before, after = best_insertion(m, t, c, rng)
        if extra >= NOWHERE:
            continue
        if not m.required[c] and extra > m.leaving[c] * bait:
            continue
        remember(t, old, v)
        insert(m, t, c, v, k, before, after)
