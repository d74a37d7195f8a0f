"""People's habits: when waste is brought and when roads are busy, by weekday, hour, market day and holiday.

All shares are relative to an average hour or day, so that a place's mean stays what the region says. Hours are Berlin
wall time, so that in the night of a clock change the morning's habits move with the clock.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import holidays

from domain.things import WasteFraction
from domain.time import BERLIN, HOUR_S
from simulators.region.model import Character, RoadKind

SATURDAY, SUNDAY = 6, 7


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of the calendar as people live it: Berlin date, wall-clock hour, and the weekday it feels like."""

    day: date
    hour: int
    weekday: int
    """ISO weekday; Sunday on holidays."""
    holiday: bool
    after_feast: bool
    """Within three days after Christmas or New Year, when boxes and bottles are brought away."""


@lru_cache(maxsize=1)
def _brandenburg() -> holidays.HolidayBase:
    return holidays.country_holidays("DE", subdiv="BB")


def is_holiday(day: date) -> bool:
    """Whether a day is a public holiday in Brandenburg."""
    return day in _brandenburg()


@lru_cache(maxsize=4096)
def hour_at(hour_number: int) -> Hour:
    """The calendar hour with this number of whole hours since 1970 (UTC)."""
    local = datetime.fromtimestamp(hour_number * HOUR_S, UTC).astimezone(BERLIN)
    day = local.date()
    holiday = is_holiday(day)
    return Hour(
        day=day,
        hour=local.hour,
        weekday=SUNDAY if holiday else day.isoweekday(),
        holiday=holiday,
        after_feast=any(_is_feast(day - timedelta(days=back)) for back in (1, 2, 3)),
    )


def _is_feast(day: date) -> bool:
    return (day.month, day.day) in ((12, 25), (12, 26), (1, 1))


def _normed(shares: list[float]) -> tuple[float, ...]:
    total = sum(shares)
    return tuple(share / total for share in shares)


# Shares of a day's waste by hour: after work, before work, and never at night.
_HOUSEHOLD = _normed([1, 0, 0, 0, 1, 3, 7, 9, 7, 6, 7, 8, 8, 6, 6, 8, 10, 12, 12, 10, 7, 5, 3, 2])
_GLASS = _normed([0, 0, 0, 0, 0, 0, 2, 5, 7, 9, 10, 10, 8, 6, 7, 9, 11, 12, 10, 5, 2, 1, 0, 0])
_VISITORS = _normed([0, 0, 0, 0, 0, 0, 1, 2, 4, 7, 10, 13, 14, 14, 13, 13, 12, 10, 7, 4, 2, 1, 0, 0])
_SHOPS = _normed([0, 0, 0, 0, 0, 2, 5, 8, 11, 10, 9, 9, 8, 8, 9, 9, 8, 8, 6, 3, 1, 0, 0, 0])

# Monday to Sunday, mean 1 over the week.
_WEEK = {
    Character.CENTRE: (1.05, 0.95, 0.95, 1.0, 1.1, 1.25, 0.7),
    Character.ESTATE: (1.05, 0.9, 0.9, 0.95, 1.0, 1.2, 1.0),
    Character.VILLAGE: (0.95, 0.9, 0.9, 0.9, 1.05, 1.45, 0.85),
    Character.TOURISM: (0.7, 0.6, 0.65, 0.7, 1.0, 1.65, 1.7),
    Character.COMMERCE: (1.25, 1.2, 1.2, 1.2, 1.25, 0.75, 0.15),
}
_MARKET_FACTOR = 1.7
_FEAST_FACTOR = {WasteFraction.PAPER: 2.2, WasteFraction.GLASS: 2.4, WasteFraction.PACKAGING: 1.6}


@lru_cache(maxsize=16_384)
def waste_share(
    hour_number: int, character: Character, fraction: WasteFraction, market_weekdays: tuple[int, ...]
) -> float:
    """What share of an average day's waste is expected in this hour (whole hours since 1970)."""
    hour = hour_at(hour_number)
    share = _WEEK[character][hour.weekday - 1] * _hours(character, fraction)[hour.hour]
    if hour.weekday in market_weekdays and character is Character.CENTRE and 8 <= hour.hour <= 16:
        share *= _MARKET_FACTOR
    if hour.after_feast:
        share *= _FEAST_FACTOR.get(fraction, 1.2)
    if fraction is WasteFraction.GLASS and hour.weekday == SUNDAY:
        share *= 0.35  # throwing glass on Sundays is forbidden; some do
    return share


def _hours(character: Character, fraction: WasteFraction) -> tuple[float, ...]:
    if character is Character.COMMERCE:
        return _SHOPS
    if character is Character.TOURISM:
        return _VISITORS
    return _GLASS if fraction is WasteFraction.GLASS else _HOUSEHOLD


