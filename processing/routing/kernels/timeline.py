"""The exact time line of one tour, with the pauses that its crew owes.

If the tour owes nothing, one run of the clock is all, and one pause is placed in closed form, see
`processing.routing.kernels.once`; otherwise pauses are placed by `processing.routing.kernels.resting`.

With a flexible begin pauses and departure depend on each other: pauses are placed for the latest departure without
any, the departure follows from them as `domain.planning.clock` has it, and if the rules do not hold then, again.
"""

from typing import Any

from processing.routing.kernels.apart import apart, call_at, table_of
from processing.routing.kernels.chain import start_of
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.labels import (
    PLAN_COLUMNS,
    TOO_LATE,
    crew_row,
)
from processing.routing.kernels.line import (
    follow,
    latest_departure,
    lay_out,
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
    Int32,
    Int64,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.once import ONCE, PAUSES, rest_once
from processing.routing.kernels.resting import place_pauses
from processing.routing.kernels.timing import busy_s, ride_cost

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
