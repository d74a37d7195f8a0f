"""Find the cheapest place for a container: inside a trip, or with an unloading put in just before or after it."""

from processing.routing.kernels.compile import kernel
from processing.routing.kernels.model import NEVER, Model, Tours, UInt64
from processing.routing.kernels.random import below
from processing.routing.kernels.timing import earliest_begin, tour_cost
from processing.routing.kernels.tour import insert_stop, refresh

NOWHERE = 1 << 62
"""The cost of an insertion that is not possible."""
BLINK = 100
"""One in so many better places is overlooked, so that the search does not repeat itself."""


@kernel
def best_insertion(m: Model, t: Tours, c: int, rng: UInt64) -> tuple[int, int, int, int, int]:
    """Cheapest insertion of container ``c``.

    Returns
    -------
    tuple of int
        Extra cost (NOWHERE if impossible), vehicle, stop index k to insert before, index of the facility for an
        unloading before the container or -1, and of one after it or -1.
    """
    best = NOWHERE
    best_v = -1
    best_k = -1
    best_before = -1
    best_after = -1
    volume = m.volume[c]
    weight = m.weight[c]
    kind = m.fraction[c]
    place = m.place[c]
    service = m.service[c]
    to_m = m.to_m[place]
    to_s = m.to_s[place]
    from_m = m.from_m[place]
    from_s = m.from_s[place]
    empty_seen = -1
    for v in range(t.size.size):
        if not m.carries[v, kind] or volume > m.room_l[v] or weight > m.room_kg[v]:
            continue
        last = t.size[v] - 1
        if last == 1:
            if m.alike[v] == empty_seen:
                continue
            empty_seen = m.alike[v]
        may_unload = t.unloads[v] < m.trips[v]
        if not may_unload and (volume > t.spare_l[v] or weight > t.spare_kg[v]):
            continue
        per_m = m.per_m[v]
        opening = m.fixed[v] if last == 1 else 0
        for k in range(last):
            a = t.at[v, k]
            b = t.at[v, k + 1]
            extra_m = to_m[a] + from_m[b] - t.leg_m[v, k]
            if extra_m * per_m + opening >= best:
                continue
            fits = (
                kind == t.trip_fraction[v, k + 1]
                and t.trip_l[v, k + 1] + volume <= m.room_l[v]
                and t.trip_kg[v, k + 1] + weight <= m.room_kg[v]
            )
            if not fits and not may_unload:
                continue
            begin = earliest_begin(m, c, t.leaves[v, k] + to_s[a])
            if begin >= NEVER:
                continue
            if fits:
                arrival = begin + service + from_s[b]
                if arrival > t.must_arrive[v, k + 1]:
                    continue
                end = max(t.tail_end[v, k + 1], arrival + t.tail_s[v, k + 1])
                extra = tour_cost(m, v, t.metres[v] + extra_m, end) - t.cost[v]
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
    n = m.fraction.size
    before = t.node[v, k]
    if t.load_l[v, k] + m.volume[c] > m.room_l[v] or t.load_kg[v, k] + m.weight[c] > m.room_kg[v]:
        return NOWHERE, -1
    if before < n and m.fraction[before] != m.fraction[c]:
        return NOWHERE, -1
    after = t.node[v, k + 1]
    if k + 1 < t.size[v] - 1 and after >= n:
        return NOWHERE, -1
    place = m.place[c]
    done = begin + m.service[c]
    base_m = t.metres[v] + m.to_m[place, t.at[v, k]] - t.leg_m[v, k]
    best = NOWHERE
    facility = -1
    for f in range(m.accepts.shape[0]):
        if not m.accepts[f, m.fraction[c]]:
            continue
        there = m.place[n + f]
        start = earliest_begin(m, n + f, done + m.from_s[place, there])
        if start >= NEVER:
            continue
        arrival = start + m.service[n + f] + m.from_s[there, t.at[v, k + 1]]
        if arrival > t.must_arrive[v, k + 1]:
            continue
        end = max(t.tail_end[v, k + 1], arrival + t.tail_s[v, k + 1])
        metres = base_m + m.from_m[place, there] + m.from_m[there, t.at[v, k + 1]]
        extra = tour_cost(m, v, metres, end) - t.cost[v]
        if extra < best:
            best = extra
            facility = f
    return best, facility


@kernel
def unload_before(m: Model, t: Tours, c: int, v: int, k: int) -> tuple[int, int]:
    """Extra cost and facility for k → facility → container → k + 1; the container joins what follows."""
    n = m.fraction.size
    before = t.node[v, k]
    after = t.node[v, k + 1]
    if before >= n or k + 1 == t.size[v] - 1:
        return NOWHERE, -1
    if after < n:
        if m.fraction[after] != m.fraction[c]:
            return NOWHERE, -1
    elif not m.accepts[after - n, m.fraction[c]]:
        return NOWHERE, -1
    if t.trip_l[v, k + 1] - t.load_l[v, k] + m.volume[c] > m.room_l[v]:
        return NOWHERE, -1
    if t.trip_kg[v, k + 1] - t.load_kg[v, k] + m.weight[c] > m.room_kg[v]:
        return NOWHERE, -1
    place = m.place[c]
    base_m = t.metres[v] + m.from_m[place, t.at[v, k + 1]] - t.leg_m[v, k]
    best = NOWHERE
    facility = -1
    for f in range(m.accepts.shape[0]):
        if not m.accepts[f, m.fraction[before]]:
            continue
        there = m.place[n + f]
        start = earliest_begin(m, n + f, t.leaves[v, k] + m.from_s[t.at[v, k], there])
        if start >= NEVER:
            continue
        begin = earliest_begin(m, c, start + m.service[n + f] + m.from_s[there, place])
        if begin >= NEVER:
            continue
        arrival = begin + m.service[c] + m.from_s[place, t.at[v, k + 1]]
        if arrival > t.must_arrive[v, k + 1]:
            continue
        end = max(t.tail_end[v, k + 1], arrival + t.tail_s[v, k + 1])
        metres = base_m + m.from_m[t.at[v, k], there] + m.from_m[there, place]
        extra = tour_cost(m, v, metres, end) - t.cost[v]
        if extra < best:
            best = extra
            facility = f
    return best, facility


@kernel
def insert(m: Model, t: Tours, c: int, v: int, k: int, before: int, after: int) -> None:
    """Carry out what `best_insertion` found."""
    n = m.fraction.size
    if after >= 0:
        insert_stop(t, v, k, n + after)
    insert_stop(t, v, k, c)
    if before >= 0:
        insert_stop(t, v, k, n + before)
    refresh(m, t, v)
