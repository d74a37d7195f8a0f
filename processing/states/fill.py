"""A container's state from its level series: level now, when emptied, how fast it fills, when it will be full.

Levels of real sensors jump: single spikes from a lid or a bag, then the truth again. A running median of three removes
those before anything is concluded. An emptying is a fall that stays. The rate is the rise over all filling periods of
the window divided by their length: with a window of whole weeks, weekdays and weekends weigh as they occur.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EMPTIED_DROP = 20.0
"""A fall of so many percentage points between neighbouring medians is an emptying."""

MIN_SPAN_S = 12 * 3600
"""Shorter filling periods in sum say nothing about the rate."""

DAY_S = 86_400.0


@dataclass(frozen=True, kw_only=True, slots=True)
class FillState:
    """State of one container; times are Unix seconds, None where nothing can be said."""

    fill_percent: float
    fill_time_s: float
    emptied_at_s: float | None
    rate_percent_per_day: float | None
    full_at_s: float | None


def fill_state(times_s: NDArray[np.float64], levels: NDArray[np.float64]) -> FillState | None:
    """Describe a container from its levels.

    Parameters
    ----------
    times_s : shape (n,), Unix seconds, strictly increasing.
    levels : shape (n,), percent.

    Returns
    -------
    The state at the newest reading, or None without readings.
    """
    if len(times_s) == 0:
        return None
    smooth = median_of_three(levels)
    emptied = np.flatnonzero(np.diff(smooth) <= -EMPTIED_DROP) + 1
    rate = _rate(times_s, smooth, emptied)
    level = float(smooth[-1])
    return FillState(
        fill_percent=level,
        fill_time_s=float(times_s[-1]),
        emptied_at_s=float(times_s[emptied[-1]]) if len(emptied) else None,
        rate_percent_per_day=rate,
        full_at_s=_full_at(float(times_s[-1]), level, rate),
    )


def median_of_three(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Running median of three; at the end, a jump up waits for its confirmation.

    A fall at the very end is believed at once: an emptied container must not be driven to again.
    """
    if len(levels) < 3:
        return levels.copy()
    smooth = levels.copy()
    smooth[1:-1] = np.median(np.stack([levels[:-2], levels[1:-1], levels[2:]]), axis=0)
    if levels[-1] > levels[-2] + EMPTIED_DROP and levels[-1] > levels[-3] + EMPTIED_DROP:
        smooth[-1] = levels[-2]
    if levels[-1] <= levels[-2] - EMPTIED_DROP:
        smooth[-2] = levels[-2]
    return smooth


def _rate(
    times_s: NDArray[np.float64], smooth: NDArray[np.float64], emptied: NDArray[np.intp]
) -> float | None:
    """Rise per day over all filling periods; never negative, None if they are too short to tell."""
    begins = np.concatenate([[0], emptied])
    ends = np.concatenate([emptied - 1, [len(times_s) - 1]])
    span_s = float(np.sum(times_s[ends] - times_s[begins]))
    if span_s < MIN_SPAN_S:
        return None
    return max(0.0, float(np.sum(smooth[ends] - smooth[begins])) / span_s * DAY_S)


def _full_at(time_s: float, level: float, rate: float | None) -> float | None:
    """When 100 % is reached at this rate; None if it does not rise, or not within a year."""
    if level >= 100:
        return time_s
    if not rate or (100 - level) / rate > 365:
        return None
    return time_s + (100 - level) / rate * DAY_S
