"""What it costs to come at another hour than usual, before the exact time line is known.

Whoever owes a pause is taken to put it off as long as is allowed.
"""

from processing.routing.kernels.compile import inlined
from processing.routing.kernels.labels import MOST_WORK_S, SECOND_S
from processing.routing.kernels.model import (
    BEGINS,
    LUNCH_BY,
    LUNCH_S,
    NEVER,
    NEXT,
    OPENS_AT,
    PROFILE,
    SET_UP_S,
    SHIFT_FREE,
    SHIFT_PRICE,
    USUAL_S,
    WAY_IN_S,
    WORK_S,
    WORKING,
    Model,
)
from processing.routing.kernels.natural import natural, whole


@inlined
def shift_cost(m: Model, v: int, c: int, begin: int, end: int) -> int:
    """What it costs that work at ``c`` begins then, but for pauses, in a tour that returns at ``end``."""
    price = m.crew[v, SHIFT_PRICE]
    cost = whole(0)
    if price == 0:
        return whole(cost)
    p = natural(m.vehicle[v, PROFILE])
    now = whole(begin + paused_s(m, v, begin, end))
    row = natural(c)
    while True:
        cost += price * shifted_s(now, whole(m.labour[p, row, USUAL_S]), whole(m.crew[v, SHIFT_FREE]))
        inner = m.labour[p, row, NEXT]
        if inner < 0:
            return whole(cost)
        now += m.labour[p, row, WORK_S]
        row = natural(inner)
        now = max(
            now + m.labour[p, row, WAY_IN_S] + m.labour[p, row, SET_UP_S], whole(m.labour[p, row, OPENS_AT])
        )


@inlined
def shifted_s(begin: int, usual: int, free: int) -> int:
    """Seconds of a shift that count; none if there is no usual begin."""
    return whole(max(whole(0), abs(begin - usual) - free)) if usual < NEVER else whole(0)


@inlined
def paused_s(m: Model, v: int, begin: int, end: int) -> int:
    """Seconds for which a crew probably paused before an instant, in a tour that returns at ``end``."""
    begins = m.vehicle[v, BEGINS]
    if m.crew[v, LUNCH_S] > 0 and begins < m.crew[v, LUNCH_BY] < end:
        return whole(m.crew[v, LUNCH_S] if begin > m.crew[v, LUNCH_BY] else 0)
    rests = m.crew[v, WORKING] != 0 and end - begins > MOST_WORK_S
    return whole(SECOND_S if rests and begin - begins > MOST_WORK_S else 0)
