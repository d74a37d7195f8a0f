"""The exact time line of one tour, with the pauses that its crew owes.

If the tour owes nothing, one run of the clock is all, and one pause is placed in closed form, see
`processing.routing.kernels.once`. Otherwise dynamic programming over labels (see
`processing.routing.kernels.labels`): in each gap a crew may rest where it stands, before it waits for a trip's release
and drives, or on arrival, before set-up and window; for 15, 30 or 45 min, for the whole wait that is due anyway,
or for lunch, alone or lengthened to one of these. What returns earliest is taken, then the fewest pauses.

With a flexible begin pauses and departure depend on each other: pauses are placed for the latest departure without
any, the departure follows from them as `domain.planning.clock` has it, and if the rules do not hold then, again.
"""

from typing import Any

from processing.routing.kernels.apart import apart, call_at, table_of
from processing.routing.kernels.chain import start_of
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.labels import (
    AT_NEXT,
    BROKEN,
    BROKEN_DRIVING,
    BROKEN_WORK,
    COUNT,
    DRIVEN,
    FIRST_S,
    KIND,
    LABELS,
    LUNCH,
    LUNCH_FIRST,
    LUNCH_LAST,
    LUNCHED,
    MOST_DRIVING_S,
    MOST_LABELS,
    MOST_WORK_S,
    NO_PAUSE,
    ONLY_REST,
    PARENT,
    PAUSED,
    PLACE,
    PLAN_COLUMNS,
    REST_S,
    SECONDS,
    SPLIT,
    TIME,
    TOO_LATE,
    TOTAL,
    WHOLE_S,
    WORKED,
    await_instant,
    copy_label,
    crew_row,
    first_block,
    first_row,
    keep_label,
    owes,
    repose,
    scratch_label,
    toil,
)
from processing.routing.kernels.line import (
    AHEAD,
    DUE,
    GO,
    SETTLING,
    SPENT,
    STAY,
    WAY,
    begin_at,
    follow,
    latest_departure,
    lay_out,
    owes_lunch,
    start_label,
    survey,
)
from processing.routing.kernels.model import (
    BEGINS,
    COST,
    ENDS,
    EXACT,
    FIXED,
    FLEXIBLE,
    LATEST,
    LUNCH_BY,
    LUNCH_FROM,
    LUNCH_S,
    METRES,
    MOST_S,
    NEVER,
    PAUSING,
    PENDING,
    PRE_S,
    REGULATED,
    RESTING,
    RIDE,
    SIDE,
    WAITING,
    WHEEL_S,
    WORKING,
    Int32,
    Int64,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.once import ONCE, PAUSES, rest_once
from processing.routing.kernels.timing import busy_s, ride_cost

WAYS_TO_PAUSE = 10
"""Five lengths (none, 15, 30, 45 min, the wait that is due), each without and with lunch."""
ATTEMPTS = 4
"""Departures tried with a flexible begin."""
FROM, BACK, LAST, SHIFTS, RULED, SHIFTED, FITS = range(1, 8)
"""Columns of the last row of the plan: departure and return; the last row of the tour; whether it
may depart later; whether it is regulated by (EC) 561/2006; cost of shifted arrivals; whether no rule is broken."""


@inlined
def judge(m: Model, t: Tours, v: int, end: int, duration: int) -> bool:
    """Place the pause of tour ``v``, whose stops are loaded up, driven and looked back on; set what it really costs.

    Where one pause is not seen to do, that is left PENDING for `settle_pauses`; the tour costs what it will at least.

    Parameters
    ----------
    end, duration : int
        When it returns without any pause, from the earliest departure (NEVER or more if that is too late somewhere),
        and how long it takes then, from the latest departure.

    Returns
    -------
    bool
        Whether a feasible placement was found or is pending; if not, the cost is that without pauses.
    """
    p = t.plan
    note = natural(p.shape[0] - 1)
    p[note, PAUSES] = 0
    p[note, ONCE] = 0
    t.tour[v, PENDING] = 0
    wheel, regulated = t.tour[v, WHEEL_S], t.tour[v, REGULATED] != 0
    if end >= NEVER or t.used[v, 1] < 0:
        return end < NEVER
    begins = m.vehicle[v, BEGINS]
    work = whole(t.stop[natural(start_of(m, v) + 1), PRE_S])
    busy = busy_s(m, v, work, wheel, regulated, end)
    least = max(end, begins + busy)
    duration = max(duration, busy) if m.vehicle[v, FLEXIBLE] != 0 else least - begins
    t.tour[v, RIDE] = ride_cost(m, v, t.tour[v, METRES], least, duration)
    if m.vehicle[v, EXACT] >= RESTING:
        exact, back = rest_once(m, t, v, end, least, wheel, regulated)
        if exact:
            if back >= NEVER:
                back = whole(end)
                p[note, ONCE] = -1
            price_time(m, t, v, whole(back), back - begins)
            return bool(p[note, ONCE] >= 0 and back <= m.vehicle[v, LATEST])
        p[note, ONCE] = 0
    t.tour[v, PENDING] = 1
    t.tour[v, COST] = t.tour[v, SIDE] + m.vehicle[v, FIXED] + t.tour[v, RIDE]
    return bool(
        least <= m.vehicle[v, LATEST] and (m.vehicle[v, FLEXIBLE] == 0 or duration <= m.vehicle[v, MOST_S])
    )


@kernel
def settle_pauses(m: Model, t: Tours, v: int) -> bool:
    """Find the exact time line of tour ``v`` if that is pending; False if there is none, as if nobody paused.

    The pauses are the first rows of ``t.plan``.
    """
    if t.tour[v, PENDING] == 0:
        return True
    t.tour[v, PENDING] = 0
    v = natural(v)
    p = t.plan
    note = natural(p.shape[0] - 1)
    p[note, FROM], p[note, BACK], p[note, LAST] = m.vehicle[v, BEGINS], t.tour[v, ENDS], lay_out(m, t, v)
    p[note, SHIFTS], p[note, RULED] = m.vehicle[v, FLEXIBLE], t.tour[v, REGULATED]
    call_at(m.rule[PAUSING], p, m.window)
    duration = p[note, BACK] - p[note, FROM]
    price_time(m, t, v, whole(p[note, BACK]), whole(duration))
    t.tour[v, COST] += p[note, SHIFTED]
    return bool(
        p[note, FITS] != 0
        and p[note, BACK] <= m.vehicle[v, LATEST]
        and (m.vehicle[v, FLEXIBLE] == 0 or duration <= m.vehicle[v, MOST_S])
    )


@inlined
def price_time(m: Model, t: Tours, v: int, back: int, duration: int) -> None:
    """What the tour costs if it returns then and takes so long."""
    t.tour[v, COST] = t.tour[v, SIDE] + m.vehicle[v, FIXED]
    t.tour[v, COST] += ride_cost(m, v, t.tour[v, METRES], back, duration)


@apart
def time_line_at(table: Any, rows: int, windows: Any, count: int) -> None:
    """Find the time line of the tour that is laid out in a plan, and note it there; see `apart`."""
    p = table_of(table, (rows, PLAN_COLUMNS))
    window = table_of(windows, (count, 2))
    note = natural(rows - 1)
    back, departure, shifted, fits, pauses = time_line(
        p,
        window,
        p[note, FROM],
        p[note, BACK],
        p[note, SHIFTS] != 0,
        natural(p[note, LAST]),
        p[note, RULED] != 0,
    )
    p[note, PAUSES], p[note, FROM], p[note, BACK], p[note, SHIFTED] = pauses, departure, back, shifted
    p[note, FITS] = 1 if fits else 0


@kernel
def time_line(
    p: Int64, window: Int32, begins: int, end: int, flexible: bool, last: int, regulated: bool
) -> tuple[int, int, int, bool, int]:
    """Return, departure, cost of shifted arrivals, whether no rule is broken, and the number of pauses."""
    q = crew_row(p)
    nothing = natural(0)
    departure = begins
    if flexible:
        departure = max(begins, latest_departure(p, window, last, end, nothing))
    plain_end, plain_cost, broken = follow(p, window, last, departure, nothing, regulated)
    if broken == 0:
        return plain_end, departure, plain_cost, True, nothing
    plain_departure = departure
    work = survey(p, window, last, begins)
    counts = p[q, WAITING] != 0
    for attempt in range(ATTEMPTS if flexible else 1):
        if attempt == 2:
            counts = False
            departure = begins
        count = place_pauses(p, window, last, departure, counts, regulated, work)
        if count < 0:
            departure = begins
            continue
        if flexible:
            back, _, broken = follow(p, window, last, begins, count, regulated)
            if broken & TOO_LATE:
                departure = begins
                continue
            departure = max(begins, latest_departure(p, window, last, back, count))
        back, cost, broken = follow(p, window, last, departure, count, regulated)
        if broken == 0:
            return back, departure, cost, True, count
    return plain_end, plain_departure, plain_cost, False, nothing


@inlined
def settled(
    p: Int64, x: int, drive_s: int, work_s: int, wait_s: int, departure: int, regulated: bool
) -> bool:
    """Whether label ``x`` may go on to the end without any further pause."""
    q = crew_row(p)
    if regulated and p[x, DRIVEN] + drive_s > MOST_DRIVING_S:
        return False
    work = work_s + wait_s
    if p[q, WORKING] != 0 and (p[x, WORKED] + work > MOST_WORK_S or owes(p[x, TOTAL] + work, p[x, PAUSED])):
        return False
    return p[x, LUNCHED] != 0 or not owes_lunch(p, departure, p[x, TIME] + work)


@inlined
def critical(p: Int64, x: int, drive_s: int, work_s: int, work_left: int, regulated: bool) -> bool:
    """Whether label ``x`` cannot put its pause off until after this much more driving and work.

    Where no wait is ahead, a later pause is as good as an earlier one, up to the last place where it helps.
    """
    q = crew_row(p)
    return (
        (regulated and p[x, DRIVEN] + drive_s > MOST_DRIVING_S)
        or (p[q, WORKING] != 0 and p[x, WORKED] + work_s > MOST_WORK_S)
        or p[x, TIME] <= p[q, LUNCH_BY] < p[x, TIME] + work_s
        or work_left <= work_s
    )


@inlined
def pause(p: Int64, x: int, way: int, due: int, resting: bool) -> bool:
    """Let label ``x`` pause in one of WAYS_TO_PAUSE; False if that is of no use. ``due``: the wait that comes."""
    q = crew_row(p)
    p[x, KIND] = NO_PAUSE
    p[x, REST_S] = 0
    if way == 0:
        return True
    length = way % 5
    aim = FIRST_S * length
    if length == 4:
        aim = due
        if due < FIRST_S or (due <= WHOLE_S and due % FIRST_S == 0):
            return False
    if length > 0 and not resting:
        return False
    if way < 5:
        if p[x, SPLIT] != 0 and p[x, WORKED] == 0 and p[x, TOTAL] == 0 and p[x, DRIVEN] == 0:
            return False
        p[x, KIND] = ONLY_REST
        p[x, REST_S] = aim
        p[x, COUNT] += 1
        repose(p, x, aim)
        return True
    if p[q, LUNCH_S] == 0 or p[x, LUNCHED] != 0 or p[x, TIME] > p[q, LUNCH_BY]:
        return False
    least = max(0, p[q, LUNCH_FROM] - p[x, TIME]) + p[q, LUNCH_S]
    if length > 0 and aim <= least:
        return False
    rest = max(aim, least) - p[q, LUNCH_S]
    p[x, KIND] = LUNCH_LAST if p[x, TIME] + rest <= p[q, LUNCH_BY] else LUNCH_FIRST
    p[x, REST_S] = rest
    p[x, COUNT] += 2 if rest > 0 else 1
    p[x, LUNCHED] = 1
    repose(p, x, max(aim, least))
    return True


@inlined
def go_on(p: Int64, window: Int32, x: int, r: int, side: int, counts: bool, regulated: bool) -> bool:
    """Let label ``x`` drive to row ``r`` (side 0) or work there (side 1); False if that breaks something."""
    q = crew_row(p)
    if side == 0:
        if p[r, GO] > p[x, TIME]:
            await_instant(p, x, p[r, GO], counts)
        toil(p, x, p[r, WAY], p[r, WAY])
        if p[x, TIME] > p[r, DUE] - p[r, SETTLING]:
            return False
    else:
        toil(p, x, p[r, SETTLING], whole(0))
        if p[x, TIME] > p[r, DUE]:
            return False
        begin = begin_at(p, window, r, int(p[x, TIME]))
        if begin > p[x, TIME]:
            await_instant(p, x, whole(begin), counts)
        toil(p, x, p[r, STAY], whole(0))
    return not (
        (regulated and p[x, BROKEN] & BROKEN_DRIVING != 0)
        or (p[q, WORKING] != 0 and p[x, BROKEN] & BROKEN_WORK != 0)
    )


@inlined
def place_pauses(
    p: Int64, window: Int32, last: int, departure: int, counts: bool, regulated: bool, work: int
) -> int:
    """Write the best pauses found for this departure to the plan; their number, or -1 if there are none.

    ``counts``: whether long waits count as breaks.
    """
    q = crew_row(p)
    x = scratch_label(p)
    first = first_row(p)
    working = p[q, WORKING] != 0
    resting = regulated or working
    drive_left = whole(0)
    for row in range(first + 1, last + 1):
        drive_left += p[natural(row), WAY]
    here = first_block(p)
    start_label(p, here, departure)
    p[here, LABELS] = 1
    bound, bound_count = whole(NEVER), whole(NEVER)
    r = natural(first + 1)
    side = 0
    while True:
        if side == 0:
            spent = p[r, SPENT] - p[r, SETTLING] - p[r, WAY]
            driving = int(p[r, WAY])
            busy = int(p[r, WAY])
        else:
            spent = p[r, SPENT] - p[r, SETTLING]
            driving = 0
            busy = int(p[r, SETTLING] + p[r, STAY])
        left = work - spent
        ahead = p[r, AHEAD] + spent
        there = natural(here + MOST_LABELS)
        count = natural(0)
        for i in range(p[here, LABELS]):
            y = natural(here + i)
            if p[y, TIME] + left > bound or (p[y, TIME] + left == bound and p[y, COUNT] > bound_count):
                continue
            slack = max(0, ahead - p[y, TIME])
            done = settled(p, y, drive_left, left, slack, departure, regulated)
            if side == 0 and done and slack == 0 and p[y, TIME] + p[r, WAY] + p[r, SETTLING] <= p[r, DUE]:
                bound, bound_count = p[y, TIME] + left, p[y, COUNT]
            done = done or (slack == 0 and not critical(p, y, driving, busy, left, regulated))
            if side == 0:
                due = p[r, GO] - p[y, TIME]
            else:
                ready = p[y, TIME] + p[r, SETTLING]
                due = begin_at(p, window, r, int(ready)) - ready
            for way in range(1 if done else WAYS_TO_PAUSE):
                copy_label(p, y, x)
                p[x, PARENT] = y
                if pause(p, x, way, due, resting) and go_on(p, window, x, r, side, counts, regulated):
                    count = keep_label(p, there, count, x, whole(ahead + busy), regulated, working)
        p[there, LABELS] = count
        if count == 0:
            return whole(-1)
        drive_left -= driving
        here = there
        if side == 0 and r == last:
            return best_end(p, here, departure)
        if side == 1:
            r = natural(r + 1)
        side = 1 - side


@inlined
def best_end(p: Int64, block: int, departure: int) -> int:
    """Write the pauses of the best of the last labels; their number, or -1 if none may end so."""
    q = crew_row(p)
    best = whole(-1)
    for i in range(p[block, LABELS]):
        y = natural(block + i)
        if p[q, WORKING] != 0 and owes(p[y, TOTAL], p[y, PAUSED]):
            continue
        if p[y, LUNCHED] == 0 and owes_lunch(p, departure, p[y, TIME]):
            continue
        if (
            best < 0
            or p[y, TIME] < p[best, TIME]
            or (p[y, TIME] == p[best, TIME] and p[y, COUNT] < p[best, COUNT])
        ):
            best = whole(y)
    if best < 0:
        return whole(-1)
    return write_plan(p, natural(best))


@inlined
def write_plan(p: Int64, y: int) -> int:
    """The pauses on the way to label ``y``, in their order; returns their number."""
    q = crew_row(p)
    base = first_block(p)
    count = whole(0)
    while p[y, PARENT] >= 0:
        parent = natural(p[y, PARENT])
        layer = (y - base) // MOST_LABELS - 1
        rest = p[y, REST_S]
        before = int(rest)
        after = 0
        if p[y, KIND] == LUNCH_FIRST:
            before = max(0, p[q, LUNCH_FROM] - p[parent, TIME])
            after = rest - before
        lunch = p[y, KIND] == LUNCH_LAST or p[y, KIND] == LUNCH_FIRST
        seconds = after
        for part in range(3):
            if part == 1:
                seconds = int(p[q, LUNCH_S]) if lunch else 0
            elif part == 2:
                seconds = before
            if seconds > 0:
                p[count, PLACE] = layer // 2
                p[count, AT_NEXT] = layer % 2
                p[count, SECONDS] = seconds
                p[count, LUNCH] = 1 if part == 1 else 0
                count += 1
        y = parent
    for i in range(count // 2):
        for column in range(4):
            p[i, column], p[count - 1 - i, column] = p[count - 1 - i, column], p[i, column]
    return count
