"""Drop unloadings that a tour does not need any more."""

from processing.routing.kernels.chain import drop_slot, start_of
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.model import (
    ABOARD,
    ACCEPTS,
    FRACTION,
    HOME,
    LAYOUT,
    LOAD,
    MIXES,
    PLAIN,
    ROOM,
    SUCC,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural
from processing.routing.kernels.tour import revise


@kernel
def tidy(m: Model, t: Tours, v: int) -> bool:
    """Drop unloadings that are not needed any more; False if the tour breaks something even without that."""
    v = natural(v)
    if m.rule[PLAIN] == 0:
        drop_useless_unloads(m, t, v)
    return revise(m, t, v)


@kernel
def drop_useless_unloads(m: Model, t: Tours, v: int) -> None:
    """Drop unloadings of nothing, and those whose trip and the next fit into one."""
    n = m.demand.shape[1]
    dimensions = m.demand.shape[2]
    start = start_of(m, v)
    end = natural(start + 1)
    layout = natural(m.vehicle[v, LAYOUT])
    joined = natural(t.trip.shape[0] - 1)
    carried = int(m.vehicle[v, ABOARD])
    for d in range(dimensions):
        t.trip[joined, LOAD + d] = m.vehicle[v, ROOM + 2 * dimensions + d]
    x = natural(t.stop[start, SUCC])
    while x != end:
        following = natural(t.stop[x, SUCC])
        if x < n:
            carried |= int(m.node[0, x, FRACTION])
            for d in range(dimensions):
                t.trip[joined, LOAD + d] += m.demand[layout, x, d]
        elif carried == 0 or fits_next(m, t, v, x, joined, carried):
            drop_slot(m, t, x)
        else:
            carried = 0
            for d in range(dimensions):
                t.trip[joined, LOAD + d] = 0
        x = following


@inlined
def fits_next(m: Model, t: Tours, v: int, slot: int, joined: int, carried: int) -> bool:
    """Whether the trip after an unloading takes the load in row ``joined`` as well."""
    n = m.demand.shape[1]
    end = natural(start_of(m, v) + 1)
    first = natural(t.stop[slot, SUCC])
    if first >= n and first != end:
        return False
    closes = first
    while closes < n:
        carried |= int(m.node[0, closes, FRACTION])
        closes = natural(t.stop[closes, SUCC])
    if closes == end:
        if m.vehicle[v, HOME] < 0:
            return False
        facility = natural(m.vehicle[v, HOME])
    else:
        facility = natural(t.at[closes] - n)
    if carried & ~m.facility[facility, ACCEPTS] != 0:
        return False
    if m.vehicle[v, MIXES] == 0 and carried & (carried - 1) != 0:
        return False
    layout = natural(m.vehicle[v, LAYOUT])
    for d in range(m.demand.shape[2]):
        total = t.trip[joined, LOAD + d]
        x = first
        while x < n:
            total += m.demand[layout, x, d]
            x = natural(t.stop[x, SUCC])
        if total > m.vehicle[v, ROOM + d]:
            return False
    return True
