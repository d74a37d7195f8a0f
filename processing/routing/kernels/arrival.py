"""When the stop behind a gap would be reached with a container in the gap."""

from processing.routing.kernels.compile import inlined
from processing.routing.kernels.model import (
    AFTER,
    LATEST_ARRIVAL,
    NEVER,
    PROFILE,
    SERVICE,
    SUCC,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.release import leaves_with
from processing.routing.kernels.timing import earliest_begin


@inlined
def on_time(m: Model, t: Tours, c: int, v: int, x: int) -> bool:
    """Whether all that follows stop ``x`` is reached in time with the container between."""
    return bool(arrival_behind(m, t, c, v, x) <= t.stop[natural(t.stop[x, SUCC]), LATEST_ARRIVAL])


@inlined
def arrival_behind(m: Model, t: Tours, c: int, v: int, x: int) -> int:
    """When the stop after ``x`` is reached with the container between; 2 NEVER if that cannot be."""
    p = natural(m.vehicle[v, PROFILE])
    begin = earliest_begin(m, p, c, leaves_with(m, t, p, c, x) + m.into_s[p, c, natural(t.at[x])])
    if begin >= NEVER:
        return whole(2 * NEVER)
    return int(begin + m.node[p, c, SERVICE] + m.out_s[p, c, natural(t.stop[x, AFTER])])
