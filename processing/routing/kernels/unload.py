"""Put a container between two stops together with an unloading just before or just after it."""

from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.model import (
    ACCEPTS,
    AT,
    BEGINS,
    CARRIES,
    CLOSES,
    COMES,
    DAY,
    FLEXIBLE,
    FRACTION,
    GOES,
    INNER_M,
    INTO,
    KILOGRAMS,
    LAYOUT,
    LEAVES,
    LEG_M,
    LIMITED,
    LITRES,
    LOAD,
    LOADED,
    MASK,
    METRES,
    MIXES,
    MUST,
    NEVER,
    NOWHERE,
    PRE_LATEST,
    PRE_S,
    PROFILE,
    RELEASE,
    RELEASED,
    RIDE,
    ROOM,
    SERVICE,
    TAIL_END,
    TAIL_S,
    TRIP,
    WAITS,
    Model,
    Tours,
)
from processing.routing.kernels.natural import whole
from processing.routing.kernels.timing import earliest_begin, ride_cost


@kernel
def best_unload(m: Model, t: Tours, c: int, v: int, r: int, limit: int, side: int) -> tuple[int, int, int]:
    """Cheapest way of serving ``c`` after row ``r`` with an unloading beside it, for less than ``limit``.

    Returns
    -------
    tuple of int
        Extra cost, ``side`` included; facility of an unloading before the container or -1, and after it or -1.
    """
    best = limit
    best_before = -1
    best_after = -1
    may_follow = may_unload_after(m, t, c, v, r)
    may_precede = may_unload_before(m, t, c, v, r)
    for f in range(m.facility.shape[0]):
        if may_follow:
            extra = side + unload_after(m, t, c, v, r, f)
            if extra < best:
                best, best_before, best_after = extra, -1, f
        if may_precede:
            extra = side + unload_before(m, t, c, v, r, f)
            if extra < best:
                best, best_before, best_after = extra, f, -1
    return best, best_before, best_after


@kernel
def may_unload_after(m: Model, t: Tours, c: int, v: int, r: int) -> bool:
    """Whether what is on board at ``r`` and the container go together, and something follows to unload for."""
    n = m.demand.shape[1]
    after = t.node[r + 1]
    if n <= after < n + m.facility.shape[0]:
        return False
    mask = t.stop[r, MASK] | m.node[0, c, FRACTION]
    if not m.vehicle[v, MIXES] and mask & (mask - 1) != 0:
        return False
    for d in range(m.demand.shape[2]):
        if t.stop[r, LOADED + d] + m.demand[m.vehicle[v, LAYOUT], c, d] > m.vehicle[v, ROOM + d]:
            return False
    return True


@kernel
def may_unload_before(m: Model, t: Tours, c: int, v: int, r: int) -> bool:
    """Whether something is on board at ``r``, and the container goes with what follows in the trip."""
    n = m.demand.shape[1]
    j = t.stop[r + 1, TRIP]
    if t.stop[r, MASK] == 0 or t.trip[j, CLOSES] < 0:
        return False
    closes = t.node[t.trip[j, CLOSES]] - n
    bit = m.node[0, c, FRACTION]
    if closes < m.facility.shape[0] and m.facility[closes, ACCEPTS] & bit == 0:
        return False
    if t.node[r + 1] < n and not m.vehicle[v, MIXES] and t.trip[j, CARRIES] != bit:
        return False
    for d in range(m.demand.shape[2]):
        rest = t.trip[j, LOAD + d] - t.stop[r, LOADED + d]
        if rest + m.demand[m.vehicle[v, LAYOUT], c, d] > m.vehicle[v, ROOM + d]:
            return False
    return (
        m.rule[LIMITED] == 0
        or closes >= m.facility.shape[0]
        or facility_takes(m, t, v, closes, whole(m.node[0, c, LITRES]), whole(m.node[0, c, KILOGRAMS]))
    )


@kernel
def facility_takes(m: Model, t: Tours, v: int, f: int, litres: int, kilograms: int) -> bool:
    """Whether a facility has room for so much more on the day of this vehicle."""
    day = m.vehicle[v, DAY]
    book = 2 * m.vehicle.shape[0] + day
    return bool(
        t.book[book, f, 0] + litres <= m.facility[f, 1 + 2 * day]
        and t.book[book, f, 1] + kilograms <= m.facility[f, 2 + 2 * day]
    )


@kernel
def takes_trip(m: Model, t: Tours, v: int, f: int, r: int, c: int) -> bool:
    """Whether a facility has room for what is on board at ``r``, and for ``c`` unless that is -1."""
    if m.rule[LIMITED] == 0:
        return True
    litres = whole(0)
    kilograms = whole(0)
    n = m.demand.shape[1]
    if c >= 0:
        litres += m.node[0, c, LITRES]
        kilograms += m.node[0, c, KILOGRAMS]
    row = r
    while t.node[row] < n:
        litres += m.node[0, t.node[row], LITRES]
        kilograms += m.node[0, t.node[row], KILOGRAMS]
        row -= 1
    return facility_takes(m, t, v, f, litres, kilograms)


