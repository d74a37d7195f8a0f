"""Find the cheapest place for a container."""

from processing.routing.kernels.arrival import arrival_behind, on_time
from processing.routing.kernels.chain import start_of
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.gaps import (
    EVERYWHERE,
    HERE,
    NEARBY,
    UNUSED,
    collect_all_gaps,
    collect_gaps,
    collect_here,
    collect_unused,
)
from processing.routing.kernels.model import (
    AFTER,
    BEGINS,
    DRIVING,
    EXACT,
    FIXED,
    FLEXIBLE,
    HABITUAL,
    INCOMPATIBLE,
    LATEST,
    LATEST_ARRIVAL,
    LEG_S,
    LIMITED,
    METRES,
    MOST_S,
    NOWHERE,
    PAUSING,
    PER_M,
    PER_S,
    PLAIN,
    PRE_LATEST,
    PRE_S,
    PROFILE,
    RATIONED,
    REGULATED,
    RIDE,
    SERVICE,
    SHIFT_PRICE,
    SIZED,
    SPARE,
    STOPS,
    SUCC,
    TAIL_END,
    TAIL_S,
    TIMED,
    TOUR,
    TRIP,
    TRIPS,
    UNLOADS,
    WHEEL_S,
    Int64,
    Model,
    Tours,
    UInt64,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.plain import cheapest_plain, told_by_metres
from processing.routing.kernels.random import below
from processing.routing.kernels.resize import larger_vehicle
from processing.routing.kernels.room import allowed, joins, least_demand
from processing.routing.kernels.scan import collect_best_gaps
from processing.routing.kernels.shifts import shift_cost
from processing.routing.kernels.timing import (
    busy_s,
    change_of_habit,
    latest_begin,
    ride_cost,
)
from processing.routing.kernels.unload import best_unload, shortest_unloading, unloading_cost
from processing.routing.kernels.wheel import wheel_s, wheel_within

HANDED_OVER = -2
"""Instead of a facility before the container: the tour first goes to another vehicle."""


@kernel
def best_insertion(
    m: Model,
    t: Tours,
    c: int,
    limit: int,
    scope: int,
    refused: int,
    blink: int,
    rng: UInt64,
    gaps: Int64,
) -> tuple[int, int, int, int]:
    """The cheapest place for a container among those worth a look, some passed over at random.

    ``scope`` is NEARBY, EVERYWHERE or UNUSED. After ``refused`` (-1: none) it cannot stand, as was found out after the
    last search for a place: what was found then is looked at again.

    Returns
    -------
    tuple of int
        Extra cost (``limit`` if there is none), stop to insert behind (-1), facility for an unloading before the
        container or -1, and for one after it or -1; or HANDED_OVER and the vehicle that the tour is handed over to.
    """
    c = natural(c)
    if refused < 0 and scope != UNUSED and limit < NOWHERE and told_by_metres(m):
        extra, x = cheapest_plain(m, t, c, limit, blink, rng, gaps)
        if x >= 0 or scope == NEARBY:
            return extra, x, whole(-1), whole(-1)
    where, count = first_gaps(m, t, c, limit, scope, refused, blink, rng, gaps)
    while True:
        found = cheapest_gap(m, t, c, limit, blink, rng, gaps, count)
        if found[1] >= 0 and (where != HERE or no_detour(m, t, c, found[0], found[1])):
            break
        if where >= scope:
            break
        where += 1
        count = collect_gaps(m, t, c, gaps) if where == NEARBY else collect_all_gaps(m, t, c, gaps)
        if refused >= 0:
            count = strike(gaps, count, refused)
    last = gaps.shape[0] - 1
    gaps[last, 0], gaps[last, 1] = count, 1 if where == HERE else 0
    return found


@inlined
def first_gaps(
    m: Model,
    t: Tours,
    c: int,
    limit: int,
    scope: int,
    refused: int,
    blink: int,
    rng: UInt64,
    gaps: Int64,
) -> tuple[int, int]:
    """Where a place is looked for first, and how many gaps that are; EVERYWHERE if no others are worth a look."""
    last = gaps.shape[0] - 1
    if refused >= 0:
        count = natural(gaps[last, 0]) if gaps[last, 1] == 0 else collect_gaps(m, t, c, gaps)
        return NEARBY, strike(gaps, count, refused)
    if scope == UNUSED:
        return UNUSED, collect_unused(m, t, c, gaps, natural(0))
    if m.rule[PLAIN] == 0:
        count = collect_here(m, t, c, gaps)
        if count > 0:
            return HERE, count
    # In a first solution, for which nothing is too dear, places beside neighbours keep tours compact.
    elif m.rule[HABITUAL] == 0 and limit < NOWHERE:
        roomy = collect_best_gaps(m, t, c, blink, rng, gaps)
        if roomy >= 0:
            return EVERYWHERE, collect_unused(m, t, c, gaps, natural(roomy))
    return NEARBY, collect_gaps(m, t, c, gaps)


@inlined
def no_detour(m: Model, t: Tours, c: int, extra: int, x: int) -> bool:
    """Whether a container behind stop ``x`` costs no more than the time of its service."""
    v = natural(t.stop[natural(x), TOUR])
    return bool(extra <= m.serving[c] + m.node[0, c, SERVICE] * m.vehicle[v, PER_S])


@inlined
def strike(gaps: Int64, count: int, x: int) -> int:
    """Take the gap after stop ``x`` off the list; returns how many are left."""
    left = natural(0)
    for g in range(count):
        if gaps[g, 0] != x:
            gaps[left, 0], gaps[left, 1] = gaps[g, 0], gaps[g, 1]
            left = natural(left + 1)
    return left


@inlined
def cheapest_gap(
    m: Model, t: Tours, c: int, limit: int, blink: int, rng: UInt64, gaps: Int64, count: int
) -> tuple[int, int, int, int]:
    """The cheapest of the first ``count`` gaps, likewise."""
    best = limit
    best_x = whole(-1)
    best_before = whole(-1)
    best_after = whole(-1)
    timed = m.rule[TIMED] != 0
    plain = m.rule[PLAIN] != 0
    picky = m.rule[INCOMPATIBLE] != 0
    wayward = m.rule[HABITUAL] != 0
    special = m.rule[RATIONED] != 0 or m.rule[LIMITED] != 0
    sized = m.rule[SIZED] != 0
    one_load = plain and not sized and m.demand.shape[2] <= 1 and m.demand.shape[0] == 1
    serving = m.serving[c]
    least = least_demand(m, c)
    stop, trip, tour, vehicle = t.stop, t.trip, t.tour, m.vehicle
    tip_s = whole(0) if plain else shortest_unloading(m)
    for g in range(count):
        x = natural(gaps[g, 0])
        v = natural(stop[x, TOUR])
        extra_m = gaps[g, 1]
        side = serving
        extra = extra_m * vehicle[v, PER_M] + side
        if extra >= best:
            continue
        j = natural(stop[x, TRIP])
        if trip[j, SPARE] < least or (picky and not m.may[v, c]):
            continue
        if tour[v, STOPS] == 0:
            side += vehicle[v, FIXED]
            if extra + vehicle[v, FIXED] >= best:
                continue
            extra += vehicle[v, FIXED]
        fits = one_load or joins(m, t, c, v, j)
        if not fits and sized and tour[v, STOPS] > 0:
            if special and not allowed(m, t, c, v, j, extra_m, True):
                continue
            dearer, u = larger_vehicle(m, t, c, v, extra_m, gaps, count)
            extra = side + dearer
            if extra < best and (not timed or on_time(m, t, c, v, x)) and below(rng, 1024) >= blink:
                best, best_x, best_before, best_after = extra, whole(x), whole(HANDED_OVER), u
            continue
        if not fits and (plain or tour[v, UNLOADS] >= vehicle[v, TRIPS]):
            continue
        if special and not allowed(m, t, c, v, j, extra_m, fits):
            continue
        if wayward:
            change = change_of_habit(m, t, c, v, x)
            side += change
            extra += change
            if extra >= best:
                continue
        if not fits:
            if extra + unloading_cost(m, t, c, v, x, tip_s) >= best:
                continue
            extra, before, after = best_unload(m, t, c, v, x, best, side)
            if extra < best and below(rng, 1024) >= blink:
                best, best_x, best_before, best_after = extra, whole(x), before, after
            continue
        if timed:
            arrival = arrival_behind(m, t, c, v, x)
            if arrival > stop[natural(stop[x, SUCC]), LATEST_ARRIVAL]:
                continue
            if not plain:
                extra = timed_extra(m, t, c, v, x, arrival, extra_m) + side
        if extra < best and below(rng, 1024) >= blink:
            best, best_x, best_before, best_after = extra, whole(x), whole(-1), whole(-1)
    return best, best_x, best_before, best_after


@inlined
def timed_extra(m: Model, t: Tours, c: int, v: int, x: int, arrival: int, extra_m: int) -> int:
    """What metres, time and an unusual hour at the container cost more if the stop after ``x`` is reached then.

    NOWHERE if the shift gets too long.
    """
    following = natural(t.stop[x, SUCC])
    end = max(whole(t.stop[following, TAIL_END]), arrival + t.stop[following, TAIL_S])
    least = whole(0)
    duration = whole(0)
    unusual = whole(0)
    if m.vehicle[v, FLEXIBLE] != 0:
        p = natural(m.vehicle[v, PROFILE])
        into = m.into_s[p, c, natural(t.at[x])]
        out = m.node[p, c, SERVICE] + m.out_s[p, c, natural(t.stop[x, AFTER])]
        total = t.stop[x, PRE_S] + into + out + t.stop[following, TAIL_S]
        latest = latest_begin(m, p, c, t.stop[following, LATEST_ARRIVAL] - out) - into - t.stop[x, PRE_S]
        duration = max(whole(total), end - min(latest, whole(t.stop[x, PRE_LATEST])))
    if m.rule[PAUSING] != 0 and m.vehicle[v, EXACT] != 0:
        least = busy_behind(m, t, c, v, x, end)
        end = max(end, m.vehicle[v, BEGINS] + least)
        if end > m.vehicle[v, LATEST]:
            return NOWHERE
        if m.crew[v, SHIFT_PRICE] != 0:
            unusual = shift_cost(m, v, c, begin_before(m, t, c, v, x, arrival), end)
    if m.vehicle[v, FLEXIBLE] != 0:
        duration = max(duration, least)
        if duration > m.vehicle[v, MOST_S]:
            return NOWHERE
    else:
        duration = end - m.vehicle[v, BEGINS]
    return int(ride_cost(m, v, t.tour[v, METRES] + extra_m, end, duration) - t.tour[v, RIDE] + unusual)


@inlined
def begin_before(m: Model, t: Tours, c: int, v: int, x: int, arrival: int) -> int:
    """When work at the container after stop ``x`` begins if the stop behind it is reached then."""
    p = natural(m.vehicle[v, PROFILE])
    return whole(arrival - m.out_s[p, c, natural(t.stop[x, AFTER])] - m.node[p, c, SERVICE])


@inlined
def busy_behind(m: Model, t: Tours, c: int, v: int, x: int, end: int) -> int:
    """The least seconds of work and pauses with the container after stop ``x``, if the tour returns then or later."""
    p = natural(m.vehicle[v, PROFILE])
    a, b = natural(t.at[x]), natural(t.at[natural(t.stop[x, SUCC])])
    work = t.stop[natural(start_of(m, v) + 1), PRE_S] - t.stop[x, LEG_S]
    work += m.into_s[p, c, a] + m.node[p, c, SERVICE] + m.out_s[p, c, b]
    if m.crew[v, DRIVING] == 0:
        return busy_s(m, v, whole(work), whole(0), False, end)
    wheel, doors = wheel_within(m, p, c)
    wheel += t.tour[v, WHEEL_S] + wheel_s(m, p, a, c) + wheel_s(m, p, c, b) - wheel_s(m, p, a, b)
    regulated = t.tour[v, REGULATED] != 0 or m.crew[v, DRIVING] == 1 or not doors
    return busy_s(m, v, whole(work), whole(wheel), regulated, end)
