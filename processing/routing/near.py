"""Neighbour lists: which containers are worth looking at together."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.routing.index import Index
from processing.routing.kernels.model import OPENS, SERVICE, SHUTS, Bool, Int32, Int64
from processing.routing.nodes import Nodes
from processing.routing.partings import partings

MOST = 300
"""Neighbours kept for each container at most."""
BESIDE, BESIDE_RICH = 60, 100
"""Neighbours beside which a place for a container is looked for; more where tours are not plain, as many containers
then stand in one place."""
WAITING_WEIGHT = 0.2
"""What a second of unavoidable waiting counts, against a second of driving (after Vidal et al. 2013)."""
LATE_WEIGHT = 1.0
"""What a second of unavoidable lateness counts."""
STRANGE = 4.0
"""Containers that no vehicle can serve together count as so many times the longest way and work further apart; so do
those whose waste no trip takes together and no facility takes."""
BLOCK = 1 << 16
"""Entries of the ways that are looked at together, so as to stay in the processor's cache."""
Float64 = NDArray[np.float64]
Numbers = NDArray[np.int64]
Pair = tuple[Int32, Int32]


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """``near`` (n, N) and ``beside`` (2, n, K) int32, see `Model`."""

    near: Int32
    beside: Int32


@dataclass(frozen=True, kw_only=True)
class _Hours:
    """(n,) first and last begins of services and the seconds that they take; what a second counts."""

    first: Float64
    last: Float64
    service_s: Float64
    per_second: float

    def mismatch(self, a: Numbers, b: Numbers, drive_s: Int32) -> Float64:
        """What waiting and lateness count that cannot be avoided at ``b``, so far behind ``a``."""
        way_s = drive_s + self.service_s[a]
        waiting = np.maximum(self.first[b] - way_s - self.last[a], 0.0)
        late = np.maximum(self.first[a] + way_s - self.last[b], 0.0)
        return self.per_second * (WAITING_WEIGHT * waiting + LATE_WEIGHT * late)


