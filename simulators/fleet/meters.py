"""Electricity meters of public buildings: a counter that only rises, until the meter is exchanged."""

from collections.abc import Iterator, Mapping
from typing import Any

from domain.time import HOUR_S
from simulators.fleet.draws import Draws
from simulators.fleet.habits import SATURDAY, hour_at
from simulators.fleet.report import Report, instant, ticks
from simulators.region.model import Meter

_RESET_SHARE = 0.002
"""On so many days a meter begins anew at zero."""
SHORTEST_S, LONGEST_S = 300.0, 3600.0


class MeterModel:
    """One meter; energy in kWh, power in W."""

    def __init__(self, meter: Meter, *, seed: int, born_s: float) -> None:
        self._meter = meter
        self._load = Draws(seed, meter.key, "load")
        self._resets = Draws(seed, meter.key, "resets")
        traits = Draws(seed, meter.key, "traits").at(0)
        self._phase = traits[0]
        self._energy_kwh = 10_000.0 + 400_000.0 * traits[1]
        self._as_of_s = born_s

    def reports(self, begin_s: float, end_s: float, every_s: float) -> Iterator[Report]:
        """See `Model.reports`; meters report every five minutes at the most, and each hour at the least."""
        for _, at_s in ticks(begin_s, end_s, min(LONGEST_S, max(SHORTEST_S, every_s)), self._phase):
            self._live_until(at_s)
            values = {
                "time": instant(int(at_s)),
                "import_t1": self._energy_kwh,
                "power": self._power_w(int(at_s // HOUR_S)),
            }
            yield Report(at_s, int(at_s), values)
        self._live_until(end_s)

    def _live_until(self, time_s: float) -> None:
        while self._as_of_s < time_s:
            number = int(self._as_of_s // HOUR_S)
            step_end_s = min(time_s, (number + 1) * float(HOUR_S))
            self._energy_kwh += self._power_w(number) / 1000 * (step_end_s - self._as_of_s) / HOUR_S
            if step_end_s % 86_400 == 0 and self._resets.at(int(step_end_s // 86_400))[0] < _RESET_SHARE:
                self._energy_kwh = 0.0
            self._as_of_s = step_end_s

    def _power_w(self, hour_number: int) -> float:
        hour = hour_at(hour_number)
        open_now = 6 <= hour.hour <= 18 and hour.weekday < SATURDAY
        busy = max(0.0, 1 - abs(hour.hour - 11.5) / 9) if open_now else 0.05
        spread = 0.85 + 0.3 * self._load.at(hour_number)[0]
        return round(
            (self._meter.base_load_w + (self._meter.peak_load_w - self._meter.base_load_w) * busy) * spread
        )

    def state(self) -> dict[str, Any]:
        """See `Model.state`."""
        return {"energy_kwh": self._energy_kwh, "as_of_s": self._as_of_s}

    def restore(self, state: Mapping[str, Any]) -> None:
        """See `Model.restore`."""
        self._energy_kwh, self._as_of_s = float(state["energy_kwh"]), float(state["as_of_s"])
