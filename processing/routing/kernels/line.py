"""One tour as rows of `Tours.plan`, a row for each container, unloading and depot, so that a clock runs along it."""

from processing.routing.kernels.chain import start_of
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.labels import (
    AT_NEXT,
    BROKEN,
    BROKEN_DRIVING,
    BROKEN_WORK,
    DRIVEN,
    LABELS,
    LUNCH,
    LUNCHED,
    PARENT,
    PAUSED,
    PLACE,
    SECONDS,
    SPLIT,
    TIME,
    TOO_LATE,
    TOTAL,
    WORKED,
    await_instant,
    crew_row,
    first_row,
    owes,
    repose,
    scratch_label,
    toil,
)
from processing.routing.kernels.model import (
    CLEANING,
    DEPARTED,
    FIRST_SPAN,
    LAST_SPAN,
    LATEST,
    LEG_S,
    LUNCH_BY,
    LUNCH_FROM,
    LUNCH_S,
    NEVER,
    NEXT,
    OPENS_AT,
    PAST_DRIVEN,
    PAST_PAUSED,
    PAST_SPLIT,
    PAST_TOTAL,
    PAST_WORKED,
    PROFILE,
    SET_UP_S,
    SHIFT_FREE,
    SHIFT_PRICE,
    SHUTS_AT,
    SUCC,
    TRIP,
    USUAL_S,
    WAITING,
    WAITS,
    WAY_IN_S,
    WORK_S,
    WORKING,
    Int32,
    Int64,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.shifts import shifted_s
from processing.routing.kernels.timing import cleaning
from processing.routing.kernels.wheel import settling_s

WAY, SETTLING, STAY, GO, OPEN, SHUT, SPANS, SPANS_END, USUAL, DUE, AHEAD, SPENT = range(12)
"""Columns of a row: seconds of the way there, of set-up, and of work and cleaning there; the instant that is waited for
before the way; work begins from OPEN to SHUT, or within the windows SPANS … SPANS_END - 1; its usual begin; the latest
begin from which the rest is feasible without pauses; the last instant from here on that may have to be waited for, as
if none of the work in all that is SPENT before the work here were done."""


@inlined
def lay_out(m: Model, t: Tours, v: int) -> int:
    """Write a tour and its crew; returns the last row."""
    p = t.plan
    n = m.demand.shape[1]
    travel = natural(m.vehicle[v, PROFILE])
    r = first_row(p)
    x = start_of(m, v)
    end = natural(x + 1)
    write_row(m, p, r, travel, natural(t.at[x]))
    p[r, WAY], p[r, SETTLING], p[r, GO] = 0, 0, -NEVER
    while x != end:
        before = natural(t.at[x])
        leg = whole(t.stop[x, LEG_S])
        release = t.trip[natural(t.stop[x, TRIP]), WAITS] if x >= n else -NEVER
        x = natural(t.stop[x, SUCC])
        place = natural(t.at[x])
        r = natural(r + 1)
        write_row(m, p, r, travel, place)
        p[r, SETTLING] = settling_s(m, travel, before, place)
        p[r, WAY] = leg - p[r, SETTLING]
        p[r, GO] = release
        if x >= n and x != end and m.vehicle[v, CLEANING] > 0:
            p[r, STAY] += cleaning(m, t, v, x)
        inner = m.labour[travel, place, NEXT]
        while inner >= 0:
            r = natural(r + 1)
            place = natural(inner)
            write_row(m, p, r, travel, place)
            p[r, WAY] = m.labour[travel, place, WAY_IN_S]
            p[r, GO] = -NEVER
            inner = m.labour[travel, place, NEXT]
    p[r, DUE] = m.vehicle[v, LATEST]
    for column in range(m.crew.shape[1]):
        p[crew_row(p), column] = m.crew[v, column]
    return r


@inlined
def write_row(m: Model, p: Int64, r: int, travel: int, place: int) -> None:
    """What a row knows of its place."""
    p[r, SETTLING] = m.labour[travel, place, SET_UP_S]
    p[r, STAY] = m.labour[travel, place, WORK_S]
    p[r, OPEN] = m.labour[travel, place, OPENS_AT]
    p[r, SHUT] = m.labour[travel, place, SHUTS_AT]
    p[r, SPANS] = m.labour[travel, place, FIRST_SPAN]
    p[r, SPANS_END] = m.labour[travel, place, LAST_SPAN]
    p[r, USUAL] = m.labour[travel, place, USUAL_S]


@inlined
def begin_at(p: Int64, window: Int32, r: int, ready: int) -> int:
    """When work begins at row ``r`` if the crew is ready then; NEVER if no window is left."""
    if ready > p[r, SHUT]:
        return NEVER
    if p[r, SPANS] == p[r, SPANS_END]:
        return max(ready, int(p[r, OPEN]))
    for w in range(p[r, SPANS], p[r, SPANS_END]):
        if ready <= window[w, 1]:
            return max(ready, int(window[w, 0]))
    return NEVER


@inlined
def begin_by(p: Int64, window: Int32, r: int, limit: int) -> int:
    """The latest instant to be ready at row ``r`` so that work begins by ``limit``; -NEVER if there is none."""
    if limit < p[r, OPEN]:
        return -NEVER
    if p[r, SPANS] == p[r, SPANS_END]:
        return min(limit, int(p[r, SHUT]))
    for w in range(p[r, SPANS_END] - 1, p[r, SPANS] - 1, -1):
        if window[w, 0] <= limit:
            return min(limit, int(window[w, 1]))
    return -NEVER


@inlined
def survey(p: Int64, window: Int32, last: int, departure: int) -> int:
    """Fill the columns DUE, SPENT and AHEAD; returns seconds of work in all."""
    first = first_row(p)
    due = int(p[last, DUE])
    for row in range(last - 1, first, -1):
        r = natural(row)
        due -= p[r + 1, SETTLING] + p[r + 1, WAY] + p[r, STAY]
        due = begin_by(p, window, r, due)
        p[r, DUE] = due
    now = departure
    spent = whole(0)
    p[first, SPENT] = 0
    for row in range(first + 1, last + 1):
        r = natural(row)
        p[r, AHEAD] = -NEVER
        if p[r, GO] > now:
            p[r, AHEAD] = p[r, GO] - spent
            now = int(p[r, GO])
        now += p[r, WAY] + p[r, SETTLING]
        spent += p[r, WAY] + p[r, SETTLING]
        p[r, SPENT] = spent
        opens = last_opening(p, window, r)
        if opens > now:
            p[r, AHEAD] = max(p[r, AHEAD], opens - spent)
        now = max(now, begin_at(p, window, r, now)) + p[r, STAY]
        spent += p[r, STAY]
    for row in range(last - 1, first, -1):
        r = natural(row)
        p[r, AHEAD] = max(p[r, AHEAD], p[r + 1, AHEAD])
    return spent


@inlined
def last_opening(p: Int64, window: Int32, r: int) -> int:
    """The last opening of row ``r`` that can be waited for at all."""
    opens = int(p[r, OPEN])
    for w in range(p[r, SPANS], p[r, SPANS_END]):
        if window[w, 0] <= p[r, DUE]:
            opens = int(window[w, 0])
    return opens


@inlined
def start_label(p: Int64, x: int, departure: int) -> None:
    """How the crew stands at the start."""
    q = crew_row(p)
    for column in range(LABELS):
        p[x, column] = 0
    p[x, TIME] = departure
    p[x, DRIVEN] = p[q, PAST_DRIVEN]
    p[x, SPLIT] = p[q, PAST_SPLIT]
    p[x, WORKED] = p[q, PAST_WORKED]
    p[x, TOTAL] = p[q, PAST_TOTAL]
    p[x, PAUSED] = p[q, PAST_PAUSED]
    p[x, PARENT] = -1


@inlined
def owes_lunch(p: Int64, departure: int, end: int) -> bool:
    """Whether a tour that departs and returns then owes a lunch."""
    q = crew_row(p)
    if p[q, LUNCH_S] == 0:
        return False
    departed = departure if p[q, DEPARTED] == -NEVER else p[q, DEPARTED]
    return bool(departed < p[q, LUNCH_BY] < end)


@kernel
def follow(
    p: Int64, window: Int32, last: int, departure: int, count: int, regulated: bool
) -> tuple[int, int, int]:
    """Drive the rows with the first ``count`` pauses of the plan: return, cost of shifted arrivals, rules broken."""
    q = crew_row(p)
    x = scratch_label(p)
    first = first_row(p)
    counts = p[q, WAITING] != 0
    start_label(p, x, departure)
    late = 0
    cost = whole(0)
    k = natural(0)
    for row in range(first + 1, last + 1):
        r = natural(row)
        for side in range(2):
            while k < count and p[k, PLACE] == r - first - 1 and p[k, AT_NEXT] == side:
                if p[k, LUNCH] != 0:
                    if p[x, TIME] < p[q, LUNCH_FROM]:
                        await_instant(p, x, p[q, LUNCH_FROM], counts)
                    if p[x, TIME] > p[q, LUNCH_BY]:
                        late = TOO_LATE
                    else:
                        p[x, LUNCHED] = 1
                repose(p, x, p[k, SECONDS])
                k = natural(k + 1)
            if side == 0:
                until = int(p[r, GO])
            else:
                toil(p, x, p[r, SETTLING], whole(0))
                if r == last:
                    break
                until = begin_at(p, window, r, int(p[x, TIME]))
                if until >= NEVER:
                    late = TOO_LATE
                    until = 0
            if until > p[x, TIME]:
                await_instant(p, x, whole(until), counts)
            if side == 0:
                toil(p, x, p[r, WAY], p[r, WAY])
            else:
                cost += p[q, SHIFT_PRICE] * shifted_s(p[x, TIME], p[r, USUAL], p[q, SHIFT_FREE])
                toil(p, x, p[r, STAY], whole(0))
    broken = late
    if regulated:
        broken |= p[x, BROKEN] & BROKEN_DRIVING
    if p[q, WORKING] != 0:
        broken |= p[x, BROKEN] & BROKEN_WORK
        if owes(p[x, TOTAL], p[x, PAUSED]):
            broken |= BROKEN_WORK
    if p[x, LUNCHED] == 0 and owes_lunch(p, departure, p[x, TIME]):
        broken |= TOO_LATE
    return p[x, TIME], cost, broken


@kernel
def latest_departure(p: Int64, window: Int32, last: int, end: int, count: int) -> int:
    """The latest departure with which the tour, with the plan's pauses, returns by ``end`` and is nowhere late."""
    q = crew_row(p)
    first = first_row(p)
    due = end
    k = count - 1
    for row in range(last, first, -1):
        r = natural(row)
        if r < last:
            due = begin_by(p, window, r, due - p[r, STAY])
        due -= p[r, SETTLING]
        for side in range(1, -1, -1):
            while k >= 0 and p[k, PLACE] == r - 1 - first and p[k, AT_NEXT] == side:
                due -= p[k, SECONDS]
                if p[k, LUNCH] != 0:
                    due = min(due, p[q, LUNCH_BY])
                k -= 1
            if side == 1:
                due -= p[r, WAY]
    return due
