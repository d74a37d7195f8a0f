"""Containers fill by habits, are emptied by a schedule or by drivers, and look as full as they are."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device_profiles.geometry import fill_percent
from domain.time import BERLIN
from simulators.fleet.containers import OVERFULL_PERCENT, ContainerModel, Schedule, hand_over_s
from simulators.fleet.draws import Draws
from simulators.fleet.fleet import Fleet
from simulators.fleet.impairments import NONE
from simulators.region.model import Character
from tests.simulators.conftest import NOW

WEEK_S = 7 * 86_400


@pytest.fixture(scope="module")
def bin_and_sensor(region):
    """A container with its device."""
    container = region.containers[0]
    return container, next(one for one in region.devices if one.thing_key == container.key)


def model_of(bin_and_sensor, begin, *, seed=1, until_s=None, character=Character.CENTRE, **changes):
    """A container that lives from a moment on."""
    container, device = bin_and_sensor
    return ContainerModel(
        replace(container, **changes),
        device,
        character,
        (2,),
        seed=seed,
        born_s=begin.timestamp(),
        scheduled_until_s=until_s,
    )


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), day=st.integers(0, 700), weeks=st.sampled_from([1, 2]))
def test_schedule_comes_by_on_one_working_day_of_its_interval(region, seed, day, weeks):
    """Collections are exactly an interval apart in Berlin's calendar, in the morning, never on a Sunday."""
    container = replace(region.containers[0], interval_days=7 * weeks)
    schedule = Schedule(container, Draws(seed, "schedule"))
    at_s = schedule.next_after(datetime(2026, 1, 1, tzinfo=UTC).timestamp() + day * 86_400)
    following_s = schedule.next_after(at_s)
    first, second = (datetime.fromtimestamp(one, BERLIN) for one in (at_s, following_s))
    assert (second.date() - first.date()).days == 7 * weeks
    assert first.time() == second.time()
    assert first.isoweekday() < 7
    assert 7 <= first.hour <= 12


def test_from_today_on_the_schedule_leaves_it_to_the_drivers():
    """With drivers the fixed schedule ends at the begin of today in Berlin; without it goes on."""
    assert hand_over_s(NOW, drivers=False) is None
    assert hand_over_s(NOW, drivers=True) == datetime(2026, 6, 9, 22, tzinfo=UTC).timestamp()


def test_containers_fill_up_until_they_are_emptied(bin_and_sensor):
    """A level never falls by itself, and never exceeds what people pile up; emptied, hardly anything is left."""
    model = model_of(bin_and_sensor, NOW, until_s=0.0)
    last = model.percent
    for day in range(1, 40):
        model.live_until(NOW.timestamp() + day * 86_400)
        assert last <= model.percent <= OVERFULL_PERCENT
        last = model.percent
    assert last == OVERFULL_PERCENT
    taken_l = model.empty(NOW.timestamp() + 40 * 86_400)
    assert taken_l == pytest.approx(OVERFULL_PERCENT / 100 * bin_and_sensor[0].volume_l)
    assert model.percent < 3


def test_sensor_sees_the_level_that_is_there(bin_and_sensor):
    """The reported distance means the true fill level, within noise, through the container's own geometry."""
    model, device = model_of(bin_and_sensor, NOW), bin_and_sensor[1]
    for report in model.reports(NOW.timestamp(), NOW.timestamp() + WEEK_S, 3600):
        seen, _ = fill_percent(report.values["distance"], device.parameters)
        assert seen == pytest.approx(min(100.0, model.percent), abs=6)


def test_tourists_fill_bins_at_weekends(bin_and_sensor):
    """At a lake shore Saturday and Sunday bring clearly more than Tuesday and Wednesday."""
    monday = datetime(2026, 6, 7, 22, tzinfo=UTC)
    gained = {"week": 0.0, "weekend": 0.0}
    for seed in range(30):
        model = model_of(bin_and_sensor, monday, seed=seed, until_s=0.0, character=Character.TOURISM)
        levels = []
        for day in range(7):
            model.empty(monday.timestamp() + day * 86_400)
            before = model.percent
            model.live_until(monday.timestamp() + (day + 1) * 86_400)
            levels.append(model.percent - before)
        gained["week"] += levels[1] + levels[2]
        gained["weekend"] += levels[5] + levels[6]
    assert gained["weekend"] > 1.8 * gained["week"]


@pytest.mark.parametrize("day", [15, 18, 20, 22])
def test_each_morning_leaves_work_for_a_plan(region, profiles, day):
    """On any weekday at six o'clock 10 to 30 per cent of all containers are due."""
    now = datetime(2026, 11, day, 5, tzinfo=UTC)
    born = now - timedelta(days=7)
    only_bins = replace(region, devices=region.devices[: len(region.containers)])
    fleet = Fleet(only_bins, profiles, seed=1, born=born, now=now, drivers=True, impairments=NONE)
    fleet.advance(now.timestamp(), 6 * 86_400)
    thresholds = {one.key: one.threshold_percent for one in region.containers}
    due = sum(model.percent >= thresholds[key] for key, model in fleet.containers.items())
    assert 0.10 <= due / len(thresholds) <= 0.30


def test_fleet_empties_containers_it_knows(fleet_of, small):
    """A driver empties a container by its key and takes what was in it; an unknown key is nobody's."""
    fleet = fleet_of()
    key, model = next(iter(fleet.containers.items()))
    model.live_until(NOW.timestamp())
    inside_l = model.amount_l
    assert fleet.empty(key, NOW.timestamp()) == pytest.approx(inside_l)
    assert model.percent < 3
    assert fleet.empty("nobody's", NOW.timestamp()) is None
