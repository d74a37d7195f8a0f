"""The cheapest parting of a row of containers into trips.

What a way to a facility costs follows from where it begins and ends, so the cheapest way of having unloaded after a
container is the cheapest way of having begun the trip that ends there, and the best facility in between (Beasley 1983,
route first, cluster second). Of places where that trip may have begun, only those matter that cost less than all later
ones. Metres and seconds are all that counts here.
"""

from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.model import (
    ABOARD,
    ACCEPTS,
    CLEANING,
    FRACTION,
    HABITUAL,
    HOME,
    LAYOUT,
    MIXES,
    NOWHERE,
    PER_M,
    PROFILE,
    ROOM,
    SERVICE,
    TRIPS,
    Int64,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.timing import habit

PRICE, FROM, AT, OLDER, BITS, STOP, LOADED = range(7)
"""Last axis of `Work.parts`: the PRICE of being at a node; the node FROM which and the facility AT which that is; the
next OLDER node that costs less, and the BITS of the fractions collected since then. In the first layer also the tour's
stops in order, and, from LOADED on, what was loaded before each node."""


@inlined
def part(m: Model, t: Tours, parts: Int64, v: int, count: int, per_s: int) -> tuple[int, int, int]:
    """The cheapest parting of a tour.

    Where the vehicle may not make so many trips, there is a layer for each number of unloadings; else one is enough.

    Returns
    -------
    tuple of int
        What it costs more than no unloading at all, and the layer and the node where it ends.
    """
    add_loads(m, parts, v, count)
    reach_all(m, t, parts, v, count, natural(0), natural(0), per_s)
    node = cheaper_end(parts, natural(0), count)
    best = whole(parts[0, node, PRICE])
    trips = m.vehicle[v, TRIPS]
    if best >= NOWHERE or unloads_of(parts, natural(0), node) <= trips:
        return best, natural(0), node
    best, chosen = whole(NOWHERE), natural(0)
    if trips + 2 > parts.shape[0]:
        return best, chosen, node
    parts[1, 0, PRICE], parts[1, 0, OLDER] = 0, -1
    for i in range(count + 1):
        parts[1, natural(i + 1), PRICE] = NOWHERE
        find_older(m, parts, v, natural(1), natural(i + 1))
    for number in range(trips):
        layer = natural(number + 2)
        reach_all(m, t, parts, v, count, natural(layer - 1), layer, per_s)
        end = cheaper_end(parts, layer, count)
        if parts[layer, end, PRICE] < best:
            best, chosen, node = whole(parts[layer, end, PRICE]), layer, end
    return best, chosen, node


@inlined
def cheaper_end(parts: Int64, layer: int, count: int) -> int:
    """The node where a tour ends: having unloaded after its last container, or unloading where it returns to."""
    last, home = natural(count + 1), natural(count + 2)
    return home if parts[layer, home, PRICE] < parts[layer, last, PRICE] else last


@inlined
def unloads_of(parts: Int64, layer: int, node: int) -> int:
    """Unloadings on the way to a node."""
    unloads = whole(0)
    while node > 0:
        unloads += 1
        node = natural(parts[layer, node, FROM])
        layer = natural(max(0, layer - 1))
    return unloads


@kernel
def reach_all(
    m: Model, t: Tours, parts: Int64, v: int, count: int, source: int, target: int, per_s: int
) -> None:
    """Fill a layer of nodes from those of another, or from its own.

    Node 0 is the start. In node i + 1 the vehicle has unloaded after i containers; in the last one, after all of them
    where it returns to.
    """
    parts[target, 0, PRICE] = NOWHERE if target > 0 else 0
    parts[target, 0, OLDER] = -1
    for i in range(count + 2):
        node = natural(i + 1)
        parts[target, node, PRICE] = NOWHERE
        if m.vehicle[v, ABOARD] != 0 if i == 0 else i <= count or m.vehicle[v, HOME] >= 0:
            reach(m, t, parts, v, count, natural(i), source, target, per_s)
        if i <= count:
            find_older(m, parts, v, target, node)


@inlined
def add_loads(m: Model, parts: Int64, v: int, count: int) -> None:
    """Note what was loaded before each node; what is on board at the start counts as loaded after node 0."""
    dimensions = m.demand.shape[2]
    layout = natural(m.vehicle[v, LAYOUT])
    for d in range(dimensions):
        parts[0, 0, LOADED + d] = -m.vehicle[v, ROOM + 2 * dimensions + d]
        parts[0, 1, LOADED + d] = 0
    for i in range(count):
        x = natural(i + 1)
        for d in range(dimensions):
            more = m.demand[layout, natural(parts[0, x, STOP]), d]
            parts[0, natural(x + 1), LOADED + d] = parts[0, x, LOADED + d] + more


@inlined
def bits_at(m: Model, parts: Int64, v: int, x: int) -> int:
    """The bits of the fractions that come on board between node ``x`` and the next one."""
    if x == 0:
        return whole(m.vehicle[v, ABOARD])
    return whole(m.node[0, natural(parts[0, x, STOP]), FRACTION])


@inlined
def find_older(m: Model, parts: Int64, v: int, layer: int, node: int) -> None:
    """Note which older node is the next that costs less: a longer trip that costs more is of no use to anything."""
    x = natural(node - 1)
    bits = bits_at(m, parts, v, x)
    older = whole(x)
    while older >= 0 and parts[layer, natural(older), PRICE] >= parts[layer, node, PRICE]:
        bits |= parts[layer, natural(older), BITS]
        older = whole(parts[layer, natural(older), OLDER])
    parts[layer, node, OLDER], parts[layer, node, BITS] = older, bits


@inlined
def reach(
    m: Model,
    t: Tours,
    parts: Int64,
    v: int,
    count: int,
    i: int,
    source: int,
    target: int,
    per_s: int,
) -> None:
    """The cheapest trip that ends after ``i`` containers, or, one more than there are, where the tour returns to."""
    last = natural(min(i, count))
    carried, seen = bits_at(m, parts, v, last), whole(-1)
    detour, facility = whole(NOWHERE), whole(-1)
    best = whole(NOWHERE)
    node = natural(i + 1)
    older = whole(last)
    while older >= 0:
        x = natural(older)
        if (m.vehicle[v, MIXES] == 0 and carried & (carried - 1) != 0) or not fits(m, parts, v, x, last):
            break
        if carried != seen:
            seen = carried
            detour, facility = nearest(m, t, parts, v, i, i > count, carried, per_s)
            if detour >= NOWHERE:
                break
        begun = parts[source, x, PRICE]
        if begun < NOWHERE and begun + detour < best:
            best = whole(begun + detour)
            parts[target, node, PRICE], parts[target, node, FROM] = best, x
            parts[target, node, AT] = facility
        carried |= parts[source, x, BITS]
        older = whole(parts[source, x, OLDER])


@inlined
def fits(m: Model, parts: Int64, v: int, x: int, last: int) -> bool:
    """Whether what is loaded from node ``x`` on, up to the container with this number, fits into a trip."""
    for d in range(m.demand.shape[2]):
        if parts[0, natural(last + 1), LOADED + d] - parts[0, x, LOADED + d] > m.vehicle[v, ROOM + d]:
            return False
    return True


@inlined
def nearest(
    m: Model, t: Tours, parts: Int64, v: int, i: int, home: bool, carried: int, per_s: int
) -> tuple[int, int]:
    """What unloading after ``i`` containers costs more than driving on, and the facility; NOWHERE if none accepts."""
    if home:
        facility = natural(m.vehicle[v, HOME])
        return (whole(0) if carried & ~m.facility[facility, ACCEPTS] == 0 else whole(NOWHERE)), facility
    n = m.demand.shape[1]
    p = natural(m.vehicle[v, PROFILE])
    per_m = m.vehicle[v, PER_M]
    x, y = natural(parts[0, i, STOP]), natural(parts[0, natural(i + 1), STOP])
    a, b = natural(t.at[x]), natural(t.at[y])
    out_m, out_s, into_m, into_s = m.out_m, m.out_s, m.into_m, m.into_s
    best, chosen = whole(NOWHERE), natural(0)
    for f in range(m.facility.shape[0]):
        if carried & ~m.facility[f, ACCEPTS] != 0:
            continue
        tip = natural(n + f)
        metres = out_m[p, a, tip] + into_m[p, b, tip]
        seconds = out_s[p, a, tip] + into_s[p, b, tip] + m.node[p, tip, SERVICE]
        price = metres * per_m + seconds * per_s
        if price < best:
            best, chosen = price, natural(f)
    if best < NOWHERE:
        best += parting(m, v, x, y, per_s) - out_m[p, a, b] * per_m - out_s[p, a, b] * per_s
    return whole(best), chosen


@inlined
def parting(m: Model, v: int, x: int, y: int, per_s: int) -> int:
    """What it costs beside the way that ``y`` follows ``x`` with an unloading in between: cleaning, and habits."""
    n = m.demand.shape[1]
    cost = whole(0)
    if y >= n:
        return cost
    if m.vehicle[v, MIXES] == 0 and m.vehicle[v, CLEANING] > 0:
        before = m.node[0, x, FRACTION] if x < n else m.vehicle[v, ABOARD]
        if before != m.node[0, y, FRACTION]:
            cost += m.vehicle[v, CLEANING] * per_s
    if m.rule[HABITUAL] != 0 and x < n:
        cost += habit(m, v, natural(n), y) - habit(m, v, x, y)
    return cost
