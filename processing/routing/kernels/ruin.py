"""Ruin: take strings of consecutive containers out of tours near a seed (Christiaens & Vanden Berghe 2020)."""

from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.edit import drop_useless_unloads, lift, remove_stop
from processing.routing.kernels.history import remember
from processing.routing.kernels.model import (
    FIRST_OPTION,
    FIXED,
    GROUPED,
    LAST_OPTION,
    ROW,
    SIZE,
    STOPS,
    TOUR,
    TRIPS,
    Int64,
    Model,
    Tours,
    UInt64,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.random import below, fraction
from processing.routing.kernels.tour import refresh

WHOLE = 200
"""One ruin in so many empties a whole tour, where vehicles have a fixed cost."""
SPLIT_DEPTH = 0.01
"""How seldom the kept part of a split string stops growing (beta of the paper)."""


@kernel
def ruin(m: Model, t: Tours, seed: int, average: int, longest: int, rng: UInt64, pool: Int64) -> int:
    """Take strings out of tours around container ``seed``, about ``average`` containers in all.

    Returns
    -------
    int
        How many needs now stand in ``pool``; -1 if a tour without them breaks a limit (only where travel
        times break the triangle inequality).
    """
    used = t.used[t.used.shape[0] - 1, 0]
    if used == 0:
        return 0
    own = int(t.where[seed, TOUR])
    if own >= 0 and m.vehicle[own, FIXED] > 0 and below(rng, WHOLE) == 0:
        return take_all(m, t, own, pool)
    placed = m.need.shape[0] - t.gone[t.gone.shape[0] - 1, 0]
    length = min(longest, max(1, placed // used))
    most = 4.0 * average / (1.0 + length) - 1.0
    strings = int(fraction(rng) * most + 1.0) if most > 0.0 else 1
    count = whole(0)
    for i in range(m.near.shape[1]):
        if strings <= 0:
            break
        c = natural(m.near[seed, i])
        v = int(t.where[c, TOUR])
        if v < 0 or t.kept[v, 1] >= 0:
            continue
        v = natural(v)
        remember(m, t, v)
        inside = int(t.tour[v, STOPS])
        take = 1 + below(rng, min(inside, length))
        keep = 0
        if take < inside and take > 1 and below(rng, 2) == 0:
            keep = 1
            while take + keep < inside and fraction(rng) > SPLIT_DEPTH:
                keep += 1
        taken = take_string(m, t, v, int(t.where[c, ROW]), take, keep, rng, pool, count)
        if not tidy(m, t, v) or not take_siblings(m, t, pool, count, taken):
            return -1
        count = taken
        strings -= 1
    return count


@kernel
def take_all(m: Model, t: Tours, v: int, pool: Int64) -> int:
    """Take every container out of a tour, so that its vehicle may turn out not to be needed."""
    n = m.demand.shape[1]
    remember(m, t, v)
    first = natural(v * (t.node.size // t.tour.shape[0]))
    last = first + t.tour[v, SIZE] - 1
    count = whole(0)
    for r in range(first + 1, last):
        node = natural(t.node[r])
        if node < n:
            count = lift(m, t, node, pool, count)
    t.node[first + 1] = t.node[last]
    t.tour[v, SIZE] = 2
    if not refresh(m, t, v) or not take_siblings(m, t, pool, whole(0), count):
        return -1
    return count


@inlined
def take_string(
    m: Model, t: Tours, v: int, row: int, take: int, keep: int, rng: UInt64, pool: Int64, count: int
) -> int:
    """Take ``take`` containers out of a window of ``take + keep`` around ``row``, sparing ``keep`` of them."""
    n = m.demand.shape[1]
    first = natural(v * (t.node.size // t.tour.shape[0]))
    last = first + t.tour[v, SIZE] - 1
    span = take + keep
    rank = 0
    for r in range(first + 1, row):
        if t.node[r] < n:
            rank += 1
    lowest = max(0, rank - span + 1)
    highest = min(rank, int(t.tour[v, STOPS]) - span)
    begin = lowest + below(rng, highest - lowest + 1)
    spared = begin + (below(rng, span - keep + 1) if keep > 0 else span)
    kept = first + 1
    seen = 0
    for r in range(first + 1, last):
        node = natural(t.node[r])
        out = False
        if node < n:
            out = begin <= seen < begin + span and not (spared <= seen < spared + keep)
            seen += 1
        if out:
            count = lift(m, t, node, pool, count)
        else:
            t.node[kept] = node
            kept += 1
    t.node[kept] = t.node[last]
    t.tour[v, SIZE] = kept + 1 - first
    return count


@kernel
def take_siblings(m: Model, t: Tours, pool: Int64, first: int, last: int) -> bool:
    """Take the other visits of these needs out of their tours; False if that breaks one of them."""
    if m.rule[GROUPED] == 0:
        return True
    for i in range(first, last):
        need = pool[i]
        for k in range(m.option[m.need[need, FIRST_OPTION], 0], m.option[m.need[need, LAST_OPTION] - 1, 1]):
            c = m.member[k]
            v = t.where[c, TOUR]
            if v >= 0:
                remember(m, t, v)
                remove_stop(t, v, t.where[c, ROW])
                lift(m, t, c, pool, last)
                if not tidy(m, t, v):
                    return False
    return True


@kernel
def tidy(m: Model, t: Tours, v: int) -> bool:
    """Drop unloadings that are not needed any more; False if the tour breaks something even without that."""
    if m.vehicle[v, TRIPS] > 1 or t.tour[v, SIZE] == 3:
        drop_useless_unloads(m, t, v)
    return refresh(m, t, v)
