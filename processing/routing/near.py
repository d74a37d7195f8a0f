"""Neighbour lists: which containers are worth looking at together."""

import numpy as np
from numpy.typing import NDArray

from domain.planning import ContainerTask
from processing.routing.kernels.model import Int32

MOST = 400
"""Neighbours kept for each container at most."""
WAITING_WEIGHT = 0.2
"""What a second of unavoidable waiting counts, against a second of driving (after Vidal et al. 2013)."""
LATE_WEIGHT = 1.0
"""What a second of unavoidable lateness counts."""
Float64 = NDArray[np.float64]


def nearest(
    containers: tuple[ContainerTask, ...], from_m: Int32, from_s: Int32, per_m: int, per_s: int
) -> Int32:
    """For each container the nearest ones, itself first.

    Nearness is the cheaper direction's cost of driving, with what windows add by waiting or lateness.

    Returns
    -------
    (n, min(n, MOST)) int32
    """
    count = len(containers)
    keep = min(count, MOST)
    near = np.zeros((count, keep), np.int32)
    place = np.array([task.location for task in containers], dtype=np.int64)
    first = np.array([task.windows[0].open_s if task.windows else -1e9 for task in containers])
    last = np.array([task.windows[-1].close_s if task.windows else 1e9 for task in containers])
    service = np.array([task.service_s for task in containers], dtype=np.float64)
    per_second = max(per_s, per_m * 10, 1)
    for c in range(count):
        here = place[c]
        there = _apart(from_m[here, place], from_s[here, place], per_m, per_s)
        drive_s = from_s[here, place] + service[c]
        there = there + per_second * _mismatch(first[c], last[c], drive_s, first, last)
        back = _apart(from_m[place, here], from_s[place, here], per_m, per_s)
        drive_s = from_s[place, here] + service
        back = back + per_second * _mismatch(first, last, drive_s, first[c], last[c])
        apart = np.minimum(there, back)
        apart[c] = -1.0
        near[c] = np.argsort(apart, kind="stable")[:keep]
    return near


def _apart(metres: Int32, seconds: Int32, per_m: int, per_s: int) -> Float64:
    if per_m == 0 and per_s == 0:
        return metres.astype(np.float64)
    return metres * float(per_m) + seconds * float(per_s)


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
