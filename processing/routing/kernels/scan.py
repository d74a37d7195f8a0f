"""Look through whole tours for a place, where few tours have room: most tours of a good plan are full.

Walking along few tours is faster than looking at many neighbours of which nearly all stand in full ones, and it sees
every place.
"""

from processing.routing.kernels.arrival import on_time
from processing.routing.kernels.chain import start_of
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.model import (
    AFTER,
    EARLIEST_DEPARTURE,
    INNER_M,
    LATEST_ARRIVAL,
    LEG_M,
    NEVER,
    OPENS,
    PROFILE,
    SERVICE,
    SHUTS,
    SPARE,
    STOPS,
    SUCC,
    TIMED,
    Int64,
    Model,
    Tours,
    UInt64,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.random import below
from processing.routing.kernels.room import least_demand

MOST_STOPS = 100
"""With more stops in tours with room, neighbours are looked at instead."""


@kernel
def collect_best_gaps(m: Model, t: Tours, c: int, blink: int, rng: UInt64, gaps: Int64) -> int:
    """The gap of each plain tour with room where the container adds the fewest metres, some passed over at random.

    Returns
    -------
    int
        How many rows of ``gaps`` were filled, -1 if there are too many stops to look at.
    """
    roomy = roomy_tours(m, t, c, gaps)
    if roomy < 0:
        return -1
    count = natural(0)
    for i in range(roomy):
        v = natural(gaps[i, 0])
        x, extra_m = best_gap(m, t, c, v, blink, rng)
        if x >= 0:
            gaps[count, 0] = x
            gaps[count, 1] = extra_m
            count = natural(count + 1)
    return int(count)


@inlined
def roomy_tours(m: Model, t: Tours, c: int, gaps: Int64) -> int:
    """Write plain tours with room for the container into ``gaps``; how many, -1 if they have too many stops."""
    least = least_demand(m, c)
    used, trip, tour = t.used, t.trip, t.tour
    roomy = natural(0)
    stops = whole(0)
    for i in range(used[used.shape[0] - 1, 0]):
        v = natural(used[i, 0])
        if trip[v, SPARE] >= least:
            stops += tour[v, STOPS] + 1
            if stops > MOST_STOPS:
                return whole(-1)
            gaps[roomy, 0] = v
            roomy = natural(roomy + 1)
    return whole(roomy)


@kernel
def best_gap(m: Model, t: Tours, c: int, v: int, blink: int, rng: UInt64) -> tuple[int, int]:
    """The stop of tour ``v`` after which the container adds the fewest metres, and those; -1 if there is none."""
    c, v = natural(c), natural(v)
    p = natural(m.vehicle[v, PROFILE])
    stop, into_m, out_m = t.stop, m.into_m[p, c], m.out_m[p, c]
    timed = m.rule[TIMED] != 0
    shuts, opens = whole(NEVER), whole(-NEVER)
    if timed:
        shuts, opens = whole(m.node[p, c, SHUTS]), whole(m.node[p, c, OPENS]) + m.node[p, c, SERVICE]
    x = start_of(m, v)
    end = natural(x + 1)
    best_x = whole(-1)
    best_m = whole(NEVER)
    into = whole(into_m[natural(t.at[x])])
    while x != end:
        following = natural(stop[x, SUCC])
        place = natural(stop[x, AFTER])
        into_next = whole(into_m[place])
        if timed:
            if stop[x, EARLIEST_DEPARTURE] > shuts:
                break
            if stop[following, LATEST_ARRIVAL] < opens:
                into, x = into_next, following
                continue
        extra_m = into + out_m[place] - stop[x, LEG_M]
        if extra_m < best_m and (not timed or on_time(m, t, c, v, x)) and below(rng, 1024) >= blink:
            best_x = whole(x)
            best_m = whole(extra_m)
        into, x = into_next, following
    return best_x, best_m + m.node[p, c, INNER_M]
