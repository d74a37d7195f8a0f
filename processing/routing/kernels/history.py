"""Remember tours before they change, and take the change back."""

from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.members import join, leave
from processing.routing.kernels.model import (
    COST,
    DAY,
    LIMITED,
    NEED,
    ROW,
    SIZE,
    TOUR,
    UNDERWAY,
    Model,
    Stops,
    Tours,
)
from processing.routing.kernels.natural import natural


@inlined
def put_by(t: Tours, best: Stops, v: int) -> None:
    """Copy the stops of one tour."""
    length = natural(t.node.size // t.tour.shape[0])
    for r in range(v * length, v * length + t.tour[v, SIZE]):
        best.node[r] = t.node[r]
    best.tour[v, 0] = t.tour[v, SIZE]
    best.tour[v, 1] = t.tour[v, COST]


@inlined
def copy_tour(t: Tours, source: int, target: int) -> None:
    """Copy one block of the tables by vehicle to another."""
    length = natural(t.node.size // t.tour.shape[0])
    trips = natural((t.trip.shape[0] - 1) // t.tour.shape[0])
    a, b = natural(source * length), natural(target * length)
    size = natural(t.tour[source, SIZE])
    for r in range(size):
        t.node[b + r] = t.node[a + r]
        for column in range(4):
            t.leg[b + r, column] = t.leg[a + r, column]
        for column in range(t.stop.shape[1]):
            t.stop[b + r, column] = t.stop[a + r, column]
    a, b = natural(source * trips), natural(target * trips)
    for j in range(trips):
        for column in range(t.trip.shape[1]):
            t.trip[b + j, column] = t.trip[a + j, column]
    for column in range(t.tour.shape[1]):
        t.tour[target, column] = t.tour[source, column]


@kernel
def remember(m: Model, t: Tours, v: int) -> None:
    """Keep tour ``v`` as it is now, unless it is kept already."""
    if t.kept[v, 1] >= 0:
        return
    join(t.kept, v)
    backup = v + m.vehicle.shape[0]
    copy_tour(t, v, backup)
    if m.rule[LIMITED] != 0:
        for f in range(m.facility.shape[0]):
            for d in range(2):
                t.book[backup, f, d] = t.book[v, f, d]


@inlined
def forget(t: Tours) -> None:
    """Keep the changes."""
    last = t.kept.shape[0] - 1
    for i in range(t.kept[last, 0]):
        t.kept[t.kept[i, 0], 1] = -1
    t.kept[last, 0] = 0


@kernel
def take_back(m: Model, t: Tours) -> None:
    """Undo all changes since the last `forget`."""
    n = m.demand.shape[1]
    length = natural(t.node.size // t.tour.shape[0])
    kept = t.kept[t.kept.shape[0] - 1, 0]
    for i in range(kept):
        v = natural(t.kept[i, 0])
        for r in range(v * length + 1, v * length + t.tour[v, SIZE] - 1):
            node = natural(t.node[r])
            if node < n:
                t.where[node, TOUR] = -1
                join(t.gone, natural(m.node[0, node, NEED]))
    for i in range(kept):
        v = natural(t.kept[i, 0])
        restore_book(m, t, v)
        copy_tour(t, v + m.vehicle.shape[0], v)
        if t.tour[v, SIZE] > 2 or m.vehicle[v, UNDERWAY] != 0:
            join(t.used, v)
        else:
            leave(t.used, v)
        for r in range(v * length + 1, v * length + t.tour[v, SIZE] - 1):
            node = natural(t.node[r])
            if node < n:
                t.where[node, TOUR] = v
                t.where[node, ROW] = r
                leave(t.gone, natural(m.node[0, node, NEED]))
    forget(t)


@inlined
def restore_book(m: Model, t: Tours, v: int) -> None:
    """Count at the facilities what the tour unloaded before."""
    if m.rule[LIMITED] == 0:
        return
    day = 2 * m.vehicle.shape[0] + m.vehicle[v, DAY]
    backup = v + m.vehicle.shape[0]
    for f in range(m.facility.shape[0]):
        for d in range(2):
            t.book[day, f, d] += t.book[backup, f, d] - t.book[v, f, d]
            t.book[v, f, d] = t.book[backup, f, d]
