"""Find the cheapest place in plain tours in one pass: the metres that it adds discard nearly every place at once."""

from processing.routing.kernels.arrival import on_time
from processing.routing.kernels.chain import next_unused, start_of
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.gaps import FEW
from processing.routing.kernels.model import (
    AFTER,
    BACK_M,
    BEFORE,
    EARLIEST_DEPARTURE,
    FIXED,
    HABITUAL,
    INCOMPATIBLE,
    INNER_M,
    LATEST_ARRIVAL,
    LEG_M,
    LIMITED,
    NEVER,
    OPENS,
    PER_M,
    PLAIN,
    PRED,
    RATIONED,
    SERVICE,
    SHUTS,
    SIZED,
    SPARE,
    STOPS,
    TIMED,
    TRIP,
    Int64,
    Model,
    Tours,
    UInt64,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.random import below
from processing.routing.kernels.room import joins, least_demand
from processing.routing.kernels.scan import best_gap, roomy_tours


@inlined
def told_by_metres(m: Model) -> bool:
    """Whether metres, fixed costs, room and windows are all that tells places apart."""
    rule = m.rule
    special = rule[HABITUAL] + rule[SIZED] + rule[RATIONED] + rule[LIMITED]
    return bool(rule[PLAIN] != 0 and special == 0 and m.out_m.shape[0] == 1)


@kernel
def cheapest_plain(
    m: Model, t: Tours, c: int, limit: int, blink: int, rng: UInt64, gaps: Int64
) -> tuple[int, int]:
    """The least extra cost below ``limit``, and the stop to insert behind; ``limit`` and -1 if there is none.

    Places are those in whole tours where few tours have room, else those beside the best neighbours and at the starts
    of few tours; and an unused vehicle of each kind.
    """
    c = natural(c)
    best = whole(limit - m.serving[c])
    best_x = whole(-1)
    used = t.used[t.used.shape[0] - 1, 0]
    roomy = roomy_tours(m, t, c, gaps)
    if roomy >= 0:
        for i in range(roomy):
            best, best_x = try_tour(m, t, c, natural(gaps[i, 0]), best, best_x, blink, rng)
    else:
        best, best_x = try_neighbours(m, t, c, best, best_x, blink, rng)
        if used <= FEW:
            for i in range(used):
                v = natural(t.used[i, 0])
                best, best_x = try_place(m, t, c, v, start_of(m, v), best, best_x, blink, rng)
    if t.used[t.used.shape[0] - 1, 1] == 0:
        i = next_unused(m, t, 0)
        while i < m.alike.shape[0]:
            v = natural(m.alike[i, 0])
            best, best_x = try_place(m, t, c, v, start_of(m, v), best, best_x, blink, rng)
            i = next_unused(m, t, m.alike[i, 1])
    return best + m.serving[c], best_x


@inlined
def try_tour(
    m: Model, t: Tours, c: int, v: int, best: int, best_x: int, blink: int, rng: UInt64
) -> tuple[int, int]:
    """The better of the best place so far and those in tour ``v``."""
    if not takes(m, t, c, v):
        return best, best_x
    x, extra_m = best_gap(m, t, c, v, blink, rng)
    if x >= 0 and extra_m * m.vehicle[v, PER_M] < best:
        return whole(extra_m * m.vehicle[v, PER_M]), whole(x)
    return best, best_x


@inlined
def try_neighbours(
    m: Model, t: Tours, c: int, best: int, best_x: int, blink: int, rng: UInt64
) -> tuple[int, int]:
    """The better of the best place so far and those beside the best neighbours."""
    least = least_demand(m, c)
    inner = m.node[0, c, INNER_M]
    stop, trip, vehicle = t.stop, t.trip, m.vehicle
    beside, into_m, out_m = m.beside, m.into_m[0, c], m.out_m[0, c]
    shuts, opens = whole(NEVER), whole(-NEVER)
    if m.rule[TIMED] != 0:
        shuts, opens = whole(m.node[0, c, SHUTS]), whole(m.node[0, c, OPENS]) + m.node[0, c, SERVICE]
    for i in range(beside.shape[2]):
        x = natural(beside[0, c, i])
        v = natural(stop[x, TRIP])
        if trip[v, SPARE] >= least and stop[x, EARLIEST_DEPARTURE] <= shuts:
            extra_m = into_m[x] + out_m[natural(stop[x, AFTER])] - stop[x, LEG_M] + inner
            if extra_m * vehicle[v, PER_M] < best:
                best, best_x = try_place(m, t, c, v, x, best, best_x, blink, rng)
        y = natural(beside[1, c, i])
        v = natural(stop[y, TRIP])
        if trip[v, SPARE] >= least and stop[y, LATEST_ARRIVAL] >= opens:
            extra_m = into_m[natural(stop[y, BEFORE])] + out_m[y] - stop[y, BACK_M] + inner
            if extra_m * vehicle[v, PER_M] < best:
                best, best_x = try_place(m, t, c, v, natural(stop[y, PRED]), best, best_x, blink, rng)
    return best, best_x


@inlined
def try_place(
    m: Model, t: Tours, c: int, v: int, x: int, best: int, best_x: int, blink: int, rng: UInt64
) -> tuple[int, int]:
    """The better of the best place so far and that after stop ``x`` of tour ``v``."""
    way_m = m.into_m[0, c, natural(t.at[x])] + m.out_m[0, c, natural(t.stop[x, AFTER])]
    extra = (way_m - t.stop[x, LEG_M] + m.node[0, c, INNER_M]) * m.vehicle[v, PER_M]
    if t.tour[v, STOPS] == 0:
        extra += m.vehicle[v, FIXED]
    if extra >= best or not takes(m, t, c, v) or (m.rule[TIMED] != 0 and not on_time(m, t, c, v, x)):
        return best, best_x
    if below(rng, 1024) < blink:
        return best, best_x
    return whole(extra), whole(x)


@inlined
def takes(m: Model, t: Tours, c: int, v: int) -> bool:
    """Whether the tour's vehicle may serve the container and has room for it."""
    if m.rule[INCOMPATIBLE] != 0 and not m.may[v, c]:
        return False
    if m.demand.shape[2] <= 1 and m.demand.shape[0] == 1:
        return bool(t.trip[v, SPARE] >= least_demand(m, c))
    return joins(m, t, c, v, v)
