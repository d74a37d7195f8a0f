"""Which gaps between two stops are worth a look for a container, and what metres would cost more there."""

from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.model import (
    AT,
    COMES,
    GOES,
    INNER_M,
    INTO,
    LEG_M,
    PER_M,
    PICKY,
    PROFILE,
    ROW,
    SIZE,
    SPARE,
    TOUR,
    Int64,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole

REACH = 80
"""Neighbours beside which a place is looked for."""
FEW = 12
"""With no more tours in use, the start of each is looked at as well."""


@inlined
def collect_gaps(m: Model, t: Tours, c: int, gaps: Int64) -> int:
    """Gaps beside the container's placed neighbours, at starts of tours, and in an unused vehicle of each kind.

    Each row of ``gaps`` gets the vehicle, the row of the stop before the gap, and the metres that it would add. A gap
    may be listed twice.

    Returns
    -------
    int
        How many were found.
    """
    c = natural(c)
    length = natural(t.node.size // t.tour.shape[0])
    comes = natural(m.node[0, c, COMES])
    goes = natural(m.node[0, c, GOES])
    count = natural(0)
    picky = m.rule[PICKY] != 0
    least = least_demand(m, c)
    for i in range(1, min(REACH, m.near.shape[1])):
        d = natural(m.near[c, i])
        if t.where[d, TOUR] < 0:
            continue
        v = natural(t.where[d, TOUR])
        if t.tour[v, SPARE] >= least and (not picky or m.may[v, c]):
            r = natural(t.where[d, ROW])
            add_gap(m, t, c, comes, goes, v, natural(r - 1), gaps, count)
            add_gap(m, t, c, comes, goes, v, r, gaps, natural(count + 1))
            count = natural(count + 2)
    used = t.used[t.used.shape[0] - 1, 0]
    if used <= FEW:
        for i in range(used):
            v = natural(t.used[i, 0])
            if m.may[v, c]:
                add_gap(m, t, c, comes, goes, v, natural(v * length), gaps, count)
                count = natural(count + 1)
    return collect_unused(m, t, c, gaps, count)


@inlined
def least_demand(m: Model, c: int) -> int:
    """What the container adds at least to the first load dimension, whatever the vehicle's layout."""
    if m.demand.shape[2] == 0:
        return whole(0)
    least = whole(m.demand[0, c, 0])
    for layout in range(1, m.demand.shape[0]):
        least = min(least, whole(m.demand[layout, c, 0]))
    return least


@inlined
def add_gap(
    m: Model, t: Tours, c: int, comes: int, goes: int, v: int, r: int, gaps: Int64, count: int
) -> None:
    """Write down one gap, and what metres would cost more in it."""
    p = natural(m.vehicle[v, PROFILE])
    a = natural(t.leg[r, AT])
    b = natural(t.leg[r + 1, INTO])
    extra_m = m.into_m[p, comes, a] + m.out_m[p, goes, b] - t.leg[r, LEG_M] + m.node[p, c, INNER_M]
    gaps[count, 0] = v
    gaps[count, 1] = r
    gaps[count, 2] = extra_m * m.vehicle[v, PER_M]
    gaps[count, 3] = extra_m


@kernel
def collect_unused(m: Model, t: Tours, c: int, gaps: Int64, count: int) -> int:
    """Add the gap of one unused vehicle of each kind."""
    length = natural(t.node.size // t.tour.shape[0])
    comes = natural(m.node[0, c, COMES])
    goes = natural(m.node[0, c, GOES])
    i = natural(0)
    while i < m.alike.shape[0]:
        v = natural(m.alike[i, 0])
        if t.used[v, 1] >= 0:
            i = natural(i + 1)
            continue
        i = natural(m.alike[i, 1])
        if m.may[v, c]:
            add_gap(m, t, c, comes, goes, v, natural(v * length), gaps, count)
            count = natural(count + 1)
    return count


@kernel
def collect_all_gaps(m: Model, t: Tours, c: int, gaps: Int64) -> int:
    """Every gap of every tour that may serve the container, and one unused vehicle of each kind; returns how many."""
    length = natural(t.node.size // t.tour.shape[0])
    comes = natural(m.node[0, c, COMES])
    goes = natural(m.node[0, c, GOES])
    count = natural(0)
    for i in range(t.used[t.used.shape[0] - 1, 0]):
        v = natural(t.used[i, 0])
        if m.may[v, c]:
            for r in range(v * length, v * length + t.tour[v, SIZE] - 1):
                add_gap(m, t, c, comes, goes, v, natural(r), gaps, count)
                count = natural(count + 1)
    return collect_unused(m, t, c, gaps, count)
