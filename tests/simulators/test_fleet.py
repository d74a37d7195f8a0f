"""The fleet publishes what a seed says, in order, never from the future, and with the faults it was given."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device_profiles.interpret import interpret
from domain.messages import Message, OutcomeKind, Reason
from domain.quality import Quality
from domain.time import from_micros
from simulators.fleet.impairments import NONE
from tests.simulators.conftest import NOW, every


def digest(publications):
    """One hash over everything published, times included."""
    text = hashlib.sha256()
    for one in publications:
        text.update(repr(one).encode())
    return text.hexdigest()


def interpreted(publications, directory, profiles):
    """What ingest makes of them."""
    return [
        interpret(
            Message(
                topic=one.topic, payload=one.payload, received_at=from_micros(round(one.publish_at_s * 1e6))
            ),
            directory,
            profiles,
        )
        for one in publications
    ]


def test_same_seed_publishes_the_same_and_another_seed_something_else(fleet_of):
    """Payloads, topics, order and times follow from the seed."""
    first, again = (fleet_of().advance(NOW.timestamp()) for _ in range(2))
    assert len(first) > 500
    assert digest(first) == digest(again)
    assert digest(fleet_of(seed=2).advance(NOW.timestamp())) != digest(first)


def test_payloads_do_not_depend_on_the_hash_seed_of_the_process(region):
    """Processes with different hash seeds publish the same."""
    code = (
        "import hashlib, dataclasses; from datetime import datetime, timedelta, UTC;"
        "from device_profiles.registry import Profiles; from simulators.region import oberspreewald_lausitz;"
        "from simulators.fleet.fleet import Fleet; now = datetime(2026, 6, 10, 12, tzinfo=UTC);"
        "r = oberspreewald_lausitz(3); r = dataclasses.replace(r, devices=r.devices[595:]);"
        "f = Fleet(r, Profiles.load(), seed=3, born=now - timedelta(hours=6), now=now);"
        "print(hashlib.sha256(repr(f.advance(now.timestamp())).encode()).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "4711")
    }
    assert len(said) == 1


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.floats(min_value=1, max_value=6 * 3600), max_size=6))
def test_payloads_do_not_depend_on_how_time_is_cut(fleet_of, cuts):
    """Advancing in one step or in many publishes the same messages in the same order."""
    whole, parts = fleet_of(6), fleet_of(6)
    published = []
    for cut in sorted(cuts):
        published += parts.advance(NOW.timestamp() - 6 * 3600 + cut)
    published += parts.advance(NOW.timestamp())
    assert digest(published) == digest(whole.advance(NOW.timestamp()))


def test_nothing_comes_from_the_future_and_all_is_in_order(fleet_of):
    """Every message is published in the order of time, at or before the moment that was reached."""
    fleet, reached_s, last_s = fleet_of(), (NOW - timedelta(hours=24)).timestamp(), 0.0
    for _ in range(24):
        reached_s += 3600
        for one in fleet.advance(reached_s):
            assert last_s <= one.publish_at_s <= reached_s
            last_s = one.publish_at_s


def test_healthy_fleet_is_understood_to_the_last_message(fleet_of, directory, profiles):
    """Without impairments ingest stores every message, finds nothing implausible, and no time is ahead."""
    publications = fleet_of(impairments=NONE).advance(NOW.timestamp())
    outcomes = interpreted(publications, directory, profiles)
    assert {one.kind for one in outcomes} == {OutcomeKind.STORED}
    for outcome in outcomes:
        at = outcome.message.received_at
        assert outcome.network_time <= at
        assert all(reading.time <= at for reading in outcome.readings)
        assert all(passage.time <= at for passage in outcome.passages)
        assert not any(
            one.quality & (Quality.IMPLAUSIBLE | Quality.TIME_REPLACED) for one in outcome.readings
        )
    assert {one.envelope for one in outcomes} == {"things_stack", "chirpstack", "landpuls"}
    assert sum(len(one.passages) for one in outcomes) > 100


def test_whole_region_speaks_all_profiles_without_error(region, fleet_of, directory, profiles):
    """Every device of the whole region is heard within half a day, and understood."""
    fleet = fleet_of(12, region=region, impairments=NONE)
    outcomes = interpreted(fleet.advance(NOW.timestamp()), directory, profiles)
    assert {one.kind for one in outcomes} == {OutcomeKind.STORED}
    assert len({one.device_id for one in outcomes}) == len(region.devices)


def test_lost_messages_leave_gaps_in_the_frame_counter(fleet_of):
    """What no gateway heard is never published, and its frame number is missing."""
    healthy = fleet_of(impairments=NONE).advance(NOW.timestamp())
    lossy = fleet_of(impairments=every(lost=0.2)).advance(NOW.timestamp())
    assert len(lossy) == pytest.approx(0.8 * len(healthy), rel=0.08)
    assert {(one.device, one.f_cnt) for one in lossy} < {(one.device, one.f_cnt) for one in healthy}


def test_duplicates_are_published_twice_with_the_same_content(fleet_of):
    """A duplicate is the very same message, a moment later."""
    published = fleet_of(impairments=every(duplicated=0.2)).advance(NOW.timestamp())
    twice = [
        key for key, number in Counter((one.topic, one.payload) for one in published).items() if number == 2
    ]
    originals = len({(one.topic, one.payload) for one in published})
    assert len(twice) == pytest.approx(0.2 * originals, rel=0.25)


def test_late_messages_come_within_six_hours_after_they_were_heard(fleet_of, directory, profiles):
    """A gateway that kept messages back delivers them later, with the time at which it heard them."""
    published = fleet_of(impairments=every(late=0.3)).advance(NOW.timestamp())
    outcomes = interpreted(published, directory, profiles)
    lags_s = [(one.message.received_at - one.network_time).total_seconds() for one in outcomes]
    late = sum(lag > 60 for lag in lags_s)
    assert late == pytest.approx(0.3 * len(published), rel=0.2)
    assert 0 <= min(lags_s) <= max(lags_s) <= 6 * 3600 + 1


def test_disordered_messages_overtake_each_other(fleet_of):
    """Some frames of a device arrive after later ones, by seconds or a minute."""
    fleet = fleet_of(1, impairments=every(disordered=0.3))
    published = fleet.advance(NOW.timestamp(), 10)
    last: dict[int, int] = {}
    overtaken = 0
    for one in published:
        overtaken += one.f_cnt < last.get(one.device, 0)
        last[one.device] = max(one.f_cnt, last.get(one.device, 0))
    assert overtaken > 50


def test_truncated_payloads_end_in_quarantine_with_a_reason(fleet_of, directory, profiles):
    """A payload cut off in the middle is not stored as something else."""
    published = fleet_of(impairments=every(truncated=1)).advance(NOW.timestamp())
    for outcome in interpreted(published, directory, profiles):
        if outcome.profile_key in ("dingtek/df702", "parametric/tcr", "emu/professional-ii"):
            assert outcome.reason is Reason.UNDECODABLE


def test_spikes_are_flagged_or_far_from_the_truth_and_never_break_the_flow(fleet_of, directory, profiles):
    """Senseless distances and missing echoes pass through ingest without an error."""
    published = fleet_of(impairments=every(spiking=1)).advance(NOW.timestamp())
    reasons = {one.reason for one in interpreted(published, directory, profiles)}
    assert reasons <= {None, Reason.NO_READINGS}


def test_wrong_clocks_are_replaced_by_the_networks_time(fleet_of, directory, profiles):
    """Devices whose clock stands in 1970 or next year are stored at the time at which they were heard."""
    published = fleet_of(impairments=every(wrong_clock_days=1)).advance(NOW.timestamp())
    outcomes = [
        one
        for one in interpreted(published, directory, profiles)
        if one.profile_key == "emu/professional-ii" and one.readings
    ]
    assert outcomes
    for outcome in outcomes:
        assert all(one.quality & Quality.TIME_REPLACED for one in outcome.readings)
        assert all(one.time <= outcome.message.received_at for one in outcome.readings)


def test_stuck_sensors_repeat_one_distance(fleet_of, directory, profiles):
    """On a stuck day a sensor says the same distance from morning to night."""
    published = fleet_of(10, impairments=every(stuck_days=1)).advance(NOW.timestamp(), 600)
    seen: dict[tuple[int, object], set[float]] = {}
    for outcome in interpreted(published, directory, profiles):
        for reading in outcome.readings:
            if outcome.profile_key == "dingtek/df702" and reading.datastream_id % 100 == 0:
                seen.setdefault((outcome.device_id, reading.time.date()), set()).add(reading.value)
    assert seen
    assert all(len(values) == 1 for values in seen.values())
