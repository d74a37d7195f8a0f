"""Time rules: aware UTC only, Berlin's days, device clocks replaced where they cannot be right."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import NaiveTimeError
from domain.time import (
    BERLIN,
    berlin_day,
    check_aware,
    day_bounds,
    event_time,
    floor_to,
    from_micros,
    parse_instant,
    to_micros,
)

naive = [datetime.fromisoformat(day) for day in ("1900-01-01", "2200-01-01")]
instants = st.datetimes(*naive, timezones=st.just(UTC))


def test_naive_instants_are_refused():
    """A datetime without a zone never gets in."""
    with pytest.raises(NaiveTimeError, match="no time zone"):
        check_aware(datetime.fromisoformat("2026-03-29T02:30:00"))


def test_other_zones_become_utc():
    """An aware instant of any zone is turned into the same instant in UTC."""
    assert check_aware(datetime(2026, 7, 1, 12, tzinfo=BERLIN)) == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert check_aware(datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))).tzinfo is UTC


@given(instants)
def test_microseconds_round_trip(instant):
    """Microseconds keep every instant exactly, before 1970 too."""
    assert from_micros(to_micros(instant)) == instant


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)],
)
def test_a_berlin_day_has_its_hours(day, hours):
    """The days on which the clock changes have 23 and 25 hours."""
    begin, end = day_bounds(day)
    assert end - begin == timedelta(hours=hours)


@given(instants)
def test_every_instant_lies_in_its_day(instant):
    """The bounds of an instant's Berlin day hold it, begin included and end not."""
    begin, end = day_bounds(berlin_day(instant))
    assert begin <= instant < end


@given(instants, st.sampled_from([60, 900, 3600]))
def test_floor_is_the_begin_of_the_interval(instant, period_s):
    """The floor is at or before the instant, less than a period away, and its own floor."""
    begin = floor_to(instant, period_s)
    assert begin <= instant < begin + timedelta(seconds=period_s)
    assert floor_to(begin, period_s) == begin


def test_quarters_are_berlin_quarters_in_the_doubled_hour():
    """Quarter hours of Berlin begin where those of UTC begin, also when the hour comes twice."""
    instant = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)
    assert floor_to(instant, 900).astimezone(BERLIN).minute == 45


@pytest.mark.parametrize(
    ("lag", "replaced"),
    [
        (timedelta(0), False),
        (timedelta(days=30), False),
        (timedelta(days=30, seconds=1), True),
        (-timedelta(minutes=5), False),
        (-timedelta(minutes=5, seconds=1), True),
    ],
)
def test_a_device_clock_is_believed_within_bounds(lag, replaced):
    """Device time within [network - 30 days, network + 5 min] stands; outside, the network's time does."""
    network = datetime(2026, 11, 22, 12, tzinfo=UTC)
    time, flagged = event_time(network - lag, network)
    assert flagged is replaced
    assert time == (network if replaced else network - lag)


def test_nanoseconds_of_network_servers_are_cut():
    """Nine digits, as The Things Stack sends them, and one digit are both read."""
    assert parse_instant("2026-11-22T12:00:00.123456789Z").microsecond == 123456
    assert parse_instant("2026-11-22T12:00:00.5+01:00") == datetime(2026, 11, 22, 11, 0, 0, 500000, UTC)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-22T12:00:00", "2026-13-01T00:00:00Z"])
def test_what_is_no_instant_is_refused(text):
    """Text that is no instant, or one without a zone, is an error and never a guess."""
    with pytest.raises(ValueError, match=r"."):
        parse_instant(text)
