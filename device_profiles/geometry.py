"""How full a container is when the sensor under its lid sees the waste at a distance, and the reverse.

The height of the fill is scaled to 0..1 between the floor (`empty_distance_m`) and the line that counts as full
(`full_distance_m`). A *straight* container holds as much in each layer; a *tapered* one (most wheeled bins) is a
frustum whose floor has `bottom_ratio` times the edge length of its top; a *cylinder* is a tank lying on its side.
"""

from collections.abc import Mapping
from math import acos, pi, sqrt

from domain.errors import ProfileError

SHAPES = ("straight", "tapered", "cylinder")


def _frustum(height: float, ratio: float) -> float:
    if abs(1 - ratio) < 1e-9:
        return height
    edge = ratio + (1 - ratio) * height
    return float((edge**3 - ratio**3) / (1 - ratio**3))


def _cylinder(height: float) -> float:
    height = min(max(height, 0.0), 1.0)
    return (acos(1 - 2 * height) - (1 - 2 * height) * 2 * sqrt(height * (1 - height))) / pi


def volume_share(height: float, shape: str, bottom_ratio: float = 1.0) -> float:
    """Share (0..1) of the volume below a share (0..1) of the height."""
    if shape == "tapered":
        return _frustum(height, bottom_ratio)
    return _cylinder(height) if shape == "cylinder" else height


def fill_percent(distance_m: float, parameters: Mapping[str, float | str]) -> tuple[float, bool]:
    """Fill level in per cent, and whether it had to be limited to 0..100.

    Raises
    ------
    ProfileError
        If the parameters describe no container.
    """
    empty_m, full_m, shape, ratio = _geometry(parameters)
    height = (empty_m - distance_m) / (empty_m - full_m)
    limited = min(max(height, 0.0), 1.0)
    return 100 * volume_share(limited, shape, ratio), limited != height


def distance_m(percent: float, parameters: Mapping[str, float | str]) -> float:
    """Distance in metres that a sensor sees at a fill level of 0..100 per cent; the reverse of `fill_percent`."""
    empty_m, full_m, shape, ratio = _geometry(parameters)
    share = min(max(percent / 100, 0.0), 1.0)
    if shape == "tapered" and abs(1 - ratio) >= 1e-9:
        height = float(((share * (1 - ratio**3) + ratio**3) ** (1 / 3) - ratio) / (1 - ratio))
    elif shape == "cylinder":
        height = _bisect(share)
    else:
        height = share
    return empty_m - height * (empty_m - full_m)


def _bisect(share: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _cylinder(middle) < share else (low, middle)
    return (low + high) / 2


def _geometry(parameters: Mapping[str, float | str]) -> tuple[float, float, str, float]:
    empty_m, full_m = float(parameters["empty_distance_m"]), float(parameters["full_distance_m"])
    if empty_m <= full_m:
        raise ProfileError(
            f"the floor ({empty_m:g} m) must be further from the sensor than the full line ({full_m:g} m); "
            "correct empty_distance_m and full_distance_m of the installation"
        )
    return empty_m, full_m, str(parameters["shape"]), float(parameters["bottom_ratio"])
