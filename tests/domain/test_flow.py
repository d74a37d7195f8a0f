"""A counter's state from one interval's counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.flow import Aggregate, flow_state
from domain.things import qualifier
from domain.vehicles import HEAVY, VehicleClass


def count(vehicles: float, covered_s: float = 900, **parts: str | int) -> Aggregate:
    """Return a vehicle count over `covered_s`."""
    return Aggregate(
        quantity="vehicle_count", qualifier=qualifier(**parts), sum=vehicles, weight=1, covered_s=covered_s
    )


def speed(kmh: float, vehicles: float, **parts: str | int) -> Aggregate:
    """Return a mean speed of so many vehicles."""
    return Aggregate(
        quantity="speed", qualifier=qualifier(**parts), sum=kmh * vehicles, weight=vehicles, covered_s=900
    )


def test_a_quarter_hour_is_scaled_to_the_hour():
    """Thirty vehicles in a quarter, over two directions, are 120 an hour."""
    assert flow_state([count(10, direction=1), count(20, direction=2)]).flow_per_h == 120


def test_an_hourly_count_is_not_scaled_again():
    """A counter that reports by the hour flows as it counts."""
    assert flow_state([count(240, covered_s=3600)]).flow_per_h == 240


def test_the_mean_speed_is_weighted_by_vehicles():
    """One fast car beside three slow lorries does not halve the difference."""
    assert flow_state([speed(100, 1, direction=1), speed(60, 3, direction=2)]).speed_kmh == pytest.approx(70)


def test_bicycles_are_no_flow():
    """A busy cycle lane does not make a road look jammed."""
    state = flow_state([count(5, **{"class": "car"}), count(50, **{"class": "bicycle"})])
    assert state.flow_per_h == 20


def test_an_unknown_class_is_traffic_all_the_same():
    """What a counter cannot name, or names in a word of its own, still counts as a vehicle."""
    state = flow_state([count(5, **{"class": "car"}), count(5, **{"class": "hovercraft"})])
    assert state.flow_per_h == 40


def test_totals_beside_classes_count_once():
    """Where classes are told apart, a total beside them is left out."""
    state = flow_state([count(10), count(7, **{"class": "car"}), count(3, **{"class": "lorry"})])
    assert state.flow_per_h == 40
    assert state.heavy_share_percent == pytest.approx(30)


def test_without_classes_no_heavy_share_is_claimed():
    """A counter that cannot tell lorries says nothing of them, instead of zero."""
    assert flow_state([count(10, direction=1)]).heavy_share_percent is None


def test_a_silent_counter_says_nothing():
    """No rows, no state; a quiet road with rows has flow zero."""
    assert flow_state([]).flow_per_h is None
    assert flow_state([count(0)]).flow_per_h == 0


@given(st.dictionaries(st.sampled_from(sorted(VehicleClass)), st.integers(0, 500)))
def test_the_heavy_share_is_a_share(counts):
    """For any mix the share lies between 0 and 100, and is 100 exactly if all motor traffic is heavy."""
    state = flow_state([count(vehicles, **{"class": name}) for name, vehicles in counts.items()])
    if state.heavy_share_percent is not None:
        assert 0 <= state.heavy_share_percent <= 100 + 1e-9
        heavy = sum(vehicles for name, vehicles in counts.items() if name in HEAVY)
        assert state.heavy_share_percent * (state.flow_per_h or 0) == pytest.approx(heavy * 400)
