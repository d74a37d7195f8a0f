"""Find the cheapest place for a container: inside a trip, or with an unloading put in just before or after it."""

from processing.routing.kernels.compile import kernel
from processing.routing.kernels.model import (
    ALIKE,
    AT,
    DETOUR_M,
    DETOUR_S,
    FIXED,
    FRACTION,
    LEAVES,
    LEG_M,
    LEG_S,
    LOAD_KG,
    LOAD_L,
    METRES,
    MUST_ARRIVE,
    NEVER,
    PER_M,
    PER_S,
    PLACE,
    ROOM_KG,
    ROOM_L,
    SERVICE,
    SLACK_S,
    SPARE_KG,
    SPARE_L,
    TAIL_END,
    TAIL_S,
    TRIP_FRACTION,
    TRIP_KG,
    TRIP_L,
    TRIPS,
    UNLOADS,
    VOLUME,
    WEIGHT,
    Model,
    Tours,
    UInt64,
)
from processing.routing.kernels.random import below
from processing.routing.kernels.timing import earliest_begin, tour_cost
from processing.routing.kernels.tour import insert_stop, refresh

NOWHERE = 1 << 62
"""The cost of an insertion that is not possible."""
BLINK = 100
"""One in so many better places is overlooked, so that the search does not repeat itself."""


@kernel
def best_insertion(m: Model, t: Tours, c: int, limit: int, rng: UInt64) -> tuple[int, int, int, int, int]:
    """Cheapest insertion of container ``c`` that costs less than ``limit``.

    Returns
    -------
    tuple of int
        Extra cost (``limit`` if there is none), vehicle, stop index k to insert before, index of the facility for an
        unloading before the container or -1, and of one after it or -1.
    """
    best = limit
    best_v = -1
    best_k = -1
    best_before = -1
    best_after = -1
    volume = m.node[c, VOLUME]
    weight = m.node[c, WEIGHT]
    kind = m.node[c, FRACTION]
    place = m.node[c, PLACE]
    service = m.node[c, SERVICE]
    to_m = m.to_m[place]
    to_s = m.to_s[place]
    from_m = m.from_m[place]
    from_s = m.from_s[place]
    empty_seen = -1
    for v in range(t.now.size.size):
        if not m.carries[v, kind] or volume > m.vehicle[v, ROOM_L] or weight > m.vehicle[v, ROOM_KG]:
            continue
        last = t.now.size[v] - 1
        if last == 1:
            if m.vehicle[v, ALIKE] == empty_seen:
                continue
            empty_seen = m.vehicle[v, ALIKE]
        may_unload = t.tour[v, UNLOADS] < m.vehicle[v, TRIPS]
        if not may_unload and (volume > t.tour[v, SPARE_L] or weight > t.tour[v, SPARE_KG]):
            continue
        per_m = m.vehicle[v, PER_M]
        per_s = m.vehicle[v, PER_S]
        opening = m.vehicle[v, FIXED] if last == 1 else 0
        for k in range(last):
            a = t.stop[v, k, AT]
            b = t.stop[v, k + 1, AT]
            extra_m = to_m[a] + from_m[b] - t.stop[v, k, LEG_M]
            if extra_m * per_m + opening >= best:
                continue
            spare_s = t.stop[v, k + 1, MUST_ARRIVE] - t.stop[v, k, LEAVES] - t.stop[v, k, LEG_S]
            extra_s = to_s[a] + from_s[b] + service - t.stop[v, k, LEG_S]
            if extra_s > spare_s:
                continue
            slack = t.stop[v, k, SLACK_S]
            if extra_m * per_m + max(0, extra_s - slack) * per_s + opening >= best:
                continue
            fits = (
                kind == t.stop[v, k + 1, TRIP_FRACTION]
                and t.stop[v, k + 1, TRIP_L] + volume <= m.vehicle[v, ROOM_L]
                and t.stop[v, k + 1, TRIP_KG] + weight <= m.vehicle[v, ROOM_KG]
            )
            if not fits:
                if not may_unload:
                    continue
                detour_s = t.stop[v, k, DETOUR_S]
                if detour_s > spare_s:
                    continue
                if t.stop[v, k, DETOUR_M] * per_m + max(0, detour_s - slack) * per_s + opening >= best:
                    continue
            begin = earliest_begin(m, c, t.stop[v, k, LEAVES] + to_s[a])
            if begin >= NEVER:
                continue
            if fits:
                arrival = begin + service + from_s[b]
                if arrival > t.stop[v, k + 1, MUST_ARRIVE]:
                    continue
                end = max(t.stop[v, k + 1, TAIL_END], arrival + t.stop[v, k + 1, TAIL_S])
                extra = tour_cost(m, v, t.tour[v, METRES] + extra_m, end) - t.now.cost[v]
                if extra < best and below(rng, BLINK) != 0:
                    best, best_v, best_k, best_before, best_after = extra, v, k + 1, -1, -1
                continue
            extra, facility = unload_after(m, t, c, v, k, begin)
            if extra < best and below(rng, BLINK) != 0:
                best, best_v, best_k, best_before, best_after = extra, v, k + 1, -1, facility
            extra, facility = unload_before(m, t, c, v, k)
            if extra < best and below(rng, BLINK) != 0:
                best, best_v, best_k, best_before, best_after = extra, v, k + 1, facility, -1
    return best, best_v, best_k, best_before, best_after


