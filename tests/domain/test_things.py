"""Things: canonical qualifiers, installations with validity, positions in the stated order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access import Role
from domain.errors import LandpulsError, UsageError
from domain.geo import Position, haversine_m
from domain.things import Installation, KnownDevice, qualifier, qualifier_parts

START = datetime(2026, 1, 1, tzinfo=UTC)
names = st.from_regex(r"[a-z]{1,8}", fullmatch=True)


@given(st.dictionaries(names, names))
def test_a_qualifier_is_canonical(parts):
    """Whatever the order of its parts, a qualifier is written one way and reads back the same."""
    text = qualifier(**parts)
    assert qualifier(**dict(reversed(parts.items()))) == text
    assert qualifier_parts(text) == parts


def installation(number: int, begin: datetime, end: datetime | None) -> Installation:
    """Make an installation of one device at thing `number`."""
    return Installation(
        id=number,
        organisation_id=1,
        organisation_key="o",
        device_id=1,
        device_key="d",
        thing_id=number,
        profile_key="v/d",
        parameters={},
        datastreams={},
        valid_from=begin,
        valid_until=end,
    )


def test_a_reading_belongs_to_the_installation_of_its_time():
    """A device that was moved reports for the thing at which it was at the time, begin included and end not."""
    moved = START + timedelta(days=10)
    device = KnownDevice(
        id=1,
        organisation_id=1,
        organisation_key="o",
        key="d",
        profile_key="v/d",
        installations=(installation(2, moved, None), installation(1, START, moved)),
    )
    found = [device.installation_at(at) for at in (START, moved - timedelta(seconds=1), moved)]
    assert [one and one.thing_id for one in found] == [1, 1, 2]
    assert device.installation_at(START - timedelta(seconds=1)) is None


def test_longitude_comes_first():
    """A latitude in the place of a longitude is refused where it cannot be one, with the order in the message."""
    with pytest.raises(UsageError, match="longitude comes first"):
        Position(longitude=14.0, latitude=151.5)


def test_great_circle_distance_is_known():
    """Senftenberg to Cottbus market squares: about 33 km."""
    assert haversine_m(14.0016, 51.5255, 14.3343, 51.7607) == pytest.approx(34_800, rel=0.02)


def test_an_error_without_a_message_says_its_docstring():
    """Every error speaks, even when raised bare."""
    assert "went wrong" in str(LandpulsError())
    assert LandpulsError("x", device="d").data == {"device": "d"}


def test_an_operator_may_do_everything_and_all_may_view():
    """OPERATOR includes every role; every role includes VIEWER; no other includes another."""
    assert all(Role.OPERATOR.includes(role) for role in Role)
    assert all(role.includes(Role.VIEWER) for role in Role)
    assert not Role.TRAFFIC.includes(Role.PLANNER)
