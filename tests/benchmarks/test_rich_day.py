"""Rich days are made from their seed alone and have everything at once."""

import random

from benchmarks.rich_day import rich_day
from benchmarks.road_network import road_network


def test_same_seed_makes_the_same_day() -> None:
    """Two machines measure the same day, and another seed is another day."""
    assert rich_day(3, sites=12, containers=30) == rich_day(3, sites=12, containers=30)
    assert rich_day(3, sites=12, containers=30) != rich_day(4, sites=12, containers=30)


def test_small_day_has_every_kind_of_constraint() -> None:
    """Required and optional containers, windows, skills, set-up times, fractions and breaks are there."""
    day = rich_day(1, sites=60, containers=150)
    assert {task.required for task in day.containers} == {True, False}
    assert {task.fraction for task in day.containers} == {"residual", "paper", "glass"}
    assert any(len(task.windows) == 2 for task in day.containers)
    assert any("narrow" in task.skills for task in day.containers)
    assert all(site.setup_s for site in day.sites)
    assert all(vehicle.breaks.lunch and vehicle.breaks.working_time for vehicle in day.vehicles)


def test_each_crossing_can_be_reached_and_ways_differ_by_direction() -> None:
    """The network is joined up, and there and back are not the same."""
    network = road_network(random.Random(5), 8, 500.0)
    ways = [network.ways_from(start)[1] for start in range(64)]
    assert max(map(max, ways)) < 1 << 20
    assert any(ways[a][b] != ways[b][a] for a in range(64) for b in range(64))