@kernel
def unload_after(m: Model, t: Tours, c: int, v: int, r: int, f: int) -> int:
    """Cost of metres and time more for ``r`` → container → facility → next stop."""
    p = m.vehicle[v, PROFILE]
    n = m.demand.shape[1]
    if (t.stop[r, MASK] | m.node[p, c, FRACTION]) & ~m.facility[f, ACCEPTS] != 0 or not takes_trip(
        m, t, v, f, r, c
    ):
        return NOWHERE
    leaves = int(t.stop[r, LEAVES])
    if m.rule[RELEASED] != 0 and m.node[p, c, RELEASE] > t.trip[t.stop[r + 1, TRIP], WAITS]:
        return NOWHERE
    into_s = m.into_s[p, m.node[p, c, COMES], t.leg[r, AT]]
    begin = earliest_begin(m, p, c, leaves + into_s)
    if begin >= NEVER:
        return NOWHERE
    way_m = m.out_m[p, m.node[p, c, GOES], m.node[p, n + f, COMES]]
    way_s = m.out_s[p, m.node[p, c, GOES], m.node[p, n + f, COMES]]
    start = earliest_begin(m, p, n + f, begin + m.node[p, c, SERVICE] + way_s)
    if start >= NEVER:
        return NOWHERE
    away_s = m.out_s[p, m.node[p, n + f, GOES], t.leg[r + 1, INTO]]
    gone = start + m.node[p, n + f, SERVICE]
    if m.rule[RELEASED] != 0 and t.node[r + 1] < n:
        gone = max(gone, int(t.trip[t.stop[r + 1, TRIP], WAITS]))
    if gone + away_s > t.stop[r + 1, MUST]:
        return NOWHERE
    metres = m.into_m[p, m.node[p, c, COMES], t.leg[r, AT]] + way_m
    metres += m.out_m[p, m.node[p, n + f, GOES], t.leg[r + 1, INTO]]
    metres += m.node[p, c, INNER_M] + m.node[p, n + f, INNER_M] - t.leg[r, LEG_M]
    work = into_s + m.node[p, c, SERVICE] + way_s + m.node[p, n + f, SERVICE] + away_s
    return detour(m, t, v, r, gone + away_s, metres, work)


@kernel
def unload_before(m: Model, t: Tours, c: int, v: int, r: int, f: int) -> int:
    """Cost of metres and time more for ``r`` → facility → container → next stop."""
    p = m.vehicle[v, PROFILE]
    n = m.demand.shape[1]
    if t.stop[r, MASK] & ~m.facility[f, ACCEPTS] != 0 or not takes_trip(m, t, v, f, r, whole(-1)):
        return NOWHERE
    way_s = m.out_s[p, t.leg[r, AT], m.node[p, n + f, COMES]]
    start = earliest_begin(m, p, n + f, t.stop[r, LEAVES] + way_s)
    if start >= NEVER:
        return NOWHERE
    gone = start + m.node[p, n + f, SERVICE]
    if m.rule[RELEASED] != 0:
        gone = max(gone, int(m.node[p, c, RELEASE]))
        if t.node[r + 1] < n:
            gone = max(gone, int(t.trip[t.stop[r + 1, TRIP], WAITS]))
    into_s = m.out_s[p, m.node[p, n + f, GOES], m.node[p, c, COMES]]
    begin = earliest_begin(m, p, c, gone + into_s)
    if begin >= NEVER:
        return NOWHERE
    away_s = m.out_s[p, m.node[p, c, GOES], t.leg[r + 1, INTO]]
    arrival = begin + m.node[p, c, SERVICE] + away_s
    if arrival > t.stop[r + 1, MUST]:
        return NOWHERE
    metres = m.out_m[p, t.leg[r, AT], m.node[p, n + f, COMES]]
    metres += m.out_m[p, m.node[p, n + f, GOES], m.node[p, c, COMES]]
    metres += m.out_m[p, m.node[p, c, GOES], t.leg[r + 1, INTO]]
    metres += m.node[p, c, INNER_M] + m.node[p, n + f, INNER_M] - t.leg[r, LEG_M]
    work = way_s + m.node[p, n + f, SERVICE] + into_s + m.node[p, c, SERVICE] + away_s
    return detour(m, t, v, r, arrival, metres, work)


@inlined
def detour(m: Model, t: Tours, v: int, r: int, arrival: int, extra_m: int, work: int) -> int:
    """Cost of metres and time more if the stop after ``r`` is reached then; an upper bound for flexible shifts."""
    end = max(int(t.stop[r + 1, TAIL_END]), arrival + t.stop[r + 1, TAIL_S])
    duration = end - m.vehicle[v, BEGINS]
    if m.vehicle[v, FLEXIBLE]:
        latest = min(int(t.stop[r, PRE_LATEST]), t.stop[r, LEAVES] - t.stop[r, PRE_S])
        duration = max(t.stop[r, PRE_S] + work + t.stop[r + 1, TAIL_S], end - latest)
    return int(ride_cost(m, v, t.tour[v, METRES] + extra_m, end, duration) - t.tour[v, RIDE])
