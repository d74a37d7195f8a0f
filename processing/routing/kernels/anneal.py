"""Simulated annealing over ruin and recreate, driven by iterations alone so that a seed reproduces."""

from processing.routing.kernels.absence import absence, note_absence
from processing.routing.kernels.chain import next_unused
from processing.routing.kernels.compile import entry, inlined, merged
from processing.routing.kernels.fleet import mind_fleet
from processing.routing.kernels.history import forget, take_back
from processing.routing.kernels.model import (
    COST,
    EASIER,
    FIRST_OPTION,
    LEAST,
    LEAVING,
    NEED,
    NOWHERE,
    OBJECTIVE,
    WANTED,
    Best,
    Int64,
    Model,
    Style,
    Tours,
    UInt64,
    Work,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.once import ONCE, PAUSES, write_rest
from processing.routing.kernels.random import below, fraction
from processing.routing.kernels.recreate import recreate, sort_pool
from processing.routing.kernels.reference import refer
from processing.routing.kernels.ruin import ruin
from processing.routing.kernels.segments import move_segment
from processing.routing.kernels.settle import dearer, put_all_by, settle_change
from processing.routing.kernels.tour import refresh
from processing.routing.kernels.trips import part_trips
from processing.routing.kernels.two_opt_star import two_opt_star

GUESTS, MANY = 10, 60
"""Left needs invited into a recreation at most, and into one that opens another tour."""


@merged
def build(m: Model, t: Tours, old: Tours, w: Work, style: Style, first: int, last: int) -> int:
    """Insert entries ``first`` … ``last`` - 1 of the pool greedily, but for served ones; returns the objective."""
    for i in range(first, last):
        if t.gone[natural(w.pool[i]), 1] < 0:
            continue
        pool = w.pool[i : i + 1]
        fresh = i < 0  # never, but not as a literal, for which everything would be compiled once more
        if not recreate(m, t, old, w.rng, pool, whole(1), 1.0, fresh, whole(NOWHERE), style.blink, w.gaps):
            take_back(m, t, old)
        forget(t)
    return objective(m, t)


@merged
def part_all(m: Model, t: Tours, old: Tours, w: Work) -> int:
    """Part all tours into trips anew; returns the objective."""
    if w.parts.size > 0:
        w.dirty[:] = 1
        part_dirty(m, t, old, w)
    return int(w.values[OBJECTIVE])


@merged
def recount(m: Model, t: Tours) -> int:
    """The objective after all tours are recomputed from their stops."""
    for v in range(m.vehicle.shape[0]):
        refresh(m, t, v)
    return objective(m, t)


@entry
def find_pauses(m: Model, t: Tours, v: int) -> int:
    """Recompute tour ``v`` from its stops; the number of its pauses, which are the first rows of ``t.plan``, or -1."""
    if not refresh(refer(m), refer(t), v):
        return -1
    if t.plan[t.plan.shape[0] - 1, ONCE] > 0:
        return write_rest(m, t, natural(v))
    return int(t.plan[t.plan.shape[0] - 1, PAUSES])


@inlined
def objective(m: Model, t: Tours) -> int:
    """Cost of all tours and of what they leave."""
    total = 0
    for v in range(m.vehicle.shape[0]):
        total += t.tour[v, COST]
    for i in range(t.gone[t.gone.shape[0] - 1, 0]):
        total += m.need[t.gone[i, 0], LEAVING]
    return total


@merged
def pick_seed(m: Model, t: Tours, rng: UInt64) -> int:
    """A container to ruin around, one in ten times one that nobody serves."""
    left = t.gone[t.gone.shape[0] - 1, 0]
    if left > 0 and below(rng, 10) == 0:
        need = t.gone[below(rng, left), 0]
        return int(m.member[m.option[m.need[need, FIRST_OPTION], 0]])
    return below(rng, m.demand.shape[1])


@merged
def invite(m: Model, t: Tours, seed: int, pool: Int64, count: int, guests: int) -> int:
    """Add left needs near the seed to the pool, ``guests`` at most."""
    removed = count
    for i in range(m.near.shape[1]):
        need = whole(m.node[0, m.near[seed, i], NEED])
        if t.gone[need, 1] >= 0:
            fresh = True
            for j in range(count):
                if pool[j] == need:
                    fresh = False
                    break
            if fresh:
                pool[count] = need
                count += 1
                if count - removed >= guests:
                    break
    return count


@merged
def anneal(
    m: Model,
    t: Tours,
    old: Tours,
    best: Best,
    w: Work,
    temperatures: Int64,
    quantiles: Int64,
    style: Style,
    first: int,
    last: int,
    total: int,
) -> int:
    """Run iterations ``first`` … ``last`` - 1 of ``total``; returns the best objective.

    Parameters
    ----------
    temperatures : (S,) int64
        µ€, from hot to cold, each for an equal share of ``total``.
    quantiles : (4096,) int64
        Quantiles of the exponential distribution × 2**20: a change for the worse passes if it costs less than
        temperature × quantiles.
    """
    for i in range(first, last):
        step = i * temperatures.size // total
        allowed = max(1, (temperatures[step] * quantiles[below(w.rng, quantiles.size)]) >> 20)
        if style.fleet != 0:
            mind_fleet(m, t, w, i, total)
        change = turn(m, t, old, w, allowed, style)
        if w.values[EASIER] != 0:
            allowed = whole(NOWHERE)
        changed = pick_changed(t, w, style) if style.parted != 0 and change < allowed else whole(-1)
        settle_change(m, t, old, w, change, allowed)
        if style.moved != 0 and change < allowed:
            move_beside(m, t, old, w, style)
        if changed >= 0:
            settle_change(m, t, old, w, part_trips(m, t, old, w.parts, changed), whole(0))
        exchange_ends(m, t, old, w, style)
        if w.values[OBJECTIVE] < w.values[LEAST]:
            if style.parted != 0:
                part_dirty(m, t, old, w)
            put_all_by(m, t, best, w)
    return int(w.values[LEAST])


@merged
def move_beside(m: Model, t: Tours, old: Tours, w: Work, style: Style) -> None:
    """Propose to have segments follow containers that the last turn placed, by one of their best followers."""
    count = w.values[WANTED]
    close = min(style.close, m.beside.shape[2])
    if count == 0 or close == 0:
        return
    for _ in range(style.moved):
        need = natural(w.pool[below(w.rng, count)])
        a = natural(m.member[m.option[m.need[need, FIRST_OPTION], 0]])
        b = m.beside[1, a, below(w.rng, close)]
        settle_change(m, t, old, w, move_segment(m, t, old, a, whole(b)), whole(0))


@merged
def exchange_ends(m: Model, t: Tours, old: Tours, w: Work, style: Style) -> None:
    """Propose to exchange ends of tours so that one of its best followers follows a container."""
    close = min(style.close, m.beside.shape[2])
    if close == 0:
        return
    for _ in range(style.exchanges):
        a = below(w.rng, m.demand.shape[1])
        b = m.beside[1, a, below(w.rng, close)]
        settle_change(m, t, old, w, two_opt_star(m, t, old, a, b), whole(0))


@inlined
def pick_changed(t: Tours, w: Work, style: Style) -> int:
    """One of the tours that are remembered as they were before, or -1: now and then."""
    kept = t.kept[t.kept.shape[0] - 1, 0]
    if kept == 0 or below(w.rng, 1024) >= style.parted:
        return whole(-1)
    return whole(t.kept[below(w.rng, kept), 0])


@inlined
def part_dirty(m: Model, t: Tours, old: Tours, w: Work) -> None:
    """Part each tour into trips anew that changed since it was put by."""
    for v in range(m.vehicle.shape[0]):
        if w.dirty[v] == 1:
            settle_change(m, t, old, w, part_trips(m, t, old, w.parts, v), whole(0))


@merged
def turn(m: Model, t: Tours, old: Tours, w: Work, allowed: int, style: Style) -> int:
    """Ruin and recreate once; the change in the objective, NOWHERE if it is not allowed anyway."""
    w.values[EASIER] = 0
    seed = pick_seed(m, t, w.rng)
    fresh = below(w.rng, 1024) < style.fresh and may_open(m, t)
    left = t.gone[t.gone.shape[0] - 1, 0]
    count = ruin(m, t, old, seed, style, w.rng, w.pool)
    if count < 0:
        return whole(NOWHERE)
    spared = whole(0)
    missing = whole(0)
    if left > 0:
        removed = count
        count = invite(m, t, seed, w.pool, count, MANY if fresh else GUESTS)
        spared = leaving_of(m, t, w.pool, removed, count)
        missing = absence(m, t, w, w.pool, removed, count)
    w.values[WANTED] = count
    sort_pool(m, t, w.rng, w.pool, count, w.keys)
    if fresh and count > 0:
        swap_in(w.pool, below(w.rng, count))
    prize_factor = 1.0 if below(w.rng, 4) != 0 else 1.0 + 2.0 * fraction(w.rng)
    budget = whole(NOWHERE >> 1) if missing > 0 else allowed - dearer(t, old) + spared
    if not recreate(m, t, old, w.rng, w.pool, count, prize_factor, fresh, budget, style.blink, w.gaps):
        return whole(NOWHERE)
    if missing > 0:
        w.values[EASIER] = 1 if absence(m, t, w, w.pool, 0, count) < missing else 0
        note_absence(m, t, w, w.pool, count)
    return dearer(t, old) - spared + leaving_of(m, t, w.pool, 0, count)


@inlined
def may_open(m: Model, t: Tours) -> bool:
    """Whether another vehicle may be put to use."""
    return bool(t.used[t.used.shape[0] - 1, 1] == 0 and next_unused(m, t, 0) < m.alike.shape[0])


@inlined
def swap_in(pool: Int64, i: int) -> None:
    """Make entry ``i`` of the pool the first one."""
    pool[0], pool[i] = pool[i], pool[0]


@inlined
def leaving_of(m: Model, t: Tours, pool: Int64, first: int, last: int) -> int:
    """Cost of leaving those of these entries of the pool that nobody serves."""
    total = whole(0)
    for j in range(first, last):
        need = natural(pool[j])
        if t.gone[need, 1] >= 0:
            total += m.need[need, LEAVING]
    return total
