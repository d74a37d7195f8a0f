"""Labels: how a crew stands on its way along a tour, and which of two stands better.

A label is a row of `Tours.plan`. A break that is still going on is in REST and counts only once the crew drives or
works again, since breaks that touch each other are one. The rules are those of `domain.planning.breaks`.
"""

from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.model import Int64
from processing.routing.kernels.natural import natural

TIME, DRIVEN, SPLIT, WORKED, TOTAL, PAUSED, REST, LUNCHED, COUNT, PARENT, KIND, REST_S, BROKEN, LABELS = (
    range(14)
)
"""Columns of a label: instant; driving since the last break that counts; whether a first part was taken; work since the
last break, and in all; breaks in all; the break going on; whether lunch was taken; pauses so far; the label it follows
from by a pause of KIND with REST_S beside the lunch; the rules BROKEN. LABELS, in a block's first row, is the number of
its labels."""
PLAN_COLUMNS = 14
"""Columns of `Tours.plan`."""
NO_PAUSE, ONLY_REST, LUNCH_LAST, LUNCH_FIRST = range(4)
"""What KIND may be."""
PLACE, AT_NEXT, SECONDS, LUNCH = range(4)
"""Columns of a pause: rows after the first stop; whether on arrival at the next; seconds; whether it is lunch."""
MOST_LABELS = 16
"""Labels in a block at most; beyond that, those are dropped which seem to owe most."""
BROKEN_DRIVING, BROKEN_WORK, TOO_LATE = 1, 2, 4
MOST_DRIVING_S, WHOLE_S, FIRST_S, SECOND_S = 16_200, 2_700, 900, 1_800
MOST_WORK_S, LONG_WORK_S = 21_600, 32_400


def plan_rows(stops: int) -> int:
    """Rows of `Tours.plan` for tours of so many stops: pauses, two labels, the tour itself, two blocks a stop."""
    return (7 + 2 * MOST_LABELS) * stops + 3


@inlined
def scratch_label(p: Int64) -> int:
    """The row of a label to try something with."""
    return natural(6 * (p.shape[0] // (7 + 2 * MOST_LABELS)))


@inlined
def crew_row(p: Int64) -> int:
    """The row with the crew's rules, as they stand in `Model.crew`."""
    return natural(scratch_label(p) + 1)


@inlined
def first_row(p: Int64) -> int:
    """Where the tour itself stands, see `processing.routing.kernels.line`."""
    return natural(scratch_label(p) + 2)


@inlined
def first_block(p: Int64) -> int:
    """Where the labels of the first place stand."""
    return natural(scratch_label(p) + 2 + p.shape[0] // (7 + 2 * MOST_LABELS))


@inlined
def close_break(p: Int64, x: int) -> None:
    """The break going on is over: count it."""
    rest = p[x, REST]
    if rest == 0:
        return
    if rest >= WHOLE_S or (p[x, SPLIT] != 0 and rest >= SECOND_S):
        p[x, DRIVEN] = 0
        p[x, SPLIT] = 0
    elif rest >= FIRST_S:
        p[x, SPLIT] = 1
    if rest >= FIRST_S:
        p[x, WORKED] = 0
        if p[x, TOTAL] > 0:
            p[x, PAUSED] += rest
    p[x, REST] = 0


@kernel
def toil(p: Int64, x: int, seconds: int, driving: int) -> None:
    """Work for some seconds, ``driving`` of them at the wheel."""
    if seconds <= 0:
        return
    close_break(p, x)
    p[x, TIME] += seconds
    p[x, WORKED] += seconds
    p[x, TOTAL] += seconds
    p[x, DRIVEN] += driving
    if driving > 0 and p[x, DRIVEN] > MOST_DRIVING_S:
        p[x, BROKEN] |= BROKEN_DRIVING
    if p[x, WORKED] > MOST_WORK_S:
        p[x, BROKEN] |= BROKEN_WORK


@inlined
def repose(p: Int64, x: int, seconds: int) -> None:
    """Take a break, or go on with it."""
    p[x, TIME] += seconds
    p[x, REST] += seconds


@kernel
def await_instant(p: Int64, x: int, until: int, counts: bool) -> None:
    """Wait, which is work unless it ``counts`` as break and is long enough."""
    seconds = until - p[x, TIME]
    if counts and seconds >= FIRST_S:
        repose(p, x, seconds)
    else:
        toil(p, x, seconds, natural(0))


@inlined
def owes(total: int, paused: int) -> bool:
    """Whether so much work needs more breaks."""
    return (total > LONG_WORK_S and paused < WHOLE_S) or (total > MOST_WORK_S and paused < SECOND_S)


@inlined
def copy_label(p: Int64, source: int, target: int) -> None:
    """All but the number of labels."""
    for column in range(LABELS):
        p[target, column] = p[source, column]


@inlined
def first_part(p: Int64, x: int) -> int:
    """Whether a first part of a break was taken, as it stands once the break going on is over."""
    if p[x, REST] >= WHOLE_S or (p[x, SPLIT] != 0 and p[x, REST] >= SECOND_S):
        return 0
    return int(p[x, SPLIT])


@kernel
def dominates(p: Int64, a: int, b: int, slack: int, driving: bool, working: bool) -> bool:
    """Whether nothing that can follow label ``b`` needs it beside ``a``, which might have to wait ``slack`` more."""
    if p[a, TIME] > p[b, TIME] or p[a, LUNCHED] < p[b, LUNCHED]:
        return False
    if p[b, REST] > 0 and p[a, REST] < p[b, REST]:
        return False
    if p[a, TIME] == p[b, TIME] and p[a, COUNT] > p[b, COUNT]:
        return False
    if driving and (p[a, DRIVEN] > p[b, DRIVEN] or first_part(p, a) < p[b, SPLIT]):
        return False
    wait = min(p[b, TIME] - p[a, TIME], slack)
    return not working or (
        p[a, WORKED] + wait <= p[b, WORKED]
        and p[a, TOTAL] + wait <= p[b, TOTAL]
        and min(p[a, PAUSED], WHOLE_S) >= min(p[b, PAUSED], WHOLE_S)
    )


@inlined
def burden(p: Int64, x: int) -> int:
    """A guess of when a label stands where one without anything owed would."""
    return int(
        p[x, TIME]
        + p[x, DRIVEN] // 6
        + p[x, WORKED] // 24
        + max(0, WHOLE_S - p[x, PAUSED])
        - (SECOND_S if p[x, LUNCHED] else 0)
    )


@kernel
def keep_label(p: Int64, block: int, count: int, x: int, offset: int, driving: bool, working: bool) -> int:
    """Add label ``x`` to a block unless another is as good; returns how many there are.

    ``offset``: a label later than this cannot wait for anything any more.
    """
    for i in range(count):
        y = natural(block + i)
        if dominates(p, y, x, max(0, offset - p[y, TIME]), driving, working):
            return count
    slack = max(0, offset - p[x, TIME])
    i = natural(0)
    while i < count:
        if dominates(p, x, natural(block + i), slack, driving, working):
            count = natural(count - 1)
            if i < count:
                copy_label(p, natural(block + count), natural(block + i))
        else:
            i = natural(i + 1)
    if count < MOST_LABELS:
        copy_label(p, x, natural(block + count))
        return natural(count + 1)
    worst = x
    for i in range(count):
        if burden(p, natural(block + i)) > burden(p, worst):
            worst = natural(block + i)
    if worst != x:
        copy_label(p, x, worst)
    return count
