"""Matrices as the kernels want them: one place for each location and set-up, for each travel profile."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.planning import Matrix, Vehicle
from processing.routing.index import Index
from processing.routing.kernels.model import Int32

PlaceKey = tuple[int, str | None]
"""A location, and the site whose set-up is spent on arriving there."""


@dataclass(frozen=True, kw_only=True)
class Ways:
    """Places and the ways between them.

    Attributes
    ----------
    number : dict
        Number of each place.
    profile : dict
        Number of each travel profile; None is the problem's own.
    metres, seconds : (P, L, L) int32
        Seconds include the set-up at their end, unless place and start are the same.
    setup_s : (L,) int32
    """

    number: dict[PlaceKey, int]
    profile: dict[str | None, int]
    metres: Int32
    seconds: Int32
    setup_s: Int32

    def of(self, vehicle: Vehicle) -> int:
        """Number of the profile that a vehicle travels by."""
        return self.profile[vehicle.profile]


def key_of(index: Index, location: int, site: str) -> PlaceKey:
    """The place of a container at this location and site."""
    setups = _setups(index)
    return (location, site) if setups.get(site) else (location, None)


def expand(index: Index) -> Ways:
    """Places of all things of the problem, and the ways between them."""
    problem = index.problem
    setups = _setups(index)
    keys: dict[PlaceKey, int] = {}
    plain = [depot.location for depot in problem.depots]
    plain += [facility.location for facility in problem.facilities]
    plain += [each.underway.location for each in index.vehicles if each.underway is not None]
    for location in plain:
        keys.setdefault((location, None), len(keys))
    for unit in index.units:
        for task in unit:
            site = task.site if setups.get(task.site) else None
            keys.setdefault((task.location, site), len(keys))
    keys = _chained(keys, problem.distance_m)
    locations = np.array([location for location, _ in keys], dtype=np.int64)
    setup_s = np.array([setups.get(site or "", 0) for _, site in keys], dtype=np.int32)
    used = sorted({vehicle.profile or "" for vehicle in index.vehicles}) or [""]
    profiles = {profile.name: profile for profile in problem.profiles}
    metres, seconds = [], []
    for name in used:
        own = profiles.get(name, problem)
        metres.append(_pick(own.distance_m, locations))
        seconds.append(_pick(own.duration_s, locations))
        seconds[-1] += setup_s[None, :]
        seconds[-1][np.diag_indices(len(locations))] -= setup_s
    return Ways(
        number=keys,
        profile={name or None: number for number, name in enumerate(used)},
        metres=np.array(metres, dtype=np.int32),
        seconds=np.array(seconds, dtype=np.int32),
        setup_s=setup_s,
    )


def _chained(keys: dict[PlaceKey, int], metres: Matrix) -> dict[PlaceKey, int]:
    """Number places along a chain that goes on to the nearest one left, so that near places have near numbers."""
    if not keys:
        return keys
    locations = np.array([location for location, _ in keys], dtype=np.int64)
    left = np.ones(len(locations), np.bool_)
    order = [0]
    left[0] = False
    for _ in range(len(locations) - 1):
        row = np.asarray(metres[int(locations[order[-1]])])[locations]
        order.append(int(np.where(left, row, np.iinfo(np.int64).max).argmin()))
        left[order[-1]] = False
    names = list(keys)
    return {names[place]: number for number, place in enumerate(order)}


def _setups(index: Index) -> dict[str, int]:
    return {site.id: site.setup_s for site in index.problem.sites if site.setup_s}


def _pick(matrix: Matrix, locations: NDArray[np.int64]) -> Int32:
    if not len(locations):
        return np.zeros((0, 0), np.int32)
    rows = np.array([np.asarray(matrix[row], dtype=np.int32) for row in locations.tolist()], dtype=np.int32)
    return np.ascontiguousarray(rows.reshape(len(locations), -1)[:, locations])
