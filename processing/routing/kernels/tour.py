"""Recompute what follows from a tour's stops."""

from processing.routing.kernels.chain import start_of
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.loading import load_up
from processing.routing.kernels.model import (
    BEGINS,
    CLEANING,
    DAY,
    EARLIEST_DEPARTURE,
    ENDS,
    EXACT,
    FIRST_WINDOW,
    FLEXIBLE,
    LAST_WINDOW,
    LATEST,
    LATEST_ARRIVAL,
    LEG_S,
    LIMITED,
    METRES,
    MOST_M,
    MOST_S,
    NEVER,
    OPENS,
    PAUSING,
    PRE_LATEST,
    PRE_S,
    PRED,
    PROFILE,
    REGULATED,
    RELEASED,
    RIDE,
    SERVICE,
    SHUTS,
    SUCC,
    TAIL_END,
    TAIL_S,
    TIMED,
    TRIP,
    WAITS,
    WHEEL_S,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.timeline import judge, settle_pauses
from processing.routing.kernels.timing import (
    add_up,
    cleaning,
    earliest_begin,
    latest_begin,
    ride_cost,
)
from processing.routing.kernels.wheel import at_wheel


@kernel
def refresh(m: Model, t: Tours, v: int) -> bool:
    """Recompute tour ``v`` from its stops; False if it breaks a window, its shift or its distance."""
    return revise(m, t, v) and (m.rule[PAUSING] == 0 or settle_pauses(m, t, v))


@kernel
def revise(m: Model, t: Tours, v: int) -> bool:
    """As `refresh`, but the exact time line may be left PENDING."""
    v = natural(v)
    load_up(m, t, v)
    end = m.vehicle[v, BEGINS]
    if m.rule[TIMED] != 0:
        end = whole(drive(m, t, v))
        last = natural(start_of(m, v) + 1)
        t.stop[last, LATEST_ARRIVAL] = m.vehicle[v, LATEST]
        t.stop[last, TAIL_S] = 0
        t.stop[last, TAIL_END] = -NEVER
        look_back(m, t, v, natural(t.stop[last, PRED]))
    if m.rule[PAUSING] != 0:
        t.tour[v, WHEEL_S], t.tour[v, REGULATED] = at_wheel(m, t, v)
    return conclude(m, t, v, end)


@kernel
def conclude(m: Model, t: Tours, v: int, end: int) -> bool:
    """Price a tour that returns at ``end`` if nobody pauses; False if it breaks a window, its shift or a limit."""
    in_time = True
    duration = whole(0)
    if m.rule[TIMED] != 0:
        in_time = end <= m.vehicle[v, LATEST]
        duration = end - m.vehicle[v, BEGINS]
        if m.vehicle[v, FLEXIBLE] != 0 and in_time:
            last = natural(start_of(m, v) + 1)
            duration = max(whole(t.stop[last, PRE_S]), end - t.stop[last, PRE_LATEST])
            if m.window.shape[0] > 0:
                duration = end - max(whole(m.vehicle[v, BEGINS]), latest_departure(m, t, v, whole(end)))
            in_time = duration <= m.vehicle[v, MOST_S]
    t.tour[v, ENDS] = end
    t.tour[v, RIDE] = ride_cost(m, v, t.tour[v, METRES], end, duration)
    add_up(m, t, v)
    if m.rule[PAUSING] != 0 and m.vehicle[v, EXACT] != 0:
        in_time = judge(m, t, v, end, duration) and in_time
    return (
        in_time
        and t.tour[v, METRES] <= m.vehicle[v, MOST_M]
        and (m.rule[LIMITED] == 0 or facilities_have_room(m, t, v))
    )


@inlined
def latest_departure(m: Model, t: Tours, v: int, end: int) -> int:
    """The latest departure with which tour ``v``, which can return by ``end``, does so.

    What the stops knew on the way there does not tell: a later departure may reach a later window of the same stop.
    """
    p = natural(m.vehicle[v, PROFILE])
    start = start_of(m, v)
    last = natural(start + 1)
    due = whole(end)
    x = last
    while x != start:
        before = natural(t.stop[x, PRED])
        leg = whole(t.stop[before, LEG_S])
        if x != last:
            service = t.stop[x, PRE_S] - t.stop[before, PRE_S] - leg
            due = whole(latest_begin(m, p, natural(t.at[x]), due - service))
        due -= leg
        x = before
    return due


@inlined
def facilities_have_room(m: Model, t: Tours, v: int) -> bool:
    """Whether no facility where this vehicle unloads takes more on its day than it may."""
    day = m.vehicle[v, DAY]
    for f in range(m.facility.shape[0]):
        for d in range(2):
            taken = t.book[m.vehicle.shape[0] + day, f, d]
            if t.book[v, f, d] > 0 and taken > m.facility[f, 1 + 2 * day + d]:
                return False
    return True


@inlined
def drive(m: Model, t: Tours, v: int) -> int:
    """Forward: departures; returns the end of the tour, NEVER or more if a window or a release is missed."""
    p = natural(m.vehicle[v, PROFILE])
    n = m.demand.shape[1]
    start = start_of(m, v)
    end = natural(start + 1)
    now = int(m.vehicle[v, BEGINS])
    late = 0
    spent = whole(0)
    latest = NEVER
    flexible = m.vehicle[v, FLEXIBLE] != 0
    x = start
    while True:
        if x != start:
            place = natural(t.at[x])
            leg = t.stop[natural(t.stop[x, PRED]), LEG_S]
            arrival = now + leg
            begin = earliest_begin(m, p, place, arrival)
            if begin >= NEVER:
                late = NEVER
                begin = arrival
            spent += leg
            if flexible:
                latest = min(latest, closing(m, p, place, begin) - spent)
            service = whole(m.node[p, place, SERVICE])
            if m.vehicle[v, CLEANING] > 0 and x > n and x != end:
                service += cleaning(m, t, v, x)
            now = begin + service
            spent += service
        if m.rule[RELEASED] != 0 and x >= n and x != end:
            now = max(now, int(t.trip[t.stop[x, TRIP], WAITS]))
        t.stop[x, EARLIEST_DEPARTURE] = now
        t.stop[x, PRE_S] = spent
        t.stop[x, PRE_LATEST] = latest
        if x == end:
            return now + late
        x = natural(t.stop[x, SUCC])


@inlined
def closing(m: Model, p: int, place: int, begin: int) -> int:
    """When the window closes within which service begins at ``begin``; NEVER if there is none."""
    if m.node[p, place, FIRST_WINDOW] == m.node[p, place, LAST_WINDOW]:
        return whole(m.node[p, place, SHUTS])
    for w in range(m.node[p, place, FIRST_WINDOW], m.node[p, place, LAST_WINDOW]):
        if begin <= m.window[w, 1]:
            return int(m.window[w, 1])
    return NEVER


@kernel
def look_back(m: Model, t: Tours, v: int, x: int) -> None:
    """Backward from stop ``x``: latest arrivals, and the end of the tour as a function of the arrival at each stop."""
    n = m.demand.shape[1]
    p = natural(m.vehicle[v, PROFILE])
    start = start_of(m, v)
    following = natural(t.stop[x, SUCC])
    must = whole(t.stop[following, LATEST_ARRIVAL])
    tail_s = whole(t.stop[following, TAIL_S])
    tail_end = whole(t.stop[following, TAIL_END])
    while True:
        work = whole(t.stop[x, LEG_S])
        if m.rule[RELEASED] != 0 and x >= n:
            tail_end = max(tail_end, t.trip[natural(t.stop[x, TRIP]), WAITS] + work + tail_s)
        if x == start:
            must -= work
            tail_s += work
        else:
            before = natural(t.stop[x, PRED])
            place = natural(t.at[x])
            leg = t.stop[before, LEG_S]
            work += t.stop[x, PRE_S] - t.stop[before, PRE_S] - leg
            must = latest_begin(m, p, place, must - work)
            tail_s += work
            opens = m.node[p, place, FIRST_WINDOW]
            closes = m.node[p, place, LAST_WINDOW]
            if opens == closes:
                tail_end = max(tail_end, m.node[p, place, OPENS] + tail_s)
            else:
                arrival = t.stop[before, EARLIEST_DEPARTURE] + leg
                for w in range(opens, closes):
                    if arrival <= m.window[w, 1]:
                        tail_end = max(tail_end, m.window[w, 0] + tail_s)
                        break
        t.stop[x, LATEST_ARRIVAL] = must
        t.stop[x, TAIL_S] = tail_s
        t.stop[x, TAIL_END] = tail_end
        if x == start:
            break
        x = natural(t.stop[x, PRED])
