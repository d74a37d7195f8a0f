"""Recompute what follows from a tour's stops, and change the stops."""

from processing.routing.kernels.compile import kernel
from processing.routing.kernels.model import (
    AT,
    BEGINS,
    DETOUR_M,
    DETOUR_S,
    ENDS,
    FIRST_WINDOW,
    FRACTION,
    LAST_WINDOW,
    LATEST,
    LEAVES,
    LEG_M,
    LEG_S,
    LOAD_KG,
    LOAD_L,
    METRES,
    MUST_ARRIVE,
    NEVER,
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
)
from processing.routing.kernels.timing import earliest_begin, latest_begin, tour_cost


@kernel
def refresh(m: Model, t: Tours, v: int) -> bool:
    """Recompute row ``v`` from its stops; False if it breaks a window or the shift (loads are kept by the moves)."""
    in_time = drive(m, t, v)
    look_back(m, t, v)
    fill_trips(m, t, v)
    if t.tour[v, UNLOADS] < m.vehicle[v, TRIPS]:
        find_detours(m, t, v)
    t.now.cost[v] = tour_cost(m, v, t.tour[v, METRES], t.tour[v, ENDS]) if t.now.size[v] > 2 else 0
    return in_time


@kernel
def drive(m: Model, t: Tours, v: int) -> bool:
    """Forward: departures, metres, positions, load on board."""
    n = m.leaving.size
    in_time = True
    now = m.vehicle[v, BEGINS]
    metres = 0
    load_l = 0
    load_kg = 0
    unloads = 0
    last = t.now.size[v] - 1
    place = m.node[t.now.node[v, 0], PLACE]
    t.stop[v, 0, AT] = place
    t.stop[v, 0, LEAVES] = now
    t.stop[v, 0, LOAD_L] = 0
    t.stop[v, 0, LOAD_KG] = 0
    for k in range(1, last + 1):
        node = t.now.node[v, k]
        here = m.node[node, PLACE]
        leg = m.from_m[place, here]
        metres += leg
        t.stop[v, k - 1, LEG_M] = leg
        t.stop[v, k - 1, LEG_S] = m.from_s[place, here]
        begin = earliest_begin(m, node, now + m.from_s[place, here])
        if begin >= NEVER:
            in_time = False
            begin = now + m.from_s[place, here]
        now = begin + m.node[node, SERVICE]
        if node < n:
            load_l += m.node[node, VOLUME]
            load_kg += m.node[node, WEIGHT]
            t.tour_of[node] = v
            t.index_of[node] = k
        elif k < last:
            load_l = 0
            load_kg = 0
            unloads += 1
        place = here
        t.stop[v, k, AT] = here
        t.stop[v, k, LEAVES] = now
        t.stop[v, k, LOAD_L] = load_l
        t.stop[v, k, LOAD_KG] = load_kg
    t.tour[v, METRES] = metres
    t.tour[v, ENDS] = now
    t.tour[v, UNLOADS] = unloads
    return in_time and now <= m.vehicle[v, LATEST]


@kernel
def look_back(m: Model, t: Tours, v: int) -> None:
    """Backward: latest arrivals, and the end of the tour as a function of the arrival at each stop."""
    last = t.now.size[v] - 1
    must = m.vehicle[v, LATEST]
    tail_s = 0
    tail_end = -NEVER
    for k in range(last, -1, -1):
        node = t.now.node[v, k]
        service = m.node[node, SERVICE]
        if k < last:
            leg_s = t.stop[v, k, LEG_S]
            arrival = t.stop[v, k, LEAVES] + leg_s
            t.stop[v, k, SLACK_S] = t.tour[v, ENDS] - arrival - tail_s
            limit = t.stop[v, k + 1, MUST_ARRIVE] - leg_s - service
            must = latest_begin(m, node, limit)
            tail_s += leg_s + service
            first, stop = m.node[node, FIRST_WINDOW], m.node[node, LAST_WINDOW]
            if first < stop:
                begin = t.stop[v, k, LEAVES] - service
                for w in range(first, stop):
                    if begin <= m.window[w, 1]:
                        tail_end = max(tail_end, m.window[w, 0] + tail_s)
                        break
        t.stop[v, k, MUST_ARRIVE] = must
        t.stop[v, k, TAIL_S] = tail_s
        t.stop[v, k, TAIL_END] = tail_end


