"""Travel without a road network: great circle, a detour factor and one speed."""

from hypothesis import given
from hypothesis import strategies as st

from domain.geo import haversine_m
from processing.roads.travel import GreatCircleTravel, Point

POINTS = st.lists(st.tuples(st.floats(13.0, 15.0), st.floats(51.0, 52.0)), max_size=6)


@given(points=POINTS)
def test_matrix_follows_the_great_circle(points: list[Point]) -> None:
    """Metres are the great circle's times the factor, seconds follow at the given speed, both of whole numbers."""
    metres, seconds = GreatCircleTravel(factor=1.3, speed_kmh=36.0).matrix(points)
    assert metres.shape == seconds.shape == (len(points), len(points))
    for i, a in enumerate(points):
        assert metres[i, i] == seconds[i, i] == 0
        for j, b in enumerate(points):
            assert abs(metres[i, j] - 1.3 * haversine_m(*a, *b)) <= 0.6
            assert abs(seconds[i, j] - metres[i, j] / 10.0) <= 1.1
