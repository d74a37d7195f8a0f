"""Recompute what follows from a tour's stops."""

from processing.routing.kernels.chain import first_slot, start_of
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.model import (
    ABOARD,
    BACK_M,
    BEGINS,
    CARRIES,
    CLEANING,
    CLOSES,
    COLLECTED,
    DAY,
    ENDS,
    EXACT,
    FIRST_WINDOW,
    FLEXIBLE,
    FRACTION,
    HELD_L,
    HOME,
    INNER_M,
    LARGEST,
    LAST_WINDOW,
    LATEST,
    LAYOUT,
    LEAVES,
    LEG_M,
    LEG_S,
    LIMITED,
    LITRES,
    LOAD,
    MASK,
    METRES,
    MOST_M,
    MOST_S,
    MUST,
    NEVER,
    NOWHERE,
    OPENS,
    PAUSING,
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
    SHUTS,
    SIDE,
    SPARE,
    STOPS,
    SUCC,
    TAIL_END,
    TAIL_S,
    TIMED,
    TOUR,
    TRIP,
    TRIPS,
    UNLOADS,
    WAITS,
    WAYWARD,
    WHEEL_S,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.timeline import judge, settle_pauses
from processing.routing.kernels.timing import (
    add_up,
    cleaning,
    earliest_begin,
    habit,
    latest_begin,
    ride_cost,
)
from processing.routing.kernels.wheel import at_wheel


@kernel
def refresh(m: Model, t: Tours, v: int) -> bool:
    """Recompute tour ``v`` from its stops; False if it breaks a window, its shift or its distance."""
    return revise(m, t, v) and (m.rule[PAUSING] == 0 or settle_pauses(m, t, v))


@kernel
def revise(m: Model, t: Tours, v: int) -> bool:
    """As `refresh`, but the exact time line may be left PENDING."""
    v = natural(v)
    load_up(m, t, v)
    end = m.vehicle[v, BEGINS]
    if m.rule[TIMED] != 0:
        end = whole(drive(m, t, v))
        last = natural(start_of(m, v) + 1)
        t.stop[last, MUST] = m.vehicle[v, LATEST]
        t.stop[last, TAIL_S] = 0
        t.stop[last, TAIL_END] = -NEVER
        look_back(m, t, v, natural(t.stop[last, PRED]))
    if m.rule[PAUSING] != 0:
        t.tour[v, WHEEL_S], t.tour[v, REGULATED] = at_wheel(m, t, v)
    return conclude(m, t, v, end)


@kernel
def conclude(m: Model, t: Tours, v: int, end: int) -> bool:
    """Price a tour that returns at ``end`` if nobody pauses; False if it breaks a window, its shift or a limit."""
    in_time = True
    duration = whole(0)
    if m.rule[TIMED] != 0:
        in_time = end <= m.vehicle[v, LATEST]
        duration = end - m.vehicle[v, BEGINS]
        if m.vehicle[v, FLEXIBLE] != 0 and in_time:
            last = natural(start_of(m, v) + 1)
            duration = max(whole(t.stop[last, PRE_S]), end - t.stop[last, PRE_LATEST])
            in_time = duration <= m.vehicle[v, MOST_S]
    t.tour[v, ENDS] = end
    t.tour[v, RIDE] = ride_cost(m, v, t.tour[v, METRES], end, duration)
    add_up(m, t, v)
    if m.rule[PAUSING] != 0 and m.vehicle[v, EXACT] != 0:
        in_time = judge(m, t, v, end, duration) and in_time
    return (
        in_time
        and t.tour[v, METRES] <= m.vehicle[v, MOST_M]
        and (m.rule[LIMITED] == 0 or facilities_have_room(m, t, v))
    )


@inlined
def facilities_have_room(m: Model, t: Tours, v: int) -> bool:
    """Whether no facility takes more than it may on the day of this vehicle."""
    day = m.vehicle[v, DAY]
    for f in range(m.facility.shape[0]):
        for d in range(2):
            if t.book[m.vehicle.shape[0] + day, f, d] > m.facility[f, 1 + 2 * day + d]:
                return False
    return True


@inlined
def load_up(m: Model, t: Tours, v: int) -> None:
    """Forward: legs, trips, loads, metres, cost of serving."""
    n = m.demand.shape[1]
    dimensions = m.demand.shape[2]
    layout = natural(m.vehicle[v, LAYOUT])
    p = natural(m.vehicle[v, PROFILE])
    start = start_of(m, v)
    end = natural(start + 1)
    slots = first_slot(m)
    j = natural(v)
    stops = 0
    metres = whole(0)
    side = whole(0)
    unloads = 0
    start_trip(m, t, j)
    if m.rule[LIMITED] != 0:
        forget_drops(m, t, v)
    t.stop[start, TOUR] = v
    t.stop[start, TRIP] = j
    t.stop[start, MASK] = m.vehicle[v, ABOARD]
    for d in range(dimensions):
        t.load[start, d] = m.vehicle[v, ROOM + 2 * dimensions + d]
        t.tour[v, COLLECTED + d] = 0
    before = start
    place = natural(t.at[start])
    while before != end:
        x = natural(t.stop[before, SUCC])
        to = natural(t.at[x])
        leg = m.out_m[p, place, to]
        t.stop[before, LEG_M] = leg
        t.stop[before, LEG_S] = m.out_s[p, place, to]
        t.stop[x, BACK_M] = leg
        t.stop[x, TOUR] = v
        t.stop[x, TRIP] = j
        metres += leg
        if x < n:
            stops += 1
            metres += m.node[p, x, INNER_M]
            side += m.serving[x]
            if m.rule[WAYWARD] != 0:
                side += habit(m, v, before, x)
            t.stop[x, MASK] = t.stop[before, MASK] | m.node[p, x, FRACTION]
            t.trip[j, WAITS] = max(t.trip[j, WAITS], whole(m.node[p, x, RELEASE]))
            for d in range(dimensions):
                t.load[x, d] = t.load[before, d] + m.demand[layout, x, d]
        else:
            t.trip[j, CLOSES] = x
            t.trip[j, CARRIES] = t.stop[before, MASK]
            t.stop[x, MASK] = 0
            for d in range(dimensions):
                t.trip[j, LOAD + d] = t.load[before, d]
                t.tour[v, COLLECTED + d] += t.load[before, d]
                t.load[x, d] = 0
            if x != end:
                unloads += 1
                if m.rule[LIMITED] != 0:
                    drop(m, t, v, x)
                j = natural(m.vehicle.shape[0] + x - slots)
                start_trip(m, t, j)
                t.stop[x, TRIP] = j
        before = x
        place = to
    if m.vehicle[v, HOME] < 0:
        t.trip[j, CLOSES] = -1
    elif t.trip[j, CARRIES] != 0:
        unloads += 1
    t.tour[v, UNLOADS] = unloads
    t.tour[v, METRES] = metres
    t.tour[v, STOPS] = stops
    t.tour[v, SIDE] = side
    spare(m, t, v, natural(v), j, unloads < m.vehicle[v, TRIPS])


@inlined
def spare(m: Model, t: Tours, v: int, j: int, last: int, open_ended: bool) -> None:
    """Note for trips ``j`` … ``last`` how much of the first load dimension they take."""
    slots = first_slot(m)
    while True:
        if open_ended or m.demand.shape[2] == 0:
            t.trip[j, SPARE] = NOWHERE
        elif t.trip[j, CLOSES] < 0:
            t.trip[j, SPARE] = -1
        else:
            t.trip[j, SPARE] = m.vehicle[v, LARGEST] - t.trip[j, LOAD]
        if j == last:
            break
        j = natural(m.vehicle.shape[0] + t.trip[j, CLOSES] - slots)


@inlined
def start_trip(m: Model, t: Tours, j: int) -> None:
    """Begin a trip."""
    t.trip[j, CLOSES] = -1
    t.trip[j, CARRIES] = 0
    t.trip[j, WAITS] = -NEVER
    for d in range(m.demand.shape[2]):
        t.trip[j, LOAD + d] = 0


@inlined
def forget_drops(m: Model, t: Tours, v: int) -> None:
    """Give back what the tour unloaded so far."""
    day = natural(m.vehicle.shape[0] + m.vehicle[v, DAY])
    for f in range(m.facility.shape[0]):
        for d in range(2):
            t.book[day, f, d] -= t.book[v, f, d]
            t.book[v, f, d] = 0


@inlined
def drop(m: Model, t: Tours, v: int, slot: int) -> None:
    """Count what is unloaded at this stop."""
    day = natural(m.vehicle.shape[0] + m.vehicle[v, DAY])
    f = natural(t.at[slot] - m.demand.shape[1])
    x = natural(t.stop[slot, PRED])
    while x < m.demand.shape[1]:
        for d in range(2):
            t.book[v, f, d] += m.node[0, x, LITRES + d]
            t.book[day, f, d] += m.node[0, x, LITRES + d]
        x = natural(t.stop[x, PRED])
    if x == start_of(m, v):
        for d in range(2):
            t.book[v, f, d] += m.vehicle[v, HELD_L + d]
            t.book[day, f, d] += m.vehicle[v, HELD_L + d]


@inlined
def drive(m: Model, t: Tours, v: int) -> int:
    """Forward: departures; returns the end of the tour, NEVER or more if a window or a release is missed."""
    p = natural(m.vehicle[v, PROFILE])
    n = m.demand.shape[1]
    start = start_of(m, v)
    end = natural(start + 1)
    now = int(m.vehicle[v, BEGINS])
    late = 0
    spent = whole(0)
    latest = NEVER
    flexible = m.vehicle[v, FLEXIBLE] != 0
    x = start
    while True:
        if x != start:
            place = natural(t.at[x])
            leg = t.stop[natural(t.stop[x, PRED]), LEG_S]
            arrival = now + leg
            begin = earliest_begin(m, p, place, arrival)
            if begin >= NEVER:
                late = NEVER
                begin = arrival
            spent += leg
            if flexible:
                latest = min(latest, closing(m, p, place, begin) - spent)
            service = whole(m.node[p, place, SERVICE])
            if m.vehicle[v, CLEANING] > 0 and x > n and x != end:
                service += cleaning(m, t, v, x)
            now = begin + service
            spent += service
        if m.rule[RELEASED] != 0 and x >= n and x != end:
            now = max(now, int(t.trip[t.stop[x, TRIP], WAITS]))
        t.stop[x, LEAVES] = now
        t.stop[x, PRE_S] = spent
        t.stop[x, PRE_LATEST] = latest
        if x == end:
            return now + late
        x = natural(t.stop[x, SUCC])


@inlined
def closing(m: Model, p: int, place: int, begin: int) -> int:
    """When the window closes within which service begins at ``begin``; NEVER if there is none."""
    if m.node[p, place, FIRST_WINDOW] == m.node[p, place, LAST_WINDOW]:
        return whole(m.node[p, place, SHUTS])
    for w in range(m.node[p, place, FIRST_WINDOW], m.node[p, place, LAST_WINDOW]):
        if begin <= m.window[w, 1]:
            return int(m.window[w, 1])
    return NEVER


@kernel
def look_back(m: Model, t: Tours, v: int, x: int) -> None:
    """Backward from stop ``x``: latest arrivals, and the end of the tour as a function of the arrival at each stop."""
    n = m.demand.shape[1]
    p = natural(m.vehicle[v, PROFILE])
    start = start_of(m, v)
    following = natural(t.stop[x, SUCC])
    must = whole(t.stop[following, MUST])
    tail_s = whole(t.stop[following, TAIL_S])
    tail_end = whole(t.stop[following, TAIL_END])
    while True:
        work = whole(t.stop[x, LEG_S])
        if m.rule[RELEASED] != 0 and x >= n:
            tail_end = max(tail_end, t.trip[natural(t.stop[x, TRIP]), WAITS] + work + tail_s)
        if x == start:
            must -= work
            tail_s += work
        else:
            before = natural(t.stop[x, PRED])
            place = natural(t.at[x])
            leg = t.stop[before, LEG_S]
            work += t.stop[x, PRE_S] - t.stop[before, PRE_S] - leg
            must = latest_begin(m, p, place, must - work)
            tail_s += work
            opens = m.node[p, place, FIRST_WINDOW]
            closes = m.node[p, place, LAST_WINDOW]
            if opens == closes:
                tail_end = max(tail_end, m.node[p, place, OPENS] + tail_s)
            else:
                arrival = t.stop[before, LEAVES] + leg
                for w in range(opens, closes):
                    if arrival <= m.window[w, 1]:
                        tail_end = max(tail_end, m.window[w, 0] + tail_s)
                        break
        t.stop[x, MUST] = must
        t.stop[x, TAIL_S] = tail_s
        t.stop[x, TAIL_END] = tail_end
        if x == start:
            break
        x = natural(t.stop[x, PRED])
