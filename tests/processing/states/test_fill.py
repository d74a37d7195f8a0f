"""A container's state from its level series."""

import csv
import gzip
import os
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processing.states.fill import fill_state, median_of_three

HOUR = 3600.0


def hours(count: int) -> np.ndarray:
    """Return `count` times an hour apart."""
    return np.arange(count, dtype=np.float64) * HOUR


def test_nothing_follows_from_no_readings():
    """Without readings there is no state, not an empty one."""
    assert fill_state(np.array([]), np.array([])) is None


def test_a_steady_rise_gives_rate_and_day_of_fullness():
    """One point an hour is 24 a day, and 100 % is reached when the line says."""
    state = fill_state(hours(49), np.arange(49, dtype=np.float64))
    assert state is not None
    assert state.rate_percent_per_day == pytest.approx(24)
    assert state.full_at_s == pytest.approx(100 * HOUR)
    assert state.emptied_at_s is None


def test_an_emptying_is_found_and_does_not_lower_the_rate():
    """The fall at the visit belongs to no filling period; smoothing may cost a point at each of its ends."""
    levels = np.concatenate([np.arange(60.0), np.arange(30.0)])
    state = fill_state(hours(90), levels)
    assert state is not None
    assert state.emptied_at_s == 60 * HOUR
    assert state.rate_percent_per_day == pytest.approx(24, rel=0.03)


def test_a_spike_is_no_level():
    """A single jump, in the middle or at the end, changes neither level nor emptying."""
    levels = np.linspace(10, 30, 41)
    levels[20] = 95
    levels[-1] = 100
    state = fill_state(hours(41), levels)
    assert state is not None
    assert state.fill_percent < 31
    assert state.emptied_at_s is None


def test_a_container_just_emptied_is_known_as_empty_at_once():
    """One low reading after high ones is believed: nobody should drive there again."""
    state = fill_state(hours(4), np.array([80.0, 81, 82, 3]))
    assert state is not None
    assert state.fill_percent == 3
    assert state.emptied_at_s == 3 * HOUR


def test_a_short_series_states_a_level_and_no_rate():
    """A few hours say how full it is, not how fast it fills."""
    state = fill_state(hours(3), np.array([40.0, 41, 42]))
    assert state is not None
    assert (state.fill_percent, state.rate_percent_per_day, state.full_at_s) == (42, None, None)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=60))
def test_any_series_gives_a_sane_state(levels):
    """Whatever the levels: the level is one of those seen, the rate not negative, fullness not in the past."""
    state = fill_state(hours(len(levels)), np.array(levels))
    assert state is not None
    assert min(levels) <= state.fill_percent <= max(levels)
    assert state.rate_percent_per_day is None or state.rate_percent_per_day >= 0
    assert state.full_at_s is None or state.full_at_s >= state.fill_time_s


@given(st.lists(st.floats(0, 100), min_size=3, max_size=60))
def test_the_median_stays_within_the_data(levels):
    """Smoothing invents no level that was not there."""
    assert set(median_of_three(np.array(levels))) <= set(levels)


@pytest.mark.data
def test_real_containers_of_prague_are_described():
    """Each real, noisy series of thirty days or more shows emptyings and fills at a believable rate."""
    folder = os.environ.get("LANDPULS_TEST_DATA")
    if not folder:
        pytest.skip("set LANDPULS_TEST_DATA to the folder of the real data sets")
    series: dict[str, dict[float, float]] = {}
    with gzip.open(Path(folder) / "bins" / "prague-containers.csv.gz", "rt") as lines:
        for row in csv.DictReader(lines):
            at = datetime.fromisoformat(row["time_utc"]).replace(tzinfo=UTC).timestamp()
            series.setdefault(row["container"], {})[at] = float(row["fill_percent"])
    assert len(series) == 24
    for readings in series.values():
        times = np.array(sorted(readings))
        levels = np.array([readings[at] for at in times])
        state = fill_state(times, levels)
        assert state is not None
        assert state.emptied_at_s is not None
        assert state.rate_percent_per_day is not None
        assert 0.5 < state.rate_percent_per_day < 60
