"""Whether plain tours allow that a few containers stand elsewhere: windows and loads, without touching the tours."""

from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.model import (
    EARLIEST_DEPARTURE,
    LATEST_ARRIVAL,
    LAYOUT,
    LOAD,
    NEVER,
    PRED,
    PROFILE,
    ROOM,
    SERVICE,
    SUCC,
    TIMED,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.timing import earliest_begin


@kernel
def fits(m: Model, t: Tours, v: int, w: int, a: int, x: int, b: int, y: int, turned: int) -> bool:
    """Whether ``b`` … ``y`` of tour ``w`` may follow ``a`` of ``v`` instead of what stands there up to ``x``.

    That takes their place, nothing does if ``x`` is ``a``. If ``turned``, ``y`` … ``b`` are driven the other way round.
    """
    v, w, a, x, b, y = natural(v), natural(w), natural(a), natural(x), natural(b), natural(y)
    p = natural(m.vehicle[v, PROFILE])
    if v == w:
        return m.rule[TIMED] == 0 or in_time_within(m, t, p, a, b, y, turned)
    first, last = (y, b) if turned != 0 else (b, y)
    if not loads_fit(m, t, v, w, a, x, first, last):
        return False
    return m.rule[TIMED] == 0 or in_time(m, t, p, a, x, b, y, turned)


@inlined
def loads_fit(m: Model, t: Tours, v: int, w: int, a: int, x: int, first: int, last: int) -> bool:
    """Whether both loads fit."""
    layout = natural(m.vehicle[v, LAYOUT])
    for d in range(m.demand.shape[2]):
        shift = whole(m.demand[layout, first, d])
        each = first
        while each != last:
            each = natural(t.stop[each, SUCC])
            shift += m.demand[layout, each, d]
        each = a
        while each != x:
            each = natural(t.stop[each, SUCC])
            shift -= m.demand[layout, each, d]
        if t.trip[v, LOAD + d] + shift > m.vehicle[v, ROOM + d]:
            return False
        if t.trip[w, LOAD + d] - shift > m.vehicle[w, ROOM + d]:
            return False
    return True


@inlined
def in_time(m: Model, t: Tours, p: int, a: int, x: int, b: int, y: int, turned: int) -> bool:
    """Whether two tours keep to their windows."""
    first, last = (y, b) if turned != 0 else (b, y)
    after = natural(t.stop[x, SUCC])
    now = pass_on(m, t, p, whole(t.stop[a, EARLIEST_DEPARTURE]), a, b, y, turned)
    if now + m.out_s[p, y, natural(t.at[after])] > t.stop[after, LATEST_ARRIVAL]:
        return False
    before, following = natural(t.stop[first, PRED]), natural(t.stop[last, SUCC])
    now = whole(t.stop[before, EARLIEST_DEPARTURE])
    at = natural(t.at[before])
    if x != a:
        now = pass_on(m, t, p, now, at, natural(t.stop[a, SUCC]), x, whole(0))
        at = x
    return bool(now + m.out_s[p, at, natural(t.at[following])] <= t.stop[following, LATEST_ARRIVAL])


@inlined
def in_time_within(m: Model, t: Tours, p: int, a: int, b: int, y: int, turned: int) -> bool:
    """Whether one tour keeps to its windows; it is looked at from where it changes first to where it does last."""
    first, last = (y, b) if turned != 0 else (b, y)
    before, following = natural(t.stop[first, PRED]), natural(t.stop[last, SUCC])
    after = natural(t.stop[a, SUCC])
    x = a
    while x < m.demand.shape[1] and x != b:
        x = natural(t.stop[x, SUCC])
    if x == b:
        now = pass_on(m, t, p, whole(t.stop[a, EARLIEST_DEPARTURE]), a, b, y, turned)
        now = pass_on(m, t, p, now, y, after, before, whole(0))
        return bool(now + m.out_s[p, before, natural(t.at[following])] <= t.stop[following, LATEST_ARRIVAL])
    now = pass_on(
        m, t, p, whole(t.stop[before, EARLIEST_DEPARTURE]), natural(t.at[before]), following, a, whole(0)
    )
    now = pass_on(m, t, p, now, a, b, y, turned)
    return bool(now + m.out_s[p, y, natural(t.at[after])] <= t.stop[after, LATEST_ARRIVAL])


@inlined
def pass_on(m: Model, t: Tours, p: int, now: int, at: int, first: int, last: int, turned: int) -> int:
    """When a vehicle that leaves a place now leaves the last of some containers; NEVER if it misses a window."""
    x = first
    while True:
        now = earliest_begin(m, p, x, now + m.out_s[p, at, x])
        if now >= NEVER:
            return NEVER
        now += m.node[p, x, SERVICE]
        if x == last:
            return now
        at = x
        x = natural(t.stop[x, PRED]) if turned != 0 else natural(t.stop[x, SUCC])
