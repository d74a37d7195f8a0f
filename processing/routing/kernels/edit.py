"""Change the stops of a tour; `refresh` must follow."""

from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.members import join
from processing.routing.kernels.model import (
    ABOARD,
    ACCEPTS,
    FRACTION,
    HOME,
    LAYOUT,
    LOAD,
    MIXES,
    NEED,
    ROOM,
    SIZE,
    TOUR,
    Int64,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural


@inlined
def insert_stop(t: Tours, v: int, row: int, node: int) -> None:
    """Make ``node`` the stop at ``row``."""
    first = natural(v * (t.node.size // t.tour.shape[0]))
    for r in range(first + t.tour[v, SIZE], row, -1):
        t.node[r] = t.node[r - 1]
    t.node[row] = node
    t.tour[v, SIZE] += 1


@inlined
def remove_stop(t: Tours, v: int, row: int) -> None:
    """Take the stop at ``row`` out."""
    first = natural(v * (t.node.size // t.tour.shape[0]))
    t.tour[v, SIZE] -= 1
    for r in range(row, first + t.tour[v, SIZE]):
        t.node[r] = t.node[r + 1]


@inlined
def lift(m: Model, t: Tours, c: int, pool: Int64, count: int) -> int:
    """Note that a container is in no tour any more; its need joins the pool; returns the pool's size."""
    need = natural(m.node[0, c, NEED])
    t.where[c, TOUR] = -1
    if t.gone[need, 1] < 0:
        join(t.gone, need)
        pool[count] = need
        return count + 1
    return count


@kernel
def drop_useless_unloads(m: Model, t: Tours, v: int) -> None:
    """Drop unloadings of nothing, and those whose trip and the next fit into one."""
    n = m.demand.shape[1]
    first = natural(v * (t.node.size // t.tour.shape[0]))
    last = first + t.tour[v, SIZE] - 1
    joined = t.trip.shape[0] - 1
    kept = first + 1
    carried = m.vehicle[v, ABOARD]
    for d in range(m.demand.shape[2]):
        t.trip[joined, LOAD + d] = m.vehicle[v, ROOM + 2 * m.demand.shape[2] + d]
    for r in range(first + 1, last):
        node = natural(t.node[r])
        if node < n:
            carried |= m.node[0, node, FRACTION]
            for d in range(m.demand.shape[2]):
                t.trip[joined, LOAD + d] += m.demand[m.vehicle[v, LAYOUT], node, d]
        else:
            if carried == 0 or fits_next(m, t, v, r, last, joined, carried):
                continue
            carried = 0
            for d in range(m.demand.shape[2]):
                t.trip[joined, LOAD + d] = 0
        t.node[kept] = node
        kept += 1
    t.node[kept] = t.node[last]
    t.tour[v, SIZE] = kept + 1 - first


@kernel
def fits_next(m: Model, t: Tours, v: int, row: int, last: int, joined: int, carried: int) -> bool:
    """Whether the trip after the unloading at ``row`` takes the load in row ``joined`` as well."""
    n = m.demand.shape[1]
    if t.node[row + 1] >= n and row + 1 < last:
        return False
    closes = row + 1
    while closes < last and t.node[closes] < n:
        carried |= m.node[0, t.node[closes], FRACTION]
        closes += 1
    if closes == last:
        if m.vehicle[v, HOME] < 0:
            return False
        facility = m.vehicle[v, HOME]
    else:
        facility = t.node[closes] - n
    if carried & ~m.facility[facility, ACCEPTS] != 0:
        return False
    if not m.vehicle[v, MIXES] and carried & (carried - 1) != 0:
        return False
    for d in range(m.demand.shape[2]):
        total = t.trip[joined, LOAD + d]
        for k in range(row + 1, closes):
            total += m.demand[m.vehicle[v, LAYOUT], t.node[k], d]
        if total > m.vehicle[v, ROOM + d]:
            return False
    return True