@kernel
def fill_trips(m: Model, t: Tours, v: int) -> None:
    """Backward: what each stop's trip carries in all, and the most room that a trip has left."""
    n = m.leaving.size
    last = t.now.size[v] - 1
    trip_l = 0
    trip_kg = 0
    trip_fraction = -1
    spare_l = 0
    spare_kg = 0
    t.stop[v, last, TRIP_L] = 0
    t.stop[v, last, TRIP_KG] = 0
    t.stop[v, last, TRIP_FRACTION] = -1
    for k in range(last - 1, -1, -1):
        node = t.now.node[v, k]
        if node >= n and k > 0:
            trip_l = t.stop[v, k - 1, LOAD_L]
            trip_kg = t.stop[v, k - 1, LOAD_KG]
            before = t.now.node[v, k - 1]
            trip_fraction = m.node[before, FRACTION] if before < n else -1
            spare_l = max(spare_l, m.vehicle[v, ROOM_L] - trip_l)
            spare_kg = max(spare_kg, m.vehicle[v, ROOM_KG] - trip_kg)
        t.stop[v, k, TRIP_L] = trip_l
        t.stop[v, k, TRIP_KG] = trip_kg
        t.stop[v, k, TRIP_FRACTION] = trip_fraction
    t.tour[v, SPARE_L] = spare_l
    t.tour[v, SPARE_KG] = spare_kg


@kernel
def find_detours(m: Model, t: Tours, v: int) -> None:
    """The least metres and seconds that an unloading between each stop and the next would add."""
    n = m.leaving.size
    for k in range(t.now.size[v] - 1):
        here = t.stop[v, k, AT]
        there = t.stop[v, k + 1, AT]
        least_m = NEVER
        least_s = NEVER
        for f in range(m.accepts.shape[0]):
            place = m.node[n + f, PLACE]
            least_m = min(least_m, m.from_m[here, place] + m.to_m[there, place])
            least_s = min(least_s, m.from_s[here, place] + m.to_s[there, place] + m.node[n + f, SERVICE])
        t.stop[v, k, DETOUR_M] = least_m - t.stop[v, k, LEG_M]
        t.stop[v, k, DETOUR_S] = least_s - t.stop[v, k, LEG_S]


@kernel
def insert_stop(t: Tours, v: int, k: int, node: int) -> None:
    """Make ``node`` the k-th stop; `refresh` must follow."""
    for j in range(t.now.size[v], k, -1):
        t.now.node[v, j] = t.now.node[v, j - 1]
    t.now.node[v, k] = node
    t.now.size[v] += 1


@kernel
def drop_useless_unloads(m: Model, t: Tours, v: int, merge: bool) -> None:
    """Drop unloadings of nothing and, with ``merge``, those whose trip and the next fit into one."""
    n = m.leaving.size
    size = t.now.size[v]
    kept = 1
    joined_l = 0
    joined_kg = 0
    carried = -1
    for k in range(1, size - 1):
        node = t.now.node[v, k]
        if node < n:
            joined_l += m.node[node, VOLUME]
            joined_kg += m.node[node, WEIGHT]
            carried = m.node[node, FRACTION]
        else:
            if t.now.node[v, kept - 1] >= n:
                continue
            if merge and fits_next(m, t, v, k, joined_l, joined_kg, carried):
                continue
            joined_l = 0
            joined_kg = 0
            carried = -1
        t.now.node[v, kept] = node
        kept += 1
    t.now.node[v, kept] = t.now.node[v, size - 1]
    t.now.size[v] = kept + 1


@kernel
def fits_next(m: Model, t: Tours, v: int, k: int, volume: int, weight: int, carried: int) -> bool:
    """Whether the trip after the unloading at ``k`` takes this load as well."""
    n = m.leaving.size
    if t.now.node[v, k + 1] >= n:
        return False
    for j in range(k + 1, t.now.size[v] - 1):
        node = t.now.node[v, j]
        if node >= n:
            return True
        if m.node[node, FRACTION] != carried:
            return False
        volume += m.node[node, VOLUME]
        weight += m.node[node, WEIGHT]
        if volume > m.vehicle[v, ROOM_L] or weight > m.vehicle[v, ROOM_KG]:
            return False
    return False
