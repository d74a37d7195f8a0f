"""Instants are aware UTC datetimes; reporting days and quarter hours are those of Europe/Berlin."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.errors import NaiveTimeError

BERLIN = ZoneInfo("Europe/Berlin")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUARTER_S = 900
HOUR_S = 3600

MAX_DEVICE_LAG = timedelta(days=30)
MAX_DEVICE_LEAD = timedelta(minutes=5)


def check_aware(instant: datetime) -> datetime:
    """Return the instant in UTC.

    Raises
    ------
    NaiveTimeError
        If it carries no time zone: a naive time is ambiguous twice a year, and wrong in between.
    """
    if instant.tzinfo is UTC:
        return instant
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise NaiveTimeError(
            f"{instant.isoformat()} has no time zone; give an aware datetime", instant=instant
        )
    return instant.astimezone(UTC)


def to_micros(instant: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z, exactly (no float in between)."""
    since = check_aware(instant) - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def from_micros(micros: int) -> datetime:
    """The aware UTC instant of a count of microseconds since 1970."""
    return EPOCH + timedelta(microseconds=micros)


def parse_instant(text: str) -> datetime:
    """Read an RFC 3339 instant; digits beyond the microsecond are cut, as network servers send nanoseconds.

    Raises
    ------
    ValueError
        If the text is no instant, or a naive one.
    """
    head, dot, tail = text.partition(".")
    if dot:
        digits = len(tail) - len(tail.lstrip("0123456789"))
        text = f"{head}.{tail[: min(digits, 6)].ljust(6, '0')}{tail[digits:]}"
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return instant.astimezone(UTC)


def berlin_day(instant: datetime) -> date:
    """The reporting day that an instant falls on."""
    return check_aware(instant).astimezone(BERLIN).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Begin and end of a Berlin day in UTC; 23, 24 or 25 hours apart."""
    begin = datetime.combine(day, time.min, BERLIN)
    end = datetime.combine(day + timedelta(days=1), time.min, BERLIN)
    return begin.astimezone(UTC), end.astimezone(UTC)


def floor_to(instant: datetime, period_s: int) -> datetime:
    """The begin of the interval of `period_s` (a divisor of an hour) that holds the instant.

    Berlin's offset is a whole number of hours, so quarters and hours begin at the same instants as in UTC.
    """
    period_us = period_s * 1_000_000
    return from_micros(to_micros(instant) // period_us * period_us)


def event_time(device: datetime | None, network: datetime) -> tuple[datetime, bool]:
    """The time to store a reading under, and whether the device's own clock had to be replaced.

    A device time outside [network time - 30 days, network time + 5 min] is replaced by the network time.
    """
    if device is None:
        return network, False
    if network - MAX_DEVICE_LAG <= device <= network + MAX_DEVICE_LEAD:
        return device, False
    return network, True
