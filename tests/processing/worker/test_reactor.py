"""The reactor: what readings change follows them into rollups and states, once and completely."""

import threading
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4

import psycopg
import pytest

from domain.quality import Quality
from processing.worker.config import WorkerConfig
from processing.worker.reactor import catch_up, react
from storage.batch import commit_batch
from tests.storage.yard import NOON, Yard, reading, rows, stored

LIMIT = 100_000


def levels(yard: Yard, values: list[float], begin: datetime, key: str = "level"):
    """One outcome with hourly fill levels from `begin` on."""
    stream = yard.streams["container fill_level"]
    times = [begin + timedelta(hours=number) for number in range(len(values))]
    series = [reading(stream, at, value) for at, value in zip(times, values, strict=True)]
    return stored(yard, key, series, received_at=times[-1])


def container_state(connection, yard: Yard):
    """Level, its time, rate and emptying as the worker wrote them."""
    query = "SELECT fill_percent, fill_time, rate_percent_per_day, emptied_at FROM container_state WHERE thing_id = %s"
    return rows(connection, query, yard.container)


def test_levels_become_a_state(ingest, worker, yard):
    """Hourly levels of two days give the level now, the rate a day, and no emptying."""
    begin = NOON - timedelta(hours=48)
    commit_batch(ingest, [levels(yard, [float(number) for number in range(49)], begin)])
    assert catch_up(worker, LIMIT, lambda: NOON) > 0
    [(fill, at, rate, emptied)] = container_state(worker, yard)
    assert (fill, at, emptied) == (48, NOON, None)
    assert rate == pytest.approx(24, rel=0.01)
    assert catch_up(worker, LIMIT, lambda: NOON) == 0


def test_late_readings_restate_the_state(ingest, worker, yard):
    """A series that arrives newest first ends in the same state as one in order."""
    begin = NOON - timedelta(hours=48)
    halves = [
        levels(yard, [float(number) for number in range(24)], begin, "early"),
        levels(yard, [float(number) for number in range(24, 49)], begin + timedelta(hours=24), "late"),
    ]
    for outcome in reversed(halves):
        commit_batch(ingest, [outcome])
        catch_up(worker, LIMIT, lambda: NOON)
    [(fill, at, rate, _)] = container_state(worker, yard)
    assert (fill, at) == (48, NOON)
    assert rate == pytest.approx(24, rel=0.01)


def test_implausible_levels_change_nothing(ingest, worker, yard):
    """A flagged reading is stored and moves no state."""
    commit_batch(ingest, [levels(yard, [40.0], NOON - timedelta(hours=1))])
    stream = yard.streams["container fill_level"]
    bad = reading(stream, NOON, 900.0, quality=Quality.IMPLAUSIBLE)
    commit_batch(ingest, [stored(yard, "bad", [bad])])
    catch_up(worker, LIMIT, lambda: NOON)
    assert container_state(worker, yard)[0][0] == 40


def test_a_collection_empties_before_the_sensor_says_so(ingest, worker, owner, yard):
    """From the driver's report on the container counts as empty, so that nobody plans it again."""
    commit_batch(ingest, [levels(yard, [90.0, 91.0, 92.0], NOON - timedelta(hours=3))])
    catch_up(worker, LIMIT, lambda: NOON)
    at = NOON - timedelta(minutes=30)
    owner.execute(
        "INSERT INTO collection (organisation_id, collector_id, thing_id, collected_at, outcome, idempotency_key)"
        " VALUES (%(o)s, %(o)s, %(t)s, %(at)s, 'served', %(key)s)",
        {"o": yard.organisation, "t": yard.container, "at": at, "key": uuid4()},
    )
    owner.commit()
    assert catch_up(worker, LIMIT, lambda: NOON) == 1
    [(fill, fill_time, _, emptied)] = container_state(worker, yard)
    assert (fill, fill_time, emptied) == (0, at, at)
    assert catch_up(worker, LIMIT, lambda: NOON) == 0


