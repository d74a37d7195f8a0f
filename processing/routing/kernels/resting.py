"""Where on its way a crew rests: dynamic programming over labels (see `processing.routing.kernels.labels`).

In each gap a crew may rest where it stands, before it waits for a trip's release and drives, or on arrival, before
set-up and window; for 15, 30 or 45 min, for the whole wait that is due anyway, or for lunch, alone or lengthened to
one of these. What returns earliest is taken, then the fewest pauses.
"""

from processing.routing.kernels.compile import inlined
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
    REST_S,
    SECONDS,
    SPLIT,
    TIME,
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
    owes_lunch,
    start_label,
)
from processing.routing.kernels.model import (
    LUNCH_BY,
    LUNCH_FROM,
    LUNCH_S,
    NEVER,
    WORKING,
    Int32,
    Int64,
)
from processing.routing.kernels.natural import natural, whole

WAYS_TO_PAUSE = 10
"""Five lengths (none, 15, 30, 45 min, the wait that is due), each without and with lunch."""


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
