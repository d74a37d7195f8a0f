"""Rollups say what the readings say, whenever and in whatever order these came."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.quality import Quality
from domain.time import day_bounds
from storage.batch import commit_batch
from storage.restate import restate
from tests.storage.yard import NOON, reading, rows, stored

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
COLUMNS = "begins_at, sum, count, weight, min, max, first, last, covered_s"


def rollup(connection, resolution, stream):
    """Rows of a rollup."""
    return rows(
        connection, f"SELECT {COLUMNS} FROM rollup_{resolution} WHERE datastream_id = %s ORDER BY 1", stream
    )


def catch_up(connection):
    """Restate until nothing is left."""
    while restate(connection, 100):
        connection.commit()
    connection.commit()


def test_rollups_sum_count_and_bound(ingest, worker, yard):
    """A quarter hour, its hour and its Berlin day hold sum, count, weight, extremes, first, last and cover."""
    speed = yard.streams["counter speed direction=1"]
    readings = [
        reading(speed, NOON, 50.0, period_s=300, weight=2.0),
        reading(speed, NOON + 5 * MINUTE, 80.0, period_s=300, weight=1.0),
        reading(speed, NOON + 10 * MINUTE, 999.0, quality=Quality.IMPLAUSIBLE),
        reading(speed, NOON + 50 * MINUTE, 40.0, period_s=300, weight=1.0),
    ]
    commit_batch(ingest, [stored(yard, "a", readings)])
    done = restate(worker, 100)
    worker.commit()
    assert done.intervals == 2
    assert done.datastream_ids == {speed}
    assert done.thing_ids == {yard.counter}
    assert rollup(worker, "15min", speed) == [
        (NOON, 180.0, 2, 3.0, 50.0, 80.0, 50.0, 80.0, 600),
        (NOON + 45 * MINUTE, 40.0, 1, 1.0, 40.0, 40.0, 40.0, 40.0, 300),
    ]
    whole = (220.0, 3, 4.0, 40.0, 80.0, 50.0, 40.0, 900)
    assert rollup(worker, "hour", speed) == [(NOON, *whole)]
    assert rollup(worker, "day", speed) == [(day_bounds(NOON.date())[0], *whole)]
    assert not restate(worker, 100)


def test_late_readings_are_restated(ingest, worker, yard):
    """A reading that comes days late changes exactly the rollups it belongs to."""
    level = yard.streams["container fill_level"]
    commit_batch(ingest, [stored(yard, "a", [reading(level, NOON, 1.0), reading(level, NOON + HOUR, 2.0)])])
    catch_up(worker)
    commit_batch(
        ingest, [stored(yard, "b", [reading(level, NOON + MINUTE, 5.0)], received_at=NOON + 48 * HOUR)]
    )
    assert restate(worker, 100).intervals == 1
    worker.commit()
    assert [row[1:3] for row in rollup(worker, "hour", level)] == [(6.0, 2), (2.0, 1)]
    assert [row[1:3] for row in rollup(worker, "day", level)] == [(8.0, 3)]


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 3, 28), 24)]
)
def test_days_are_those_of_berlin(ingest, worker, yard, day, hours):
    """Both changes of the clock: the day holds 23, 24 or 25 hours, and its neighbours' readings are not among them."""
    level = yard.streams["container fill_level"]
    begin, end = day_bounds(day)
    instants = [begin - HOUR + number * HOUR for number in range(hours + 2)]
    assert instants[-1] == end
    commit_batch(ingest, [stored(yard, "a", [reading(level, one, 1.0) for one in instants], received_at=end)])
    catch_up(worker)
    assert [row[:3] for row in rollup(worker, "day", level)] == [
        (day_bounds(day - timedelta(days=1))[0], 1.0, 1),
        (begin, float(hours), hours),
        (end, 1.0, 1),
    ]
    assert len(rollup(worker, "hour", level)) == hours + 2


def test_a_crash_leaves_the_queue_as_it_was(ingest, worker, yard):
    """What was claimed and not committed is claimed again."""
    level = yard.streams["container fill_level"]
    commit_batch(ingest, [stored(yard, "a", [reading(level, NOON, 1.0)])])
    assert restate(worker, 100).intervals == 1
    worker.rollback()
    assert rollup(worker, "15min", level) == []
    assert restate(worker, 100).intervals == 1


def test_removed_readings_leave_no_rollup(ingest, worker, yard):
    """When the last reading of an interval is taken away, so are its rollups."""
    level = yard.streams["container fill_level"]
    commit_batch(ingest, [stored(yard, "a", [reading(level, NOON, 1.0)])])
    catch_up(worker)
    worker.execute("DELETE FROM reading")
    worker.execute("INSERT INTO touched_interval (datastream_id, begins_at) VALUES (%s, %s)", (level, NOON))
    worker.commit()
    catch_up(worker)
    assert [rollup(worker, one, level) for one in ("15min", "hour", "day")] == [[], [], []]


def test_the_limit_bounds_a_step(ingest, worker, yard):
    """Many touched intervals are worked off in steps."""
    level = yard.streams["container fill_level"]
    readings = [reading(level, datetime(2026, 3, 1, tzinfo=UTC) + n * HOUR, n) for n in range(10)]
    commit_batch(ingest, [stored(yard, "a", readings)])
    steps = []
    while done := restate(worker, 4):
        worker.commit()
        steps.append(done.intervals)
    assert steps == [4, 4, 2]
    assert len(rollup(worker, "hour", level)) == 10
