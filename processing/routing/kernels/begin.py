"""What a search begins with: empty tours, or tours that are given."""

from processing.routing.kernels.chain import (
    drop_slot,
    first_slot,
    link,
    loosen,
    start_of,
    take_slot,
    tie,
    unlink,
)
from processing.routing.kernels.compile import inlined, kernel, merged
from processing.routing.kernels.lawful import lawful
from processing.routing.kernels.members import join, leave
from processing.routing.kernels.model import (
    ABOARD,
    ACCEPTS,
    COST,
    HOME,
    NEED,
    NOWHERE,
    PLAIN,
    PRED,
    STOPS,
    SUCC,
    TRIPS,
    UNDERWAY,
    UNLOADS,
    Int64,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.tidy import drop_useless_unloads
from processing.routing.kernels.tour import refresh


@merged
def begin(m: Model, t: Tours, route: Int64) -> int:
    """Make tours of what is given; returns how many stops that is.

    Parameters
    ----------
    route : (K, 2) int64
        Vehicle and place of each stop, tour by tour in order. What does not fit is left out.
    """
    for v in range(m.vehicle.shape[0]):
        refresh(m, t, v)
    first = 0
    while first < route.shape[0]:
        last = first + 1
        while last < route.shape[0] and route[last, 0] == route[first, 0]:
            last += 1
        follow(m, t, natural(route[first, 0]), route[first:last, 1])
        first = last
    for v in range(m.vehicle.shape[0]):
        unload_first(m, t, natural(v))
    return int(route.shape[0])


@inlined
def follow(m: Model, t: Tours, v: int, places: Int64) -> None:
    """Take a tour over as it is, or what of it fits one after the other between its unloadings."""
    for i in range(places.shape[0]):
        append(m, t, v, natural(places[i]))
    used = refresh(m, t, v) and (t.tour[v, STOPS] > 0 or m.vehicle[v, UNDERWAY] != 0)
    if used and t.tour[v, UNLOADS] <= m.vehicle[v, TRIPS] and lawful(m, t, v):
        return
    clear(m, t, v)
    for i in range(places.shape[0]):
        if places[i] >= m.demand.shape[1] and unloads_on_the_way(m, v):
            append(m, t, v, natural(places[i]))
    if not refresh(m, t, v):
        clear(m, t, v)
    before = start_of(m, v)
    end = natural(before + 1)
    for i in range(places.shape[0]):
        c = natural(places[i])
        if c >= m.demand.shape[1]:
            if t.stop[before, SUCC] != end:
                before = natural(t.stop[before, SUCC])
        elif fits_behind(m, t, v, c, before):
            before = c
    drop_useless_unloads(m, t, v)
    used = refresh(m, t, v) and (t.tour[v, STOPS] > 0 or m.vehicle[v, UNDERWAY] != 0)
    if not used or not lawful(m, t, v):
        clear(m, t, v)


@inlined
def unloads_on_the_way(m: Model, v: int) -> bool:
    """Whether a tour has a use for unloadings before its end: further trips, or what is on board at its start."""
    return bool(m.vehicle[v, TRIPS] > 1 or m.vehicle[v, HOME] < 0 or m.vehicle[v, ABOARD] != 0)


@inlined
def append(m: Model, t: Tours, v: int, place: int) -> None:
    """Put a place at the end of a tour; an unloading in a plain tour, or without a slot, is left out."""
    before = natural(t.stop[natural(start_of(m, v) + 1), PRED])
    if place < m.demand.shape[1]:
        link(t, place, before)
        leave(t.gone, natural(m.node[0, place, NEED]))
    elif m.rule[PLAIN] == 0 and t.free[t.free.shape[0] - 1, 0] > 0:
        link(t, take_slot(m, t, natural(place - m.demand.shape[1])), before)


@inlined
def fits_behind(m: Model, t: Tours, v: int, c: int, before: int) -> bool:
    """Put a container there if the tour allows it."""
    link(t, c, before)
    if refresh(m, t, v) and lawful(m, t, v):
        leave(t.gone, natural(m.node[0, c, NEED]))
        return True
    unlink(t, c)
    loosen(t, c)
    return False


@kernel
def clear(m: Model, t: Tours, v: int) -> None:
    """Take everything out of a tour."""
    start = start_of(m, v)
    end = natural(start + 1)
    x = natural(t.stop[start, SUCC])
    while x != end:
        if x < m.demand.shape[1]:
            loosen(t, x)
            join(t.gone, natural(m.node[0, x, NEED]))
        else:
            join(t.free, natural(x - first_slot(m)))
        x = natural(t.stop[x, SUCC])
    tie(t, start, end)
    refresh(m, t, v)


@inlined
def unload_first(m: Model, t: Tours, v: int) -> None:
    """Unload what an empty tour has on board where that is cheapest; where it ends, if that is possible."""
    start = start_of(m, v)
    if m.vehicle[v, ABOARD] == 0 or t.stop[start, SUCC] != start + 1:
        return
    if m.vehicle[v, HOME] >= 0 and (m.rule[PLAIN] != 0 or refresh(m, t, v)):
        return
    best = whole(NOWHERE)
    chosen = whole(-1)
    for f in range(m.facility.shape[0] + 1):
        facility = whole(f) if f < m.facility.shape[0] else chosen
        if facility < 0 or m.vehicle[v, ABOARD] & ~m.facility[natural(facility), ACCEPTS] != 0:
            continue
        slot = take_slot(m, t, natural(facility))
        link(t, slot, start)
        if f == m.facility.shape[0]:
            break
        if refresh(m, t, v) and t.tour[v, COST] < best:
            best, chosen = whole(t.tour[v, COST]), facility
        drop_slot(m, t, slot)
    refresh(m, t, v)
