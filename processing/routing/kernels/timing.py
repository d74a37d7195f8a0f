"""Windows and what a tour costs."""

from processing.routing.kernels.compile import kernel
from processing.routing.kernels.model import (
    BEGINS,
    FIRST_WINDOW,
    FIXED,
    LAST_WINDOW,
    NEVER,
    OVER_S,
    PER_M,
    PER_S,
    REGULAR,
    Model,
)


@kernel
def earliest_begin(m: Model, node: int, arrival: int) -> int:
    """When service begins after this arrival; NEVER if no window is left."""
    first, last = m.node[node, FIRST_WINDOW], m.node[node, LAST_WINDOW]
    if first == last:
        return arrival
    for w in range(first, last):
        if arrival <= m.window[w, 1]:
            return max(arrival, int(m.window[w, 0]))
    return NEVER


@kernel
def latest_begin(m: Model, node: int, limit: int) -> int:
    """The latest begin of service up to ``limit``; -NEVER if there is none."""
    first, last = m.node[node, FIRST_WINDOW], m.node[node, LAST_WINDOW]
    if first == last:
        return limit
    for w in range(last - 1, first - 1, -1):
        if m.window[w, 0] <= limit:
            return min(limit, int(m.window[w, 1]))
    return -NEVER


@kernel
def tour_cost(m: Model, v: int, metres: int, end: int) -> int:
    """Cost of a used vehicle that drives so far and returns then."""
    cost = int(
        m.vehicle[v, FIXED]
        + metres * m.vehicle[v, PER_M]
        + (end - m.vehicle[v, BEGINS]) * m.vehicle[v, PER_S]
    )
    if end > m.vehicle[v, REGULAR]:
        cost += int((end - m.vehicle[v, REGULAR]) * m.vehicle[v, OVER_S])
    return cost
