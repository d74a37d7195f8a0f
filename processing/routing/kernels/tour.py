"""Recompute what follows from a tour's stops."""

from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.members import join, leave
from processing.routing.kernels.model import (
    ABOARD,
    AT,
    BEGINS,
    CARRIES,
    CLEANING,
    CLOSES,
    COMES,
    COST,
    DAY,
    ENDS,
    FIRST_WINDOW,
    FIXED,
    FLEXIBLE,
    FRACTION,
    GOES,
    HOME,
    INNER_M,
    INTO,
    LAST_WINDOW,
    LATEST,
    LAYOUT,
    LEAVES,
    LEG_M,
    LEG_S,
    LIMITED,
    LITRES,
    LOAD,
    LOADED,
    MASK,
    METRES,
    MIXES,
    MOST_M,
    MOST_S,
    MUST,
    NEVER,
    NOWHERE,
    OPENS,
    OTHER_ORDER,
    OTHER_VEHICLE,
    PRE_LATEST,
    PRE_S,
    PROFILE,
    RATIONED,
    RELEASE,
    RELEASED,
    RIDE,
    ROOM,
    ROW,
    SERVICE,
    SHUTS,
    SIZE,
    SPARE,
    STARTS,
    STOPS,
    TAIL_END,
    TAIL_S,
    TIMED,
    TOUR,
    TRIP,
    TRIPS,
    UNDERWAY,
    UNLOADS,
    USUAL_AFTER,
    USUAL_V,
    WAITS,
    WAYWARD,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.timing import earliest_begin, latest_begin, ride_cost


@kernel
def refresh(m: Model, t: Tours, v: int) -> bool:
    """Recompute tour ``v`` from its stops; False if it breaks a window, its shift or its distance."""
    n = m.demand.shape[1]
    v = natural(v)
    size = natural(t.tour[v, SIZE])
    first = natural(v * (t.node.size // t.tour.shape[0]))
    metres = load_up(m, t, v, first, size)
    in_time = True
    end = m.vehicle[v, BEGINS]
    duration = 0
    if m.rule[TIMED] != 0:
        end = drive(m, t, v, first, size)
        look_back(m, t, v, first, size, end)
        in_time = end <= m.vehicle[v, LATEST]
        duration = end - m.vehicle[v, BEGINS]
        if m.vehicle[v, FLEXIBLE] and in_time:
            last = first + size - 1
            duration = max(int(t.stop[last, PRE_S]), end - t.stop[last, PRE_LATEST])
            in_time = duration <= m.vehicle[v, MOST_S]
    t.tour[v, METRES] = metres
    t.tour[v, ENDS] = end
    if size == 2 and not m.vehicle[v, UNDERWAY]:
        t.tour[v, COST] = 0
        t.tour[v, RIDE] = 0
        leave(t.used, v)
        return True
    join(t.used, v)
    t.tour[v, RIDE] = ride_cost(m, v, metres, end, duration)
    cost = t.tour[v, RIDE] + m.vehicle[v, FIXED]
    for r in range(first + 1, first + size - 1):
        node = natural(t.node[r])
        if node < n:
            cost += m.serving[node]
            if m.rule[WAYWARD] != 0:
                cost += habit(m, v, t.node[r - 1], node)
    t.tour[v, COST] = cost
    return (
        in_time and metres <= m.vehicle[v, MOST_M] and (m.rule[LIMITED] == 0 or facilities_have_room(m, t, v))
    )


@inlined
def facilities_have_room(m: Model, t: Tours, v: int) -> bool:
    """Whether no facility takes more than it may on the day of this vehicle."""
    day = m.vehicle[v, DAY]
    for f in range(m.facility.shape[0]):
        for d in range(2):
            if t.book[2 * m.vehicle.shape[0] + day, f, d] > m.facility[f, 1 + 2 * day + d]:
                return False
    return True


@inlined
def habit(m: Model, v: int, before: int, c: int) -> int:
    """What it costs to serve ``c`` with this vehicle after this node, compared with yesterday."""
    if m.node[0, c, USUAL_V] == -2:
        return 0
    cost = 0
    if m.node[0, c, USUAL_V] != v:
        cost += m.rule[OTHER_VEHICLE]
    if m.node[0, c, USUAL_AFTER] != (before if before < m.demand.shape[1] else -1):
        cost += m.rule[OTHER_ORDER]
    return cost


@inlined
def load_up(m: Model, t: Tours, v: int, first: int, size: int) -> int:
    """Forward: places, legs, trips, loads; returns the metres of the tour."""
    n = m.demand.shape[1]
    dimensions = m.demand.shape[2]
    layout = natural(m.vehicle[v, LAYOUT])
    p = natural(m.vehicle[v, PROFILE])
    rows = (t.trip.shape[0] - 1) // t.tour.shape[0]
    base = natural(v * rows)
    j = base
    last = natural(first + size - 1)
    stops = 0
    metres = 0
    start_trip(m, t, j, first)
    if m.rule[LIMITED] != 0:
        forget_drops(m, t, v)
    node = natural(t.node[first])
    place = natural(m.node[p, node, GOES])
    t.leg[first, AT] = place
    t.leg[first, INTO] = m.node[p, node, COMES]
    t.stop[first, TRIP] = j
    t.stop[first, MASK] = m.vehicle[v, ABOARD]
    for d in range(dimensions):
        t.stop[first, LOADED + d] = m.vehicle[v, ROOM + 2 * dimensions + d]
    for row in range(first + 1, last + 1):
        r = natural(row)
        before = natural(row - 1)
        node = natural(t.node[r])
        into = natural(m.node[p, node, COMES])
        leg = m.out_m[p, place, into]
        t.leg[before, LEG_M] = leg
        t.leg[before, LEG_S] = m.out_s[p, place, into]
        metres += leg + m.node[p, node, INNER_M]
        place = natural(m.node[p, node, GOES])
        t.leg[r, AT] = place
        t.leg[r, INTO] = into
        t.stop[r, TRIP] = j
        if node < n:
            stops += 1
            t.where[node, TOUR] = v
            t.where[node, ROW] = r
            t.stop[r, MASK] = t.stop[before, MASK] | m.node[p, node, FRACTION]
            t.trip[j, WAITS] = max(t.trip[j, WAITS], m.node[p, node, RELEASE])
            for d in range(dimensions):
                t.stop[r, LOADED + d] = t.stop[before, LOADED + d] + m.demand[layout, node, d]
            continue
        t.stop[r, MASK] = 0
        for d in range(dimensions):
            t.trip[j, LOAD + d] = t.stop[before, LOADED + d]
            t.stop[r, LOADED + d] = 0
        t.trip[j, CARRIES] = t.stop[before, MASK]
        t.trip[j, CLOSES] = r
        if r < last:
            if m.rule[LIMITED] != 0:
                drop(m, t, v, node - n, j)
            j = natural(j + 1)
            start_trip(m, t, j, r)
        elif m.vehicle[v, HOME] < 0:
            t.trip[j, CLOSES] = -1
    t.tour[v, UNLOADS] = j - base + (1 if m.vehicle[v, HOME] >= 0 and t.trip[j, CARRIES] != 0 else 0)
    t.tour[v, STOPS] = stops
    t.tour[v, SPARE] = spare(m, t, v, base, j)
    if m.rule[RATIONED] != 0:
        for d in range(dimensions):
            t.trip[base + rows - 1, LOAD + d] = 0
            for each in range(base, j + 1):
                t.trip[base + rows - 1, LOAD + d] += t.trip[each, LOAD + d]
    return metres


@inlined
def spare(m: Model, t: Tours, v: int, first: int, last: int) -> int:
    """The most of the first load dimension that one of these trips takes, or a further one."""
    if m.demand.shape[2] == 0 or t.tour[v, UNLOADS] < m.vehicle[v, TRIPS]:
        return NOWHERE
    most = -1
    for j in range(first, last + 1):
        if t.trip[j, CLOSES] >= 0:
            most = max(most, m.vehicle[v, ROOM] - t.trip[j, LOAD])
    return most


@inlined
def start_trip(m: Model, t: Tours, j: int, row: int) -> None:
    """Begin trip ``j`` at this row."""
    t.trip[j, STARTS] = row
    t.trip[j, CARRIES] = 0
    t.trip[j, CLOSES] = -1
    t.trip[j, WAITS] = -NEVER
    for d in range(m.demand.shape[2]):
        t.trip[j, LOAD + d] = 0


@inlined
def forget_drops(m: Model, t: Tours, v: int) -> None:
    """Give back what the tour unloaded so far."""
    day = m.vehicle[v, DAY]
    for f in range(m.facility.shape[0]):
        for d in range(2):
            t.book[2 * m.vehicle.shape[0] + day, f, d] -= t.book[v, f, d]
            t.book[v, f, d] = 0


@inlined
def drop(m: Model, t: Tours, v: int, f: int, j: int) -> None:
    """Count what trip ``j`` unloads at facility ``f``."""
    day = m.vehicle[v, DAY]
    for r in range(t.trip[j, STARTS] + 1, t.trip[j, CLOSES]):
        for d in range(2):
            t.book[v, f, d] += m.node[0, t.node[r], LITRES + d]
            t.book[2 * m.vehicle.shape[0] + day, f, d] += m.node[0, t.node[r], LITRES + d]


@inlined
def drive(m: Model, t: Tours, v: int, first: int, size: int) -> int:
    """Forward: departures; returns the end of the tour, NEVER or more if a window or a release is missed."""
    p = natural(m.vehicle[v, PROFILE])
    n = m.demand.shape[1]
    now = int(m.vehicle[v, BEGINS])
    late = 0
    spent = 0
    latest = NEVER
    flexible = m.vehicle[v, FLEXIBLE] != 0
    for r in range(first, first + size):
        node = natural(t.node[r])
        if r > first:
            arrival = now + t.leg[natural(r - 1), LEG_S]
            begin = earliest_begin(m, p, node, arrival)
            if begin >= NEVER:
                late = NEVER
                begin = arrival
            spent += t.leg[natural(r - 1), LEG_S]
            if flexible:
                latest = min(latest, closing(m, p, node, begin) - spent)
            service = m.node[p, node, SERVICE]
            if m.vehicle[v, CLEANING] > 0 and node >= n and r < first + size - 1:
                service += cleaning(m, t, v, r)
            now = begin + service
            spent += service
        if m.rule[RELEASED] != 0 and (r == first or (node >= n and r < first + size - 1)):
            waits = t.trip[natural(t.stop[r + 1, TRIP]), WAITS]
            if waits > now:
                now = waits
        t.stop[r, LEAVES] = now
        t.stop[r, PRE_S] = spent
        t.stop[r, PRE_LATEST] = latest
    return now + late


@inlined
def closing(m: Model, p: int, node: int, begin: int) -> int:
    """When the window closes within which service begins at ``begin``; NEVER if there is none."""
    if m.node[p, node, FIRST_WINDOW] == m.node[p, node, LAST_WINDOW]:
        return whole(m.node[p, node, SHUTS])
    for w in range(m.node[p, node, FIRST_WINDOW], m.node[p, node, LAST_WINDOW]):
        if begin <= m.window[w, 1]:
            return int(m.window[w, 1])
    return NEVER


@inlined
def cleaning(m: Model, t: Tours, v: int, row: int) -> int:
    """Seconds of cleaning after the unloading at ``row``, if the next trip carries something else."""
    after = t.trip[t.stop[row + 1, TRIP], CARRIES]
    if m.vehicle[v, MIXES] or after == 0 or after == t.trip[t.stop[row, TRIP], CARRIES]:
        return 0
    return int(m.vehicle[v, CLEANING])


@inlined
def look_back(m: Model, t: Tours, v: int, first: int, size: int, end: int) -> None:
    """Backward: latest arrivals, and the end of the tour as a function of the arrival at each stop."""
    p = natural(m.vehicle[v, PROFILE])
    last = first + size - 1
    must = int(m.vehicle[v, LATEST])
    tail_s = 0
    tail_end = -NEVER
    for r in range(last, first - 1, -1):
        node = natural(t.node[r])
        if r < last:
            work = t.leg[r, LEG_S]
            if r > first:
                work += t.stop[r, PRE_S] - t.stop[natural(r - 1), PRE_S] - t.leg[natural(r - 1), LEG_S]
            if m.rule[RELEASED] != 0 and t.trip[natural(t.stop[r + 1, TRIP]), STARTS] == r:
                tail_end = max(
                    tail_end, t.trip[natural(t.stop[r + 1, TRIP]), WAITS] + t.leg[r, LEG_S] + tail_s
                )
            must = latest_begin(m, p, node, must - work)
            tail_s += work
            opens = m.node[p, node, FIRST_WINDOW]
            closes = m.node[p, node, LAST_WINDOW]
            if r > first and opens == closes:
                tail_end = max(tail_end, m.node[p, node, OPENS] + tail_s)
            elif r > first:
                arrival = t.stop[natural(r - 1), LEAVES] + t.leg[natural(r - 1), LEG_S]
                for w in range(opens, closes):
                    if arrival <= m.window[w, 1]:
                        tail_end = max(tail_end, m.window[w, 0] + tail_s)
                        break
        t.stop[r, MUST] = must
        t.stop[r, TAIL_S] = tail_s
        t.stop[r, TAIL_END] = tail_end
