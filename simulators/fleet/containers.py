"""Containers: people bring waste by their habits, somebody empties them, an ultrasonic sensor looks down on it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from math import inf
from typing import Any

from device_profiles.geometry import distance_m
from domain.time import BERLIN, HOUR_S
from simulators.fleet.draws import Draws, exponential, normal
from simulators.fleet.habits import temperature_c, waste_share
from simulators.fleet.report import Report, ticks
from simulators.region.hardware import BIN_DINGTEK
from simulators.region.model import Character, Container, Device

OVERFULL_PERCENT = 108.0
"""People pile waste up to here; then they put it elsewhere."""
_NOISE_M = 0.008
_FLUTTER_M = 0.03
"""Waste is no plane: now and then the echo comes from a bag that lies higher or lower."""


class Schedule:
    """The fixed collection: every so many days on one working day, in the morning; never on Sundays.

    `until_s` is the moment from which drivers with a plan take over; None means that the schedule goes on.
    """

    def __init__(self, container: Container, draws: Draws, until_s: float | None = None) -> None:
        u = draws.at(0)
        self._every = container.interval_days
        weeks = container.interval_days // 7
        # Ordinal 1 is a Monday; six working days in each week of the interval.
        self._offset = int(u[0] * 6) + 7 * int(u[1] * weeks)
        self._hour = time(hour=7 + int(u[2] * 6), minute=int(u[3] * 60))
        self._until_s = until_s

    def next_after(self, begin_s: float) -> float:
        """The first collection after a moment; infinity where there is none."""
        day = datetime.fromtimestamp(begin_s, BERLIN).date()
        wait = (self._offset - (day.toordinal() - 1)) % self._every
        at_s = datetime.combine(day + timedelta(days=wait), self._hour, BERLIN).timestamp()
        if at_s <= begin_s:
            at_s = datetime.combine(day + timedelta(days=self._every), self._hour, BERLIN).timestamp()
        return inf if self._until_s is not None and at_s > self._until_s else at_s

    def days_since_last(self, at_s: float) -> float:
        """How many days before a moment the last collection was."""
        last_s = self.next_after(at_s - self._every * 86_400)
        return (at_s - last_s) / 86_400 if last_s <= at_s else float(self._every)


class ContainerModel:
    """One container with its sensor.

    Parameters
    ----------
    born_s
        When the simulation first began, in seconds since 1970: from then on the level is lived, before it is guessed.
    scheduled_until_s
        When drivers with a plan take over from the fixed schedule; None for never.
    """

    def __init__(
        self,
        container: Container,
        device: Device,
        character: Character,
        market_weekdays: tuple[int, ...],
        *,
        seed: int,
        born_s: float,
        scheduled_until_s: float | None,
    ) -> None:
        self._container = container
        self._parameters = dict(device.parameters)
        self._ultrasonic = device.profile_key == BIN_DINGTEK
        self._character = character
        self._market = market_weekdays
        self._arrivals = Draws(seed, device.key, "arrivals")
        self._noise = Draws(seed, device.key, "noise")
        self._schedule = Schedule(container, Draws(seed, container.key, "schedule"), scheduled_until_s)
        traits = Draws(seed, container.key, "traits").at(0)
        # What stands in it when the fixed schedule comes by: planned generously at most places, too tight at some.
        self._percent_per_day = (91.0 + 22.0 * normal(*traits[:4])) / container.interval_days
        self._phase = traits[4]
        self._battery = 100.0 - 35.0 * traits[5]
        self._as_of_s = born_s
        self._collection_s = self._schedule.next_after(born_s)
        age = self._schedule.days_since_last(born_s)
        self._percent = min(OVERFULL_PERCENT, max(0.0, self._percent_per_day * age * (0.8 + 0.4 * traits[6])))

    @property
    def percent(self) -> float:
        """How full it is, as of the last moment lived through."""
        return self._percent

    @property
    def amount_l(self) -> float:
        """Litres in it."""
        return self._percent / 100 * self._container.volume_l

    def live_until(self, time_s: float) -> None:
        """Let people bring waste until a moment."""
        while self._as_of_s < time_s:
            number = int(self._as_of_s // HOUR_S)
            step_end_s = min(time_s, (number + 1) * float(HOUR_S))
            arrived = self._hourly_percent(number) * (step_end_s - self._as_of_s) / HOUR_S
            self._percent = min(OVERFULL_PERCENT, self._percent + arrived)
            self._as_of_s = step_end_s

    def _hourly_percent(self, number: int) -> float:
        share = waste_share(number, self._character, self._container.waste_fraction, self._market)
        return self._percent_per_day * share * exponential(self._arrivals.one(number)) if share else 0.0

    def empty(self, time_s: float) -> float:
        """Empty it now and return how many litres were in it; a little always sticks."""
        self.live_until(time_s)
        taken_l = self.amount_l
        self._percent = 2.5 * self._noise.at(-int(time_s))[0]
        return taken_l

    def reports(self, begin_s: float, end_s: float, every_s: float) -> Iterator[Report]:
        """See `Model.reports`."""
        for _, at_s in ticks(begin_s, end_s, every_s, self._phase):
            self._collect_until(at_s)
            self.live_until(at_s)
            yield Report(at_s, int(at_s), self._values(at_s))
        self._collect_until(end_s)
        self.live_until(end_s)

    def _collect_until(self, time_s: float) -> None:
        while self._collection_s <= time_s:
            self.empty(self._collection_s)
            self._collection_s = self._schedule.next_after(self._collection_s)

    def _values(self, at_s: float) -> dict[str, Any]:
        u = self._noise.at(int(at_s))
        seen_m = self._seen_m(u)
        warmth = temperature_c(int(at_s // HOUR_S)) + 2.0 * (u[4] - 0.5)
        if self._ultrasonic:
            level = self._percent >= self._container.threshold_percent
            tilt = round(3.0 * u[5])
            return {"distance": seen_m, "temperature": round(warmth), "tilt": tilt, "full": level}
        # A lithium cell hardly falls over years: one per cent a quarter.
        drop = (at_s - 1_767_225_600) / (90 * 86_400)
        return {"battery": round(max(5.0, self._battery - drop)), "distance": seen_m, "tilted": False}

    def _seen_m(self, u: tuple[float, ...]) -> float:
        seen_m = distance_m(min(100.0, self._percent), self._parameters)
        # Above the line the waste comes nearer still, to the sensor's blind zone and no further.
        over = max(0.0, self._percent - 100.0) / 100 * self._container.height_m
        seen_m += _NOISE_M * normal(*u[:4]) + (_FLUTTER_M * (u[7] - 0.5) if u[6] < 0.12 else 0.0) - over
        blind_m = float(self._parameters["full_distance_m"]) - 0.05
        return min(max(seen_m, blind_m), float(self._parameters["empty_distance_m"]) + 0.02)

    def state(self) -> dict[str, Any]:
        """See `Model.state`."""
        return {"percent": self._percent, "as_of_s": self._as_of_s}

    def restore(self, state: Mapping[str, Any]) -> None:
        """See `Model.restore`."""
        self._percent, self._as_of_s = float(state["percent"]), float(state["as_of_s"])
        self._collection_s = self._schedule.next_after(self._as_of_s)


def hand_over_s(now: datetime, drivers: bool) -> float | None:
    """When drivers take over from the fixed schedule: at the begin of today in Berlin, so that today is the plan's."""
    if not drivers:
        return None
    today = now.astimezone(BERLIN).date()
    return datetime.combine(today, time.min, BERLIN).timestamp()
