"""Remember tours before they change, and take the change back."""

from processing.routing.kernels.compile import kernel
from processing.routing.kernels.model import Model, Tours
from processing.routing.kernels.tour import refresh


@kernel
def copy_stops(source: Tours, target: Tours, v: int) -> None:
    """Copy the stops of one tour."""
    size = source.size[v]
    for k in range(size):
        target.node[v, k] = source.node[v, k]
    target.size[v] = size
    target.cost[v] = source.cost[v]


@kernel
def remember(t: Tours, old: Tours, v: int) -> None:
    """Keep tour ``v`` as it is now, unless it is kept already; ``old.size`` 0 means not kept."""
    if old.size[v] == 0:
        copy_stops(t, old, v)


@kernel
def forget(old: Tours) -> None:
    """Keep the changes."""
    old.size[:] = 0


@kernel
def take_back(m: Model, t: Tours, old: Tours) -> None:
    """Undo all changes since the last `forget`."""
    n = m.fraction.size
    for v in range(t.size.size):
        if old.size[v] > 0:
            for k in range(1, t.size[v] - 1):
                if t.node[v, k] < n:
                    t.tour_of[t.node[v, k]] = -1
    for v in range(t.size.size):
        if old.size[v] > 0:
            copy_stops(old, t, v)
            refresh(m, t, v)
            old.size[v] = 0
