"""Travel between places, behind the interface that every source of distances and durations fills."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from domain.geo import EARTH_RADIUS_M

Point = tuple[float, float]
"""Longitude, latitude in degrees (WGS 84)."""
Matrix = NDArray[np.int32]


class TravelModel(Protocol):
    """Knows the ways between places."""

    def matrix(self, points: Sequence[Point]) -> tuple[Matrix, Matrix]:
        """Return metres and seconds, each (n, n) int32, from row to column; not necessarily symmetric."""
        ...


@dataclass(frozen=True, kw_only=True)
class GreatCircleTravel:
    """Great circle times a detour factor, at one speed everywhere."""

    factor: float = 1.3
    speed_kmh: float = 40.0

    def matrix(self, points: Sequence[Point]) -> tuple[Matrix, Matrix]:
        """Return metres and seconds, each (n, n) int32, symmetric and rounded up to whole seconds."""
        degrees = np.asarray(points, dtype=np.float64).reshape(len(points), 2)
        longitude, latitude = np.radians(degrees).T
        half = (
            np.sin((latitude[:, None] - latitude) / 2) ** 2
            + np.cos(latitude[:, None]) * np.cos(latitude) * np.sin((longitude[:, None] - longitude) / 2) ** 2
        )
        metres = 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(half))) * self.factor
        seconds = np.ceil(metres / (self.speed_kmh / 3.6))
        return np.rint(metres).astype(np.int32), seconds.astype(np.int32)
