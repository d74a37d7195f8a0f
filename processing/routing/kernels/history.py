"""Remember tours before they change, and take the change back."""

from processing.routing.kernels.compile import kernel
from processing.routing.kernels.model import Model, Stops, Tours
from processing.routing.kernels.tour import refresh


@kernel
def copy_stops(source: Stops, target: Stops, v: int) -> None:
    """Copy the stops of one tour."""
    size = source.size[v]
    for k in range(size):
        target.node[v, k] = source.node[v, k]
    target.size[v] = size
    target.cost[v] = source.cost[v]


@kernel
def remember(t: Tours, old: Stops, v: int) -> None:
    """Keep tour ``v`` as it is now, unless it is kept already; ``old.size`` 0 means not kept."""
    if old.size[v] == 0:
        copy_stops(t.now, old, v)


@kernel
def forget(old: Stops) -> None:
    """Keep the changes."""
    old.size[:] = 0


@kernel
def take_back(m: Model, t: Tours, old: Stops) -> None:
    """Undo all changes since the last `forget`."""
    n = m.leaving.size
    for v in range(t.now.size.size):
        if old.size[v] > 0:
            for k in range(1, t.now.size[v] - 1):
                if t.now.node[v, k] < n:
                    t.tour_of[t.now.node[v, k]] = -1
    for v in range(t.now.size.size):
        if old.size[v] > 0:
            copy_stops(old, t.now, v)
            refresh(m, t, v)
            old.size[v] = 0
