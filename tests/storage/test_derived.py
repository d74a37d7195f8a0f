"""What follows from neighbouring readings and from passages, restated whenever something arrives late."""

from datetime import timedelta
from itertools import permutations

import pytest

from domain.quality import Quality
from storage.batch import commit_batch
from tests.storage.yard import NOON, passage, reading, rows, series, stored

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def test_differences_lie_at_the_earlier_reading(ingest, worker, yard):
    """A difference is stamped with the begin of its interval and carries its length."""
    total, energy = yard.streams["meter energy_total"], yard.streams["meter energy"]
    readings = [reading(total, NOON + n * HOUR, value) for n, value in enumerate((100.0, 110.0, 130.0))]
    commit_batch(ingest, [stored(yard, "a", readings)])
    assert series(worker, energy) == [
        (NOON, 10.0, 3600, Quality.DERIVED),
        (NOON + HOUR, 20.0, 3600, Quality.DERIVED),
    ]
    assert rows(worker, "SELECT time, value FROM latest WHERE datastream_id = %s", energy) == [
        (NOON + HOUR, 20.0)
    ]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_differences_do_not_depend_on_the_order_of_arrival(ingest, worker, yard, order):
    """Late readings divide the interval they fall into; in the end nothing tells when they came."""
    total, energy = yard.streams["meter energy_total"], yard.streams["meter energy"]
    values = (100.0, 110.0, 5.0, 25.0)
    for n in order:
        commit_batch(ingest, [stored(yard, f"m{n}", [reading(total, NOON + n * HOUR, values[n])])])
    assert series(worker, energy) == [
        (NOON, 10.0, 3600, Quality.DERIVED),
        (NOON + HOUR, 5.0, 3600, Quality.DERIVED | Quality.COUNTER_RESET),
        (NOON + 2 * HOUR, 20.0, 3600, Quality.DERIVED),
    ]


def test_a_counter_that_wraps_is_no_reset(ingest, worker, yard):
    """From just below its end to just above nought is a small step; an implausible step is flagged."""
    total, energy = yard.streams["meter energy_total"], yard.streams["meter energy"]
    readings = [reading(total, NOON + n * HOUR, value) for n, value in enumerate((990.0, 20.0, 900.0))]
    commit_batch(ingest, [stored(yard, "a", readings)])
    assert series(worker, energy) == [
        (NOON, 30.0, 3600, Quality.DERIVED),
        (NOON + HOUR, 880.0, 3600, Quality.DERIVED | Quality.IMPLAUSIBLE),
    ]


def test_implausible_counter_readings_have_no_part(ingest, worker, yard):
    """A difference is taken past a reading that is flagged implausible."""
    total, energy = yard.streams["meter energy_total"], yard.streams["meter energy"]
    readings = [
        reading(total, NOON, 100.0),
        reading(total, NOON + HOUR, 1e9, quality=Quality.IMPLAUSIBLE),
        reading(total, NOON + 2 * HOUR, 120.0, quality=Quality.SIMULATED),
    ]
    commit_batch(ingest, [stored(yard, "a", readings)])
    assert series(worker, energy) == [(NOON, 20.0, 7200, Quality.DERIVED | Quality.SIMULATED)]


def test_passages_are_counted_by_quarter_hour(ingest, worker, yard):
    """Counts by direction and class, and the mean speed weighted by the vehicles behind it; late ones included."""
    cars = yard.streams["gate vehicle_count class=car;direction=1"]
    lorries = yard.streams["gate vehicle_count class=lorry;direction=1"]
    speed = yard.streams["gate speed direction=1"]
    commit_batch(
        ingest,
        [
            stored(yard, "a", passages=[passage(yard, NOON), passage(yard, NOON, 1, speed_kmh=70.0)]),
            stored(
                yard, "b", passages=[passage(yard, NOON + 20 * MINUTE, vehicle_class="lorry", speed_kmh=None)]
            ),
        ],
    )
    late = passage(yard, NOON + MINUTE, speed_kmh=30.0)
    wrong_way = passage(yard, NOON + MINUTE, 1, direction=2, speed_kmh=99.0)
    commit_batch(ingest, [stored(yard, "c", passages=[late, wrong_way])])
    quarter = NOON + 15 * MINUTE
    assert series(worker, cars) == [(NOON, 3.0, 900, Quality.DERIVED), (quarter, 0.0, 900, Quality.DERIVED)]
    assert series(worker, lorries) == [
        (NOON, 0.0, 900, Quality.DERIVED),
        (quarter, 1.0, 900, Quality.DERIVED),
    ]
    assert series(worker, speed) == [(NOON, 50.0, 900, Quality.DERIVED)]
    assert rows(worker, "SELECT weight FROM reading WHERE datastream_id = %s", speed) == [(3.0,)]
    assert rows(worker, "SELECT sum(passage_count), sum(reading_count) FROM message") == [(5, 0)]


def test_a_repeated_message_adds_no_passages(ingest, worker, yard):
    """Two vehicles in one second are two, the same message twice is one."""
    one = stored(yard, "a", passages=[passage(yard, NOON), passage(yard, NOON, 1)])
    first, again = commit_batch(ingest, [one]), commit_batch(ingest, [one])
    assert (first.passages, again.passages) == (2, 0)
    assert rows(worker, "SELECT count(*) FROM passage") == [(2,)]
