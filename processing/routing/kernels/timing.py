"""Windows, and what a tour costs."""

from processing.routing.kernels.compile import inlined
from processing.routing.kernels.model import (
    FIRST_WINDOW,
    LAST_WINDOW,
    NEVER,
    OPENS,
    OVER_S,
    PER_M,
    PER_S,
    REGULAR,
    SHUTS,
    Model,
)
from processing.routing.kernels.natural import whole


@inlined
def earliest_begin(m: Model, p: int, node: int, arrival: int) -> int:
    """When service begins after this arrival; NEVER if no window is left."""
    first, last = m.node[p, node, FIRST_WINDOW], m.node[p, node, LAST_WINDOW]
    if first == last:
        return NEVER if arrival > m.node[p, node, SHUTS] else max(arrival, whole(m.node[p, node, OPENS]))
    for w in range(first, last):
        if arrival <= m.window[w, 1]:
            return max(arrival, int(m.window[w, 0]))
    return NEVER


@inlined
def latest_begin(m: Model, p: int, node: int, limit: int) -> int:
    """The latest arrival from which service begins by ``limit``; -NEVER if there is none."""
    first, last = m.node[p, node, FIRST_WINDOW], m.node[p, node, LAST_WINDOW]
    if first == last:
        return -NEVER if limit < m.node[p, node, OPENS] else min(limit, whole(m.node[p, node, SHUTS]))
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