# Shares of a day's traffic by hour.
_COMMUTERS = _normed(
    [
        0.6,
        0.4,
        0.4,
        0.6,
        1.6,
        4.2,
        7.0,
        7.6,
        6.2,
        5.2,
        5.0,
        5.2,
        5.4,
        5.6,
        6.4,
        7.8,
        8.4,
        7.4,
        5.4,
        3.6,
        2.4,
        1.8,
        1.2,
        0.8,
    ]
)
_LEISURE = _normed(
    [
        1.0,
        0.7,
        0.5,
        0.4,
        0.5,
        0.9,
        1.6,
        2.6,
        4.2,
        6.0,
        7.4,
        7.8,
        7.2,
        7.2,
        7.6,
        7.8,
        7.6,
        7.0,
        6.0,
        4.8,
        3.6,
        2.6,
        1.9,
        1.4,
    ]
)
_LONG_DISTANCE = _normed(
    [
        1.6,
        1.3,
        1.3,
        1.5,
        2.4,
        4.0,
        5.4,
        5.8,
        5.6,
        5.4,
        5.4,
        5.4,
        5.4,
        5.6,
        6.0,
        6.6,
        6.6,
        6.0,
        5.0,
        4.0,
        3.2,
        2.6,
        2.2,
        1.8,
    ]
)
_CYCLISTS = _normed(
    [
        0.1,
        0.05,
        0.05,
        0.1,
        0.3,
        1.0,
        2.5,
        3.5,
        4.0,
        5.5,
        7.5,
        9.0,
        8.5,
        8.5,
        9.5,
        10.0,
        9.0,
        7.5,
        5.5,
        3.5,
        2.0,
        1.2,
        0.6,
        0.3,
    ]
)

_TRAFFIC_WEEK = {
    RoadKind.MOTORWAY: (1.02, 0.98, 1.0, 1.06, 1.2, 0.86, 0.88),
    RoadKind.FEDERAL: (1.06, 1.07, 1.08, 1.09, 1.15, 0.85, 0.7),
    RoadKind.STATE: (1.08, 1.08, 1.09, 1.1, 1.14, 0.83, 0.68),
    RoadKind.STREET: (1.06, 1.06, 1.06, 1.08, 1.16, 0.94, 0.64),
    RoadKind.CYCLEWAY: (0.75, 0.75, 0.8, 0.8, 0.95, 1.45, 1.5),
}
_HEAVY_WEEK = (1.1, 1.15, 1.15, 1.15, 1.05, 0.4, 0.12)
_CYCLE_SEASON = (0.25, 0.3, 0.55, 0.95, 1.35, 1.6, 1.75, 1.7, 1.4, 0.9, 0.45, 0.25)


def traffic_share(hour: Hour, kind: RoadKind) -> float:
    """What share of an average day's traffic is expected in this hour."""
    weekend = hour.weekday >= SATURDAY
    if kind is RoadKind.CYCLEWAY:
        return (
            _CYCLISTS[hour.hour] * _TRAFFIC_WEEK[kind][hour.weekday - 1] * _CYCLE_SEASON[hour.day.month - 1]
        )
    local = _LEISURE if weekend else _COMMUTERS
    profile = _LONG_DISTANCE if kind is RoadKind.MOTORWAY else local
    return profile[hour.hour] * _TRAFFIC_WEEK[kind][hour.weekday - 1]


def heavy_factor(hour: Hour) -> float:
    """How the share of lorries compares with the week's mean; at night there are more of them among few cars."""
    night = 1.7 if hour.hour < 5 or hour.hour >= 22 else 1.0
    return _HEAVY_WEEK[hour.weekday - 1] * night


def towards_one(hour: Hour, kind: RoadKind) -> float:
    """The share of direction 1: commuters go out in the morning and come back in the evening."""
    if kind is RoadKind.CYCLEWAY or hour.weekday >= SATURDAY:
        return 0.5
    lean = 0.03 if kind is RoadKind.MOTORWAY else 0.08
    if 5 <= hour.hour <= 8:
        return 0.5 + lean
    return 0.5 - lean if 15 <= hour.hour <= 18 else 0.5


@lru_cache(maxsize=4096)
def temperature_c(hour_number: int) -> float:
    """Outdoor temperature of Lusatia by season and hour, without weather."""
    hour = hour_at(hour_number)
    season = hour.day.timetuple().tm_yday
    # Triangles instead of sines: exact on every machine.
    warm = 1 - abs((season - 200 + 365) % 365 / 182.5 - (2 if (season - 200 + 365) % 365 > 182.5 else 0))
    noon = 1 - abs(hour.hour - 15) / 12
    return round(0.5 + 19.0 * warm + 7.0 * noon - 3.0, 1)
