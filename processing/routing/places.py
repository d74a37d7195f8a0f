"""Matrices as the kernels want them: a row for each unit, facility and depot, for each travel profile."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from domain.planning import ContainerTask, Vehicle
from processing.routing.index import Index, table_of
from processing.routing.kernels.model import Int32

Key = tuple[int, str]
"""A location, and the site whose set-up is spent on arriving there, or nothing."""


@dataclass(frozen=True)
class Ways:
    """Places in the order units, facilities, depots, and the ways between them; seconds include set-ups."""

    index: Index

    @cached_property
    def profile(self) -> dict[str | None, int]:
        """Number of each travel profile in use; None is the problem's own."""
        used = sorted({vehicle.profile or "" for vehicle in self.index.vehicles}) or [""]
        return {name or None: number for number, name in enumerate(used)}

    @cached_property
    def depot(self) -> dict[int, int]:
        """Place of each location where a tour begins or ends."""
        problem = self.index.problem
        locations = [depot.location for depot in problem.depots]
        locations += [each.underway.location for each in self.index.vehicles if each.underway is not None]
        first = len(self.index.units) + len(problem.facilities)
        return {location: first + number for number, location in enumerate(dict.fromkeys(locations))}

    @cached_property
    def metres(self) -> Int32:
        """(P, L, L) from where one goes on to where the other is come to."""
        return self._pick([metres for metres, _ in self._matrices])

    @cached_property
    def seconds(self) -> Int32:
        """(P, L, L) likewise, with the set-up at the end unless the way begins there."""
        picked = self._pick([seconds for _, seconds in self._matrices])
        comes, goes = self._keys
        setup_s = np.array([self._setups.get(site, 0) for _, site in comes], dtype=np.int32)
        if setup_s.any():
            names: dict[Key, int] = {}
            ends = np.array([names.setdefault(key, len(names)) for key in comes], dtype=np.int64)
            begins = np.array([names.get(key, -1) for key in goes], dtype=np.int64)
            for row, begin in enumerate(begins):
                picked[:, row] += setup_s * (ends != begin)
        return picked

    @cached_property
    def longest(self) -> tuple[int, int]:
        """Metres and seconds of the longest ways between any locations, without set-ups.

        Unlike the tables above, this includes the ways within locked sequences.
        """
        longest_m, longest_s = (
            max(int(table.max(initial=0)) for table in tables) for tables in zip(*self._matrices, strict=True)
        )
        return longest_m, longest_s

    def of(self, vehicle: Vehicle) -> int:
        """Number of the profile that a vehicle travels by."""
        return self.profile[vehicle.profile]

    def between(self, p: int, before: ContainerTask, after: ContainerTask) -> tuple[int, int]:
        """Metres and seconds from one container to another."""
        metres, seconds = (int(table[before.location, after.location]) for table in self._matrices[p])
        start, end = self.key(before), self.key(after)
        return metres, seconds + (self._setups.get(end[1], 0) if start != end else 0)

    @cached_property
    def _matrices(self) -> list[tuple[Int32, Int32]]:
        named = {each.name: each for each in self.index.problem.profiles}
        return [
            (table_of(named[name].distance_m), table_of(named[name].duration_s)) if name else self.index.ways
            for name in self.profile
        ]

    @cached_property
    def _setups(self) -> dict[str, int]:
        return {site.id: site.setup_s for site in self.index.problem.sites if site.setup_s}

    def setup_of(self, task: ContainerTask) -> int:
        """Seconds of set-up on coming to a container from elsewhere."""
        return self._setups.get(task.site, 0)

    def key(self, task: ContainerTask) -> Key:
        """Where a container is, as far as set-ups are concerned."""
        return (task.location, task.site if task.site in self._setups else "")

    @cached_property
    def _keys(self) -> tuple[list[Key], list[Key]]:
        """Where each place is come to, and where it is left from."""
        fixed = [(facility.location, "") for facility in self.index.problem.facilities]
        fixed += [(location, "") for location in self.depot]
        comes = [self.key(unit[0]) for unit in self.index.units] + fixed
        goes = [self.key(unit[-1]) for unit in self.index.units] + fixed
        return comes, goes

    def _pick(self, tables: list[Int32]) -> Int32:
        comes, goes = (
            np.array([location for location, _ in keys], dtype=np.int64).reshape(-1) for keys in self._keys
        )
        picked = np.empty((len(tables), goes.size, comes.size), np.int32)
        for table, chosen in zip(tables, picked, strict=True):
            for row, begin in zip(chosen, goes, strict=True):
                table[begin].take(comes, out=row, mode="clip")  # the other modes make a copy first
        return picked
