"""Recompute what follows from a tour's stops, and change the stops."""

from processing.routing.kernels.compile import kernel
from processing.routing.kernels.model import NEVER, Model, Tours
from processing.routing.kernels.timing import earliest_begin, latest_begin, tour_cost


@kernel
def refresh(m: Model, t: Tours, v: int) -> bool:
    """Recompute row ``v`` from its stops; False if it breaks a window or the shift (loads are kept by the moves)."""
    in_time = drive(m, t, v)
    look_back(m, t, v)
    fill_trips(m, t, v)
    t.cost[v] = tour_cost(m, v, t.metres[v], t.ends[v]) if t.size[v] > 2 else 0
    return in_time


@kernel
def drive(m: Model, t: Tours, v: int) -> bool:
    """Forward: departures, metres, positions, load on board."""
    n = m.fraction.size
    in_time = True
    now = m.begins[v]
    metres = 0
    load_l = 0
    load_kg = 0
    unloads = 0
    last = t.size[v] - 1
    place = m.place[t.node[v, 0]]
    t.at[v, 0] = place
    t.leaves[v, 0] = now
    t.load_l[v, 0] = 0
    t.load_kg[v, 0] = 0
    for k in range(1, last + 1):
        node = t.node[v, k]
        here = m.place[node]
        leg = m.from_m[place, here]
        metres += leg
        t.leg_m[v, k - 1] = leg
        begin = earliest_begin(m, node, now + m.from_s[place, here])
        if begin >= NEVER:
            in_time = False
            begin = now + m.from_s[place, here]
        now = begin + m.service[node]
        if node < n:
            load_l += m.volume[node]
            load_kg += m.weight[node]
            t.tour_of[node] = v
            t.index_of[node] = k
        elif k < last:
            load_l = 0
            load_kg = 0
            unloads += 1
        place = here
        t.at[v, k] = here
        t.leaves[v, k] = now
        t.load_l[v, k] = load_l
        t.load_kg[v, k] = load_kg
    t.metres[v] = metres
    t.ends[v] = now
    t.unloads[v] = unloads
    return in_time and now <= m.latest[v]


@kernel
def look_back(m: Model, t: Tours, v: int) -> None:
    """Backward: latest arrivals, and the end of the tour as a function of the arrival at each stop."""
    last = t.size[v] - 1
    must = m.latest[v]
    tail_s = 0
    tail_end = -NEVER
    for k in range(last, -1, -1):
        node = t.node[v, k]
        service = m.service[node]
        if k < last:
            leg_s = m.from_s[t.at[v, k], t.at[v, k + 1]]
            limit = t.must_arrive[v, k + 1] - leg_s - service
            must = latest_begin(m, node, limit)
            tail_s += leg_s + service
            first, stop = m.windows[node], m.windows[node + 1]
            if first < stop:
                begin = t.leaves[v, k] - service
                for w in range(first, stop):
                    if begin <= m.closes[w]:
                        tail_end = max(tail_end, m.opens[w] + tail_s)
                        break
        t.must_arrive[v, k] = must
        t.tail_s[v, k] = tail_s
        t.tail_end[v, k] = tail_end


@kernel
def fill_trips(m: Model, t: Tours, v: int) -> None:
    """Backward: what each stop's trip carries in all, and the most room that a trip has left."""
    n = m.fraction.size
    last = t.size[v] - 1
    trip_l = 0
    trip_kg = 0
    trip_fraction = -1
    spare_l = 0
    spare_kg = 0
    t.trip_l[v, last] = 0
    t.trip_kg[v, last] = 0
    t.trip_fraction[v, last] = -1
    for k in range(last - 1, -1, -1):
        node = t.node[v, k]
        if node >= n and k > 0:
            trip_l = t.load_l[v, k - 1]
            trip_kg = t.load_kg[v, k - 1]
            before = t.node[v, k - 1]
            trip_fraction = m.fraction[before] if before < n else -1
            spare_l = max(spare_l, m.room_l[v] - trip_l)
            spare_kg = max(spare_kg, m.room_kg[v] - trip_kg)
        t.trip_l[v, k] = trip_l
        t.trip_kg[v, k] = trip_kg
        t.trip_fraction[v, k] = trip_fraction
    t.spare_l[v] = spare_l
    t.spare_kg[v] = spare_kg


@kernel
def insert_stop(t: Tours, v: int, k: int, node: int) -> None:
    """Make ``node`` the k-th stop; `refresh` must follow."""
    for j in range(t.size[v], k, -1):
        t.node[v, j] = t.node[v, j - 1]
    t.node[v, k] = node
    t.size[v] += 1


@kernel
def drop_useless_unloads(m: Model, t: Tours, v: int, merge: bool) -> None:
    """Drop unloadings of nothing and, with ``merge``, those whose trip and the next fit into one."""
    n = m.fraction.size
    size = t.size[v]
    kept = 1
    joined_l = 0
    joined_kg = 0
    carried = -1
    for k in range(1, size - 1):
        node = t.node[v, k]
        if node < n:
            joined_l += m.volume[node]
            joined_kg += m.weight[node]
            carried = m.fraction[node]
        else:
            if t.node[v, kept - 1] >= n:
                continue
            if merge and fits_next(m, t, v, k, joined_l, joined_kg, carried):
                continue
            joined_l = 0
            joined_kg = 0
            carried = -1
        t.node[v, kept] = node
        kept += 1
    t.node[v, kept] = t.node[v, size - 1]
    t.size[v] = kept + 1


@kernel
def fits_next(m: Model, t: Tours, v: int, k: int, volume: int, weight: int, carried: int) -> bool:
    """Whether the trip after the unloading at ``k`` takes this load as well."""
    n = m.fraction.size
    if t.node[v, k + 1] >= n:
        return False
    for j in range(k + 1, t.size[v] - 1):
        node = t.node[v, j]
        if node >= n:
            return True
        if m.fraction[node] != carried:
            return False
        volume += m.volume[node]
        weight += m.weight[node]
        if volume > m.room_l[v] or weight > m.room_kg[v]:
            return False
    return False
