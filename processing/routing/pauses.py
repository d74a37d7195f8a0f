"""Where the crews pause: read again from the stops of a solution, as the search remembers stops alone."""

import numpy as np

from processing.routing.kernels.anneal import find_pauses
from processing.routing.kernels.labels import AT_NEXT, LUNCH, PLACE, SECONDS
from processing.routing.kernels.model import EXACT, PRED, SUCC, UNDERWAY, Best, Model
from processing.routing.tours import empty_tours

Pauses = dict[tuple[int, int, bool], list[tuple[int, bool]]]
"""By vehicle, visits before it, and whether on arrival at the next one: how long, and whether it is the lunch."""


def pauses_of(model: Model, best: Best) -> Pauses:
    """Pauses of all tours."""
    found: Pauses = {}
    if not model.vehicle[:, EXACT].any():
        return found
    tours = empty_tours(model)
    tours.at[:] = best.at
    tours.stop[:, SUCC] = best.succ
    for v in np.flatnonzero(model.vehicle[:, EXACT]).tolist():
        start = model.demand.shape[1] + 2 * v
        stop = start
        while stop != start + 1:
            following = int(best.succ[stop])
            tours.stop[following, PRED] = stop
            stop = following
        if best.succ[start] == start + 1 and not model.vehicle[v, UNDERWAY]:
            continue
        count = find_pauses(model, tours, v)
        for row in tours.plan[: max(0, count)].tolist():
            key = (v, row[PLACE], bool(row[AT_NEXT]))
            found.setdefault(key, []).append((row[SECONDS], bool(row[LUNCH])))
    return found
