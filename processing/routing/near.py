"""Neighbour lists: which containers are worth looking at together."""

import numpy as np
from numpy.typing import NDArray

from processing.routing.index import Index
from processing.routing.kernels.model import COMES, GOES, OPENS, SERVICE, SHUTS, Bool, Int32
from processing.routing.nodes import Nodes
from processing.routing.places import Ways

MOST = 400
"""Neighbours kept for each container at most."""
WAITING_WEIGHT = 0.2
"""What a second of unavoidable waiting counts, against a second of driving (after Vidal et al. 2013)."""
LATE_WEIGHT = 1.0
"""What a second of unavoidable lateness counts."""
STRANGE = 4.0
"""Containers that no vehicle can serve together count as so many times the longest way further apart."""
Float64 = NDArray[np.float64]


def nearest(index: Index, nodes: Nodes, ways: Ways, may: Bool) -> Int32:
    """For each container the nearest ones, itself first.

    Nearness is the cheaper direction's cost of driving, with what windows add by waiting or lateness.

    Returns
    -------
    (n, min(n, MOST)) int32
    """
    count = len(index.units)
    keep = min(count, MOST)
    near = np.zeros((count, keep), np.int32)
    if count == 0:
        return near
    table = nodes.node[0, :count]
    metres, seconds = ways.metres[0], ways.seconds[0]
    per_m = max((vehicle.cost_per_m_ueur for vehicle in index.vehicles), default=0)
    per_s = max((vehicle.cost_per_s_ueur for vehicle in index.vehicles), default=0)
    if per_m == 0 and per_s == 0:
        per_m = 1
    per_second = float(max(per_s, per_m * _speed(metres, seconds), 1))
    comes, goes = table[:, COMES], table[:, GOES]
    first, last = table[:, OPENS].astype(np.float64), table[:, SHUTS].astype(np.float64)
    service = table[:, SERVICE].astype(np.float64)
    far = STRANGE * float((metres * float(per_m) + seconds * float(per_s)).max(initial=1.0))
    kinds, kind_of = np.unique(may, axis=1, return_inverse=True)
    together = (kinds.T.astype(np.float32) @ kinds.astype(np.float32)) > 0
    kind_of = kind_of.reshape(-1)
    for c in range(count):
        there = metres[goes[c], comes] * float(per_m) + seconds[goes[c], comes] * float(per_s)
        drive_s = seconds[goes[c], comes] + service[c]
        there += per_second * _mismatch(first[c], last[c], drive_s, first, last)
        back = metres[goes, comes[c]] * float(per_m) + seconds[goes, comes[c]] * float(per_s)
        drive_s = seconds[goes, comes[c]] + service
        back += per_second * _mismatch(first, last, drive_s, first[c], last[c])
        apart = np.minimum(there, back) + far * ~together[kind_of[c], kind_of]
        apart[c] = -1.0
        near[c] = _smallest(apart, keep)
    return near


def _smallest(apart: Float64, keep: int) -> NDArray[np.int64]:
    """Numbers of the smallest entries in order, ties by number."""
    return np.argsort(apart, kind="stable")[:keep]


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