def neighbours(
    index: Index, nodes: Nodes, onto: Pair, into: Pair, may: Bool, facility: Int64, most: int
) -> Neighbours:
    """For each container those nearest to it, and the ``most`` that go best just before and just after it.

    Near is what is cheap to drive between, in the cheaper direction; between what no trip takes together, by way of a
    facility. What goes best before and after counts waiting and lateness by the windows as well.

    Parameters
    ----------
    onto, into : pair of (P, L, L) int32
        Metres and seconds from each place, and to each place.
    """
    n = len(index.units)
    near = np.zeros((n, min(n, MOST)), np.int32)
    beside = np.zeros((2, n, max(0, min(n - 1, most))), np.int32)
    if n == 0:
        return Neighbours(near=near, beside=beside)
    table = nodes.node[0, :n]
    metres, seconds = (each[0, :n, :n] for each in onto)
    into_m, into_s = (each[0, :n, :n] for each in into)
    symmetric = all(one is other for one, other in zip(onto, into, strict=True))
    per_m, per_s = _prices(index)
    hours = _Hours(
        first=table[:, OPENS].astype(np.float64),
        last=table[:, SHUTS].astype(np.float64),
        service_s=table[:, SERVICE].astype(np.float64),
        per_second=max(per_s, per_m * _speed(metres, seconds), 1.0),
    )
    kinds, kind_of = _kinds(may)
    together = (kinds.T.astype(np.float32) @ kinds.astype(np.float32)) > 0
    anyone = bool(together.all())
    alike = anyone and len(index.fractions) <= 1
    work_s = nodes.node[0, :, SERVICE].max(initial=0)
    far = 0.0 if alike else STRANGE * (_longest(onto[0][0], onto[1][0], per_m, per_s) + work_s * per_s)
    parted = partings(index, nodes.node[0], facility, onto[0][0], onto[1][0], per_m, per_s, far)
    everywhere = np.arange(n)
    for begin in range(0, n, rows := max(1, BLOCK // n)):
        own = everywhere[begin : begin + rows]
        onward = metres[own] * per_m + seconds[own] * per_s
        back = onward if symmetric else into_m[own] * per_m + into_s[own] * per_s
        if not anyone:
            strange = far * ~together[kind_of[own, None], kind_of]
            onward += strange
            if not symmetric:
                back += strange
        if parted is not None:
            onward, back = parted.onward(own, onward), parted.back(own, back)
        apart = onward.copy() if back is onward else np.minimum(onward, back)
        itself = np.arange(own.size), own
        apart[itself] = -1.0
        nearest = near[own] = _smallest(apart, near.shape[1])
        onward[itself] = back[itself] = np.inf
        this = own[:, None]

        def later(few: Numbers, c: Numbers = this) -> Float64:
            return hours.mismatch(c, few, seconds[c, few])

        def before(few: Numbers, c: Numbers = this) -> Float64:
            return hours.mismatch(few, c, into_s[c, few])

        beside[0, own] = _best(back, before, nearest, beside.shape[2])
        beside[1, own] = _best(onward, later, nearest, beside.shape[2])
    return Neighbours(near=near, beside=beside)


def _prices(index: Index) -> tuple[float, float]:
    """The highest prices of a metre and of a second; where all is free, metres count."""
    per_m = float(max((vehicle.cost_per_m_ueur for vehicle in index.vehicles), default=0))
    per_s = float(max((vehicle.cost_per_s_ueur for vehicle in index.vehicles), default=0))
    return (1.0 if per_m == 0 and per_s == 0 else per_m), per_s


def _kinds(may: Bool) -> tuple[Bool, Numbers]:
    """The columns of (V, n) that differ, and for each column which of them it is."""
    known: dict[bytes, int] = {}
    kind_of = [known.setdefault(column.tobytes(), len(known)) for column in np.ascontiguousarray(may.T)]
    kinds = np.frombuffer(b"".join(known), np.bool_).reshape(len(known), len(may))
    return kinds.T, np.array(kind_of, dtype=np.int64)


def _best(apart: Float64, more: Callable[[Numbers], Float64], near: Numbers, keep: int) -> Numbers:
    """In each row the numbers of the smallest sums of what is apart and never negative ``more``, ties by number.

    That is asked for few of them: what of the near ones are the smallest sums bounds how far apart any can be.
    """
    if keep == 0:
        return near[:, :0]
    sums = np.take_along_axis(apart, near, axis=1) + more(near)
    few, there = _up_to(apart, np.partition(sums, keep - 1, axis=1)[:, keep - 1])
    sums = np.take_along_axis(apart, few, axis=1) + more(few)
    sums[~there] = np.inf
    return np.take_along_axis(few, _smallest(sums, keep), axis=1)


def _smallest(apart: Float64, keep: int) -> Numbers:
    """In each row the numbers of the smallest entries in order, ties by number."""
    if keep >= apart.shape[1]:
        return np.argsort(apart, axis=1, kind="stable")[:, :keep]
    few, there = _up_to(apart, np.partition(apart, keep - 1, axis=1)[:, keep - 1])
    values = np.take_along_axis(apart, few, axis=1)
    values[~there] = np.inf
    return np.take_along_axis(few, np.argsort(values, axis=1, kind="stable")[:, :keep], axis=1)


def _up_to(apart: Float64, limit: Float64) -> tuple[Numbers, Bool]:
    """(R, M) numbers of the entries up to each row's limit in order, and which of these count: rows have their own."""
    mask = apart <= limit[:, None]
    count = np.count_nonzero(mask, axis=1)
    there = np.arange(count.max(initial=0)) < count[:, None]
    few = np.zeros(there.shape, np.int64)
    few[there] = np.flatnonzero(mask) - np.repeat(np.arange(len(apart)) * apart.shape[1], count)
    return few, there


def _longest(metres: Int32, seconds: Int32, per_m: float, per_s: float) -> float:
    """Cost of the longest way, or 1 if that is more."""
    ways = zip(metres, seconds, strict=True)
    return max(1.0, *(float((way_m * per_m + way_s * per_s).max()) for way_m, way_s in ways))


def _speed(metres: Int32, seconds: Int32) -> float:
    """Metres a second over all ways."""
    return float(metres.sum(dtype=np.float64)) / max(1.0, float(seconds.sum(dtype=np.float64)))
