"""Whether a container goes into what a vehicle has room for."""

from processing.routing.kernels.chain import first_slot
from processing.routing.kernels.compile import inlined
from processing.routing.kernels.model import (
    ACCEPTS,
    CARRIES,
    CLOSES,
    COLLECTED,
    FRACTION,
    KILOGRAMS,
    LAYOUT,
    LIMITED,
    LITRES,
    LOAD,
    METRES,
    MIXES,
    MOST_M,
    MOST_STOPS,
    ROOM,
    STOPS,
    TRIPS,
    UNLOADS,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole
from processing.routing.kernels.unload import facility_takes


@inlined
def least_demand(m: Model, c: int) -> int:
    """What the container adds at least to the first load dimension, whatever the vehicle's layout."""
    if m.demand.shape[2] == 0:
        return whole(0)
    least = whole(m.demand[0, c, 0])
    for layout in range(1, m.demand.shape[0]):
        least = min(least, whole(m.demand[layout, c, 0]))
    return least


@inlined
def joins(m: Model, t: Tours, c: int, v: int, j: int) -> bool:
    """Whether a container goes with what trip ``j`` carries, and into what room is left."""
    bits = whole(m.node[0, c, FRACTION])
    closes = t.trip[j, CLOSES]
    if closes < 0:
        return False
    if t.trip[j, CARRIES] == 0 and closes < first_slot(m) and t.tour[v, UNLOADS] >= m.vehicle[v, TRIPS]:
        return False
    if t.trip[j, CARRIES] != bits:
        if t.trip[j, CARRIES] != 0 and m.vehicle[v, MIXES] == 0:
            return False
        facility = t.at[natural(closes)] - m.demand.shape[1]
        if facility < m.facility.shape[0] and bits & ~m.facility[facility, ACCEPTS] != 0:
            return False
    layout = natural(m.vehicle[v, LAYOUT])
    for d in range(m.demand.shape[2]):
        if t.trip[j, LOAD + d] + m.demand[layout, c, d] > m.vehicle[v, ROOM + d]:
            return False
    return True


@inlined
def allowed(m: Model, t: Tours, c: int, v: int, j: int, extra_m: int, fits: bool) -> bool:
    """Whether the tour's rations have room for the container, and the facility that closes trip ``j`` too."""
    if t.tour[v, STOPS] >= m.vehicle[v, MOST_STOPS]:
        return False
    if fits and t.tour[v, METRES] + extra_m > m.vehicle[v, MOST_M]:
        return False
    dimensions = m.demand.shape[2]
    layout = natural(m.vehicle[v, LAYOUT])
    for d in range(dimensions):
        if t.tour[v, COLLECTED + d] + m.demand[layout, c, d] > m.vehicle[v, ROOM + dimensions + d]:
            return False
    if not fits or m.rule[LIMITED] == 0:
        return True
    closing = t.at[natural(t.trip[j, CLOSES])] - m.demand.shape[1]
    return closing >= m.facility.shape[0] or facility_takes(
        m, t, v, closing, whole(m.node[0, c, LITRES]), whole(m.node[0, c, KILOGRAMS])
    )
