"""Recompute what a single container changes of a tour that is not plain: less than `refresh` does, with its result."""

from processing.routing.kernels.chain import first_slot, put_between, start_of
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.model import (
    BEGINS,
    CARRIES,
    CLEANING,
    CLOSES,
    COLLECTED,
    DAY,
    DRIVING,
    EARLIEST_DEPARTURE,
    ENDS,
    FLEXIBLE,
    FRACTION,
    HABITUAL,
    LAYOUT,
    LEG_S,
    LIMITED,
    LITRES,
    LOAD,
    MASK,
    METRES,
    NEVER,
    NOWHERE,
    PRE_LATEST,
    PRE_S,
    PRED,
    PROFILE,
    REGULATED,
    RELEASE,
    RELEASED,
    SERVICE,
    SIDE,
    SPARE,
    STOPS,
    SUCC,
    TIMED,
    TOUR,
    TRIP,
    WAITS,
    WHEEL_S,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.timing import change_of_habit, earliest_begin
from processing.routing.kernels.tour import closing, conclude, look_back
from processing.routing.kernels.wheel import wheel_s, wheel_within


@inlined
def amendable(m: Model, t: Tours, c: int, x: int, v: int) -> bool:
    """Whether the container behind stop ``x`` changes nothing but loads and times."""
    j = natural(t.stop[x, TRIP])
    bits = t.trip[j, CARRIES] | m.node[0, c, FRACTION]
    return bool(
        t.trip[j, CARRIES] != 0
        and (bits == t.trip[j, CARRIES] or m.vehicle[v, CLEANING] == 0)
        and (m.rule[RELEASED] == 0 or m.node[0, c, RELEASE] <= t.trip[j, WAITS])
        and t.tour[v, ENDS] < NEVER
    )


@kernel
def amend(m: Model, t: Tours, c: int, x: int, v: int) -> bool:
    """Put container ``c`` behind stop ``x``, which is `amendable`; False if the tour breaks something."""
    c, x, v = natural(c), natural(x), natural(v)
    p = natural(m.vehicle[v, PROFILE])
    following = natural(t.stop[x, SUCC])
    if m.rule[HABITUAL] != 0:
        t.tour[v, SIDE] += change_of_habit(m, t, c, v, x)
    if m.crew[v, DRIVING] != 0:
        t.tour[v, WHEEL_S] -= wheel_s(m, p, natural(t.at[x]), natural(t.at[following]))
    before_s = t.stop[x, PRE_S] + t.stop[x, LEG_S]
    t.tour[v, METRES] += put_between(m, t, c, x, p)
    t.tour[v, STOPS] += 1
    t.tour[v, SIDE] += m.serving[c]
    t.stop[c, TOUR] = v
    if m.crew[v, DRIVING] != 0:
        take_wheel(m, t, c, v, p)
    carry_on(m, t, c, v)
    end = m.vehicle[v, BEGINS]
    if m.rule[TIMED] != 0:
        t.stop[c, PRE_S] = t.stop[x, PRE_S] + t.stop[x, LEG_S] + m.node[p, c, SERVICE]
        end = push_on(m, t, c, v, whole(t.stop[c, PRE_S] + t.stop[c, LEG_S] - before_s))
    return conclude(m, t, v, end)


@inlined
def take_wheel(m: Model, t: Tours, c: int, v: int, p: int) -> None:
    """Seconds at the wheel on the ways to, within and from a container that is linked; whether they are regulated."""
    before, following = natural(t.at[natural(t.stop[c, PRED])]), natural(t.at[natural(t.stop[c, SUCC])])
    wheel, doors = wheel_within(m, p, c)
    t.tour[v, WHEEL_S] += wheel + wheel_s(m, p, before, c) + wheel_s(m, p, c, following)
    if not doors:
        t.tour[v, REGULATED] = 1


@inlined
def carry_on(m: Model, t: Tours, c: int, v: int) -> None:
    """Load the container: trip, tour, facility, and all stops up to the next unloading."""
    n = m.demand.shape[1]
    layout = natural(m.vehicle[v, LAYOUT])
    before = natural(t.stop[c, PRED])
    j = natural(t.stop[before, TRIP])
    bits = m.node[0, c, FRACTION]
    t.stop[c, TRIP] = j
    t.stop[c, MASK] = t.stop[before, MASK] | bits
    t.trip[j, CARRIES] |= bits
    for d in range(m.demand.shape[2]):
        t.load[c, d] = t.load[before, d] + m.demand[layout, c, d]
        t.trip[j, LOAD + d] += m.demand[layout, c, d]
        t.tour[v, COLLECTED + d] += m.demand[layout, c, d]
    if m.demand.shape[2] > 0 and t.trip[j, SPARE] != NOWHERE:
        t.trip[j, SPARE] -= m.demand[layout, c, 0]
    x = natural(t.stop[c, SUCC])
    while x < n:
        t.stop[x, MASK] |= bits
        for d in range(m.demand.shape[2]):
            t.load[x, d] += m.demand[layout, c, d]
        x = natural(t.stop[x, SUCC])
    if m.rule[LIMITED] != 0 and x >= first_slot(m):
        f = natural(t.at[natural(t.trip[j, CLOSES])] - n)
        day = natural(m.vehicle.shape[0] + m.vehicle[v, DAY])
        for d in range(2):
            t.book[v, f, d] += m.node[0, c, LITRES + d]
            t.book[day, f, d] += m.node[0, c, LITRES + d]


@inlined
def push_on(m: Model, t: Tours, c: int, v: int, longer: int) -> int:
    """Departures from container ``c`` on, arrivals before it; the end of the tour, NEVER or more if a window is missed.

    ``longer``: seconds of driving and work that the tour has more.
    """
    n = m.demand.shape[1]
    p = natural(m.vehicle[v, PROFILE])
    end = natural(start_of(m, v) + 1)
    flexible = m.vehicle[v, FLEXIBLE] != 0
    late = 0
    last = natural(c)
    x = natural(c)
    while True:
        before = natural(t.stop[x, PRED])
        if x != c:
            t.stop[x, PRE_S] += longer
        leg = whole(t.stop[before, LEG_S])
        service = t.stop[x, PRE_S] - t.stop[before, PRE_S] - leg
        arrival = t.stop[before, EARLIEST_DEPARTURE] + leg
        place = natural(t.at[x])
        begin = earliest_begin(m, p, place, whole(arrival))
        if begin >= NEVER:
            late = NEVER
            begin = whole(arrival)
        t.stop[x, PRE_LATEST] = t.stop[before, PRE_LATEST]
        if flexible:
            latest = closing(m, p, place, begin) - t.stop[x, PRE_S] + service
            t.stop[x, PRE_LATEST] = min(whole(t.stop[before, PRE_LATEST]), latest)
        leaves = begin + service
        if m.rule[RELEASED] != 0 and x >= n and x != end:
            leaves = max(leaves, t.trip[natural(t.stop[x, TRIP]), WAITS])
        if t.stop[x, EARLIEST_DEPARTURE] != leaves or x == c:
            last = natural(x)
        elif not flexible:
            while x != end:
                x = natural(t.stop[x, SUCC])
                t.stop[x, PRE_S] += longer
            break
        t.stop[x, EARLIEST_DEPARTURE] = leaves
        if x == end:
            break
        x = natural(t.stop[x, SUCC])
    if m.window.shape[0] == 0 or last == end:
        last = natural(c) if m.window.shape[0] == 0 else natural(t.stop[end, PRED])
    look_back(m, t, v, last)
    return int(t.stop[end, EARLIEST_DEPARTURE] + late)
