"""Try to do without a vehicle: empty a tour and, for a while, let no other vehicle begin one.

What the tour served is left at first and put in by turns, those who were left most often counting most. If that does
not succeed, the search goes on from where it was: not from the best solution, which may have a vehicle more that the
last attempt did away with.
"""

from processing.routing.kernels.chain import first_slot, lift, loosen, start_of, tie
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.history import forget
from processing.routing.kernels.members import join, leave
from processing.routing.kernels.model import (
    COST,
    FIXED,
    LEAVING,
    NEED,
    OBJECTIVE,
    REQUIRED,
    STOPS,
    SUCC,
    UNDERWAY,
    Int32,
    Model,
    Tours,
    Work,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.tidy import tidy
from processing.routing.kernels.tour import refresh

CLOCK, UNTIL, FAILED, BEFORE = range(4)
"""Entries of `Work.fleet`: iterations so far, the one at which an attempt ends, failed attempts in a row, and the
objective before the attempt."""
ATTEMPT, PAUSE = 160, 80
"""An attempt lasts for one iteration in so many at most, the pause after it for one in so many."""
FIRST, LAST, PARTS = 1, 17, 20
"""Attempts begin between these twentieths of the iterations,"""
MOST_FAILED = 20
"""and until so many in a row have failed."""


@kernel
def mind_fleet(m: Model, t: Tours, w: Work, i: int, total: int) -> None:
    """Begin or end an attempt, if it is time."""
    w.fleet[CLOCK] += 1
    last = t.used.shape[0] - 1
    due = w.fleet[CLOCK] >= w.fleet[UNTIL]
    if t.used[last, 1] != 0:
        left = required_left(m, t)
        if left and not due:
            return
        if left:
            bring_back(m, t, w, w.held[0], w.held[1], w.fleet[BEFORE], whole(1))
        w.fleet[FAILED] = w.fleet[FAILED] + 1 if left else 0
        t.used[last, 1] = 0
        w.fleet[UNTIL] = w.fleet[CLOCK] + total // PAUSE
    elif (
        due
        and w.fleet[FAILED] < MOST_FAILED
        and total // PARTS * FIRST < i < total // PARTS * LAST
        and not required_left(m, t)
    ):
        v = easiest_tour(m, t, w)
        if v >= 0:
            hold(m, t, w)
            t.used[last, 1] = 1
            w.fleet[UNTIL] = w.fleet[CLOCK] + total // ATTEMPT
            empty_tour(m, t, w, natural(v))


@inlined
def hold(m: Model, t: Tours, w: Work) -> None:
    """Note the tours as they are, and what they cost."""
    for x in range(t.at.shape[0]):
        w.held[0, x] = t.stop[x, SUCC]
        w.held[1, x] = t.at[x]
    w.fleet[BEFORE] = w.values[OBJECTIVE]


@inlined
def required_left(m: Model, t: Tours) -> bool:
    """Whether nobody serves some required need."""
    for i in range(t.gone[t.gone.shape[0] - 1, 0]):
        if m.need[t.gone[i, 0], REQUIRED] != 0:
            return True
    return False


@inlined
def easiest_tour(m: Model, t: Tours, w: Work) -> int:
    """The tour whose needs were left least often, of vehicles that cost something to be used; -1 if there is none.

    One that serves nothing required needs no attempt: it is given up like any other that does not pay.
    """
    chosen = whole(-1)
    least = whole(0)
    for i in range(t.used[t.used.shape[0] - 1, 0]):
        v = natural(t.used[i, 0])
        if m.vehicle[v, FIXED] > 0 and m.vehicle[v, UNDERWAY] == 0 and t.tour[v, STOPS] > 0:
            total = whole(0)
            required = False
            x = natural(t.stop[start_of(m, v), SUCC])
            while x != start_of(m, v) + 1:
                if x < m.demand.shape[1]:
                    need = natural(m.node[0, x, NEED])
                    total += 1 + w.absent[need]
                    required = required or m.need[need, REQUIRED] != 0
                x = natural(t.stop[x, SUCC])
            if required and (chosen < 0 or total < least):
                chosen, least = whole(v), total
    return chosen


@inlined
def empty_tour(m: Model, t: Tours, w: Work, v: int) -> None:
    """Leave all that a tour serves."""
    before = t.tour[v, COST]
    x = natural(t.stop[start_of(m, v), SUCC])
    count = whole(0)
    while x != start_of(m, v) + 1:
        following = natural(t.stop[x, SUCC])
        if x < m.demand.shape[1]:
            count = lift(m, t, x, w.pool, count)
        x = following
    tidy(m, t, v)
    w.dirty[v] = 1
    w.values[OBJECTIVE] += t.tour[v, COST] - before
    for i in range(count):
        w.values[OBJECTIVE] += m.need[natural(w.pool[i]), LEAVING]


@kernel
def bring_back(m: Model, t: Tours, w: Work, succ: Int32, at: Int32, objective: int, dirty: int) -> None:
    """Go on from tours that were put by, with their objective; ``dirty`` is 1 unless these are the best."""
    n, slots = m.demand.shape[1], first_slot(m)
    for x in range(n):
        loosen(t, natural(x))
        join(t.gone, natural(m.node[0, x, NEED]))
    for slot in range(t.free.shape[0] - 1):
        join(t.free, natural(slot))
    # While tours are brought back one by one, the books hold only drops of those that are.
    t.book[:] = 0
    for v in range(m.vehicle.shape[0]):
        x = start_of(m, natural(v))
        end = natural(x + 1)
        while x != end:
            following = natural(succ[x])
            if following < n:
                leave(t.gone, natural(m.node[0, following, NEED]))
            elif following >= slots:
                leave(t.free, natural(following - slots))
                t.at[following] = at[following]
            tie(t, x, following)
            x = following
        refresh(m, t, natural(v))
        w.dirty[v] = dirty
    forget(t)
    w.values[OBJECTIVE] = objective
