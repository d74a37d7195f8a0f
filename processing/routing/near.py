"""Neighbour lists: which containers are worth looking at together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.routing.index import Index
from processing.routing.kernels.model import OPENS, SERVICE, SHUTS, Bool, Int32
from processing.routing.nodes import Nodes
from processing.routing.places import Ways

MOST = 300
"""Neighbours kept for each container at most."""
BESIDE = 60
"""Neighbours beside which a place for a container is looked for."""
WAITING_WEIGHT = 0.2
"""What a second of unavoidable waiting counts, against a second of driving (after Vidal et al. 2013)."""
LATE_WEIGHT = 1.0
"""What a second of unavoidable lateness counts."""
STRANGE = 4.0
"""Containers that no vehicle can serve together count as so many times the longest way further apart."""
Float64 = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """``near`` (n, N) and ``beside`` (2, n, K) int32, see `Model`."""

    near: Int32
    beside: Int32


def neighbours(index: Index, nodes: Nodes, ways: Ways, may: Bool) -> Neighbours:
    """For each container those nearest to it, and those that go best just before and just after it.

    Near is what is cheap to drive between, in the cheaper direction. What goes best before and after counts waiting
    and lateness by the windows as well.
    """
    n = len(index.units)
    near = np.zeros((n, min(n, MOST)), np.int32)
    beside = np.zeros((2, n, max(0, min(n - 1, BESIDE))), np.int32)
    if n == 0:
        return Neighbours(near=near, beside=beside)
    table = nodes.node[0, :n]
    metres, seconds = ways.metres[0, :n, :n], ways.seconds[0, :n, :n]
    into_m, into_s = np.ascontiguousarray(metres.T), np.ascontiguousarray(seconds.T)
    per_m = float(max((vehicle.cost_per_m_ueur for vehicle in index.vehicles), default=0))
    per_s = float(max((vehicle.cost_per_s_ueur for vehicle in index.vehicles), default=0))
    if per_m == 0 and per_s == 0:
        per_m = 1.0
    per_second = max(per_s, per_m * _speed(metres, seconds), 1.0)
    first, last = table[:, OPENS].astype(np.float64), table[:, SHUTS].astype(np.float64)
    service = table[:, SERVICE].astype(np.float64)
    far = STRANGE * float((metres * per_m + seconds * per_s).max(initial=1.0))
    kinds, kind_of = np.unique(may, axis=1, return_inverse=True)
    together = (kinds.T.astype(np.float32) @ kinds.astype(np.float32)) > 0
    kind_of, anyone = kind_of.reshape(-1), bool(together.all())
    for c in range(n):
        onward = metres[c] * per_m + seconds[c] * per_s
        back = into_m[c] * per_m + into_s[c] * per_s
        if not anyone:
            strange = far * ~together[kind_of[c], kind_of]
            onward += strange
            back += strange
        apart = np.minimum(onward, back)
        apart[c] = -1.0
        near[c] = _smallest(apart, near.shape[1])
        onward += per_second * _mismatch(first[c], last[c], seconds[c] + service[c], first, last)
        back += per_second * _mismatch(first, last, into_s[c] + service, first[c], last[c])
        onward[c] = back[c] = np.inf
        beside[0, c] = _smallest(back, beside.shape[2])
        beside[1, c] = _smallest(onward, beside.shape[2])
    return Neighbours(near=near, beside=beside)


def _smallest(apart: Float64, keep: int) -> NDArray[np.int64]:
    """Numbers of the smallest entries in order, ties by number."""
    if keep >= apart.size:
        return np.argsort(apart, kind="stable")[:keep]
    limit = np.partition(apart, keep)[keep]
    few = np.flatnonzero(apart <= limit)
    return few[np.argsort(apart[few], kind="stable")][:keep]


def _speed(metres: Int32, seconds: Int32) -> float:
    """Metres a second over all ways."""
    return float(metres.sum(dtype=np.float64)) / max(1.0, float(seconds.sum(dtype=np.float64)))


def _mismatch(
    open_a: Float64 | float,
    close_a: Float64 | float,
    drive_s: Float64,
    open_b: Float64 | float,
    close_b: Float64 | float,
) -> Float64:
    waiting = np.maximum(open_b - drive_s - close_a, 0.0)
    late = np.maximum(open_a + drive_s - close_b, 0.0)
    return np.asarray(WAITING_WEIGHT * waiting + LATE_WEIGHT * late, dtype=np.float64)
