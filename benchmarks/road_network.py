"""A random planar road network, from a seed: what a rich day drives on, without anybody's data.

Crossings lie on a shaken grid, streets join neighbours, some are missing, a few lead one way only; a coarser set of
main roads is faster. Durations differ by direction (gradients, priority at crossings), so that the ways are asymmetric.
"""

import heapq
import math
import random
from dataclasses import dataclass

SHAKE = 0.35
MISSING = 0.12
ONE_WAY = 0.06
MAIN_ROAD_EVERY = 6
MAIN_KMH = (60.0, 80.0)
STREET_KMH = (25.0, 50.0)
WINDING = (1.05, 1.35)


@dataclass(frozen=True, kw_only=True)
class Street:
    """A way from one crossing to another."""

    end: int
    length_m: int
    duration_s: int


@dataclass(frozen=True, kw_only=True)
class RoadNetwork:
    """Crossings with their places in metres, and the streets that leave each."""

    places_m: tuple[tuple[float, float], ...]
    streets: tuple[tuple[Street, ...], ...]

    def ways_from(self, start: int) -> tuple[list[int], list[int]]:
        """Metres and seconds of the quickest way to each crossing."""
        far = 1 << 60
        seconds, metres = [far] * len(self.streets), [far] * len(self.streets)
        seconds[start] = metres[start] = 0
        queue = [(0, start)]
        while queue:
            now_s, at = heapq.heappop(queue)
            if now_s > seconds[at]:
                continue
            for street in self.streets[at]:
                if now_s + street.duration_s < seconds[street.end]:
                    seconds[street.end] = now_s + street.duration_s
                    metres[street.end] = metres[at] + street.length_m
                    heapq.heappush(queue, (seconds[street.end], street.end))
        return metres, seconds


def road_network(rng: random.Random, side: int, spacing_m: float) -> RoadNetwork:
    """Make a network of ``side`` times ``side`` crossings; each can be reached from each."""
    places = tuple(
        (
            (column + rng.uniform(-SHAKE, SHAKE)) * spacing_m,
            (row + rng.uniform(-SHAKE, SHAKE)) * spacing_m,
        )
        for row in range(side)
        for column in range(side)
    )
    streets: list[list[Street]] = [[] for _ in places]
    for a in range(side * side):
        row, column = divmod(a, side)
        for b, exists in ((a + 1, column + 1 < side), (a + side, row + 1 < side)):
            main = (row if b == a + 1 else column) % MAIN_ROAD_EVERY == 0
            if exists and (main or rng.random() >= MISSING):
                _join(rng, places, streets, a, b, main=main)
    network = RoadNetwork(places_m=places, streets=tuple(map(tuple, streets)))
    return _joined_up(rng, network)


def _join(
    rng: random.Random,
    places: tuple[tuple[float, float], ...],
    streets: list[list[Street]],
    a: int,
    b: int,
    *,
    main: bool,
) -> None:
    length_m = round(math.dist(places[a], places[b]) * rng.uniform(*WINDING))
    one_way = not main and rng.random() < ONE_WAY
    for start, end in ((a, b),) if one_way else ((a, b), (b, a)):
        kmh = rng.uniform(*(MAIN_KMH if main else STREET_KMH))
        duration_s = max(1, round(length_m / kmh * 3.6))
        streets[start].append(Street(end=end, length_m=length_m, duration_s=duration_s))


def _joined_up(rng: random.Random, network: RoadNetwork) -> RoadNetwork:
    """Give crossings that cannot be left or reached two-way streets to a neighbour until all can."""
    streets = [list(each) for each in network.streets]
    backward: list[list[int]] = [[] for _ in streets]
    for start, leaving in enumerate(streets):
        for street in leaving:
            backward[street.end].append(start)
    forward = [[street.end for street in leaving] for leaving in streets]
    connected = _reached(forward) & _reached(backward)
    for lonely in sorted(set(range(len(streets))) - connected):
        nearest = min(connected, key=lambda each: math.dist(network.places_m[each], network.places_m[lonely]))
        _join(rng, network.places_m, streets, lonely, nearest, main=True)
        connected.add(lonely)
    return RoadNetwork(places_m=network.places_m, streets=tuple(map(tuple, streets)))


def _reached(ends: list[list[int]]) -> set[int]:
    seen, waiting = {0}, [0]
    while waiting:
        fresh = [end for end in ends[waiting.pop()] if end not in seen]
        seen.update(fresh)
        waiting += fresh
    return seen
