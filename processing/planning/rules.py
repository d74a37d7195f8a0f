"""Which containers a day's plan must empty, which it may, and what leaving one is worth.

A container is required if, when the tours pass, it is at its threshold, or if it will be full before tomorrow
evening, or if its longest interval ends before then. All others with something in them are optional. Leaving one
costs what an overflow would cost times its probability before the evening after tomorrow's, and the little that a
later visit costs more the fuller the container is now.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import erf, sqrt

from domain.time import BERLIN
from processing.planning.region import Bin

TOURS_PASS = time(10)
"""When in the day the level is looked at, Berlin time."""
EVENING = time(20)
LEAST_PERCENT = 15.0
"""Below this a container is not worth a stop, whatever else."""
MOST_PERCENT = 115.0
"""What lies beside a full container is taken along, up to this."""
OVERFLOW_UEUR = 45_000_000
"""What an overflowing container costs: a special trip, and cleaning."""
LATER_UEUR = 2_500_000
"""What a visit saved now is worth when the container is full: a stop's time on a later day."""
LEAST_RATE = 0.01
"""Percent a day; below it a container does not fill."""
DOUBT = 0.35
"""Standard deviation of the time until full, as a share of it."""
LEAST_DOUBT_DAYS = 0.4


@dataclass(frozen=True, kw_only=True)
class Need:
    """What the plan should do about a container."""

    required: bool
    reason: str
    expected_percent: float
    cost_of_leaving_ueur: int


def need_of(one: Bin, day: date, now: datetime) -> Need | None:
    """Return what to do about a container on this day; None if it is empty enough, or nothing is known of it."""
    level = _level(one)
    if level is None:
        return None
    percent, since = level
    passes = max(now, _at(day, TOURS_PASS))
    expected = min(MOST_PERCENT, _grown(one, percent, since, passes))
    if _overdue(one, day):
        return Need(required=True, reason="interval", expected_percent=expected, cost_of_leaving_ueur=0)
    if expected >= one.threshold_percent:
        return Need(required=True, reason="threshold", expected_percent=expected, cost_of_leaving_ueur=0)
    if _grown(one, percent, since, _at(day + timedelta(days=1), EVENING)) >= 100.0:
        return Need(required=True, reason="full_tomorrow", expected_percent=expected, cost_of_leaving_ueur=0)
    if expected < LEAST_PERCENT:
        return None
    risk = _overflow_risk(one, expected, passes, _at(day + timedelta(days=2), EVENING))
    worth = round(OVERFLOW_UEUR * risk + LATER_UEUR * expected / 100.0)
    return Need(required=False, reason="optional", expected_percent=expected, cost_of_leaving_ueur=worth)


def _at(day: date, clock: time) -> datetime:
    # In UTC: a difference within one zone is that of its wall clocks, an hour off when they are changed.
    return datetime.combine(day, clock, BERLIN).astimezone(UTC)


def _level(one: Bin) -> tuple[float, datetime] | None:
    """Level and its time; a collection after the last reading means empty since then."""
    if one.collected_at is not None and (one.fill_time is None or one.collected_at > one.fill_time):
        return 0.0, one.collected_at
    if one.fill_percent is None or one.fill_time is None:
        return None
    return one.fill_percent, one.fill_time


def _grown(one: Bin, percent: float, since: datetime, until: datetime) -> float:
    days = max(0.0, (until - since).total_seconds() / 86_400.0)
    return max(0.0, percent) + max(0.0, one.rate_percent_per_day or 0.0) * days


def _overdue(one: Bin, day: date) -> bool:
    if one.max_interval_days is None or one.emptied_at is None:
        return False
    last = one.emptied_at.astimezone(BERLIN).date()
    return day + timedelta(days=1) > last + timedelta(days=one.max_interval_days)


def _overflow_risk(one: Bin, expected: float, passes: datetime, deadline: datetime) -> float:
    """Probability that the container is full by then, the time until full being normally distributed."""
    rate = one.rate_percent_per_day or 0.0
    if rate <= LEAST_RATE:
        return 0.0
    days_until_full = (100.0 - expected) / rate
    days = (deadline - passes).total_seconds() / 86_400.0
    doubt = max(LEAST_DOUBT_DAYS, DOUBT * days_until_full)
    return 0.5 * (1.0 + erf((days - days_until_full) / (doubt * sqrt(2.0))))
