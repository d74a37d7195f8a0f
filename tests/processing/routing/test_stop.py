"""A search says from the start when it can end."""

import pytest

from domain.errors import UsageError
from processing.routing.stop import Stop


def test_schedule_below_the_iterations_is_refused() -> None:
    """Iterations that the cooling would not reach are refused instead of being left out in silence."""
    with pytest.raises(
        UsageError, match=r"schedule \(10\) is below iterations \(1000\).* give at least as many"
    ):
        Stop(iterations=1_000, schedule=10)
    with pytest.raises(UsageError, match="schedule"):
        Stop(seconds=1.0, schedule=-1)
    assert Stop(iterations=1_000, schedule=1_000).schedule == 1_000