@kernel
def unload_after(m: Model, t: Tours, c: int, v: int, k: int, begin: int) -> tuple[int, int]:
    """Extra cost and facility for k → container → facility → k + 1; what was on board at k is unloaded too."""
    n = m.leaving.size
    before = t.now.node[v, k]
    if (
        t.stop[v, k, LOAD_L] + m.node[c, VOLUME] > m.vehicle[v, ROOM_L]
        or t.stop[v, k, LOAD_KG] + m.node[c, WEIGHT] > m.vehicle[v, ROOM_KG]
    ):
        return NOWHERE, -1
    if before < n and m.node[before, FRACTION] != m.node[c, FRACTION]:
        return NOWHERE, -1
    after = t.now.node[v, k + 1]
    if k + 1 < t.now.size[v] - 1 and after >= n:
        return NOWHERE, -1
    place = m.node[c, PLACE]
    done = begin + m.node[c, SERVICE]
    base_m = t.tour[v, METRES] + m.to_m[place, t.stop[v, k, AT]] - t.stop[v, k, LEG_M]
    best = NOWHERE
    facility = -1
    for f in range(m.accepts.shape[0]):
        if not m.accepts[f, m.node[c, FRACTION]]:
            continue
        there = m.node[n + f, PLACE]
        start = earliest_begin(m, n + f, done + m.from_s[place, there])
        if start >= NEVER:
            continue
        arrival = start + m.node[n + f, SERVICE] + m.from_s[there, t.stop[v, k + 1, AT]]
        if arrival > t.stop[v, k + 1, MUST_ARRIVE]:
            continue
        end = max(t.stop[v, k + 1, TAIL_END], arrival + t.stop[v, k + 1, TAIL_S])
        metres = base_m + m.from_m[place, there] + m.from_m[there, t.stop[v, k + 1, AT]]
        extra = tour_cost(m, v, metres, end) - t.now.cost[v]
        if extra < best:
            best = extra
            facility = f
    return best, facility


@kernel
def unload_before(m: Model, t: Tours, c: int, v: int, k: int) -> tuple[int, int]:
    """Extra cost and facility for k → facility → container → k + 1; the container joins what follows."""
    n = m.leaving.size
    before = t.now.node[v, k]
    after = t.now.node[v, k + 1]
    if before >= n or k + 1 == t.now.size[v] - 1:
        return NOWHERE, -1
    if after < n:
        if m.node[after, FRACTION] != m.node[c, FRACTION]:
            return NOWHERE, -1
    elif not m.accepts[after - n, m.node[c, FRACTION]]:
        return NOWHERE, -1
    if t.stop[v, k + 1, TRIP_L] - t.stop[v, k, LOAD_L] + m.node[c, VOLUME] > m.vehicle[v, ROOM_L]:
        return NOWHERE, -1
    if t.stop[v, k + 1, TRIP_KG] - t.stop[v, k, LOAD_KG] + m.node[c, WEIGHT] > m.vehicle[v, ROOM_KG]:
        return NOWHERE, -1
    place = m.node[c, PLACE]
    base_m = t.tour[v, METRES] + m.from_m[place, t.stop[v, k + 1, AT]] - t.stop[v, k, LEG_M]
    best = NOWHERE
    facility = -1
    for f in range(m.accepts.shape[0]):
        if not m.accepts[f, m.node[before, FRACTION]]:
            continue
        there = m.node[n + f, PLACE]
        start = earliest_begin(m, n + f, t.stop[v, k, LEAVES] + m.from_s[t.stop[v, k, AT], there])
        if start >= NEVER:
            continue
        begin = earliest_begin(m, c, start + m.node[n + f, SERVICE] + m.from_s[there, place])
        if begin >= NEVER:
            continue
        arrival = begin + m.node[c, SERVICE] + m.from_s[place, t.stop[v, k + 1, AT]]
        if arrival > t.stop[v, k + 1, MUST_ARRIVE]:
            continue
        end = max(t.stop[v, k + 1, TAIL_END], arrival + t.stop[v, k + 1, TAIL_S])
        metres = base_m + m.from_m[t.stop[v, k, AT], there] + m.from_m[there, place]
        extra = tour_cost(m, v, metres, end) - t.now.cost[v]
        if extra < best:
            best = extra
            facility = f
    return best, facility


@kernel
def insert(m: Model, t: Tours, c: int, v: int, k: int, before: int, after: int) -> None:
    """Carry out what `best_insertion` found."""
    n = m.leaving.size
    if after >= 0:
        insert_stop(t, v, k, n + after)
    insert_stop(t, v, k, c)
    if before >= 0:
        insert_stop(t, v, k, n + before)
    refresh(m, t, v)
