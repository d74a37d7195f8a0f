"""Find the cheapest place for a container: inside a trip, or with an unloading put in just before or after it."""

from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.edit import insert_stop
from processing.routing.kernels.gaps import collect_all_gaps, collect_gaps
from processing.routing.kernels.members import leave
from processing.routing.kernels.model import (
    ACCEPTS,
    AT,
    BEGINS,
    CARRIES,
    CLOSES,
    COMES,
    FIXED,
    FLEXIBLE,
    FRACTION,
    GOES,
    INTO,
    KILOGRAMS,
    LAYOUT,
    LEAVES,
    LEG_S,
    LIMITED,
    LITRES,
    LOAD,
    METRES,
    MIXES,
    MOST_M,
    MOST_S,
    MOST_STOPS,
    MUST,
    NEED,
    NEVER,
    NOWHERE,
    PER_M,
    PRE_LATEST,
    PRE_S,
    PROFILE,
    RATIONED,
    RELEASE,
    RELEASED,
    RIDE,
    ROOM,
    SERVICE,
    SIZE,
    STARTS,
    STOPS,
    TAIL_END,
    TAIL_S,
    TIMED,
    TRIP,
    TRIPS,
    UNLOADS,
    WAITS,
    WAYWARD,
    Int64,
    Model,
    Tours,
    UInt64,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.random import below
from processing.routing.kernels.timing import earliest_begin, latest_begin, ride_cost
from processing.routing.kernels.tour import habit, refresh
from processing.routing.kernels.unload import best_unload, facility_takes

BLINK = 100
"""One in so many better places is overlooked, so that the search does not repeat itself."""


@kernel
def best_insertion(
    m: Model, t: Tours, c: int, limit: int, rng: UInt64, gaps: Int64
) -> tuple[int, int, int, int, int]:
    """Cheapest insertion of container ``c`` that costs less than ``limit``.

    Parameters
    ----------
    gaps : (G, 4) int64
        Scratch: gaps to look at; see `collect_gaps`.

    Returns
    -------
    tuple of int
        Extra cost (``limit`` if there is none), vehicle (-1), row to insert at, facility for an unloading
        before the container or -1, and for one after it or -1.
    """
    count = collect_gaps(m, t, c, gaps)
    for attempt in range(2):
        found = cheapest_gap(m, t, c, limit, rng, gaps, count)
        if found[1] >= 0 or limit < NOWHERE or attempt == 1:
            break
        count = collect_all_gaps(m, t, c, gaps)
    return found


@inlined
def cheapest_gap(
    m: Model, t: Tours, c: int, limit: int, rng: UInt64, gaps: Int64, count: int
) -> tuple[int, int, int, int, int]:
    """The cheapest of the first ``count`` gaps, likewise."""
    c = natural(c)
    best = limit
    best_v = -1
    best_row = -1
    best_before = -1
    best_after = -1
    dimensions = m.demand.shape[2]
    timed = m.rule[TIMED] != 0
    released = m.rule[RELEASED] != 0
    wayward = m.rule[WAYWARD] != 0
    special = m.rule[RATIONED] != 0 or m.rule[LIMITED] != 0
    serving = m.serving[c]
    comes = natural(m.node[0, c, COMES])
    goes = natural(m.node[0, c, GOES])
    bit = m.node[0, c, FRACTION]
    for g in range(count):
        if gaps[g, 2] + serving >= best:
            continue
        v = natural(gaps[g, 0])
        r = natural(gaps[g, 1])
        extra_m = gaps[g, 3]
        side = serving
        if t.tour[v, SIZE] == 2:
            side += m.vehicle[v, FIXED]
            if gaps[g, 2] + side >= best:
                continue
        p = natural(m.vehicle[v, PROFILE])
        layout = natural(m.vehicle[v, LAYOUT])
        a = natural(t.leg[r, AT])
        b = natural(t.leg[r + 1, INTO])
        j = natural(t.stop[r + 1, TRIP])
        carries = t.trip[j, CARRIES]
        fits = carries == bit or goes_with(m, t, c, v, j)
        if fits:
            for d in range(dimensions):
                if t.trip[j, LOAD + d] + m.demand[layout, c, d] > m.vehicle[v, ROOM + d]:
                    fits = False
        if not fits and t.tour[v, UNLOADS] >= m.vehicle[v, TRIPS]:
            continue
        if special and not allowed(m, t, c, v, j, extra_m, fits):
            continue
        if wayward:
            side += change_of_habit(m, t, c, v, r)
            if gaps[g, 2] + side >= best:
                continue
        if not fits:
            extra, before, after = best_unload(m, t, c, v, r, best, side)
            if extra < best and below(rng, BLINK) != 0:
                best, best_v, best_row, best_before, best_after = extra, v, r + 1, before, after
            continue
        extra = gaps[g, 2] + side + t.tour[v, METRES] * m.vehicle[v, PER_M] - t.tour[v, RIDE]
        if timed:
            leaves = int(t.stop[r, LEAVES])
            release = m.node[p, c, RELEASE]
            if released and release > t.trip[j, WAITS]:
                start = natural(t.trip[j, STARTS])
                if start != r and release > t.stop[start + 1, MUST] - t.leg[start, LEG_S]:
                    continue
                leaves = max(leaves, release + t.stop[r, PRE_S] - t.stop[start, PRE_S])
            begin = earliest_begin(m, p, c, leaves + m.into_s[p, comes, a])
            if begin >= NEVER:
                continue
            arrival = begin + m.node[p, c, SERVICE] + m.out_s[p, goes, b]
            if arrival > t.stop[r + 1, MUST]:
                continue
            extra = timed_extra(m, t, c, v, r, arrival, extra_m) + side
        if extra < best and below(rng, BLINK) != 0:
            best, best_v, best_row, best_before, best_after = extra, v, r + 1, -1, -1
    return best, best_v, best_row, best_before, best_after


@inlined
def goes_with(m: Model, t: Tours, c: int, v: int, j: int) -> bool:
    """Whether a container may join trip ``j``, which carries something else or nothing."""
    closes = t.trip[j, CLOSES]
    if closes < 0 or (t.trip[j, CARRIES] != 0 and m.vehicle[v, MIXES] == 0):
        return False
    facility = t.node[closes] - m.demand.shape[1]
    return bool(
        facility >= m.facility.shape[0] or m.facility[facility, ACCEPTS] & m.node[0, c, FRACTION] != 0
    )


@inlined
def timed_extra(m: Model, t: Tours, c: int, v: int, r: int, arrival: int, extra_m: int) -> int:
    """What metres and time cost more if the stop after ``r`` is reached then; NOWHERE if the shift gets too long."""
    end = max(int(t.stop[r + 1, TAIL_END]), arrival + t.stop[r + 1, TAIL_S])
    duration = end - m.vehicle[v, BEGINS]
    if m.vehicle[v, FLEXIBLE]:
        p = natural(m.vehicle[v, PROFILE])
        into = m.into_s[p, m.node[p, c, COMES], t.leg[r, AT]]
        out = m.node[p, c, SERVICE] + m.out_s[p, m.node[p, c, GOES], t.leg[r + 1, INTO]]
        total = t.stop[r, PRE_S] + into + out + t.stop[r + 1, TAIL_S]
        latest = latest_begin(m, p, c, t.stop[r + 1, MUST] - out) - into - t.stop[r, PRE_S]
        duration = max(total, end - min(latest, int(t.stop[r, PRE_LATEST])))
        if duration > m.vehicle[v, MOST_S]:
            return NOWHERE
    return int(ride_cost(m, v, t.tour[v, METRES] + extra_m, end, duration) - t.tour[v, RIDE])


@inlined
def change_of_habit(m: Model, t: Tours, c: int, v: int, r: int) -> int:
    """What habits cost more with the container after row ``r``."""
    before, after = t.node[r], t.node[r + 1]
    cost = habit(m, v, before, c)
    if after < m.demand.shape[1]:
        cost += habit(m, v, c, after) - habit(m, v, before, after)
    return cost


@inlined
def allowed(m: Model, t: Tours, c: int, v: int, j: int, extra_m: int, fits: bool) -> bool:
    """Whether the tour's rations have room for the container, and the facility that closes trip ``j`` too."""
    if t.tour[v, STOPS] >= m.vehicle[v, MOST_STOPS] or t.tour[v, METRES] + extra_m > m.vehicle[v, MOST_M]:
        return False
    whole_day = (v + 1) * ((t.trip.shape[0] - 1) // t.tour.shape[0]) - 1
    for d in range(m.demand.shape[2]):
        if (
            t.trip[whole_day, LOAD + d] + m.demand[m.vehicle[v, LAYOUT], c, d]
            > m.vehicle[v, ROOM + m.demand.shape[2] + d]
        ):
            return False
    if not fits or m.rule[LIMITED] == 0:
        return True
    closing = t.node[t.trip[j, CLOSES]] - m.demand.shape[1]
    return closing >= m.facility.shape[0] or facility_takes(
        m, t, v, closing, whole(m.node[0, c, LITRES]), whole(m.node[0, c, KILOGRAMS])
    )


@kernel
def insert(m: Model, t: Tours, c: int, v: int, row: int, before: int, after: int) -> bool:
    """Carry out what `best_insertion` found; False if the tour breaks something after all."""
    n = m.demand.shape[1]
    if after >= 0:
        insert_stop(t, v, row, n + after)
    insert_stop(t, v, row, c)
    if before >= 0:
        insert_stop(t, v, row, n + before)
    leave(t.gone, natural(m.node[0, c, NEED]))
    return refresh(m, t, v)
