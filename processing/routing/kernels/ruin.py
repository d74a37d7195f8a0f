"""Ruin: take strings of consecutive containers out of tours near a seed (Christiaens & Vanden Berghe 2020)."""

from processing.routing.kernels.chain import lift, start_of
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.give_up import give_up
from processing.routing.kernels.history import remember
from processing.routing.kernels.model import (
    FIXED,
    GROUPED,
    PRED,
    SIZED,
    STOPS,
    SUCC,
    TOUR,
    Int64,
    Model,
    Style,
    Tours,
    UInt64,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.random import below, fraction
from processing.routing.kernels.resize import shrink
from processing.routing.kernels.tidy import tidy


@kernel
def ruin(m: Model, t: Tours, old: Tours, seed: int, style: Style, rng: UInt64, pool: Int64) -> int:
    """Take strings out of tours around container ``seed``.

    Returns
    -------
    int
        How many needs now stand in ``pool``; -1 if a tour without them breaks a limit (only where travel
        times break the triangle inequality).
    """
    used = t.used[t.used.shape[0] - 1, 0]
    if used == 0:
        return 0
    own = int(t.stop[seed, TOUR])
    emptied = own >= 0 and (m.rule[GROUPED] != 0 or m.vehicle[own, FIXED] > 0)
    emptied = emptied and below(rng, 1024) < style.whole
    placed = visits(m, t)
    length = min(style.longest, max(1, placed // used))
    most = 4.0 * style.average / (1.0 + length) - 1.0
    strings = int(fraction(rng) * most + 1.0) if most > 0.0 else 1
    if emptied:
        strings = 1
    count = whole(0)
    for i in range(m.near.shape[1]):
        if strings <= 0:
            break
        c = natural(m.near[seed, i])
        v = int(t.stop[c, TOUR])
        if v < 0 or t.kept[v, 1] >= 0:
            continue
        v = natural(v)
        remember(m, t, old, v)
        inside = int(t.tour[v, STOPS])
        take, keep = inside, whole(0)
        if not emptied:
            take, keep = draw_string(style, rng, inside, length)
        taken = take_string(m, t, v, c, take, keep, rng, pool, count)
        if not tidy(m, t, v) or not take_siblings(m, t, old, pool, count, taken):
            return -1
        if m.rule[SIZED] != 0:
            shrink(m, t, old, v)
        count = taken
        strings -= 1
    return count


@inlined
def visits(m: Model, t: Tours) -> int:
    """Containers in tours; needs, where each has one."""
    if m.rule[GROUPED] == 0:
        return int(m.need.shape[0] - t.gone[t.gone.shape[0] - 1, 0])
    count = whole(0)
    for i in range(t.used[t.used.shape[0] - 1, 0]):
        count += t.tour[natural(t.used[i, 0]), STOPS]
    return count


@inlined
def draw_string(style: Style, rng: UInt64, inside: int, length: int) -> tuple[int, int]:
    """How many of the containers inside a tour to take, ``length`` at most, and how many to spare among them."""
    take = 1 + below(rng, min(inside, length))
    keep = whole(0)
    if take < inside and take > 1 and below(rng, 1024) < style.split:
        keep = 1
        while take + keep < inside and below(rng, 1024) < style.deeper:
            keep += 1
    return take, keep


@inlined
def take_string(
    m: Model, t: Tours, v: int, c: int, take: int, keep: int, rng: UInt64, pool: Int64, count: int
) -> int:
    """Take ``take`` containers out of a window of ``take + keep`` around ``c``, sparing ``keep`` of them."""
    n = m.demand.shape[1]
    start = start_of(m, v)
    end = natural(start + 1)
    span = take + keep
    x = c
    back = below(rng, span)
    missing = span - 1 - back
    first = c
    while back > 0:
        x = natural(t.stop[x, PRED])
        if x == start:
            break
        if x < n:
            first = x
            back -= 1
    missing += back
    x = c
    while missing > 0:
        x = natural(t.stop[x, SUCC])
        if x == end:
            break
        if x < n:
            missing -= 1
    x = first
    while missing > 0:
        x = natural(t.stop[x, PRED])
        if x < n:
            first = x
            missing -= 1
    spared = below(rng, span - keep + 1) if keep > 0 else span
    x = first
    seen = whole(0)
    while seen < span:
        following = natural(t.stop[x, SUCC])
        if x < n:
            if seen < spared or seen >= spared + keep:
                count = lift(m, t, x, pool, count)
            seen += 1
        x = following
    return count


@inlined
def take_siblings(m: Model, t: Tours, old: Tours, pool: Int64, first: int, last: int) -> bool:
    """Take the other visits of these needs out of their tours; False if that breaks one of them."""
    if m.rule[GROUPED] == 0:
        return True
    for i in range(first, last):
        if not give_up(m, t, old, natural(pool[i])):
            return False
    return True
