"""What must be emptied, what may be left, and what leaving it is worth."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from processing.planning.region import Bin
from processing.planning.rules import LATER_UEUR, OVERFLOW_UEUR, need_of

DAY = date(2026, 3, 3)
NOW = datetime(2026, 3, 3, 4, tzinfo=UTC)
BIN = Bin(
    thing_id=1,
    name="bin",
    site_id=1,
    site_name="site",
    longitude=14.0,
    latitude=51.5,
    setup_s=60,
    waste_fraction="paper",
    volume_l=1_100,
    density_kg_l=0.05,
    service_s=90,
    threshold_percent=80.0,
    max_interval_days=None,
    fill_percent=50.0,
    fill_time=NOW,
    rate_percent_per_day=5.0,
    full_at=None,
    emptied_at=None,
    collected_at=None,
)


def test_reasons_for_being_required() -> None:
    """At the threshold, full before tomorrow evening, or at the end of the longest interval."""
    full, fast = replace(BIN, fill_percent=79.5), replace(BIN, rate_percent_per_day=35.0)
    late = replace(BIN, max_interval_days=7, emptied_at=NOW - timedelta(days=7))
    reasons = [
        need.reason for one in (full, fast, late) if (need := need_of(one, DAY, NOW)) and need.required
    ]
    assert reasons == ["threshold", "full_tomorrow", "interval"]


def test_nothing_known_or_nothing_in_it() -> None:
    """A container without any reading, or all but empty, is no part of the plan."""
    assert need_of(replace(BIN, fill_percent=None, fill_time=None), DAY, NOW) is None
    assert need_of(replace(BIN, fill_percent=3.0), DAY, NOW) is None


def test_hours_are_counted_over_a_change_of_clock() -> None:
    """Saturday morning to Monday evening in October is 59 hours: full just then is an even chance."""
    now = datetime(2026, 10, 24, 4, tzinfo=UTC)
    fills = replace(BIN, fill_time=now + timedelta(hours=4), rate_percent_per_day=50.0 * 24 / 59)
    need = need_of(fills, date(2026, 10, 24), now)
    assert need is not None
    assert not need.required
    assert need.cost_of_leaving_ueur == OVERFLOW_UEUR / 2 + LATER_UEUR / 2


@given(fill=st.floats(15, 70), more=st.floats(0, 9), rate=st.floats(0, 12))
def test_fuller_containers_are_worth_more(fill: float, more: float, rate: float) -> None:
    """Leaving a fuller container never costs less, and never more than an overflow and a visit."""
    one = need_of(replace(BIN, fill_percent=fill, rate_percent_per_day=rate), DAY, NOW)
    other = need_of(replace(BIN, fill_percent=fill + more, rate_percent_per_day=rate), DAY, NOW)
    assert one is not None
    assert other is not None
    if not one.required and not other.required:
        assert one.cost_of_leaving_ueur <= other.cost_of_leaving_ueur <= OVERFLOW_UEUR * 1.1
