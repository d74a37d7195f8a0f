"""Radars beside the road, which report the totals of an interval by direction and group."""

from collections.abc import Iterator, Mapping
from typing import Any

from domain.time import HOUR_S
from simulators.fleet.draws import Draws, normal, poisson
from simulators.fleet.habits import temperature_c
from simulators.fleet.report import Report
from simulators.fleet.roads import Road, Traffic
from simulators.region.model import Counter, RoadKind


class RadarModel:
    """A radar with four groups in two directions; it reports shortly after each interval."""

    def __init__(self, counter: Counter, *, seed: int) -> None:
        self._road = Road(counter, seed)
        self._counter = counter
        self._counts = (Draws(seed, counter.key, "counts 1"), Draws(seed, counter.key, "counts 2"))
        self._speeds = (Draws(seed, counter.key, "speeds 1"), Draws(seed, counter.key, "speeds 2"))
        self._delay_s = 2.0 + 20.0 * Draws(seed, counter.key, "traits").at(0)[0]

    def reports(self, begin_s: float, end_s: float, every_s: float) -> Iterator[Report]:
        """See `Model.reports`; the interval is the device's own, whatever `every_s` says."""
        interval_s = self._counter.interval_s
        number = int((begin_s - self._delay_s) // interval_s) + 1
        while (time_s := number * interval_s + self._delay_s) <= end_s:
            if time_s > begin_s:
                yield Report(time_s, number, self._values(number - 1))
            number += 1

    def _values(self, interval: int) -> dict[str, Any]:
        begin_s = interval * self._counter.interval_s
        hour_number = begin_s // HOUR_S
        values: dict[str, Any] = {
            "battery": 4.1,
            "temperature": temperature_c(hour_number),
        }
        for direction, side in ((1, "left"), (2, "right")):
            traffic = self._road.traffic(hour_number, direction)
            for group, (count, speed_kmh) in enumerate(self._groups(traffic, direction, interval)):
                values[f"{side}_{group}_count"] = count
                values[f"{side}_{group}_speed"] = speed_kmh
        return values

    def _groups(self, traffic: Traffic, direction: int, interval: int) -> Iterator[tuple[int, int]]:
        counts, speeds = self._counts[direction - 1].at(interval), self._speeds[direction - 1].at(interval)
        bell = normal(*counts[4:])
        vehicles = traffic.vehicles * self._counter.interval_s / HOUR_S
        for group, (share, slower) in enumerate(self._mix(traffic.heavy_share)):
            count = poisson(vehicles * share, counts[group], bell if group != 3 else -bell)
            scatter = 9.0 * (speeds[group] - 0.5) / max(1.0, count) ** 0.5
            speed_kmh = min(200.0, max(4.0, traffic.speed_kmh * slower + scatter))
            yield min(count, 3000), round(speed_kmh) if count else 0

    def _mix(self, heavy: float) -> tuple[tuple[float, float], ...]:
        """Shares and relative speeds of groups 0 (two wheels), 1 (cars), 2 (vans), 3 (lorries)."""
        motorway = self._counter.road_kind is RoadKind.MOTORWAY
        two_wheels, slower = (0.006, 1.05) if motorway else (0.02, 0.45)
        rest = 1.0 - heavy - two_wheels
        return (
            (two_wheels, slower),
            (rest * 0.88, 1.02),
            (rest * 0.12, 0.99),
            (heavy, 0.72 if motorway else 0.92),
        )

    def state(self) -> dict[str, Any]:
        """See `Model.state`; every interval stands for itself."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """See `Model.restore`."""
