"""Which gaps between two stops are worth a look for a container, and what metres would cost more there.

A gap is named by the stop before it.
"""

from processing.routing.kernels.chain import next_unused, start_of
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.model import (
    AFTER,
    BACK_M,
    BEFORE,
    EARLIEST_DEPARTURE,
    INNER_M,
    LATEST_ARRIVAL,
    LEG_M,
    NEVER,
    OPENS,
    PRED,
    PROFILE,
    SERVICE,
    SHUTS,
    SPARE,
    SUCC,
    TIMED,
    TOUR,
    TRIP,
    Int64,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.room import least_demand

UNUSED, HERE, NEARBY, EVERYWHERE = range(4)
"""Where places are looked for: in unused vehicles only; or first where the container is, then beside neighbours, then
in all tours, as far as is asked for and as long as there is none."""
MOST_HERE = 3
"""So many gaps where the container is are looked at."""
FEW = 12
"""With no more tours in use, the start of each is looked at as well."""


@inlined
def collect_gaps(m: Model, t: Tours, c: int, gaps: Int64) -> int:
    """Gaps beside the container's best neighbours, at starts of few tours, and in an unused vehicle of each kind.

    Each row of ``gaps`` gets the stop before the gap and the metres that the container would add. A gap may be listed
    twice.

    Returns
    -------
    int
        How many were found.
    """
    count = natural(0)
    least = least_demand(m, c)
    inner = m.node[0, c, INNER_M]
    stop, trip, beside, into_m, out_m = t.stop, t.trip, m.beside, m.into_m[0, c], m.out_m[0, c]
    one_profile = m.out_m.shape[0] == 1
    shuts, opens = whole(NEVER), whole(-NEVER)
    if m.rule[TIMED] != 0 and one_profile:
        shuts, opens = whole(m.node[0, c, SHUTS]), whole(m.node[0, c, OPENS]) + m.node[0, c, SERVICE]
    for i in range(beside.shape[2]):
        x = natural(beside[0, c, i])
        if trip[natural(stop[x, TRIP]), SPARE] >= least and stop[x, EARLIEST_DEPARTURE] <= shuts:
            if one_profile:
                following = natural(stop[x, AFTER])
                gaps[count, 0] = x
                gaps[count, 1] = into_m[x] + out_m[following] - stop[x, LEG_M] + inner
                count = natural(count + 1)
            else:
                count = add_gap(m, t, c, x, gaps, count)
        y = natural(beside[1, c, i])
        if trip[natural(stop[y, TRIP]), SPARE] >= least and stop[y, LATEST_ARRIVAL] >= opens:
            if one_profile:
                before = natural(stop[y, BEFORE])
                gaps[count, 0] = stop[y, PRED]
                gaps[count, 1] = into_m[before] + out_m[y] - stop[y, BACK_M] + inner
                count = natural(count + 1)
            else:
                count = add_gap(m, t, c, natural(stop[y, PRED]), gaps, count)
    used = t.used[t.used.shape[0] - 1, 0]
    if used <= FEW:
        for i in range(used):
            count = add_gap(m, t, c, start_of(m, t.used[i, 0]), gaps, count)
    return collect_unused(m, t, c, gaps, count)


@inlined
def collect_here(m: Model, t: Tours, c: int, gaps: Int64) -> int:
    """Gaps behind containers in the same place, a few; returns how many."""
    count = natural(0)
    for i in range(m.beside.shape[2]):
        x = natural(m.beside[0, c, i])
        if count == MOST_HERE or m.into_m[0, c, x] > 0 or m.into_s[0, c, x] > 0:
            break
        if t.stop[x, TOUR] >= 0:
            count = add_gap(m, t, c, x, gaps, count)
    return count


@inlined
def add_gap(m: Model, t: Tours, c: int, x: int, gaps: Int64, count: int) -> int:
    """Write down the gap after stop ``x``; returns the number of gaps."""
    p = natural(m.vehicle[natural(t.stop[x, TOUR]), PROFILE])
    following = natural(t.stop[x, AFTER])
    extra = m.into_m[p, c, natural(t.at[x])] + m.out_m[p, c, following] - t.stop[x, LEG_M]
    gaps[count, 0] = x
    gaps[count, 1] = extra + m.node[p, c, INNER_M]
    return natural(count + 1)


@inlined
def collect_unused(m: Model, t: Tours, c: int, gaps: Int64, count: int) -> int:
    """Add the gap of one unused vehicle of each kind, unless no further one may be used."""
    if t.used[t.used.shape[0] - 1, 1] != 0:
        return count
    i = next_unused(m, t, 0)
    while i < m.alike.shape[0]:
        v = natural(m.alike[i, 0])
        if m.may[v, c]:
            count = add_gap(m, t, c, start_of(m, v), gaps, count)
        i = next_unused(m, t, m.alike[i, 1])
    return count


@kernel
def collect_all_gaps(m: Model, t: Tours, c: int, gaps: Int64) -> int:
    """Every gap of every tour that may serve the container, and one unused vehicle of each kind; returns how many."""
    count = natural(0)
    for i in range(t.used[t.used.shape[0] - 1, 0]):
        v = natural(t.used[i, 0])
        if m.may[v, c]:
            x = start_of(m, v)
            end = natural(x + 1)
            while x != end:
                count = add_gap(m, t, c, x, gaps, count)
                x = natural(t.stop[x, SUCC])
    return collect_unused(m, t, c, gaps, count)
