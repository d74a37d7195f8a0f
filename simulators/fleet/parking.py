"""Parking bays: cars come by day, stay a while, and the sensor says so at each change and by a heartbeat."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from heapq import merge
from typing import Any

from domain.time import BERLIN, HOUR_S
from simulators.fleet.draws import Draws, normal, poisson
from simulators.fleet.habits import hour_at, temperature_c
from simulators.fleet.report import Report, ticks
from simulators.region.model import ParkingBay

HEARTBEAT_S = 6.0 * HOUR_S
_WEEK = (1.0, 1.0, 1.0, 1.0, 1.15, 1.2, 0.7)


class ParkingModel:
    """One bay; its day follows from the seed and the date alone."""

    def __init__(self, bay: ParkingBay, *, seed: int) -> None:
        self._bay = bay
        self._days = Draws(seed, bay.key, "days")
        self._cars = Draws(seed, bay.key, "cars")
        self._phase = Draws(seed, bay.key, "traits").at(0)[0]
        self._stays = lru_cache(maxsize=8)(self._make_stays)

    def _make_stays(self, day_number: int) -> tuple[tuple[float, float], ...]:
        """When cars come and go on a UTC day, in seconds since 1970, never two at once."""
        hour = hour_at(day_number * 24 + 12)
        u = self._days.at(day_number)
        cars = poisson(self._bay.turnover_per_day * _WEEK[hour.weekday - 1], u[0], normal(*u[1:5]))
        noon_s = (
            datetime.combine(hour.day, datetime.min.time(), BERLIN).astimezone(UTC).timestamp() + 12 * HOUR_S
        )
        wishes = [self._cars.at((day_number << 8) + ordinal) for ordinal in range(cars)]
        stays: list[tuple[float, float]] = []
        for wish in sorted(wishes, key=lambda one: one[0]):
            comes_s = round(noon_s + (wish[0] - 0.45) * 13 * HOUR_S)
            if stays and comes_s < stays[-1][1] + 60:
                continue
            stays.append((comes_s, comes_s + round(420 + 5400 * wish[1] * wish[2])))
        return tuple(stays)

    def _occupied(self, at_s: float) -> bool:
        day = int(at_s // 86_400)
        return any(comes <= at_s < goes for one in (day - 1, day) for comes, goes in self._stays(one))

    def _changes(self, begin_s: float, end_s: float) -> Iterator[tuple[float, bool, bool]]:
        for day in range(int(begin_s // 86_400) - 1, int(end_s // 86_400) + 1):
            for comes_s, goes_s in self._stays(day):
                for at_s, occupied in ((comes_s, True), (goes_s, False)):
                    if begin_s < at_s <= end_s:
                        yield at_s, False, occupied

    def reports(self, begin_s: float, end_s: float, every_s: float) -> Iterator[Report]:
        """See `Model.reports`; a change is told when it happens, whatever `every_s` says."""
        beats = (
            (at_s, True, self._occupied(at_s)) for _, at_s in ticks(begin_s, end_s, HEARTBEAT_S, self._phase)
        )
        for at_s, is_beat, occupied in merge(self._changes(begin_s, end_s), beats):
            if is_beat:
                warmth = round(temperature_c(int(at_s // HOUR_S)))
                yield Report(
                    at_s, int(at_s), {"occupied": float(occupied), "temperature": warmth}, "heartbeat"
                )
            else:
                yield Report(at_s, int(at_s), {"occupied": float(occupied)}, "parking status")

    def state(self) -> dict[str, Any]:
        """See `Model.state`; every day stands for itself."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """See `Model.restore`."""
