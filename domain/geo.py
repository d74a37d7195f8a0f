"""Positions on the earth: longitude, latitude (WGS 84), always in that order."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from domain.errors import UsageError

EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """A point by longitude and latitude in degrees."""

    longitude: float
    latitude: float

    def __post_init__(self) -> None:
        if not (-180 <= self.longitude <= 180 and -90 <= self.latitude <= 90):
            raise UsageError(
                f"({self.longitude}, {self.latitude}) is no position; longitude comes first, then latitude, in degrees"
            )


def haversine_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Great-circle distance in metres on a sphere of the earth's mean radius (IUGG)."""
    phi1, phi2 = radians(lat1), radians(lat2)
    a = sin((phi2 - phi1) / 2) ** 2 + cos(phi1) * cos(phi2) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(a)))
