"""Hand a tour over to a larger or a smaller vehicle of its family: one that differs in room and price alone."""

from processing.routing.kernels.chain import next_unused, start_of, tie
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.history import remember
from processing.routing.kernels.model import (
    FAMILY,
    FIXED,
    LAYOUT,
    LOAD,
    METRES,
    NOWHERE,
    PER_M,
    PRED,
    ROOM,
    STOPS,
    SUCC,
    TOUR,
    Int64,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.tour import revise


@kernel
def larger_vehicle(
    m: Model, t: Tours, c: int, v: int, extra_m: int, gaps: Int64, count: int
) -> tuple[int, int]:
    """The unused vehicle that takes tour ``v`` and container ``c`` with it at the least price.

    Parameters
    ----------
    gaps : Int64
        The last rows before ``count`` stand for unused vehicles, one of each kind.

    Returns
    -------
    tuple of int
        What it costs more, with ``extra_m`` metres more, and the vehicle; NOWHERE and -1 if there is none.
    """
    best = whole(NOWHERE)
    chosen = whole(-1)
    v, c = natural(v), natural(c)
    layout = natural(m.vehicle[v, LAYOUT])
    g = count - 1
    while g >= 0:
        x = natural(gaps[g, 0])
        u = natural(t.stop[x, TOUR])
        if x < m.demand.shape[1] or t.tour[u, STOPS] > 0:
            break
        g -= 1
        if m.vehicle[u, FAMILY] != m.vehicle[v, FAMILY]:
            continue
        fits = True
        for d in range(m.demand.shape[2]):
            if t.trip[v, LOAD + d] + m.demand[layout, c, d] > m.vehicle[u, ROOM + d]:
                fits = False
        if not fits:
            continue
        extra = change_of_price(m, t, v, u) + extra_m * m.vehicle[u, PER_M]
        if extra < best:
            best = extra
            chosen = whole(u)
    return best, chosen


@inlined
def change_of_price(m: Model, t: Tours, v: int, u: int) -> int:
    """What vehicle ``u`` costs more than ``v`` for the tour of ``v``."""
    per_m = m.vehicle[u, PER_M] - m.vehicle[v, PER_M]
    return int(m.vehicle[u, FIXED] - m.vehicle[v, FIXED] + t.tour[v, METRES] * per_m)


@kernel
def shrink(m: Model, t: Tours, old: Tours, v: int) -> None:
    """Hand tour ``v`` over to the cheapest unused vehicle of its family that has the room, if it is cheaper."""
    v = natural(v)
    if t.tour[v, STOPS] == 0:
        return
    best = whole(0)
    chosen = whole(-1)
    i = next_unused(m, t, 0)
    while i < m.alike.shape[0]:
        u = natural(m.alike[i, 0])
        i = next_unused(m, t, m.alike[i, 1])
        if m.vehicle[u, FAMILY] != m.vehicle[v, FAMILY]:
            continue
        fits = True
        for d in range(m.demand.shape[2]):
            if t.trip[v, LOAD + d] > m.vehicle[u, ROOM + d]:
                fits = False
        if fits:
            extra = change_of_price(m, t, v, u)
            if extra < best:
                best = extra
                chosen = whole(u)
    if chosen >= 0:
        hand_over(m, t, old, v, natural(chosen))


@kernel
def hand_over(m: Model, t: Tours, old: Tours, v: int, u: int) -> None:
    """Have the unused vehicle ``u`` make the tour of ``v``."""
    remember(m, t, old, v)
    remember(m, t, old, u)
    start, other = start_of(m, v), start_of(m, u)
    first, last = natural(t.stop[start, SUCC]), natural(t.stop[natural(start + 1), PRED])
    tie(t, other, first)
    tie(t, last, natural(other + 1))
    tie(t, start, natural(start + 1))
    revise(m, t, v)
    revise(m, t, u)
