"""Move a few consecutive containers behind another one (or-opt), where that is a gain; also in return for others.

Ruin and recreate puts containers back one by one, each where it is cheapest by itself. Beside those that it has just
placed, what stands together often goes elsewhere together (Or 1976), or in return for one or two (Taillard et al.
1997).
"""

from processing.routing.kernels.chain import tie
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.fits import fits
from processing.routing.kernels.history import remember
from processing.routing.kernels.lawful import lawful
from processing.routing.kernels.model import (
    AFTER,
    BACK_M,
    BEFORE,
    COST,
    LAYOUT,
    LEG_M,
    PER_M,
    PRED,
    PROFILE,
    SUCC,
    TOUR,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.tour import revise

MOVED, RETURNED = 3, 2
"""Containers that are moved together at most, and given in return at most."""


@kernel
def move_segment(m: Model, t: Tours, old: Tours, a: int, b: int) -> int:
    """Have container ``b`` and up to two beside it follow ``a`` in a plain tour, in return for none, one or two.

    Returns
    -------
    int
        The change in cost, negative; 0 if it would be no gain or break a limit, and nothing or only what
        `take_back` undoes has happened.
    """
    a, b = natural(a), natural(b)
    if t.stop[a, TOUR] < 0 or t.stop[b, TOUR] < 0 or t.stop[a, SUCC] == b:
        return whole(0)
    v, w = natural(t.stop[a, TOUR]), natural(t.stop[b, TOUR])
    p = natural(m.vehicle[v, PROFILE])
    if m.vehicle[w, PROFILE] != p or m.vehicle[v, PER_M] != m.vehicle[w, PER_M]:
        return whole(0)
    if m.vehicle[w, LAYOUT] != m.vehicle[v, LAYOUT]:
        return whole(0)
    x, turned = a, whole(0)
    best, y = as_driven(m, t, p, v, w, a, b)
    extra, z = turned_round(m, t, p, v, w, a, b, best)
    if extra < best:
        best, y, turned = extra, z, whole(1)
    if v != w:
        extra, first, last = in_return(m, t, p, v, w, a, b, best)
        if extra < best:
            best, x, y, turned = extra, first, last, whole(0)
    if best >= 0:
        return whole(0)
    cost = t.tour[v, COST]
    remember(m, t, old, v)
    if v != w:
        cost += t.tour[w, COST]
        remember(m, t, old, w)
    restring(t, a, natural(x), b, natural(y), turned)
    if not revise(m, t, v) or not lawful(m, t, v):
        return whole(0)
    now = t.tour[v, COST]
    if v != w:
        if not revise(m, t, w) or not lawful(m, t, w):
            return whole(0)
        now += t.tour[w, COST]
    return int(min(whole(0), now - cost))


@inlined
def as_driven(m: Model, t: Tours, p: int, v: int, w: int, a: int, b: int) -> tuple[int, int]:
    """The best gain of moving ``b`` and what follows it, as negative metres, and the last one moved."""
    best, last = whole(0), whole(b)
    before, after = natural(t.stop[b, BEFORE]), natural(t.stop[a, AFTER])
    head = whole(m.out_m[p, a, b] - t.stop[a, LEG_M] - t.stop[b, BACK_M])
    y = b
    for _ in range(MOVED):
        closed_m = m.out_m[p, before, natural(t.stop[y, AFTER])]
        extra = whole(head + m.out_m[p, y, after] + closed_m - t.stop[y, LEG_M])
        if extra < best and fits(m, t, v, w, a, a, b, y, whole(0)):
            best, last = extra, whole(y)
        y = natural(t.stop[y, SUCC])
        if y >= m.demand.shape[1] or y == a:
            break
    return best, last


@inlined
def turned_round(m: Model, t: Tours, p: int, v: int, w: int, a: int, b: int, limit: int) -> tuple[int, int]:
    """The same below ``limit`` for ``b`` and what it follows, driven the other way round."""
    best, last = whole(limit), whole(b)
    after, onward = natural(t.stop[a, AFTER]), natural(t.stop[b, AFTER])
    head = whole(m.out_m[p, a, b] - t.stop[a, LEG_M] - t.stop[b, LEG_M])
    y = natural(t.stop[b, PRED])
    for _ in range(1, MOVED):
        if y >= m.demand.shape[1] or y == a:
            break
        head += m.out_m[p, natural(t.stop[y, AFTER]), y] - t.stop[y, LEG_M]
        closed_m = m.out_m[p, natural(t.stop[y, BEFORE]), onward]
        extra = whole(head + m.out_m[p, y, after] + closed_m - t.stop[y, BACK_M])
        if extra < best and t.stop[y, PRED] != a and fits(m, t, v, w, a, a, b, y, whole(1)):
            best, last = extra, whole(y)
        y = natural(t.stop[y, PRED])
    return best, last


@inlined
def in_return(m: Model, t: Tours, p: int, v: int, w: int, a: int, b: int, limit: int) -> tuple[int, int, int]:
    """The same below ``limit`` with one or two that follow ``a`` in return: the last of these, and of those moved.

    Two ways are exchanged at either end; this looks on only where the first exchange is a gain by itself.
    """
    n = m.demand.shape[1]
    best, returned, last = whole(limit), whole(a), whole(b)
    x = natural(t.stop[a, SUCC])
    if x >= n:
        return best, returned, last
    head = whole(m.out_m[p, a, b] - t.stop[a, LEG_M] - t.stop[b, BACK_M])
    head += m.out_m[p, natural(t.stop[b, BEFORE]), x]
    if head >= 0:
        return best, returned, last
    for _ in range(RETURNED):
        y = b
        for _ in range(MOVED):
            extra = whole(head + m.out_m[p, y, natural(t.stop[x, AFTER])] - t.stop[x, LEG_M])
            extra += m.out_m[p, x, natural(t.stop[y, AFTER])] - t.stop[y, LEG_M]
            if extra < best and fits(m, t, v, w, a, x, b, y, whole(0)):
                best, returned, last = extra, whole(x), whole(y)
            y = natural(t.stop[y, SUCC])
            if y >= n:
                break
        x = natural(t.stop[x, SUCC])
        if x >= n:
            break
    return best, returned, last


@inlined
def restring(t: Tours, a: int, x: int, b: int, y: int, turned: int) -> None:
    """Tie ``b`` … ``y`` behind ``a``, and what stood there up to ``x`` where they were."""
    first, last = (y, b) if turned != 0 else (b, y)
    before, following = natural(t.stop[first, PRED]), natural(t.stop[last, SUCC])
    returned, after = natural(t.stop[a, SUCC]), natural(t.stop[x, SUCC])
    if turned != 0:
        each, further = b, natural(t.stop[b, PRED])
        while each != y:
            beyond = natural(t.stop[further, PRED])
            tie(t, each, further)
            each, further = further, beyond
    if x == a:
        tie(t, before, following)
    else:
        tie(t, before, returned)
        tie(t, x, following)
    tie(t, a, b)
    tie(t, y, after)
