"""A search cools from hot to cold in any number of iterations, and a timed one ends at a number that has its course."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processing.routing.cooling import Cooling
from processing.routing.course import Course, Pace

STEPS = 1024


def cooled(number: int) -> list[int]:
    """Temperatures, counted from the hottest, at both ends of all stretches of a run with so many iterations."""
    course = Course(number)
    at = 0
    found: list[int] = []
    while at < number:
        course.aim(at, 0.0)
        stretch = course.cooling.stretch(at, STEPS)
        end = min(stretch.end, number)
        found += ((each + stretch.shift) * STEPS // stretch.total for each in (at, end - 1))
        at = end
    assert all(0 <= step < STEPS for step in found)
    return found


@given(number=st.integers(1, 10**9))
def test_any_number_of_iterations_cools_down(number: int) -> None:
    """The first iteration is the hottest, and it never gets notably warmer again."""
    steps = cooled(number)
    assert steps[0] == 0
    slack = 1 if number > 5_000 else 256
    assert all(before <= after + slack for before, after in pairwise(steps))


@pytest.mark.parametrize("number", [10_000, 12_345, 77_777, 1_000_000, 99_999_999])
def test_all_iterations_end_cold(number: int) -> None:
    """The last iterations are as cold as any can be."""
    assert cooled(number)[-1] == STEPS - 1


@given(
    seconds=st.floats(0.5, 100.0),
    paces=st.lists(st.floats(700.0, 1_300.0), min_size=20, max_size=20),
    tried=st.floats(600.0, 1_400.0),
)
def test_timed_run_has_the_course_of_its_number(seconds: float, paces: list[float], tried: float) -> None:
    """However the pace varies, the number at which the time is out has the cooling that was gone through."""
    course = Course(Pace(seconds, tried, 0.0))
    at, elapsed = 0, 0.0
    seen = []
    while True:
        aim = course.aim(at, elapsed)
        if at >= aim or elapsed > 1.05 * seconds:
            break
        stretch = course.cooling.stretch(at, STEPS)
        pace = paces[min(19, int(20 * elapsed / seconds))]
        end = max(at + 1, min(stretch.end, aim, at + int(pace * seconds / 50)))
        seen.append((at, (at + stretch.shift) * STEPS // stretch.total))
        elapsed += (end - at) / pace
        at = end
    again = Cooling()
    for begin, step in seen:
        while not again.settled and again.next <= begin:
            again.settle(aim)
        stretch = again.stretch(begin, STEPS)
        assert (begin + stretch.shift) * STEPS // stretch.total == step
    assert elapsed == pytest.approx(seconds, rel=0.12)