def test_counts_become_a_flow(ingest, worker, yard):
    """Four quarters of counts give the last quarter's flow and speed, and the hour's."""
    count = yard.streams["counter vehicle_count direction=1"]
    speed = yard.streams["counter speed direction=1"]
    begins = [NOON - timedelta(minutes=60 - 15 * number) for number in range(4)]
    readings = [
        one
        for number, begin in enumerate(begins)
        for one in (
            reading(count, begin, 10.0 * (number + 1), period_s=900),
            reading(speed, begin, 50.0 + number, period_s=900, weight=10.0 * (number + 1)),
        )
    ]
    commit_batch(ingest, [stored(yard, "counts", readings)])
    catch_up(worker, LIMIT, lambda: NOON)
    query = (
        "SELECT quarter_begins_at, quarter_flow_per_h, quarter_speed_kmh, hour_begins_at, hour_flow_per_h,"
        " hour_speed_kmh, quarter_heavy_share FROM counter_state WHERE thing_id = %s"
    )
    [state] = rows(worker, query, yard.counter)
    assert state == (begins[3], 160, 53, begins[0], 100, 52, None)


def test_unchanged_states_are_not_written_again(ingest, worker, yard):
    """Live listeners hear of changes only: the same state twice keeps its transaction id."""
    commit_batch(ingest, [levels(yard, [40.0, 41.0], NOON - timedelta(hours=1))])
    catch_up(worker, LIMIT, lambda: NOON)
    before = rows(worker, "SELECT changed_xid FROM container_state")
    temperature = reading(yard.streams["container temperature"], NOON, 7.0)
    commit_batch(ingest, [stored(yard, "warm", [temperature])])
    catch_up(worker, LIMIT, lambda: NOON)
    assert rows(worker, "SELECT changed_xid FROM container_state") == before


def test_a_failed_pass_leaves_the_intervals(ingest, worker, yard):
    """What stops the worker in the middle loses nothing: the next pass does the whole work."""
    commit_batch(ingest, [levels(yard, [40.0, 41.0], NOON - timedelta(hours=1))])

    def interrupted() -> datetime:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        catch_up(worker, LIMIT, interrupted)
    assert container_state(worker, yard) == []
    assert catch_up(worker, LIMIT, lambda: NOON) > 0
    assert container_state(worker, yard)[0][0] == 41


def test_the_reactor_follows_and_stops(database, ingest, worker, yard):
    """The running reactor sees a committed batch without being asked, outlives a cut connection, and ends when told."""
    stop = threading.Event()
    now = datetime.now(UTC)
    config = WorkerConfig(database_url=database, poll_s=0.2)
    thread = threading.Thread(target=react, args=(config, stop, Random(1)))
    thread.start()
    try:
        commit_batch(ingest, [levels(yard, [40.0], now - timedelta(hours=1), "first")])
        wait_for(lambda: container_state(worker, yard))
        with psycopg.connect(database) as login:
            cut = login.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'landpuls worker' AND pid <> %s",
                [worker.info.backend_pid],
            ).fetchall()
        assert cut == [(True,)]
        commit_batch(ingest, [levels(yard, [55.0], now, "second")])
        wait_for(lambda: container_state(worker, yard)[0][0] == 55)
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()


def test_the_reactor_outlives_a_refusal(database, ingest, worker, owner, yard):
    """A query that an administrator cancels is no reason to stop restating for good."""
    stop = threading.Event()
    config = WorkerConfig(database_url=database, poll_s=0.2)
    thread = threading.Thread(target=react, args=(config, stop, Random(1)))
    owner.execute("LOCK TABLE touched_interval IN ACCESS EXCLUSIVE MODE")
    thread.start()
    try:
        cancel = (
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"
        )
        with psycopg.connect(database) as login:
            wait_for(lambda: rows(login, cancel))
        owner.rollback()
        commit_batch(ingest, [levels(yard, [40.0], datetime.now(UTC), "first")])
        wait_for(lambda: container_state(worker, yard))
    finally:
        owner.rollback()
        stop.set()
        thread.join(20)
    assert not thread.is_alive()


def wait_for(condition, seconds: float = 30) -> None:
    """Wait until the condition holds; fail if it never does."""
    deadline = threading.Event()
    for _ in range(int(seconds / 0.05)):
        if condition():
            return
        deadline.wait(0.05)
    pytest.fail("it did not happen in time")
