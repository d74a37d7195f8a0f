"""Exchange the ends of two tours (2-opt*, Potvin & Rousseau 1995), where that is a gain.

Ruin and recreate moves few containers at a time; where tours are long, whole ends have to change places at once.
"""

from processing.routing.kernels.chain import start_of, tie
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.history import remember
from processing.routing.kernels.lawful import lawful
from processing.routing.kernels.loading import forget_drops
from processing.routing.kernels.model import (
    AFTER,
    BACK_M,
    BEFORE,
    COST,
    EARLIEST_DEPARTURE,
    LATEST_ARRIVAL,
    LAYOUT,
    LEG_M,
    LIMITED,
    LOAD,
    PAUSING,
    PER_M,
    PLAIN,
    PRED,
    PROFILE,
    ROOM,
    SUCC,
    TIMED,
    TOUR,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.tidy import tidy
from processing.routing.kernels.timeline import settle_pauses


@kernel
def two_opt_star(m: Model, t: Tours, old: Tours, a: int, b: int) -> int:
    """Have container ``b`` follow ``a``, and what followed ``a`` follow what came before ``b``.

    Returns
    -------
    int
        The change in cost, negative; 0 if it would be no gain or break a limit, and nothing or only what
        `take_back` undoes has happened.
    """
    a, b = natural(a), natural(b)
    if t.stop[a, TOUR] < 0 or t.stop[b, TOUR] < 0 or t.stop[a, TOUR] == t.stop[b, TOUR]:
        return whole(0)
    v, w = natural(t.stop[a, TOUR]), natural(t.stop[b, TOUR])
    p = natural(m.vehicle[v, PROFILE])
    if m.vehicle[w, PROFILE] != p or m.vehicle[v, PER_M] != m.vehicle[w, PER_M]:
        return whole(0)
    extra_m = m.out_m[p, a, b] + m.out_m[p, natural(t.stop[b, BEFORE]), natural(t.stop[a, AFTER])]
    if extra_m - t.stop[a, LEG_M] - t.stop[b, BACK_M] >= 0:
        return whole(0)
    before, after = natural(t.stop[b, PRED]), natural(t.stop[a, SUCC])
    if m.rule[TIMED] != 0 and not (in_time(m, t, p, a, b) and in_time(m, t, p, before, after)):
        return whole(0)
    if m.rule[PLAIN] != 0 and not ends_fit(m, t, v, w, a, before):
        return whole(0)
    remember(m, t, old, v)
    remember(m, t, old, w)
    cost = t.tour[v, COST] + t.tour[w, COST]
    swap_ends(m, t, v, w, a, b)
    if m.rule[LIMITED] != 0:
        forget_drops(m, t, w)
    if not tidy(m, t, v) or not tidy(m, t, w):
        return whole(0)
    if t.tour[v, COST] + t.tour[w, COST] >= cost or not lawful(m, t, v) or not lawful(m, t, w):
        return whole(0)
    if m.rule[PAUSING] != 0 and not (settle_pauses(m, t, v) and settle_pauses(m, t, w)):
        return whole(0)
    return int(min(whole(0), t.tour[v, COST] + t.tour[w, COST] - cost))


@inlined
def in_time(m: Model, t: Tours, p: int, x: int, y: int) -> bool:
    """Whether stop ``y`` is reached in time behind ``x``; of those that are no containers that is not asked."""
    arrival = t.stop[x, EARLIEST_DEPARTURE] + m.out_s[p, natural(t.at[x]), natural(t.at[y])]
    return bool(y >= m.demand.shape[1] or arrival <= t.stop[y, LATEST_ARRIVAL])


@inlined
def ends_fit(m: Model, t: Tours, v: int, w: int, a: int, before: int) -> bool:
    """Whether the first part of each plain tour and the last part of the other fit into one load."""
    n = m.demand.shape[1]
    layout = natural(m.vehicle[v, LAYOUT])
    if m.vehicle[w, LAYOUT] != layout:
        return False
    for d in range(m.demand.shape[2]):
        shift = whole(0)
        x = a
        while x < n:
            shift += m.demand[layout, x, d]
            x = natural(t.stop[x, PRED])
        x = before
        while x < n:
            shift -= m.demand[layout, x, d]
            x = natural(t.stop[x, PRED])
        if t.trip[w, LOAD + d] + shift > m.vehicle[v, ROOM + d] or (
            t.trip[v, LOAD + d] - shift > m.vehicle[w, ROOM + d]
        ):
            return False
    return True


@inlined
def swap_ends(m: Model, t: Tours, v: int, w: int, a: int, b: int) -> None:
    """String the stops of both tours together anew."""
    end_v, end_w = natural(start_of(m, v) + 1), natural(start_of(m, w) + 1)
    before, after = natural(t.stop[b, PRED]), natural(t.stop[a, SUCC])
    last_v, last_w = natural(t.stop[end_v, PRED]), natural(t.stop[end_w, PRED])
    tie(t, a, b)
    tie(t, last_w, end_v)
    if after == end_v:
        tie(t, before, end_w)
    else:
        tie(t, before, after)
        tie(t, last_v, end_w)
