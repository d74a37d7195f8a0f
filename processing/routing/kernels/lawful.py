"""Whether a tour keeps to what `refresh` does not look at: loads, fractions, vehicles, rations."""

from processing.routing.kernels.chain import first_slot, start_of
from processing.routing.kernels.compile import inlined, kernel
from processing.routing.kernels.model import (
    ACCEPTS,
    CARRIES,
    CLOSES,
    COLLECTED,
    LOAD,
    MIXES,
    MOST_STOPS,
    ROOM,
    STOPS,
    SUCC,
    TRIPS,
    UNLOADS,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural


@kernel
def lawful(m: Model, t: Tours, v: int) -> bool:
    """Whether vehicle ``v`` may serve its containers, and carry them in the trips that it makes."""
    v = natural(v)
    n = m.demand.shape[1]
    dimensions = m.demand.shape[2]
    if t.tour[v, STOPS] > m.vehicle[v, MOST_STOPS]:
        return False
    if t.tour[v, STOPS] > 0 and t.tour[v, UNLOADS] > m.vehicle[v, TRIPS]:
        return False
    for d in range(dimensions):
        if t.tour[v, COLLECTED + d] > m.vehicle[v, ROOM + dimensions + d]:
            return False
    slots = first_slot(m)
    x = start_of(m, v)
    end = natural(x + 1)
    if not trip_lawful(m, t, v, natural(v)):
        return False
    while x != end:
        if x < n:
            if not m.may[v, x]:
                return False
        elif x >= slots and not trip_lawful(m, t, v, natural(m.vehicle.shape[0] + x - slots)):
            return False
        x = natural(t.stop[x, SUCC])
    return True


@inlined
def trip_lawful(m: Model, t: Tours, v: int, j: int) -> bool:
    """Whether what a trip collects goes together, fits, and is unloaded where it is accepted."""
    carries = t.trip[j, CARRIES]
    if carries == 0:
        return True
    if t.trip[j, CLOSES] < 0 or (m.vehicle[v, MIXES] == 0 and carries & (carries - 1) != 0):
        return False
    facility = t.at[natural(t.trip[j, CLOSES])] - m.demand.shape[1]
    if facility < m.facility.shape[0] and carries & ~m.facility[natural(facility), ACCEPTS] != 0:
        return False
    for d in range(m.demand.shape[2]):
        if t.trip[j, LOAD + d] > m.vehicle[v, ROOM + d]:
            return False
    return True
