"""Draws belong to a moment: the same for a seed whenever and however often they are asked for."""

from hypothesis import given
from hypothesis import strategies as st

from simulators.fleet.draws import Draws, exponential, normal, poisson

numbers = st.integers(min_value=-(2**62), max_value=2**62)


@given(seed=st.integers(0, 2**31), number=numbers)
def test_a_draw_depends_on_its_name_and_number_only(seed, number):
    """Two streams of one name draw the same, in [0, 1)."""
    drawn = Draws(seed, "device", "purpose").at(number)
    assert drawn == Draws(seed, "device", "purpose").at(number)
    assert drawn[0] == Draws(seed, "device", "purpose").one(number)
    assert all(0 <= one < 1 for one in drawn)


@given(seed=st.integers(0, 2**31), number=numbers)
def test_another_name_draws_something_else(seed, number):
    """Streams of other devices, purposes and seeds have nothing to do with each other."""
    drawn = Draws(seed, "device", "purpose").at(number)
    assert drawn != Draws(seed, "device", "other").at(number)
    assert drawn != Draws(seed + 1, "device", "purpose").at(number)


def test_distributions_have_the_means_they_claim():
    """Over many draws the bell has mean 0 and deviation 1, the exponential and Poisson draws their means."""
    draws = Draws(1, "test")
    drawn = [draws.at(number) for number in range(4000)]
    bells = [normal(*one[:4]) for one in drawn]
    assert abs(sum(bells) / 4000) < 0.05
    assert abs(sum(one * one for one in bells) / 4000 - 1) < 0.06
    assert abs(sum(exponential(one[4]) for one in drawn) / 4000 - 1) < 0.06
    for mean in (0.2, 4.0, 90.0):
        counts = [poisson(mean, one[5], bell) for one, bell in zip(drawn, bells, strict=True)]
        assert abs(sum(counts) / 4000 - mean) < 0.06 * mean + 0.02
