"""Ruin: take strings of consecutive containers out of tours near a seed (Christiaens & Vanden Berghe 2020)."""

import numpy as np

from processing.routing.kernels.compile import kernel
from processing.routing.kernels.history import remember
from processing.routing.kernels.model import FIXED, UNLOADS, Int32, Model, Stops, Tours, UInt64
from processing.routing.kernels.random import below, fraction
from processing.routing.kernels.tour import drop_useless_unloads, refresh

LONGEST = 10
"""Containers in a string at most (L^max of the paper)."""
WHOLE = 200
"""One ruin in so many empties a whole tour, where vehicles have a fixed cost."""
SPLIT_DEPTH = 0.01
"""How seldom the kept part of a split string stops growing (beta of the paper)."""


@kernel
def ruin(m: Model, t: Tours, old: Stops, seed: int, average: int, rng: UInt64, pool: Int32) -> int:
    """Take strings out of tours around container ``seed``, about ``average`` containers in all.

    Returns
    -------
    int
        How many containers now stand in ``pool``; -1 if a tour without them breaks a window (only where travel
        times break the triangle inequality).
    """
    n = m.leaving.size
    placed = 0
    used = 0
    for v in range(t.now.size.size):
        if t.now.size[v] > 2:
            used += 1
            placed += t.now.size[v] - 2 - t.tour[v, UNLOADS]
    if used == 0:
        return 0
    seeds_tour = int(np.int64(t.tour_of[seed]))
    if seeds_tour >= 0 and m.vehicle[seeds_tour, FIXED] > 0 and below(rng, WHOLE) == 0:
        return take_all(m, t, old, seeds_tour, pool)
    longest = min(LONGEST, max(1, placed // used))
    most = 4.0 * average / (1.0 + longest) - 1.0
    strings = int(fraction(rng) * most + 1.0) if most > 0.0 else 1
    count = 0
    for i in range(m.near.shape[1]):
        if strings <= 0:
            break
        c = int(np.int64(m.near[seed, i]))
        v = int(np.int64(t.tour_of[c]))
        if v < 0 or old.size[v] > 0:
            continue
        remember(t, old, v)
        inside = t.now.size[v] - 2 - t.tour[v, UNLOADS]
        length = 1 + below(rng, min(inside, longest))
        keep = 0
        if length < inside and length > 1 and below(rng, 2) == 0:
            keep = 1
            while length + keep < inside and fraction(rng) > SPLIT_DEPTH:
                keep += 1
        count = take_string(t, v, int(np.int64(t.index_of[c])), length, keep, n, rng, pool, count)
        if not tidy(m, t, v):
            return -1
        strings -= 1
    return count


@kernel
def take_all(m: Model, t: Tours, old: Stops, v: int, pool: Int32) -> int:
    """Take every container out of a tour, so that its vehicle may turn out not to be needed."""
    n = m.leaving.size
    remember(t, old, v)
    count = 0
    last = t.now.size[v] - 1
    for k in range(1, last):
        node = t.now.node[v, k]
        if node < n:
            t.tour_of[node] = -1
            pool[count] = node
            count += 1
    t.now.node[v, 1] = t.now.node[v, last]
    t.now.size[v] = 2
    return count if refresh(m, t, v) else -1


@kernel
def take_string(
    t: Tours, v: int, at: int, length: int, keep: int, n: int, rng: UInt64, pool: Int32, count: int
) -> int:
    """Take ``length`` containers out of a window of ``length + keep`` around stop ``at``, sparing ``keep`` of them."""
    size = t.now.size[v]
    span = length + keep
    rank = 0
    inside = 0
    for k in range(1, size - 1):
        if t.now.node[v, k] < n:
            if k < at:
                rank += 1
            inside += 1
    lowest = max(0, rank - span + 1)
    highest = min(rank, inside - span)
    first = lowest + below(rng, highest - lowest + 1)
    spared = first + (below(rng, span - keep + 1) if keep > 0 else span)
    kept = 1
    seen = 0
    for k in range(1, size - 1):
        node = t.now.node[v, k]
        taken = False
        if node < n:
            taken = first <= seen < first + span and not (spared <= seen < spared + keep)
            seen += 1
        if taken:
            t.tour_of[node] = -1
            pool[count] = node
            count += 1
        else:
            t.now.node[v, kept] = node
            kept += 1
    t.now.node[v, kept] = t.now.node[v, size - 1]
    t.now.size[v] = kept + 1
    return count


@kernel
def tidy(m: Model, t: Tours, v: int) -> bool:
    """Drop unloadings that are not needed any more; False if the tour breaks a window even without that."""
    drop_useless_unloads(m, t, v, True)
    return refresh(m, t, v)
