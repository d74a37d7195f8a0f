"""Counters show days, weeks, lorries and incidents; meters only rise; bays hold one car at a time."""

import itertools
from collections import Counter as Tally
from datetime import UTC, datetime, timedelta

import pytest

from simulators.fleet.cameras import CameraModel
from simulators.fleet.counters import RadarModel
from simulators.fleet.meters import MeterModel
from simulators.fleet.parking import ParkingModel
from simulators.region.model import RoadKind

MONDAY = datetime(2026, 6, 7, 22, tzinfo=UTC)
DAY_S = 86_400


def reports(model, begin, days, every_s=3600):
    """What a model reports within some days."""
    return list(model.reports(begin.timestamp(), (begin + timedelta(days=days)).timestamp(), every_s))


def vehicles(report):
    """All vehicles of a radar's report."""
    return sum(value for name, value in report.values.items() if name.endswith("_count"))


@pytest.fixture(scope="module")
def federal(region):
    """A radar at a federal road."""
    return next(one for one in region.counters if one.road_kind is RoadKind.FEDERAL)


def test_a_radar_counts_about_what_the_road_carries(federal):
    """A week's mean day is the road's, and its lorries' share too."""
    week = reports(RadarModel(federal, seed=1), MONDAY, 7)
    counted = sum(map(vehicles, week))
    lorries = sum(one.values["left_3_count"] + one.values["right_3_count"] for one in week)
    assert counted / 7 == pytest.approx(federal.vehicles_per_day, rel=0.1)
    assert lorries / counted == pytest.approx(federal.heavy_share, rel=0.25)


def test_roads_are_busy_at_rush_hours_and_empty_at_night(federal):
    """16 o'clock has many times the traffic of 2 o'clock, and Sunday less than Friday."""
    by_hour, by_day = Tally(), Tally()
    for one in reports(RadarModel(federal, seed=1), MONDAY, 7):
        begin_s = one.number * federal.interval_s - federal.interval_s
        by_hour[int(begin_s // 3600 + 2) % 24] += vehicles(one)
        by_day[int((begin_s - MONDAY.timestamp()) // DAY_S)] += vehicles(one)
    assert by_hour[16] > 8 * by_hour[2]
    assert by_day[6] < 0.75 * by_day[4]


def test_a_radar_reports_each_interval_once_shortly_after_its_end(federal):
    """No interval is missing or told twice, and none before it is over."""
    told = reports(RadarModel(federal, seed=1), MONDAY, 2)
    assert [one.number for one in told] == list(range(told[0].number, told[0].number + len(told)))
    assert len(told) == 2 * DAY_S // federal.interval_s
    assert all(0 < one.time_s - one.number * federal.interval_s < 30 for one in told)


def test_a_camera_reports_every_vehicle_after_it_crossed(region):
    """Each message is one vehicle, told within two seconds, in the order of time, with a class and a speed."""
    counter = next(one for one in region.counters if one.road_kind is RoadKind.CYCLEWAY)
    told = reports(CameraModel(counter, seed=1), MONDAY, 2)
    assert len(told) > 400
    assert [one.time_s for one in told] == sorted(one.time_s for one in told)
    for one in told:
        (vehicle,) = one.values["passages"]
        assert 0 < one.time_s - vehicle["time"].timestamp() < 2
        assert vehicle["vehicle_class"] in ("bicycle", "pedestrian")
        assert 2 < vehicle["speed_kmh"] < 40
    assert len({one.number for one in told}) == len(told)


def test_a_meter_only_rises_unless_it_is_exchanged(region):
    """Over four weeks the counter rises, but for rare resets to zero."""
    meter = region.meters[0]
    told = [
        one.values["import_t1"]
        for one in reports(MeterModel(meter, seed=1, born_s=MONDAY.timestamp()), MONDAY, 28)
    ]
    falls = [(before, after) for before, after in itertools.pairwise(told) if after < before]
    assert len(falls) <= 1
    assert all(after < 1000 for _, after in falls)


def test_a_bay_changes_between_free_and_occupied(region):
    """Two changes in a row are never the same, and cars come by day."""
    changes = [
        one
        for one in reports(ParkingModel(region.parking_bays[0], seed=1), MONDAY, 5)
        if one.frame == "parking status"
    ]
    states = [one.values["occupied"] for one in changes]
    assert len(states) > 20
    assert all(before != after for before, after in itertools.pairwise(states))
    assert all(3 <= datetime.fromtimestamp(one.time_s, UTC).hour <= 19 for one in changes)
