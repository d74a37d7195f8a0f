"""People's habits show in the shares of waste and traffic."""

from datetime import UTC, date, datetime

import pytest

from domain.things import WasteFraction
from domain.time import day_bounds
from simulators.fleet.habits import heavy_factor, hour_at, is_holiday, traffic_share, waste_share
from simulators.region.model import Character, RoadKind

MONDAY, TUESDAY, SATURDAY, SUNDAY = (date(2026, 6, day) for day in (8, 9, 13, 14))
REFORMATION_DAY = date(2025, 10, 31)
"""A holiday in Brandenburg and not in Berlin; a Friday."""
CLOCK_BACK, CLOCK_FORWARD = date(2026, 10, 25), date(2026, 3, 29)


def hours_of(day):
    """The numbers of the hours of a Berlin day: 23, 24 or 25."""
    begin, end = day_bounds(day)
    return range(int(begin.timestamp()) // 3600, int(end.timestamp()) // 3600)


def waste(day, character=Character.CENTRE, fraction=WasteFraction.RESIDUAL, market=()):
    """The share of an average day's waste that a day brings."""
    return sum(waste_share(number, character, fraction, market) for number in hours_of(day))


def traffic(day, kind=RoadKind.FEDERAL):
    """The share of an average day's traffic that a day brings."""
    return sum(traffic_share(hour_at(number), kind) for number in hours_of(day))


def test_lake_shores_fill_at_weekends_and_shops_on_working_days():
    """Weekday and weekend differ in the direction that the neighbourhood's character says."""
    assert waste(SUNDAY, Character.TOURISM) > 2 * waste(TUESDAY, Character.TOURISM)
    assert waste(SUNDAY, Character.COMMERCE) < 0.3 * waste(TUESDAY, Character.COMMERCE)
    assert waste(SATURDAY, Character.VILLAGE) > 1.3 * waste(TUESDAY, Character.VILLAGE)


def test_market_day_fills_the_bins_of_the_centre_only():
    """On market day the centre brings more waste; a village with the same market does not."""
    assert waste(TUESDAY, market=(2,)) > 1.2 * waste(TUESDAY)
    assert waste(TUESDAY, Character.VILLAGE, market=(2,)) == waste(TUESDAY, Character.VILLAGE)


def test_holiday_feels_like_a_sunday():
    """Reformation day is a holiday in Brandenburg: shops are closed and the roads are empty."""
    assert is_holiday(REFORMATION_DAY)
    friday = date(2025, 11, 7)
    assert waste(REFORMATION_DAY, Character.COMMERCE) < 0.2 * waste(friday, Character.COMMERCE)
    assert traffic(REFORMATION_DAY) < 0.8 * traffic(friday)


def test_boxes_and_bottles_come_after_christmas():
    """After the feast glass and paper containers fill faster than on the same weekday a fortnight before."""
    for fraction in (WasteFraction.GLASS, WasteFraction.PAPER):
        assert waste(date(2026, 12, 28), fraction=fraction) > 1.8 * waste(
            date(2026, 12, 14), fraction=fraction
        )


def test_few_people_throw_glass_on_sundays():
    """Quiet hours are kept by most."""
    bottles = WasteFraction.GLASS
    assert waste(SUNDAY, Character.VILLAGE, bottles) < 0.5 * waste(MONDAY, Character.VILLAGE, bottles)


def test_lorries_rest_on_sundays():
    """The share of lorries nearly vanishes on Sundays."""
    noon = 10  # UTC, which is 12:00 in Berlin
    sunday, monday = (hours_of(day)[noon] for day in (SUNDAY, MONDAY))
    assert heavy_factor(hour_at(sunday)) < 0.2 * heavy_factor(hour_at(monday))


@pytest.mark.parametrize("character", Character)
def test_a_week_brings_about_seven_days_of_waste(character):
    """Shares are relative to an average day, so a week without feast makes seven of them."""
    week = sum(waste(date(2026, 6, day), character) for day in range(8, 15))
    assert week == pytest.approx(7, rel=0.03)


@pytest.mark.parametrize(("day", "hours", "twice_or_missing"), [(CLOCK_BACK, 25, 2), (CLOCK_FORWARD, 23, 2)])
def test_habits_move_with_the_clock(day, hours, twice_or_missing):
    """A day of the change has 25 or 23 hours, and the morning's rush comes at the same wall-clock hour."""
    lived = [hour_at(number) for number in hours_of(day)]
    assert len(lived) == hours
    assert {one.day for one in lived} == {day}
    assert [one.hour for one in lived].count(twice_or_missing) == (2 if hours == 25 else 0)


def test_clock_change_shifts_the_rush_hour_in_utc():
    """The busiest hour on a Monday is the same on the wall before and after the change, and another in UTC."""
    before, after = date(2026, 10, 19), date(2026, 10, 26)
    rush = [
        max(hours_of(day), key=lambda n: traffic_share(hour_at(n), RoadKind.FEDERAL))
        for day in (before, after)
    ]
    assert [hour_at(number).hour for number in rush] == [16, 16]
    assert [datetime.fromtimestamp(number * 3600, UTC).hour for number in rush] == [14, 15]
