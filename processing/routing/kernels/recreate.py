"""Recreate: put needs back one after the other, each at its cheapest place (greedy insertion with blinks)."""

from processing.routing.kernels.chain import start_of
from processing.routing.kernels.cheapest import HANDED_OVER, best_insertion
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.gaps import EVERYWHERE, NEARBY, UNUSED
from processing.routing.kernels.give_up import give_up
from processing.routing.kernels.history import remember
from processing.routing.kernels.insert import insert, withdraw
from processing.routing.kernels.model import (
    COST,
    FIRST_OPTION,
    KILOGRAMS,
    LAST_OPTION,
    LEAVING,
    LITRES,
    NOWHERE,
    OPENS,
    PAUSING,
    PLAIN,
    REQUIRED,
    SHUTS,
    TIMED,
    TOUR,
    Int64,
    Model,
    Tours,
    UInt64,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.random import below, next_bits
from processing.routing.kernels.resize import hand_over
from processing.routing.kernels.timeline import settle_pauses

TRIES = 4
"""Places tried for a container, as some are refused only once the whole tour is judged."""


@inlined
def sort_pool(m: Model, t: Tours, rng: UInt64, pool: Int64, count: int, keys: Int64) -> None:
    """Order the pool: required first; at random, by demand, by distance from the depot or by windows."""
    depot = natural(t.at[start_of(m, 0)])
    draw = below(rng, 17 if m.rule[TIMED] != 0 else 11)
    for i in range(count):
        need = natural(pool[i])
        c = natural(m.member[natural(m.option[natural(m.need[need, FIRST_OPTION]), 0])])
        if draw < 4:
            key = next_bits(rng) >> 1
        elif draw < 8:
            key = -whole(m.node[0, c, LITRES]) - m.node[0, c, KILOGRAMS]
        elif draw < 10:
            key = -whole(m.out_m[0, depot, c])
        elif draw < 11:
            key = whole(m.out_m[0, depot, c])
        elif draw < 13:
            key = whole(m.node[0, c, SHUTS]) - m.node[0, c, OPENS]
        elif draw < 15:
            key = whole(m.node[0, c, OPENS])
        else:
            key = -whole(m.node[0, c, SHUTS])
        keys[i] = key + (0 if m.need[need, REQUIRED] != 0 else 1 << 40)
    for i in range(1, count):
        key, need = keys[i], pool[i]
        j = i - 1
        while j >= 0 and keys[j] > key:
            keys[j + 1], pool[j + 1] = keys[j], pool[j]
            j -= 1
        keys[j + 1], pool[j + 1] = key, need


@kernel
def recreate(
    m: Model,
    t: Tours,
    old: Tours,
    rng: UInt64,
    pool: Int64,
    count: int,
    prize_factor: float,
    fresh: bool,
    budget: int,
    blink: int,
    gaps: Int64,
) -> bool:
    """Serve the pool's needs; an optional one if that costs at most ``prize_factor`` times leaving it.

    If ``fresh``, the first one opens another tour. With a ``budget`` of NOWHERE, as for a first solution, what is
    optional must be worth its exact cost; else the whole is judged later: several may pay together that do not alone.

    Returns
    -------
    bool
        False if all this costs ``budget`` or more, or a tour broke a limit that the search for a place had not seen:
        take everything back.
    """
    left = budget
    exact = budget == NOWHERE
    for i in range(count):
        need = natural(pool[i])
        leaving = m.need[need, LEAVING]
        limit = left
        if m.need[need, REQUIRED] == 0:
            limit = min(left, whole(leaving * prize_factor) + 1)
        most = limit if exact else left
        scope = whole(EVERYWHERE if limit > leaving and m.need[need, REQUIRED] != 0 else NEARBY)
        if fresh and i == 0:
            limit = left
            scope = whole(UNUSED)
        first, last = m.need[need, FIRST_OPTION], m.need[need, LAST_OPTION]
        if last - first == 1 and m.option[first, 1] - m.option[first, 0] == 1:
            c = m.member[m.option[first, 0]]
            extra = serve_one(m, t, old, c, limit, most, exact, scope, blink, rng, gaps)
        else:
            extra = serve_group(m, t, old, need, limit, most, exact, scope, blink, rng, gaps)
        if extra == NOWHERE:
            return False
        if t.gone[need, 1] >= 0:
            extra = leaving
        left -= extra
        if left <= 0:
            return False
    return m.rule[PAUSING] == 0 or rests_found(m, t)


@inlined
def rests_found(m: Model, t: Tours) -> bool:
    """Find the exact time lines that are pending; False if some tour has none."""
    for i in range(t.kept[t.kept.shape[0] - 1, 0]):
        if not settle_pauses(m, t, natural(t.kept[i, 0])):
            return False
    return True


@kernel
def serve_one(
    m: Model,
    t: Tours,
    old: Tours,
    c: int,
    limit: int,
    most: int,
    exact: bool,
    scope: int,
    blink: int,
    rng: UInt64,
    gaps: Int64,
) -> int:
    """Put a container in where that is cheapest, for less than ``limit``; the cost, 0 if it stays out.

    Places are compared by what is quickly said of them. Where one then really costs ``most`` or more, as far as that
    is known without the exact time line, or with it if ``exact``, the next one is tried.
    """
    refused = whole(-1)
    exact = exact and m.rule[PAUSING] != 0
    for _ in range(TRIES):
        _, x, before, after = best_insertion(m, t, c, limit, scope, refused, blink, rng, gaps)
        if x < 0:
            return whole(0)
        v = natural(t.stop[natural(x), TOUR])
        remember(m, t, old, v)
        if exact:
            settle_pauses(m, t, v)
        cost = t.tour[v, COST]
        if before == HANDED_OVER:
            at_start = x == start_of(m, v)
            hand_over(m, t, old, v, natural(after))
            v = natural(after)
            x = whole(start_of(m, v)) if at_start else x
            before, after = whole(-1), whole(-1)
        if insert(m, t, c, x, before, after) and (not exact or settle_pauses(m, t, v)):
            extra = t.tour[v, COST] - cost
            if extra < most or m.rule[PLAIN] != 0:
                return int(extra)
        withdraw(m, t, natural(c), before, after)
        refused = x
    return whole(0)


@kernel
def serve_group(
    m: Model,
    t: Tours,
    old: Tours,
    need: int,
    limit: int,
    most: int,
    exact: bool,
    scope: int,
    blink: int,
    rng: UInt64,
    gaps: Int64,
) -> int:
    """Serve a need by its cheapest option, all of whose containers must find a place; likewise."""
    best = limit
    chosen = -1
    for option in range(m.need[need, FIRST_OPTION], m.need[need, LAST_OPTION]):
        total = 0
        for k in range(m.option[option, 0], m.option[option, 1]):
            extra, x, _, _ = best_insertion(
                m, t, m.member[k], best - total, scope, whole(-1), blink, rng, gaps
            )
            if x < 0:
                total = NOWHERE
                break
            total += extra
        if total < best:
            best = total
            chosen = option
    if chosen < 0:
        return whole(0)
    cost = whole(0)
    for k in range(m.option[chosen, 0], m.option[chosen, 1]):
        c = m.member[k]
        any_cost = whole(NOWHERE)
        extra = serve_one(m, t, old, c, any_cost, any_cost, exact, whole(EVERYWHERE), blink, rng, gaps)
        if extra == NOWHERE or t.stop[c, TOUR] < 0:
            return whole(NOWHERE)
        cost += extra
    if cost >= most and m.need[need, REQUIRED] == 0:
        return whole(0) if give_up(m, t, old, need) else whole(NOWHERE)
    return cost
