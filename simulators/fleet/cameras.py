"""Cameras above the road, which report each vehicle at the moment it crosses a line."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from domain.time import HOUR_S
from simulators.fleet.draws import Draws, normal, poisson
from simulators.fleet.report import Report, instant
from simulators.fleet.roads import Road, Traffic
from simulators.region.model import Counter, RoadKind


class CameraModel:
    """A camera that sends one message for each vehicle at the moment it crosses a line."""

    def __init__(self, counter: Counter, *, seed: int) -> None:
        self._road = Road(counter, seed)
        self._cycles = counter.road_kind is RoadKind.CYCLEWAY
        self._counts = (Draws(seed, counter.key, "counts 1"), Draws(seed, counter.key, "counts 2"))
        self._vehicles = (Draws(seed, counter.key, "vehicles 1"), Draws(seed, counter.key, "vehicles 2"))
        self._reports_of = lru_cache(maxsize=2)(self._sorted)

    def reports(self, begin_s: float, end_s: float, every_s: float) -> Iterator[Report]:
        """See `Model.reports`; vehicles come when they come, whatever `every_s` says."""
        for hour_number in range(int(begin_s // HOUR_S), int(end_s // HOUR_S) + 1):
            for report in self._reports_of(hour_number):
                if begin_s < report.time_s <= end_s:
                    yield report

    def _sorted(self, hour_number: int) -> tuple[Report, ...]:
        return tuple(sorted(self._hour(hour_number), key=lambda one: one.time_s))

    def _hour(self, hour_number: int) -> Iterator[Report]:
        for direction in (1, 2):
            traffic = self._road.traffic(hour_number, direction)
            u = self._counts[direction - 1].at(hour_number)
            for ordinal in range(min(4095, poisson(traffic.vehicles, u[0], normal(*u[4:])))):
                yield self._vehicle(hour_number, direction, ordinal, traffic)

    def _vehicle(self, hour_number: int, direction: int, ordinal: int, traffic: Traffic) -> Report:
        number = (hour_number << 12) + ordinal
        u = self._vehicles[direction - 1].at(number)
        crossed_s = hour_number * HOUR_S + round(u[0] * (HOUR_S - 1), 3)
        kind = self._kind(u[1], traffic.heavy_share)
        slower = {"bicycle": 1.0 if self._cycles else 0.4, "pedestrian": 0.3, "lorry": 0.9}.get(kind, 1.0)
        speed_kmh = max(3.0, traffic.speed_kmh * slower * (1 + 0.11 * normal(*u[2:6])))
        # The box needs a moment to be sure of what it saw.
        vehicle = {
            "direction": direction,
            "vehicle_class": kind,
            "speed_kmh": speed_kmh,
            "time": instant(crossed_s),
        }
        return Report(
            crossed_s + 0.4 + 0.5 * u[6], (number << 1) + direction - 1, {"passages": [vehicle]}, "vehicle"
        )

    def _kind(self, u: float, heavy: float) -> str:
        if self._cycles:
            return "bicycle" if u < 0.86 else "pedestrian"
        for kind, share in (("lorry", heavy), ("bus", 0.012), ("motorcycle", 0.015), ("bicycle", 0.04)):
            if u < share:
                return kind
            u -= share
        return "car"

    def state(self) -> dict[str, Any]:
        """See `Model.state`; every hour stands for itself."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """See `Model.restore`."""
