"""Trips that wait at their start until the last of their containers is released."""

from processing.routing.kernels.chain import start_of
from processing.routing.kernels.compile import inlined
from processing.routing.kernels.model import (
    EARLIEST_DEPARTURE,
    LATEST_ARRIVAL,
    LEG_S,
    NEVER,
    PRE_S,
    RELEASE,
    RELEASED,
    SUCC,
    TRIP,
    WAITS,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole


@inlined
def leaves_with(m: Model, t: Tours, p: int, c: int, x: int) -> int:
    """When stop ``x`` is left if its trip has container ``c`` as well; NEVER if that makes the trip too late."""
    leaves = whole(t.stop[x, EARLIEST_DEPARTURE])
    if m.rule[RELEASED] == 0:
        return leaves
    j = natural(t.stop[x, TRIP])
    release = whole(m.node[p, c, RELEASE])
    if release <= t.trip[j, WAITS]:
        return leaves
    start = opener(m, j)
    due = t.stop[natural(t.stop[start, SUCC]), LATEST_ARRIVAL] - t.stop[start, LEG_S]
    if start != x and release > due:
        return whole(NEVER)
    return int(max(leaves, release + t.stop[x, PRE_S] - t.stop[start, PRE_S]))


@inlined
def opener(m: Model, j: int) -> int:
    """The stop that opens trip ``j``."""
    vehicles = m.vehicle.shape[0]
    return start_of(m, j) if j < vehicles else natural(m.demand.shape[1] + vehicles + j)
