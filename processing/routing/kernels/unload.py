"""Put a container between two stops together with an unloading just before or just after it."""

from processing.routing.kernels.chain import first_slot, start_of
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.model import (
    ACCEPTS,
    AFTER,
    BEGINS,
    CARRIES,
    CLOSES,
    DAY,
    EARLIEST_DEPARTURE,
    ENDS,
    EXACT,
    FLEXIBLE,
    FRACTION,
    HELD_KG,
    HELD_L,
    INNER_M,
    KILOGRAMS,
    LATEST,
    LATEST_ARRIVAL,
    LAYOUT,
    LEG_M,
    LEG_S,
    LIMITED,
    LITRES,
    LOAD,
    MASK,
    METRES,
    MIXES,
    MOST_M,
    NEVER,
    NOWHERE,
    PAUSING,
    PER_M,
    PER_S,
    PRE_LATEST,
    PRE_S,
    PRED,
    PROFILE,
    REGULATED,
    RELEASE,
    RELEASED,
    RIDE,
    ROOM,
    SERVICE,
    SUCC,
    TAIL_END,
    TAIL_S,
    TRIP,
    WAITS,
    WHEEL_S,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.release import leaves_with
from processing.routing.kernels.shifts import shift_cost
from processing.routing.kernels.timing import busy_s, earliest_begin, ride_cost


@kernel
def best_unload(m: Model, t: Tours, c: int, v: int, x: int, limit: int, side: int) -> tuple[int, int, int]:
    """Cheapest way of serving ``c`` after stop ``x`` with an unloading beside it, for less than ``limit``.

    Returns
    -------
    tuple of int
        Extra cost, ``side`` included; facility of an unloading before the container or -1, and after it or -1.
    """
    c, v, x = natural(c), natural(v), natural(x)
    best = limit
    best_before = whole(-1)
    best_after = whole(-1)
    if t.free[t.free.shape[0] - 1, 0] == 0:
        return best, best_before, best_after
    may_follow = may_unload_after(m, t, c, v, x)
    may_precede = may_unload_before(m, t, c, v, x)
    n = m.demand.shape[1]
    p = natural(m.vehicle[v, PROFILE])
    a, b = natural(t.at[x]), natural(t.stop[x, AFTER])
    before_m = m.into_m[p, c, a] - t.stop[x, LEG_M] + m.node[p, c, INNER_M]
    after_m = m.out_m[p, c, b] - t.stop[x, LEG_M] + m.node[p, c, INNER_M]
    most_m = most_metres(m, v, best - side)
    litres, kilograms = whole(m.node[0, c, LITRES]), whole(m.node[0, c, KILOGRAMS])
    for f in range(m.facility.shape[0]):
        tip = natural(n + f)
        if may_follow and before_m + m.out_m[p, c, tip] + m.into_m[p, b, tip] < most_m:
            extra = side + unload_after(m, t, c, v, x, natural(f))
            if extra < best and takes_trip(m, t, v, natural(f), x, litres, kilograms):
                best, best_before, best_after = extra, whole(-1), whole(f)
                most_m = most_metres(m, v, best - side)
        if may_precede and after_m + m.out_m[p, a, tip] + m.into_m[p, c, tip] < most_m:
            extra = side + unload_before(m, t, c, v, x, natural(f))
            if extra < best and takes_trip(m, t, v, natural(f), x, whole(0), whole(0)):
                best, best_before, best_after = extra, whole(f), whole(-1)
                most_m = most_metres(m, v, best - side)
    return best, best_before, best_after


@inlined
def shortest_unloading(m: Model) -> int:
    """Seconds of service at the quickest facility."""
    least = whole(NEVER)
    for f in range(m.facility.shape[0]):
        least = min(least, whole(m.node[0, m.demand.shape[1] + f, SERVICE]))
    return least


@inlined
def unloading_cost(m: Model, t: Tours, c: int, v: int, x: int, tip_s: int) -> int:
    """What the time at least costs that the container behind stop ``x`` and an unloading beside it take."""
    if m.vehicle[v, FLEXIBLE] != 0:
        return whole(0)
    following = natural(t.stop[x, SUCC])
    served_s = t.stop[x, EARLIEST_DEPARTURE] + t.stop[x, LEG_S] + m.node[0, c, SERVICE] + tip_s
    longer_s = served_s + t.stop[following, TAIL_S] - t.tour[v, ENDS]
    return whole(max(whole(0), longer_s) * m.vehicle[v, PER_S])


@inlined
def most_metres(m: Model, v: int, limit: int) -> int:
    """So many metres more cost the limit on their own."""
    return int(limit // m.vehicle[v, PER_M] + 1) if m.vehicle[v, PER_M] > 0 else NOWHERE


@inlined
def may_unload_after(m: Model, t: Tours, c: int, v: int, x: int) -> bool:
    """Whether what is on board at ``x`` and the container go together, and something follows to unload for."""
    if t.stop[x, SUCC] >= first_slot(m):
        return False
    mask = t.stop[x, MASK] | m.node[0, c, FRACTION]
    if m.vehicle[v, MIXES] == 0 and mask & (mask - 1) != 0:
        return False
    layout = natural(m.vehicle[v, LAYOUT])
    for d in range(m.demand.shape[2]):
        if t.load[x, d] + m.demand[layout, c, d] > m.vehicle[v, ROOM + d]:
            return False
    return True


@inlined
def may_unload_before(m: Model, t: Tours, c: int, v: int, x: int) -> bool:
    """Whether something is on board at ``x``, and the container goes with what follows in the trip."""
    n = m.demand.shape[1]
    j = natural(t.stop[x, TRIP])
    if t.stop[x, MASK] == 0 or t.trip[j, CLOSES] < 0:
        return False
    closes = t.at[natural(t.trip[j, CLOSES])] - n
    bits = m.node[0, c, FRACTION]
    if closes < m.facility.shape[0] and bits & ~m.facility[closes, ACCEPTS] != 0:
        return False
    if t.stop[x, SUCC] < n and m.vehicle[v, MIXES] == 0 and t.trip[j, CARRIES] != bits:
        return False
    layout = natural(m.vehicle[v, LAYOUT])
    for d in range(m.demand.shape[2]):
        rest = t.trip[j, LOAD + d] - t.load[x, d]
        if rest + m.demand[layout, c, d] > m.vehicle[v, ROOM + d]:
            return False
    return (
        m.rule[LIMITED] == 0
        or closes >= m.facility.shape[0]
        or facility_takes(m, t, v, closes, whole(m.node[0, c, LITRES]), whole(m.node[0, c, KILOGRAMS]))
    )


@inlined
def facility_takes(m: Model, t: Tours, v: int, f: int, litres: int, kilograms: int) -> bool:
    """Whether a facility has room for so much more on the day of this vehicle."""
    day = natural(m.vehicle[v, DAY])
    book = natural(m.vehicle.shape[0] + day)
    return bool(
        t.book[book, f, 0] + litres <= m.facility[f, 1 + 2 * day]
        and t.book[book, f, 1] + kilograms <= m.facility[f, 2 + 2 * day]
    )


@inlined
def takes_trip(m: Model, t: Tours, v: int, f: int, x: int, litres: int, kilograms: int) -> bool:
    """Whether a facility has room for what is on board at ``x`` and so much more."""
    if m.rule[LIMITED] == 0:
        return True
    n = m.demand.shape[1]
    while x < n:
        litres += m.node[0, x, LITRES]
        kilograms += m.node[0, x, KILOGRAMS]
        x = natural(t.stop[x, PRED])
    if x == start_of(m, v):
        litres += m.vehicle[v, HELD_L]
        kilograms += m.vehicle[v, HELD_KG]
    return facility_takes(m, t, v, f, litres, kilograms)


@inlined
def unload_after(m: Model, t: Tours, c: int, v: int, x: int, f: int) -> int:
    """Cost of metres and time more for ``x`` → container → facility → next stop."""
    p = natural(m.vehicle[v, PROFILE])
    n = m.demand.shape[1]
    tip = natural(n + f)
    following = natural(t.stop[x, SUCC])
    a, b = natural(t.at[x]), natural(t.stop[x, AFTER])
    if (t.stop[x, MASK] | m.node[p, c, FRACTION]) & ~m.facility[f, ACCEPTS] != 0:
        return NOWHERE
    waits = whole(t.trip[natural(t.stop[x, TRIP]), WAITS])
    into_s = m.into_s[p, c, a]
    begin = earliest_begin(m, p, c, leaves_with(m, t, p, c, x) + into_s)
    if begin >= NEVER:
        return NOWHERE
    way_s = m.out_s[p, c, tip]
    start = earliest_begin(m, p, tip, begin + m.node[p, c, SERVICE] + way_s)
    if start >= NEVER:
        return NOWHERE
    away_s = m.out_s[p, tip, b]
    gone = start + m.node[p, tip, SERVICE]
    if m.rule[RELEASED] != 0 and following < n:
        gone = max(gone, waits)
    if gone + away_s > t.stop[following, LATEST_ARRIVAL]:
        return NOWHERE
    metres = m.into_m[p, c, a] + m.out_m[p, c, tip] + m.out_m[p, tip, b]
    metres += m.node[p, c, INNER_M] - t.stop[x, LEG_M]
    work = into_s + m.node[p, c, SERVICE] + way_s + m.node[p, tip, SERVICE] + away_s
    return detour(m, t, c, v, x, begin, gone + away_s, whole(metres), whole(work))


@inlined
def unload_before(m: Model, t: Tours, c: int, v: int, x: int, f: int) -> int:
    """Cost of metres and time more for ``x`` → facility → container → next stop."""
    p = natural(m.vehicle[v, PROFILE])
    n = m.demand.shape[1]
    tip = natural(n + f)
    following = natural(t.stop[x, SUCC])
    a, b = natural(t.at[x]), natural(t.stop[x, AFTER])
    if t.stop[x, MASK] & ~m.facility[f, ACCEPTS] != 0:
        return NOWHERE
    way_s = m.out_s[p, a, tip]
    start = earliest_begin(m, p, tip, whole(t.stop[x, EARLIEST_DEPARTURE]) + way_s)
    if start >= NEVER:
        return NOWHERE
    gone = start + m.node[p, tip, SERVICE]
    if m.rule[RELEASED] != 0:
        gone = max(gone, whole(m.node[p, c, RELEASE]))
        if following < n:
            gone = max(gone, whole(t.trip[natural(t.stop[x, TRIP]), WAITS]))
    into_s = m.into_s[p, c, tip]
    begin = earliest_begin(m, p, c, gone + into_s)
    if begin >= NEVER:
        return NOWHERE
    away_s = m.out_s[p, c, b]
    arrival = begin + m.node[p, c, SERVICE] + away_s
    if arrival > t.stop[following, LATEST_ARRIVAL]:
        return NOWHERE
    metres = m.out_m[p, a, tip] + m.into_m[p, c, tip] + m.out_m[p, c, b]
    metres += m.node[p, c, INNER_M] - t.stop[x, LEG_M]
    work = way_s + m.node[p, tip, SERVICE] + into_s + m.node[p, c, SERVICE] + away_s
    return detour(m, t, c, v, x, begin, arrival, whole(metres), whole(work))


@inlined
def detour(
    m: Model, t: Tours, c: int, v: int, x: int, begin: int, arrival: int, extra_m: int, work: int
) -> int:
    """What metres, time and the hour of work at ``c`` cost more if the stop after ``x`` is reached then.

    An upper bound for flexible shifts, apart from that hour; NOWHERE if the tour gets too long, or the pauses that are
    due in any case leave no time.
    """
    if t.tour[v, METRES] + extra_m > m.vehicle[v, MOST_M]:
        return NOWHERE
    following = natural(t.stop[x, SUCC])
    end = max(whole(t.stop[following, TAIL_END]), arrival + t.stop[following, TAIL_S])
    duration = whole(0)
    if m.vehicle[v, FLEXIBLE] != 0:
        latest = min(whole(t.stop[x, PRE_LATEST]), whole(t.stop[x, EARLIEST_DEPARTURE]) - t.stop[x, PRE_S])
        duration = max(whole(t.stop[x, PRE_S] + work + t.stop[following, TAIL_S]), end - latest)
    if m.rule[PAUSING] != 0 and m.vehicle[v, EXACT] != 0:
        total = t.stop[natural(start_of(m, v) + 1), PRE_S] - t.stop[x, LEG_S] + work
        wheel = t.tour[v, WHEEL_S] - t.stop[x, LEG_S]
        least = busy_s(m, v, whole(total), whole(wheel), t.tour[v, REGULATED] != 0, end)
        end = max(end, m.vehicle[v, BEGINS] + least)
        duration = max(duration, least)
        if end > m.vehicle[v, LATEST]:
            return NOWHERE
    if m.vehicle[v, FLEXIBLE] == 0:
        duration = end - m.vehicle[v, BEGINS]
    cost = ride_cost(m, v, t.tour[v, METRES] + extra_m, end, duration) - t.tour[v, RIDE]
    return int(cost + shift_cost(m, v, c, begin, end))
