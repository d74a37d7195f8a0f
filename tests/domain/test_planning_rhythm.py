"""Every pattern keeps to its rhythm, and every set of days that does is a pattern."""

from datetime import date, timedelta
from itertools import chain, combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.planning import InvalidProblem
from domain.planning.rhythm import Cycle, Interval, Once, Pattern, Rhythm, Span, permitted

MONDAY = date(2026, 3, 2)


def day(number: int) -> date:
    """The date of a numbered day."""
    return MONDAY + timedelta(days=number)


def week(days: int = 7, holidays: tuple[int, ...] = ()) -> Span:
    """Days from a Monday, all but the holidays usable."""
    return Span(first=MONDAY, usable=tuple(number not in holidays for number in range(days)))


def subsets(days: int) -> list[Pattern]:
    """All sets of so many days."""
    return list(chain.from_iterable(combinations(range(days), count) for count in range(days + 1)))


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    """Any interval of up to nine days."""
    least = draw(st.integers(1, 5))
    return Interval(least_days=least, most_days=draw(st.none() | st.integers(least, 9)))


@given(rhythm=intervals(), ago=st.none() | st.integers(1, 12), days=st.integers(1, 8))
def test_intervals_permit_all_that_keeps_their_distances(
    rhythm: Interval, ago: int | None, days: int
) -> None:
    """By brute force: all distances from the last visit to the one after the plan; what is overdue comes first."""
    most = rhythm.most_days or 99
    last = -1 if ago is None else -min(ago, most)

    def keeps(pattern: Pattern) -> bool:
        distances = [later - earlier for earlier, later in pairwise((last, *pattern))]
        enough = distances[1:] if ago is None else distances
        in_time = all(each <= most for each in distances) and (last, *pattern)[-1] + most >= days
        return in_time and all(each >= rhythm.least_days for each in enough)

    visited = frozenset() if ago is None else frozenset({day(-ago), day(-ago - 3)})
    assert permitted(rhythm, week(days), visited=visited) == tuple(sorted(filter(keeps, subsets(days))))


def test_every_third_day_goes_on_from_the_last_visit() -> None:
    """Visited on Sunday, it is due on Wednesday and on Saturday, and on no other days."""
    every_third = Interval(least_days=3, most_days=3)
    assert permitted(every_third, week(), visited=frozenset({day(-1)})) == ((2, 5),)
    assert permitted(every_third, week()) == ((0, 3, 6), (1, 4), (2, 5))


def test_holiday_is_made_up_for_on_the_next_day() -> None:
    """What is due on a day without vehicles is served on the first day after it that has some."""
    every_third = Interval(least_days=3, most_days=3)
    assert permitted(every_third, week(holidays=(2, 3)), visited=frozenset({day(-1)})) == ((4,),)
    mondays = Cycle(length_days=7, options=(frozenset({0}),))
    assert permitted(mondays, week(holidays=(0,))) == ((1,),)
    assert permitted(mondays, week(holidays=tuple(range(7)))) == ((),)


def test_cycle_stays_with_the_days_that_are_known() -> None:
    """One set of days is chosen at the begin; after a visit on Tuesday it stays with Tuesdays and Fridays."""
    twice = Cycle(length_days=7, options=(frozenset({0, 3}), frozenset({1, 4})))
    assert permitted(twice, week(8)) == ((0, 3, 7), (1, 4))
    assert permitted(twice, week(8), visited=frozenset({day(-6), day(-3)})) == ((1, 4),)


def test_missed_visit_of_a_cycle_is_caught_up() -> None:
    """Due on Friday, last visited on Tuesday: it is served on Monday, and on Tuesday again."""
    twice = Cycle(length_days=7, options=(frozenset({0, 3}), frozenset({1, 4})))
    assert permitted(twice, week(5), visited=frozenset({day(-6)})) == ((0, 1, 4),)


def test_fortnight_tells_its_weeks_apart() -> None:
    """A cycle of 14 days visits every other week."""
    fortnight = Cycle(length_days=14, options=(frozenset({0}), frozenset({7})))
    assert permitted(fortnight, week(14)) == ((0,), (7,))


def test_order_is_carried_out_once_and_in_time() -> None:
    """An order has each day up to its last one; none at all after it was carried out; the first if it is overdue."""
    order = Once(latest_on=day(2))
    assert permitted(order, week(holidays=(1,))) == ((0,), (2,))
    assert permitted(order, week(), visited=frozenset({day(-1)})) == ((),)
    assert permitted(order, week(2)) == ((), (0,), (1,))
    assert permitted(Once(latest_on=day(-3)), week(holidays=(0,))) == ((1,),)


RHYTHMS = intervals() | st.builds(Once, latest_on=st.none() | st.integers(-3, 9).map(day))


@given(
    rhythm=RHYTHMS,
    ago=st.sets(st.integers(1, 9), max_size=2),
    promised=st.sets(st.integers(-2, 9), max_size=3),
    holidays=st.sets(st.integers(0, 6)),
)
def test_promises_are_kept(rhythm: Rhythm, ago: set[int], promised: set[int], holidays: set[int]) -> None:
    """Every pattern has the promised days of the span; if the rhythm permits some such pattern, it keeps to it."""
    span, visited = week(holidays=tuple(holidays)), frozenset(day(-each) for each in ago)
    found = permitted(rhythm, span, visited=visited, promised=frozenset(day(each) for each in promised))
    free = permitted(rhythm, span, visited=visited)
    inside = {each for each in promised if 0 <= each < 7}
    assert found
    assert all(inside <= set(pattern) for pattern in found)
    assert set(found) <= set(free) or found == (tuple(sorted(inside)),)


def test_too_many_patterns_are_refused() -> None:
    """A rhythm that permits nearly everything is refused with the remedy."""
    with pytest.raises(InvalidProblem, match="narrow it, or plan fewer"):
        permitted(Interval(), week(12))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Interval(least_days=0), "least_days must be at least 1"),
        (lambda: Interval(least_days=3, most_days=2), "must not be below"),
        (lambda: Cycle(length_days=7, options=()), "must name days"),
        (lambda: Cycle(length_days=7, options=(frozenset({7}),)), "0 to length_days - 1"),
    ],
)
def test_impossible_rhythms_are_refused(make: object, message: str) -> None:
    """A rhythm that contradicts itself is refused with the reason."""
    with pytest.raises(InvalidProblem, match=message):
        make()
