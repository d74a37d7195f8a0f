"""What a tour carries where: recompute its legs, trips, loads and metres from its stops."""

from processing.routing.kernels.chain import first_slot, start_of
from processing.routing.kernels.compile import inlined
from processing.routing.kernels.model import (
    ABOARD,
    BACK_M,
    CARRIES,
    CLOSES,
    COLLECTED,
    DAY,
    FRACTION,
    HABITUAL,
    HELD_L,
    HOME,
    INNER_M,
    LARGEST,
    LAYOUT,
    LEG_M,
    LEG_S,
    LIMITED,
    LITRES,
    LOAD,
    MASK,
    METRES,
    NEVER,
    NOWHERE,
    PRED,
    PROFILE,
    RELEASE,
    ROOM,
    SIDE,
    SPARE,
    STOPS,
    SUCC,
    TOUR,
    TRIP,
    TRIPS,
    UNLOADS,
    WAITS,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.timing import habit


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
            if m.rule[HABITUAL] != 0:
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
