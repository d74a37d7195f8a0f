"""Windows, and what a tour costs."""

from processing.routing.kernels.compile import inlined
from processing.routing.kernels.labels import (
    FIRST_S,
    LONG_WORK_S,
    MOST_DRIVING_S,
    MOST_WORK_S,
    SECOND_S,
    WHOLE_S,
)
from processing.routing.kernels.members import join, leave
from processing.routing.kernels.model import (
    BEGINS,
    CARRIES,
    CLEANING,
    COST,
    DEPARTED,
    FIRST_WINDOW,
    FIXED,
    FLEXIBLE,
    LAST_WINDOW,
    LUNCH_BY,
    LUNCH_S,
    MIXES,
    NEVER,
    OPENS,
    OTHER_ORDER,
    OVER_S,
    PAST_DRIVEN,
    PAST_PAUSED,
    PAST_SPLIT,
    PAST_TOTAL,
    PAST_WORKED,
    PER_M,
    PER_S,
    PRED,
    REGULAR,
    RIDE,
    SHUTS,
    SIDE,
    STOPS,
    SUCC,
    TRIP,
    UNDERWAY,
    USUAL_AFTER,
    WORKING,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole


@inlined
def earliest_begin(m: Model, p: int, place: int, arrival: int) -> int:
    """When service begins after this arrival; NEVER if no window is left."""
    if arrival > m.node[p, place, SHUTS]:
        return NEVER
    first, last = m.node[p, place, FIRST_WINDOW], m.node[p, place, LAST_WINDOW]
    if first == last:
        return max(arrival, whole(m.node[p, place, OPENS]))
    for w in range(first, last):
        if arrival <= m.window[w, 1]:
            return max(arrival, int(m.window[w, 0]))
    return NEVER


@inlined
def latest_begin(m: Model, p: int, place: int, limit: int) -> int:
    """The latest arrival from which service begins by ``limit``; -NEVER if there is none."""
    if limit < m.node[p, place, OPENS]:
        return -NEVER
    first, last = m.node[p, place, FIRST_WINDOW], m.node[p, place, LAST_WINDOW]
    if first == last:
        return min(limit, whole(m.node[p, place, SHUTS]))
    for w in range(last - 1, first - 1, -1):
        if m.window[w, 0] <= limit:
            return min(limit, int(m.window[w, 1]))
    return -NEVER


@inlined
def ride_cost(m: Model, v: int, metres: int, end: int, duration: int) -> int:
    """Cost of driving so far, returning then and being on the clock so long."""
    cost = int(metres * m.vehicle[v, PER_M] + duration * m.vehicle[v, PER_S])
    if end > m.vehicle[v, REGULAR]:
        cost += int((end - m.vehicle[v, REGULAR]) * m.vehicle[v, OVER_S])
    return cost


@inlined
def busy_s(m: Model, v: int, work: int, wheel: int, regulated: bool, end: int) -> int:
    """Seconds that so much work takes, so much of it at the wheel, with the pauses that it needs in any case.

    ``end``: the tour returns then or later.
    """
    owed = whole(0)
    if m.crew[v, WORKING] != 0:
        total = m.crew[v, PAST_TOTAL] + work
        if m.crew[v, PAST_WORKED] + work > MOST_WORK_S:
            owed = whole(FIRST_S)
        if total > LONG_WORK_S:
            owed = max(owed, WHOLE_S - m.crew[v, PAST_PAUSED])
        elif total > MOST_WORK_S:
            owed = max(owed, SECOND_S - m.crew[v, PAST_PAUSED])
    if regulated:
        driven = min(m.crew[v, PAST_DRIVEN], MOST_DRIVING_S) + wheel
        if driven > MOST_DRIVING_S:
            breaks = (driven - 1) // MOST_DRIVING_S
            owed = max(owed, breaks * WHOLE_S - m.crew[v, PAST_SPLIT] * FIRST_S)
    if m.crew[v, LUNCH_S] > owed and m.vehicle[v, FLEXIBLE] == 0:
        departed = m.crew[v, DEPARTED]
        if departed == -NEVER:
            departed = m.vehicle[v, BEGINS]
        if departed < m.crew[v, LUNCH_BY] < max(end, m.vehicle[v, BEGINS] + work + owed):
            owed = m.crew[v, LUNCH_S]
    return work + owed


@inlined
def habit(m: Model, v: int, before: int, c: int) -> int:
    """What it costs to serve ``c`` with this vehicle after this stop, compared with yesterday."""
    cost = m.strange[v, c]
    usual = m.node[0, c, USUAL_AFTER]
    if usual != -2 and usual != (before if before < m.demand.shape[1] else -1):
        cost += m.rule[OTHER_ORDER]
    return int(cost)


@inlined
def add_up(m: Model, t: Tours, v: int) -> None:
    """Cost of a tour from its parts; whether its vehicle is in use."""
    if t.tour[v, STOPS] == 0 and m.vehicle[v, UNDERWAY] == 0:
        t.tour[v, RIDE] = 0
        t.tour[v, COST] = 0
        leave(t.used, natural(v))
    else:
        t.tour[v, COST] = t.tour[v, RIDE] + t.tour[v, SIDE] + m.vehicle[v, FIXED]
        join(t.used, natural(v))


@inlined
def cleaning(m: Model, t: Tours, v: int, slot: int) -> int:
    """Seconds of cleaning after an unloading, if the next trip carries something else than was carried last."""
    after = t.trip[natural(t.stop[slot, TRIP]), CARRIES]
    if m.vehicle[v, MIXES] != 0 or after == 0:
        return 0
    x = slot
    while x >= m.demand.shape[1] + 2 * m.vehicle.shape[0]:
        j = natural(t.stop[natural(t.stop[x, PRED]), TRIP])
        if t.trip[j, CARRIES] != 0:
            return int(m.vehicle[v, CLEANING]) if t.trip[j, CARRIES] != after else 0
        x = natural(t.stop[x, PRED])
    return 0


@inlined
def change_of_habit(m: Model, t: Tours, c: int, v: int, x: int) -> int:
    """What habits cost more with the container after stop ``x``."""
    after = natural(t.stop[x, SUCC])
    cost = habit(m, v, x, c)
    if after < m.demand.shape[1]:
        cost += habit(m, v, c, after) - habit(m, v, x, after)
    return cost
