"""Put a container into the place that was found for it, and take it out again."""

from processing.routing.kernels.amend import amend, amendable
from processing.routing.kernels.chain import (
    drop_slot,
    link,
    loosen,
    put_between,
    start_of,
    take_slot,
    unlink,
)
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.members import join, leave
from processing.routing.kernels.model import (
    CARRIES,
    COLLECTED,
    EARLIEST_DEPARTURE,
    ENDS,
    FRACTION,
    HABITUAL,
    LARGEST,
    LATEST_ARRIVAL,
    LAYOUT,
    LEG_S,
    LOAD,
    METRES,
    NEED,
    PER_M,
    PLAIN,
    PRED,
    PROFILE,
    RIDE,
    SERVICE,
    SIDE,
    SPARE,
    STOPS,
    SUCC,
    TIMED,
    TOUR,
    TRIP,
    UNLOADS,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.timing import (
    add_up,
    change_of_habit,
    earliest_begin,
    latest_begin,
)
from processing.routing.kernels.tour import revise


@kernel
def insert(m: Model, t: Tours, c: int, x: int, before: int, after: int) -> bool:
    """Carry out what `best_insertion` found; False if the tour breaks something after all."""
    c, x = natural(c), natural(x)
    v = natural(t.stop[x, TOUR])
    leave(t.gone, natural(m.node[0, c, NEED]))
    if m.rule[PLAIN] != 0:
        settle(m, t, c, x, v)
        return True
    if before < 0 and after < 0 and amendable(m, t, c, x, v):
        return amend(m, t, c, x, v)
    if before >= 0:
        slot = take_slot(m, t, before)
        link(t, slot, x)
        x = slot
    link(t, c, x)
    if after >= 0:
        link(t, take_slot(m, t, after), c)
    return revise(m, t, v)


@inlined
def withdraw(m: Model, t: Tours, c: int, before: int, after: int) -> None:
    """Take a container out again, with the unloadings that `insert` put beside it."""
    v = natural(t.stop[c, TOUR])
    if before >= 0:
        drop_slot(m, t, natural(t.stop[c, PRED]))
    if after >= 0:
        drop_slot(m, t, natural(t.stop[c, SUCC]))
    unlink(t, c)
    loosen(t, c)
    join(t.gone, natural(m.node[0, c, NEED]))
    revise(m, t, v)


@inlined
def settle(m: Model, t: Tours, c: int, x: int, v: int) -> None:
    """Put a container into a plain tour, and recompute only what that changes."""
    p = natural(m.vehicle[v, PROFILE])
    side = m.serving[c]
    if m.rule[HABITUAL] != 0:
        side += change_of_habit(m, t, c, v, x)
    t.tour[v, METRES] += put_between(m, t, c, x, p)
    t.tour[v, STOPS] += 1
    t.tour[v, SIDE] += side
    t.stop[c, TOUR] = v
    t.stop[c, TRIP] = v
    layout = natural(m.vehicle[v, LAYOUT])
    for d in range(m.demand.shape[2]):
        t.trip[v, LOAD + d] += m.demand[layout, c, d]
        t.tour[v, COLLECTED + d] += m.demand[layout, c, d]
    if m.demand.shape[2] > 0:
        t.trip[v, SPARE] = m.vehicle[v, LARGEST] - t.trip[v, LOAD]
    t.trip[v, CARRIES] |= m.node[p, c, FRACTION]
    t.tour[v, UNLOADS] = 1
    if m.rule[TIMED] != 0:
        push_on(m, t, p, c, v)
        pull_back(m, t, p, c, v)
        t.tour[v, ENDS] = t.stop[natural(start_of(m, v) + 1), EARLIEST_DEPARTURE]
    t.tour[v, RIDE] = t.tour[v, METRES] * m.vehicle[v, PER_M]
    add_up(m, t, v)


@inlined
def push_on(m: Model, t: Tours, p: int, c: int, v: int) -> None:
    """Departures from stop ``c`` on, until one is as it was."""
    end = natural(start_of(m, v) + 1)
    before = natural(t.stop[c, PRED])
    x = c
    while True:
        place = natural(t.at[x])
        begin = earliest_begin(m, p, place, whole(t.stop[before, EARLIEST_DEPARTURE]) + t.stop[before, LEG_S])
        leaves = begin + m.node[p, place, SERVICE]
        if x != c and leaves == t.stop[x, EARLIEST_DEPARTURE]:
            break
        t.stop[x, EARLIEST_DEPARTURE] = leaves
        if x == end:
            break
        before = x
        x = natural(t.stop[x, SUCC])


@inlined
def pull_back(m: Model, t: Tours, p: int, c: int, v: int) -> None:
    """Latest arrivals from stop ``c`` back, until one is as it was."""
    start = start_of(m, v)
    following = natural(t.stop[c, SUCC])
    x = c
    while True:
        place = natural(t.at[x])
        due = t.stop[following, LATEST_ARRIVAL] - t.stop[x, LEG_S]
        if x == start:
            t.stop[x, LATEST_ARRIVAL] = due
            break
        must = latest_begin(m, p, place, whole(due) - m.node[p, place, SERVICE])
        if x != c and must == t.stop[x, LATEST_ARRIVAL]:
            break
        t.stop[x, LATEST_ARRIVAL] = must
        following = x
        x = natural(t.stop[x, PRED])
