"""Windows, and what a tour costs."""

from processing.routing.kernels.compile import inlined
from processing.routing.kernels.members import join, leave
from processing.routing.kernels.model import (
    COST,
    FIRST_WINDOW,
    FIXED,
    LAST_WINDOW,
    NEVER,
    OPENS,
    OTHER_ORDER,
    OTHER_VEHICLE,
    OVER_S,
    PER_M,
    PER_S,
    REGULAR,
    RIDE,
    SHUTS,
    SIDE,
    STOPS,
    UNDERWAY,
    USUAL_AFTER,
    USUAL_V,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole


@inlined
def earliest_begin(m: Model, p: int, place: int, arrival: int) -> int:
    """When service begins after this arrival; NEVER if no window is left."""
    if arrival > m.node[p, place, SHUTS]:
        return NEVER
    first, last = m.node[p, place, FIRST_WINDOW], m.node[p, place, LAST_WINDOW]
    if first == last:
        return max(arrival, whole(m.node[p, place, OPENS]))
    for w in range(first, last):
        if arrival <= m.window[w, 1]:
            return max(arrival, int(m.window[w, 0]))
    return NEVER


@inlined
def latest_begin(m: Model, p: int, place: int, limit: int) -> int:
    """The latest arrival from which service begins by ``limit``; -NEVER if there is none."""
    if limit < m.node[p, place, OPENS]:
        return -NEVER
    first, last = m.node[p, place, FIRST_WINDOW], m.node[p, place, LAST_WINDOW]
    if first == last:
        return min(limit, whole(m.node[p, place, SHUTS]))
    for w in range(last - 1, first - 1, -1):
        if m.window[w, 0] <= limit:
            return min(limit, int(m.window[w, 1]))
    return -NEVER


@inlined
def ride_cost(m: Model, v: int, metres: int, end: int, duration: int) -> int:
    """Cost of driving so far, returning then and being on the clock so long."""
    cost = int(metres * m.vehicle[v, PER_M] + duration * m.vehicle[v, PER_S])
    if end > m.vehicle[v, REGULAR]:
        cost += int((end - m.vehicle[v, REGULAR]) * m.vehicle[v, OVER_S])
    return cost


@inlined
def habit(m: Model, v: int, before: int, c: int) -> int:
    """What it costs to serve ``c`` with this vehicle after this stop, compared with yesterday."""
    if m.node[0, c, USUAL_V] == -2:
        return 0
    cost = 0
    if m.node[0, c, USUAL_V] != v:
        cost += m.rule[OTHER_VEHICLE]
    if m.node[0, c, USUAL_AFTER] != (before if before < m.demand.shape[1] else -1):
        cost += m.rule[OTHER_ORDER]
    return cost


@inlined
def add_up(m: Model, t: Tours, v: int) -> None:
    """Cost of a tour from its parts; whether its vehicle is in use."""
    if t.tour[v, STOPS] == 0 and m.vehicle[v, UNDERWAY] == 0:
        t.tour[v, RIDE] = 0
        t.tour[v, COST] = 0
        leave(t.used, natural(v))
    else:
        t.tour[v, COST] = t.tour[v, RIDE] + t.tour[v, SIDE] + m.vehicle[v, FIXED]
        join(t.used, natural(v))
