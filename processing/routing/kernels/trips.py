"""Part a tour into trips anew: after which containers to unload, and at which facility.

An insertion puts an unloading beside the container that it inserts, where it then stays. Here all unloadings of a tour
are chosen at once for the order of its containers. Whether windows, opening hours and pauses allow it, and what it
really costs, is judged when the tour is strung together.
"""

from processing.routing.kernels.chain import drop_slot, link, start_of, take_slot
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.history import remember
from processing.routing.kernels.lawful import lawful
from processing.routing.kernels.model import (
    COST,
    ENDS,
    HOME,
    LEG_M,
    LEG_S,
    OVER_S,
    PAUSING,
    PER_M,
    PER_S,
    PROFILE,
    REGULAR,
    SERVICE,
    STOPS,
    SUCC,
    TRIPS,
    Int64,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.parting import AT, FROM, STOP, part, parting, unloads_of
from processing.routing.kernels.timeline import settle_pauses
from processing.routing.kernels.tour import revise


@kernel
def part_trips(m: Model, t: Tours, old: Tours, parts: Int64, v: int) -> int:
    """Unload on tour ``v`` where that costs least for the order of its containers.

    Returns
    -------
    int
        The change in cost, negative; 0 if it would be no gain or break a limit, and nothing or only what `take_back`
        undoes has happened.
    """
    v = natural(v)
    if t.tour[v, STOPS] == 0 or m.vehicle[v, TRIPS] < (1 if m.vehicle[v, HOME] < 0 else 2):
        return whole(0)
    per_s = whole(m.vehicle[v, PER_S])
    if t.tour[v, ENDS] > m.vehicle[v, REGULAR]:
        per_s += m.vehicle[v, OVER_S]
    count = list_stops(m, t, parts, v)
    price, layer, node = part(m, t, parts, v, count, per_s)
    price_now, unloads_now = judge_unloads(m, t, v, per_s)
    if price >= price_now:
        return whole(0)
    if unloads_of(parts, layer, node) > unloads_now + t.free[t.free.shape[0] - 1, 0]:
        return whole(0)
    remember(m, t, old, v)
    cost = whole(t.tour[v, COST])
    carry_out(m, t, parts, v, count, layer, node)
    if not revise(m, t, v) or t.tour[v, COST] >= cost or not lawful(m, t, v):
        return whole(0)
    if m.rule[PAUSING] != 0 and not settle_pauses(m, t, v):
        return whole(0)
    return int(min(whole(0), t.tour[v, COST] - cost))


@inlined
def list_stops(m: Model, t: Tours, parts: Int64, v: int) -> int:
    """Note start, containers and end of a tour in order; returns the number of containers."""
    x = start_of(m, v)
    end = natural(x + 1)
    parts[0, 0, STOP] = x
    count = natural(0)
    while x != end:
        x = natural(t.stop[x, SUCC])
        if x < m.demand.shape[1]:
            count = natural(count + 1)
            parts[0, count, STOP] = x
    parts[0, natural(count + 1), STOP] = end
    return count


@inlined
def judge_unloads(m: Model, t: Tours, v: int, per_s: int) -> tuple[int, int]:
    """What the unloadings of a tour cost more than none at all, as `part` counts it, and how many they are."""
    n = m.demand.shape[1]
    p = natural(m.vehicle[v, PROFILE])
    per_m = m.vehicle[v, PER_M]
    start = start_of(m, v)
    end = natural(start + 1)
    total, unloads = whole(0), whole(0)
    before = start
    x = start
    while x != end:
        y = natural(t.stop[x, SUCC])
        slot = n <= y != end
        if slot or before != x:
            total += t.stop[x, LEG_M] * per_m + t.stop[x, LEG_S] * per_s
        if slot:
            unloads += 1
            total += m.node[p, natural(t.at[y]), SERVICE] * per_s
        else:
            if before != x:
                a, b = natural(t.at[before]), natural(t.at[y])
                total += parting(m, v, before, y, per_s)
                total -= m.out_m[p, a, b] * per_m + m.out_s[p, a, b] * per_s
            before = y
        x = y
    return total, unloads


@inlined
def carry_out(m: Model, t: Tours, parts: Int64, v: int, count: int, layer: int, node: int) -> None:
    """String the tour together with the unloadings on the way to this node instead of its own."""
    x = natural(t.stop[start_of(m, v), SUCC])
    end = natural(start_of(m, v) + 1)
    while x != end:
        following = natural(t.stop[x, SUCC])
        if x >= m.demand.shape[1]:
            drop_slot(m, t, x)
        x = following
    while node > 0:
        if node <= count + 1:
            slot = take_slot(m, t, natural(parts[layer, node, AT]))
            link(t, slot, natural(parts[0, natural(node - 1), STOP]))
        node = natural(parts[layer, node, FROM])
        layer = natural(max(0, layer - 1))
