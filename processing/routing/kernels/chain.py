"""String stops together, and take them out again; `refresh` or `settle` must follow."""

from processing.routing.kernels.compile import inlined
from processing.routing.kernels.members import join, leave
from processing.routing.kernels.model import (
    AFTER,
    BACK_M,
    BEFORE,
    INNER_M,
    LEG_M,
    LEG_S,
    NEED,
    PLAIN,
    PRED,
    SUCC,
    TIMED,
    TOUR,
    TRIP,
    Int64,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural


@inlined
def start_of(m: Model, v: int) -> int:
    """The stop where vehicle ``v`` begins; the next number is its end."""
    return natural(m.demand.shape[1] + 2 * v)


@inlined
def first_slot(m: Model) -> int:
    """The stop of slot 0."""
    return natural(m.demand.shape[1] + 2 * m.vehicle.shape[0])


@inlined
def tie(t: Tours, before: int, after: int) -> None:
    """Have one stop follow another."""
    t.stop[before, SUCC] = after
    t.stop[after, PRED] = before
    t.stop[before, AFTER] = t.at[after]
    t.stop[after, BEFORE] = t.at[before]


@inlined
def link(t: Tours, x: int, before: int) -> None:
    """Put stop ``x`` behind ``before``."""
    after = natural(t.stop[before, SUCC])
    tie(t, before, x)
    tie(t, x, after)


@inlined
def put_between(m: Model, t: Tours, c: int, x: int, p: int) -> int:
    """Put container ``c`` behind stop ``x`` with the ways beside it; the metres that this adds."""
    following = natural(t.stop[x, SUCC])
    a, b = natural(t.at[x]), natural(t.at[following])
    into, out = m.into_m[p, c, a], m.out_m[p, c, b]
    extra_m = into + out - t.stop[x, LEG_M] + m.node[p, c, INNER_M]
    link(t, c, x)
    t.stop[x, LEG_M] = into
    t.stop[c, BACK_M] = into
    t.stop[c, LEG_M] = out
    t.stop[following, BACK_M] = out
    if m.rule[TIMED] != 0 or m.rule[PLAIN] == 0:
        t.stop[x, LEG_S] = m.into_s[p, c, a]
        t.stop[c, LEG_S] = m.out_s[p, c, b]
    return int(extra_m)


@inlined
def unlink(t: Tours, x: int) -> None:
    """Take stop ``x`` out of its tour."""
    tie(t, natural(t.stop[x, PRED]), natural(t.stop[x, SUCC]))


@inlined
def loosen(t: Tours, x: int) -> None:
    """Note that a container is in no tour: in the last trip, which has no room."""
    t.stop[x, TOUR] = -1
    t.stop[x, TRIP] = t.trip.shape[0] - 1


@inlined
def lift(m: Model, t: Tours, c: int, pool: Int64, count: int) -> int:
    """Take a container out of its tour; its need joins the pool; returns the pool's size."""
    unlink(t, c)
    loosen(t, c)
    need = natural(m.node[0, c, NEED])
    if t.gone[need, 1] < 0:
        join(t.gone, need)
        pool[count] = need
        return count + 1
    return count


@inlined
def take_slot(m: Model, t: Tours, facility: int) -> int:
    """A free slot as a stop at this facility; there must be one."""
    slot = t.free[t.free[t.free.shape[0] - 1, 0] - 1, 0]
    leave(t.free, slot)
    x = natural(first_slot(m) + slot)
    t.at[x] = m.demand.shape[1] + facility
    return x


@inlined
def drop_slot(m: Model, t: Tours, x: int) -> None:
    """Take an unloading out of its tour."""
    unlink(t, x)
    join(t.free, natural(x - first_slot(m)))


@inlined
def next_unused(m: Model, t: Tours, i: int) -> int:
    """The first row of ``alike`` from ``i`` on with a vehicle not in use; the number of rows if there is none."""
    i = natural(i)
    while i < m.alike.shape[0] and t.used[natural(m.alike[i, 0]), 1] >= 0:
        i = natural(i + 1)
    return i
