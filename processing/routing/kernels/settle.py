"""Keep a change or take it back, and put a better solution by."""

from processing.routing.kernels.compile import inlined
from processing.routing.kernels.history import forget, put_by, take_back
from processing.routing.kernels.model import COST, LEAST, OBJECTIVE, Best, Model, Tours, Work
from processing.routing.kernels.natural import natural, whole


@inlined
def settle_change(m: Model, t: Tours, old: Tours, w: Work, change: int, allowed: int) -> None:
    """Keep a change that costs less than is allowed, else take it back."""
    kept = t.kept[t.kept.shape[0] - 1, 0]
    if change >= allowed:
        if kept > 0:
            take_back(m, t, old)
        return
    w.values[OBJECTIVE] += change
    for j in range(kept):
        w.dirty[t.kept[j, 0]] = 1
    forget(t)


@inlined
def dearer(t: Tours, old: Tours) -> int:
    """What the remembered tours cost more than before."""
    change = whole(0)
    for j in range(t.kept[t.kept.shape[0] - 1, 0]):
        v = natural(t.kept[j, 0])
        change += t.tour[v, COST] - old.tour[v, COST]
    return change


@inlined
def put_all_by(m: Model, t: Tours, best: Best, w: Work) -> None:
    """Put the current solution by as the best one: the tours that changed since."""
    w.values[LEAST] = w.values[OBJECTIVE]
    for v in range(m.vehicle.shape[0]):
        if w.dirty[v] == 1:
            put_by(m, t, best, v)
            w.dirty[v] = 0
