"""Close a search: it ends with nothing optional in a tour that costs more there than being left."""

from processing.routing.kernels.compile import inlined, merged
from processing.routing.kernels.fleet import bring_back
from processing.routing.kernels.give_up import give_up
from processing.routing.kernels.model import (
    LEAST,
    LEAVING,
    NOWHERE,
    OBJECTIVE,
    REQUIRED,
    Best,
    Model,
    Tours,
    Work,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.recreate import recreate
from processing.routing.kernels.settle import dearer, put_all_by, settle_change

ROUNDS = 20
"""So often all that is optional is looked at, unless nothing changes before."""


@merged
def close(m: Model, t: Tours, old: Tours, best: Best, w: Work) -> int:
    """Leave or place anew what is optional in the best solution, one need after the other, while that is a gain.

    While it cools, the search judges what a turn has changed as a whole, so that one need may pay for another, and
    compares places by what is quickly said of them.

    Returns
    -------
    int
        The best objective.
    """
    bring_back(m, t, w, best.succ, best.at, w.values[LEAST], whole(0))
    for _ in range(ROUNDS):
        before = w.values[OBJECTIVE]
        for need in range(m.need.shape[0]):
            if m.need[need, REQUIRED] == 0:
                settle_change(m, t, old, w, reconsider(m, t, old, w, natural(need)), whole(0))
        if w.values[OBJECTIVE] >= before:
            break
    put_all_by(m, t, best, w)
    return int(w.values[LEAST])


@inlined
def reconsider(m: Model, t: Tours, old: Tours, w: Work, need: int) -> int:
    """Take a need out, and put it where it costs least, or nowhere; the change in the objective, 0 if it must stay."""
    leaving = m.need[need, LEAVING]
    change = -leaving if t.gone[need, 1] >= 0 else whole(0)
    if not give_up(m, t, old, need):
        return whole(0)
    w.pool[0] = need
    fresh = need < 0  # never, but not as a literal, for which everything would be compiled once more
    if not recreate(m, t, old, w.rng, w.pool, whole(1), 1.0, fresh, whole(NOWHERE), whole(0), w.gaps):
        return whole(0)
    if t.gone[need, 1] >= 0:
        change += leaving
    return change + dearer(t, old)
