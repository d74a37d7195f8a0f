"""What lies between containers whose waste no trip takes together: a way by some facility."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.routing.index import Index
from processing.routing.kernels.model import ACCEPTS, FRACTION, SERVICE, Bool, Int32, Int64

Float64 = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Partings:
    """Costs in µ€ of coming from one container to another that is unlike it.

    Attributes
    ----------
    unlike : (K, K) bool
        Whether no vehicle has both kinds of waste on board.
    kind : (n,) int64
        Which of them each container is.
    to_tip : (F, n) float64
        From each container through each facility, infinite where that does not take its waste.
    from_tip : (F, n) float64
        From each facility to each container.
    far : float
        What counts where no facility takes the waste.
    """

    unlike: Bool
    kind: Int64
    to_tip: Float64
    from_tip: Float64
    far: float

    def onward(self, own: Int64, apart: Float64) -> Float64:
        """(R, n) from these containers to all, of which directly, as if waste did not matter, it is ``apart``."""
        return self._least(own, apart, self.to_tip[:, own, None], self.from_tip[:, None, :])

    def back(self, own: Int64, apart: Float64) -> Float64:
        """(R, n) likewise, from all containers to these."""
        return self._least(own, apart, self.to_tip[:, None, :], self.from_tip[:, own, None])

    def _least(self, own: Int64, apart: Float64, to_tip: Float64, from_tip: Float64) -> Float64:
        """By the best facility, where waste is unlike; the ways to and from each are rows or columns of ``apart``."""
        around, way = np.full(apart.shape, np.inf), np.empty(apart.shape)
        for before, after in zip(to_tip, from_tip, strict=True):
            np.minimum(around, np.add(before, after, out=way), out=around)
        around[np.isinf(around)] = self.far
        return np.where(self.unlike[self.kind[own, None], self.kind], np.maximum(apart, around), apart)


def partings(
    index: Index,
    node: Int32,
    facility: Int64,
    metres: Int32,
    seconds: Int32,
    per_m: float,
    per_s: float,
    far: float,
) -> Partings | None:
    """The partings of a problem, None if any two containers may share a trip.

    Parameters
    ----------
    node, facility
        See `processing.routing.kernels.model.Model`; ``node`` for one travel profile.
    metres, seconds : (L, L) int32
        From each place to each.
    per_m, per_s : float
        µ€ a metre and a second.
    """
    n = len(index.units)
    masks, kind = np.unique(node[:n, FRACTION].astype(np.int64), return_inverse=True)
    both = masks[:, None] | masks
    unlike = (both & (both - 1)) != 0
    for vehicle in index.vehicles:
        if vehicle.chambers:
            carried = sum(bit for name, bit in index.fractions.items() if vehicle.carries(name))
            unlike &= (both & ~carried) != 0
    if not unlike.any():
        return None
    tips = slice(n, n + len(facility))
    to_tip = (metres[:n, tips] * per_m + (seconds[:n, tips] + node[tips, SERVICE]) * per_s).T
    from_tip = metres[tips, :n] * per_m + seconds[tips, :n] * per_s
    refused = (masks[kind] & ~facility[:, ACCEPTS, None]) != 0
    return Partings(
        unlike=unlike,
        kind=kind,
        to_tip=np.where(refused, np.inf, to_tip),
        from_tip=from_tip,
        far=far,
    )
