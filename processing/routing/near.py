"""Neighbour lists: which containers are worth looking at together."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.routing.index import Index
from processing.routing.kernels.model import OPENS, SERVICE, SHUTS, Bool, Int32
from processing.routing.nodes import Nodes

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
Numbers = NDArray[np.int64]
Pair = tuple[Int32, Int32]


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """``near`` (n, N) and ``beside`` (2, n, K) int32, see `Model`."""

    near: Int32
    beside: Int32


def neighbours(index: Index, nodes: Nodes, onto: Pair, into: Pair, may: Bool) -> Neighbours:
    """For each container those nearest to it, and those that go best just before and just after it.

    Near is what is cheap to drive between, in the cheaper direction. What goes best before and after counts waiting
    and lateness by the windows as well.

    Parameters
    ----------
    onto, into : pair of (P, L, L) int32
        Metres and seconds from each place, and to each place.
    """
    n = len(index.units)
    near = np.zeros((n, min(n, MOST)), np.int32)
    beside = np.zeros((2, n, max(0, min(n - 1, BESIDE))), np.int32)
    if n == 0:
        return Neighbours(near=near, beside=beside)
    table = nodes.node[0, :n]
    metres, seconds = (each[0, :n, :n] for each in onto)
    into_m, into_s = (each[0, :n, :n] for each in into)
    symmetric = all(one is other for one, other in zip(onto, into, strict=True))
    per_m = float(max((vehicle.cost_per_m_ueur for vehicle in index.vehicles), default=0))
    per_s = float(max((vehicle.cost_per_s_ueur for vehicle in index.vehicles), default=0))
    if per_m == 0 and per_s == 0:
        per_m = 1.0
    per_second = max(per_s, per_m * _speed(metres, seconds), 1.0)
    first, last = table[:, OPENS].astype(np.float64), table[:, SHUTS].astype(np.float64)
    service = table[:, SERVICE].astype(np.float64)
    kinds, kind_of = np.unique(may, axis=1, return_inverse=True)
    together = (kinds.T.astype(np.float32) @ kinds.astype(np.float32)) > 0
    kind_of, anyone = kind_of.reshape(-1), bool(together.all())
    far = 0.0 if anyone else STRANGE * _longest(metres, seconds, per_m, per_s)
    for c in range(n):
        onward = metres[c] * per_m + seconds[c] * per_s
        back = onward.copy() if symmetric else into_m[c] * per_m + into_s[c] * per_s
        if not anyone:
            strange = far * ~together[kind_of[c], kind_of]
            onward += strange
            back += strange
        apart = np.minimum(onward, back)
        apart[c] = -1.0
        near[c] = _smallest(apart, near.shape[1])
        onward[c] = back[c] = np.inf

        def later(few: Numbers, c: int = c) -> Float64:
            return per_second * _mismatch(
                first[c], last[c], seconds[c, few] + service[c], first[few], last[few]
            )

        def before(few: Numbers, c: int = c) -> Float64:
            return per_second * _mismatch(
                first[few], last[few], into_s[c, few] + service[few], first[c], last[c]
            )

        beside[0, c] = _best(back, before, near[c], beside.shape[2])
        beside[1, c] = _best(onward, later, near[c], beside.shape[2])
    return Neighbours(near=near, beside=beside)


def _best(apart: Float64, more: Callable[[Numbers], Float64], near: Int32, keep: int) -> Numbers:
    """Numbers of the smallest sums of what is apart and never negative ``more``, which is asked for few of them.

    What of the near ones are the smallest sums bounds how far apart any of the smallest can be.
    """
    limit = np.inf
    if 0 < keep <= near.size:
        sums = apart[near] + more(near.astype(np.int64))
        sums.partition(keep - 1)
        limit = sums[keep - 1]
    few = np.flatnonzero(apart <= limit)
    return few[_smallest(apart[few] + more(few), keep)]


def _smallest(apart: Float64, keep: int) -> Numbers:
    """Numbers of the smallest entries in order, ties by number."""
    if keep >= apart.size:
        return np.argsort(apart, kind="stable")[:keep]
    limit = np.partition(apart, keep)[keep]
    few = np.flatnonzero(apart <= limit)
    return few[np.argsort(apart[few], kind="stable")][:keep]


def _longest(metres: Int32, seconds: Int32, per_m: float, per_s: float) -> float:
    """Cost of the longest way, or 1 if that is more."""
    ways = zip(metres, seconds, strict=True)
    return max(1.0, *(float((way_m * per_m + way_s * per_s).max()) for way_m, way_s in ways))


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
