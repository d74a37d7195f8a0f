"""Windows and what a tour costs."""

from processing.routing.kernels.compile import kernel
from processing.routing.kernels.model import NEVER, Model


@kernel
def earliest_begin(m: Model, node: int, arrival: int) -> int:
    """When service begins after this arrival; NEVER if no window is left."""
    first, last = m.windows[node], m.windows[node + 1]
    if first == last:
        return arrival
    for w in range(first, last):
        if arrival <= m.closes[w]:
            return max(arrival, m.opens[w])
    return NEVER


@kernel
def latest_begin(m: Model, node: int, limit: int) -> int:
    """The latest begin of service up to ``limit``; -NEVER if there is none."""
    first, last = m.windows[node], m.windows[node + 1]
    if first == last:
        return limit
    for w in range(last - 1, first - 1, -1):
        if m.opens[w] <= limit:
            return min(limit, m.closes[w])
    return -NEVER


@kernel
def tour_cost(m: Model, v: int, metres: int, end: int) -> int:
    """Cost of a used vehicle that drives so far and returns then."""
    cost = m.fixed[v] + metres * m.per_m[v] + (end - m.begins[v]) * m.per_s[v]
    if end > m.regular[v]:
        cost += (end - m.regular[v]) * m.over_s[v]
    return cost
