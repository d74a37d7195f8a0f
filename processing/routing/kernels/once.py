"""The time line of a crew that rests once, in closed form.

Most crews owe one pause at most: their lunch, which is as good a break as any if it lasts. Where on the way that is
best follows from what the tour knows of its rest anyway, gap by gap, and without labels. Such a time line is the exact
one if nothing but lunch is owed, or if it returns as early as if that were so, or as is possible at all.
"""

from processing.routing.kernels.chain import start_of
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.labels import (
    AT_NEXT,
    LONG_WORK_S,
    LUNCH,
    MOST_DRIVING_S,
    MOST_WORK_S,
    PLACE,
    SECOND_S,
    SECONDS,
    WHOLE_S,
    owes,
)
from processing.routing.kernels.model import (
    BEGINS,
    EARLIEST_DEPARTURE,
    EXACT,
    LATEST_ARRIVAL,
    LEG_S,
    LUNCH_BY,
    LUNCH_FROM,
    LUNCH_S,
    LUNCHING,
    NEVER,
    NEXT,
    PRE_S,
    PRED,
    PROFILE,
    RELEASED,
    SUCC,
    TAIL_END,
    TAIL_S,
    TRIP,
    WAITS,
    WORKING,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.timing import earliest_begin
from processing.routing.kernels.wheel import settling_s

PAUSES = 0
ONCE, ONCE_AT, ONCE_ON_ARRIVAL, ONCE_FROM, ONCE_UNTIL, ONCE_LUNCH = range(8, 14)
"""Columns of the last row of the plan: whether the crew rests once in closed form, after which stop, whether on arrival
at the next, from when until when, and whether it has lunch."""


@kernel
def rest_once(
    m: Model, t: Tours, v: int, end: int, least: int, wheel: int, regulated: bool
) -> tuple[bool, int]:
    """Return of tour ``v`` with one pause at most; the pause is noted in the plan.

    Parameters
    ----------
    end, least : int
        When it returns without any pause, and no earlier than which with those that it owes.

    Returns
    -------
    tuple of bool and int
        Whether this is the exact time line; when it returns, NEVER if it cannot keep to the rules.
    """
    note = natural(t.plan.shape[0] - 1)
    begins = m.vehicle[v, BEGINS]
    working = m.crew[v, WORKING] != 0
    by = m.crew[v, LUNCH_BY]
    lunch = m.crew[v, LUNCH_S]
    if regulated and wheel > MOST_DRIVING_S:
        return False, NEVER
    rest = whole(0)
    if working and end - begins > MOST_WORK_S:
        rest = whole(WHOLE_S if end - begins > LONG_WORK_S else SECOND_S)
    lunches = lunch > 0 and begins < by < end + rest
    if rest == 0 and not lunches:
        return True, end
    back, bound = find_gap(m, t, v, rest, lunches)
    if m.vehicle[v, EXACT] == LUNCHING:
        return True, back
    certain = lunches and by < end and rest <= lunch and not sealed(m)
    if back >= NEVER:
        return certain and bound >= NEVER, back
    if back != least and (back != bound or not certain):
        return False, back
    x = natural(t.plan[note, ONCE_AT])
    y = natural(t.stop[x, SUCC])
    way = whole(t.stop[x, LEG_S])
    if t.plan[note, ONCE_ON_ARRIVAL] != 0:
        way = settling_s(m, natural(m.vehicle[v, PROFILE]), natural(t.at[x]), natural(t.at[y]))
    until = t.plan[note, ONCE_UNTIL]
    pause = until - t.plan[note, ONCE_FROM]
    if working and owes(back - begins - pause, pause):
        return False, back
    if lunch > 0 and not lunches and begins < by < back:
        return False, back
    return drive_on(m, t, v, y, whole(until + way)) == back, back


@inlined
def sealed(m: Model) -> bool:
    """Whether there may be gaps that are not looked at: within locked sequences, or before the wait for a release."""
    return bool(m.rule[RELEASED] != 0 or m.labour.shape[1] > m.out_m.shape[1])


@inlined
def waits_there(m: Model, t: Tours, x: int) -> bool:
    """Whether the next trip may have to be waited for at stop ``x``: a pause there would come before the wait."""
    if m.rule[RELEASED] == 0 or x < m.demand.shape[1]:
        return False
    return bool(t.trip[natural(t.stop[x, TRIP]), WAITS] == t.stop[x, EARLIEST_DEPARTURE])


@inlined
def find_gap(m: Model, t: Tours, v: int, rest: int, lunches: bool) -> tuple[int, int]:
    """Note the pause of ``rest`` seconds and lunch after which tour ``v`` returns first.

    Returns
    -------
    tuple of int
        When that is, NEVER if there is none; and when it would be if lunch were all that is owed.
    """
    note = natural(t.plan.shape[0] - 1)
    p = natural(m.vehicle[v, PROFILE])
    lunch = whole(m.crew[v, LUNCH_S]) if lunches else whole(0)
    earliest = whole(m.crew[v, LUNCH_FROM]) if lunches else whole(-NEVER)
    latest = whole(m.crew[v, LUNCH_BY]) if lunches else whole(NEVER)
    stretch = whole(MOST_WORK_S) if m.crew[v, WORKING] != 0 else whole(NEVER)
    t.plan[note, ONCE_LUNCH] = 1 if lunches else 0
    best, bound = whole(NEVER), whole(NEVER)
    x = start_of(m, v)
    end = natural(x + 1)
    while x != end and t.stop[x, EARLIEST_DEPARTURE] <= latest:
        y = natural(t.stop[x, SUCC])
        if y != end and t.stop[y, EARLIEST_DEPARTURE] <= earliest:
            x = y
            continue
        for side in range(2):
            if side == 0 and waits_there(m, t, x):
                continue
            way = whole(t.stop[x, LEG_S])
            begin = whole(t.stop[x, EARLIEST_DEPARTURE])
            if side == 1:
                if y == end:
                    break
                begin += way
                way = settling_s(m, p, natural(t.at[x]), natural(t.at[y]))
                begin -= way
            until = max(begin + rest, max(begin, earliest) + lunch)
            if begin > latest or until + way > t.stop[y, LATEST_ARRIVAL]:
                continue
            back = max(whole(t.stop[y, TAIL_END]), until + way + t.stop[y, TAIL_S])
            bound = min(bound, back)
            if rest > 0 and t.stop[x, PRE_S] == 0:
                continue
            if back < best and max(begin - m.vehicle[v, BEGINS], back - until) <= stretch:
                best = back
                t.plan[note, ONCE_AT], t.plan[note, ONCE_ON_ARRIVAL] = x, side
                t.plan[note, ONCE_FROM], t.plan[note, ONCE_UNTIL] = begin, until
        x = y
    t.plan[note, ONCE] = 1
    return best, bound


@inlined
def drive_on(m: Model, t: Tours, v: int, x: int, arrival: int) -> int:
    """When tour ``v`` returns if stop ``x`` is reached then; NEVER if that is too late somewhere."""
    p = natural(m.vehicle[v, PROFILE])
    end = natural(start_of(m, v) + 1)
    now = arrival
    while x != end:
        begin = earliest_begin(m, p, natural(t.at[x]), now)
        if begin >= NEVER:
            return NEVER
        before = natural(t.stop[x, PRED])
        now = begin + t.stop[x, PRE_S] - t.stop[before, PRE_S] - t.stop[before, LEG_S]
        if m.rule[RELEASED] != 0 and x >= m.demand.shape[1]:
            now = max(now, t.trip[natural(t.stop[x, TRIP]), WAITS])
        now += t.stop[x, LEG_S]
        x = natural(t.stop[x, SUCC])
    return int(now)


@inlined
def write_rest(m: Model, t: Tours, v: int) -> int:
    """Write the one pause that is noted as rows of the plan; returns their number."""
    plan = t.plan
    note = natural(plan.shape[0] - 1)
    p = natural(m.vehicle[v, PROFILE])
    place = whole(0)
    x = start_of(m, v)
    while x != plan[note, ONCE_AT]:
        x = natural(t.stop[x, SUCC])
        row = natural(t.at[x])
        place += 1
        while m.labour[p, row, NEXT] >= 0:
            row = natural(m.labour[p, row, NEXT])
            place += 1
    pause = plan[note, ONCE_UNTIL] - plan[note, ONCE_FROM]
    lunch = whole(m.crew[v, LUNCH_S]) if plan[note, ONCE_LUNCH] != 0 else whole(0)
    rest = pause - lunch
    wait = max(whole(0), m.crew[v, LUNCH_FROM] - plan[note, ONCE_FROM]) if lunch > 0 else whole(0)
    count = whole(0)
    for part in range(3):
        seconds = min(rest, wait) if part == 0 else lunch if part == 1 else rest - min(rest, wait)
        if seconds > 0:
            plan[count, PLACE], plan[count, AT_NEXT] = place, plan[note, ONCE_ON_ARRIVAL]
            plan[count, SECONDS], plan[count, LUNCH] = seconds, 1 if part == 1 else 0
            count += 1
    plan[note, PAUSES] = count
    return count
