"""How busy a cross-section of a road is: habits, a mood for each day, rare incidents."""

from dataclasses import dataclass

from simulators.fleet.draws import Draws, normal
from simulators.fleet.habits import Hour, heavy_factor, hour_at, towards_one, traffic_share
from simulators.region.model import Counter, RoadKind

_INCIDENT_SHARE = 0.012
"""On so many days of a counter something blocks the road for an hour or two."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What an hour of one direction is expected to be: vehicles, share of lorries, speed."""

    vehicles: float
    heavy_share: float
    speed_kmh: float


class Road:
    """How busy a cross-section is: habits, a mood for each day, rare incidents."""

    def __init__(self, counter: Counter, seed: int) -> None:
        self.counter = counter
        self._days = Draws(seed, counter.key, "days")

    def traffic(self, hour_number: int, direction: int) -> Traffic:
        """What is expected of an hour of one direction (1 or 2)."""
        counter, hour = self.counter, hour_at(hour_number)
        u = self._days.at(hour.day.toordinal())
        first = towards_one(hour, counter.road_kind)
        share = traffic_share(hour, counter.road_kind) * (first if direction == 1 else 1 - first)
        vehicles = counter.vehicles_per_day * share * (1 + 0.05 * normal(*u[:4]))
        speed_kmh = counter.free_speed_kmh * (
            1 - 0.10 * min(1.5, vehicles * 24 / max(1, counter.vehicles_per_day) / 1.6)
        )
        if self._incident(hour, direction, u):
            vehicles, speed_kmh = vehicles * 0.55, speed_kmh * 0.3
        heavy = min(0.75, counter.heavy_share * heavy_factor(hour))
        return Traffic(max(0.0, vehicles), heavy, speed_kmh)

    def _incident(self, hour: Hour, direction: int, u: tuple[float, ...]) -> bool:
        if u[4] >= _INCIDENT_SHARE or self.counter.road_kind is RoadKind.CYCLEWAY:
            return False
        begins = 6 + int(u[5] * 12)
        return begins <= hour.hour < begins + 1 + int(u[6] * 2) and direction == 1 + int(u[7] * 2)
