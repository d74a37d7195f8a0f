"""Remember tours before they change, take the change back, and put the best solution by."""

from processing.routing.kernels.chain import first_slot, loosen, start_of
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.members import join, leave
from processing.routing.kernels.model import (
    DAY,
    LIMITED,
    NEED,
    PLAIN,
    STOPS,
    SUCC,
    UNDERWAY,
    Best,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural


@inlined
def put_by(m: Model, t: Tours, best: Best, v: int) -> None:
    """Copy one tour."""
    x = start_of(m, v)
    end = x + 1
    while x != end:
        following = natural(t.stop[x, SUCC])
        best.succ[x] = following
        best.at[x] = t.at[x]
        x = following


@kernel
def copy_tour(m: Model, source: Tours, target: Tours, v: int) -> None:
    """Copy tour ``v`` as ``source`` has it."""
    x = start_of(m, v)
    end = x + 1
    slots = first_slot(m)
    vehicles = m.vehicle.shape[0]
    plain = m.rule[PLAIN] != 0
    stop, wide, copy = source.stop, source.wide, target.wide
    for column in range(source.trip.shape[1]):
        target.trip[v, column] = source.trip[v, column]
    while True:
        for column in range(8):
            copy[x, column] = wide[x, column]
        if not plain:
            for d in range(source.load.shape[1]):
                target.load[x, d] = source.load[x, d]
            if x >= slots:
                target.at[x] = source.at[x]
                j = natural(vehicles + x - slots)
                for column in range(source.trip.shape[1]):
                    target.trip[j, column] = source.trip[j, column]
        if x == end:
            break
        x = natural(stop[x, SUCC])
    for column in range(source.tour.shape[1]):
        target.tour[v, column] = source.tour[v, column]


@kernel
def remember(m: Model, t: Tours, old: Tours, v: int) -> None:
    """Keep tour ``v`` as it is now, unless it is kept already."""
    if t.kept[v, 1] >= 0:
        return
    join(t.kept, v)
    copy_tour(m, t, old, v)
    if m.rule[LIMITED] != 0:
        for f in range(m.facility.shape[0]):
            for d in range(2):
                old.book[v, f, d] = t.book[v, f, d]


@inlined
def forget(t: Tours) -> None:
    """Keep the changes."""
    last = t.kept.shape[0] - 1
    for i in range(t.kept[last, 0]):
        t.kept[t.kept[i, 0], 1] = -1
    t.kept[last, 0] = 0


@kernel
def take_back(m: Model, t: Tours, old: Tours) -> None:
    """Undo all changes since the last `forget`."""
    n = m.demand.shape[1]
    slots = first_slot(m)
    kept = t.kept[t.kept.shape[0] - 1, 0]
    for i in range(kept):
        start = start_of(m, t.kept[i, 0])
        x = natural(t.stop[start, SUCC])
        while x != start + 1:
            if x < n:
                loosen(t, x)
                join(t.gone, natural(m.node[0, x, NEED]))
            else:
                join(t.free, natural(x - slots))
            x = natural(t.stop[x, SUCC])
    for i in range(kept):
        v = natural(t.kept[i, 0])
        restore_book(m, t, old, v)
        copy_tour(m, old, t, v)
        if t.tour[v, STOPS] > 0 or m.vehicle[v, UNDERWAY] != 0:
            join(t.used, v)
        else:
            leave(t.used, v)
        start = start_of(m, v)
        x = natural(t.stop[start, SUCC])
        while x != start + 1:
            if x < n:
                leave(t.gone, natural(m.node[0, x, NEED]))
            else:
                leave(t.free, natural(x - slots))
            x = natural(t.stop[x, SUCC])
    forget(t)


@inlined
def restore_book(m: Model, t: Tours, old: Tours, v: int) -> None:
    """Count at the facilities what the tour unloaded before."""
    if m.rule[LIMITED] == 0:
        return
    day = natural(m.vehicle.shape[0] + m.vehicle[v, DAY])
    for f in range(m.facility.shape[0]):
        for d in range(2):
            t.book[day, f, d] += old.book[v, f, d] - t.book[v, f, d]
            t.book[v, f, d] = old.book[v, f, d]
