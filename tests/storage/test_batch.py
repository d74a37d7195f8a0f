"""From outcomes to rows: every message is accounted for, and nothing in it can stop the others."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from domain.errors import DatabaseUnavailable
from domain.messages import OutcomeKind, Reason, StatusEvent
from domain.quality import Quality
from storage.batch import BatchRefused, BatchResult, commit_batch
from tests.storage.yard import NOON, passage, reading, rows, series, stored

MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["copy", "unnest"])
def staging(request):
    """Both ways of staging."""
    return request.param


def test_messages_and_readings_are_stored(ingest, worker, yard, staging):
    """A batch adds its messages, readings, latest values and touched quarter hours."""
    level = yard.streams["container fill_level"]
    batch = [
        stored(yard, "a", [reading(level, NOON, 40.0), reading(level, NOON + MINUTE, 41.5)], f_cnt=7),
        stored(yard, "b", [reading(level, NOON - MINUTE, 39.0)], profile_key="x/y", profile_version=2),
    ]
    result = commit_batch(ingest, batch, staging=staging)
    assert result == BatchResult(received=2, stored=2, readings=3)
    assert [value for _, value, _, _ in series(worker, level)] == [39.0, 40.0, 41.5]
    assert rows(worker, "SELECT time, value FROM latest") == [(NOON + MINUTE, 41.5)]
    touched = rows(worker, "SELECT datastream_id, begins_at FROM touched_interval ORDER BY begins_at")
    assert touched == [(level, NOON - 15 * MINUTE), (level, NOON)]
    found = rows(
        worker, "SELECT outcome, reading_count, f_cnt, profile_key, payload, day FROM message ORDER BY id"
    )
    assert found == [(1, 2, 7, None, b"a", NOON.date()), (1, 1, None, "x/y", b"b", NOON.date())]


def test_period_and_weight_are_kept(ingest, worker, yard, staging):
    """An interval's length and the count behind a mean are stored; absent ones stay absent, nought stays nought."""
    speed = yard.streams["counter speed direction=1"]
    readings = [
        reading(speed, NOON, 48.0, period_s=900, weight=12.0),
        reading(speed, NOON + MINUTE, 0.0, weight=0.0),
        reading(speed, NOON + 2 * MINUTE, 51.0),
    ]
    commit_batch(ingest, [stored(yard, "a", readings)], staging=staging)
    assert rows(worker, "SELECT value, period_s, weight FROM reading ORDER BY time") == [
        (48.0, 900, 12.0),
        (0.0, None, 0.0),
        (51.0, None, None),
    ]


def test_a_repeated_message_is_a_duplicate(ingest, worker, yard, staging):
    """Same key and payload: one is stored, the others count as duplicates and leave no payload, in one batch or two."""
    level = yard.streams["container fill_level"]
    one = stored(yard, "a", [reading(level, NOON, 40.0)])
    assert commit_batch(ingest, [one, one], staging=staging) == BatchResult(
        received=2, stored=1, duplicate=1, readings=1
    )
    assert commit_batch(ingest, [one], staging=staging) == BatchResult(received=1, duplicate=1)
    assert rows(worker, "SELECT outcome, payload FROM message ORDER BY id") == [
        (1, b"a"),
        (2, None),
        (2, None),
    ]


def test_a_reused_key_begins_a_new_epoch(ingest, worker, yard, staging):
    """Same key with another payload is stored and flagged, and its own repetition is a duplicate."""
    level = yard.streams["container fill_level"]
    first = stored(yard, "a", [reading(level, NOON, 40.0)])
    second = stored(yard, "a", [reading(level, NOON + MINUTE, 10.0)], payload="other")
    assert commit_batch(ingest, [first, second, second], staging=staging).duplicate == 1
    assert commit_batch(ingest, [second], staging=staging).duplicate == 1
    assert rows(worker, "SELECT outcome, quality FROM message ORDER BY id") == [
        (1, 0),
        (1, 32),
        (2, 0),
        (2, 0),
    ]
    assert [flags for *_, flags in series(worker, level)] == [Quality.GOOD, Quality.NEW_EPOCH]


def test_weak_keys_count_only_when_close_or_redelivered(ingest, worker, yard, staging):
    """Content alone is no identity: the same content later is another message, unless the broker says otherwise."""
    level = yard.streams["container fill_level"]

    def at(minutes, **more):
        time = NOON + minutes * MINUTE
        return stored(yard, "w", [reading(level, time, 5.0)], weak=True, received_at=time, **more)

    results = [
        commit_batch(ingest, [one], staging=staging)
        for one in (at(0), at(1), at(3), at(3.5), at(9, redelivered=True))
    ]
    assert [(one.stored, one.duplicate) for one in results] == [(1, 0), (0, 1), (1, 0), (0, 1), (0, 1)]
    assert len(rows(worker, "SELECT DISTINCT key FROM message WHERE outcome = 1")) == 2


def test_equal_readings_are_duplicates_different_ones_conflicts(ingest, worker, yard, staging):
    """An equal value adds nothing; a different one is kept beside, and the first is flagged and stays."""
    level = yard.streams["container fill_level"]
    commit_batch(ingest, [stored(yard, "a", [reading(level, NOON, 40.0)])], staging=staging)
    result = commit_batch(
        ingest,
        [
            stored(yard, "b", [reading(level, NOON, 40.0)]),
            stored(yard, "c", [reading(level, NOON, 44.0), reading(level, NOON + MINUTE, 45.0)]),
            stored(yard, "d", [reading(level, NOON + MINUTE, 45.0)]),
        ],
        staging=staging,
    )
    assert (result.stored, result.readings) == (3, 1)
    assert series(worker, level) == [
        (NOON, 40.0, None, Quality.CONFLICT),
        (NOON + MINUTE, 45.0, None, Quality.GOOD),
    ]
    assert rows(worker, "SELECT value, time FROM reading_conflict") == [(44.0, NOON)]
    found = rows(
        worker, "SELECT reading_count, duplicate_readings, conflict_readings FROM message ORDER BY id"
    )
    assert found == [(1, 0, 0), (0, 1, 0), (1, 0, 1), (0, 1, 0)]


def test_latest_is_newest_by_phenomenon_time(ingest, worker, yard, staging):
    """A late, an implausible and a future reading never become the latest value."""
    level = yard.streams["container fill_level"]
    now = datetime.now(UTC)
    batches = [
        [reading(level, now - 5 * MINUTE, 1.0)],
        [reading(level, now - 9 * MINUTE, 2.0)],
        [reading(level, now, 3.0, quality=Quality.IMPLAUSIBLE)],
        [reading(level, now + 10 * MINUTE, 4.0)],
    ]
    for number, readings in enumerate(batches):
        commit_batch(ingest, [stored(yard, f"m{number}", readings, received_at=now)], staging=staging)
    assert rows(worker, "SELECT value, time FROM latest") == [(1.0, now - 5 * MINUTE)]


def test_quarantined_and_ignored_messages_are_rows(ingest, worker, yard, staging):
    """What is not stored is accounted for with its reason; only what may be needed again keeps its payload."""
    aside = stored(
        yard,
        "q",
        kind=OutcomeKind.QUARANTINED,
        reason=Reason.UNKNOWN_DEVICE,
        detail="Who?",
        organisation_id=None,
        device_id=None,
        device_key="ff",
    )
    ignored = stored(yard, "i", kind=OutcomeKind.IGNORED, reason=Reason.NOT_AN_UPLINK)
    result = commit_batch(ingest, [aside, ignored], staging=staging)
    assert result == BatchResult(received=2, quarantined=1, ignored=1)
    found = rows(worker, "SELECT outcome, reason, detail, device_key, payload FROM message ORDER BY id")
    assert found == [(3, "unknown_device", "Who?", "ff", b"q"), (4, "not_an_uplink", None, None, None)]


def test_unknown_devices_belong_to_the_organisation_of_their_topic(ingest, worker, yard, staging):
    """Our own topic names the organisation, which thereby sees its unknown devices; other topics name none."""
    from dataclasses import replace

    def under(key, topic):
        one = stored(yard, key, kind=OutcomeKind.QUARANTINED, organisation_id=None, device_id=None)
        return replace(one, message=replace(one.message, topic=topic))

    commit_batch(
        ingest,
        [
            under("a", "landpuls/v1/other/d1/up"),
            under("b", "landpuls/v1/nobody/d1/up"),
            under("c", "v3/other/x"),
        ],
        staging=staging,
    )
    assert rows(worker, "SELECT organisation_id FROM message ORDER BY id") == [
        (yard.other,),
        (None,),
        (None,),
    ]


def test_no_content_blocks_a_batch(ingest, worker, yard, staging):
    """NUL characters, lone surrogates, endless text, absurd numbers and times: every message ends as a row."""
    level = yard.streams["container fill_level"]
    batch = [
        stored(yard, "1", [reading(level, NOON, 1.0)], detail="a\0b", device_key="\udcff", f_cnt=2**80),
        stored(yard, "2", [reading(level, datetime(9999, 12, 31, tzinfo=UTC), 1.0)]),
        stored(yard, "3", [reading(level, datetime(1, 1, 1, tzinfo=UTC), 1.0)]),
        stored(
            yard,
            "4",
            [reading(level, NOON + MINUTE, float("nan")), reading(level, NOON + 2 * MINUTE, float("inf"))],
        ),
        stored(yard, "5", [reading(level, NOON + 3 * MINUTE, 1e308, weight=1e300, period_s=2**40)]),
        stored(yard, "6", [reading(2**40, NOON, 1.0)]),
        stored(
            yard, "7", passages=[passage(yard, NOON, speed_kmh=1e300, lane=10**9, vehicle_class="x\0" * 9999)]
        ),
        stored(yard, "8", events=(StatusEvent(thing_id=yard.gate, kind="k" * 100_000, time=NOON),)),
        stored(yard, "9", payload="p" * 1_000_000, detail="d" * 1_000_000, profile_version=2**70),
        stored(yard, "10", network_time=datetime(9999, 1, 1, tzinfo=UTC)),
        stored(yard, "11", [reading(level, NOON + 4 * MINUTE, 2.0)]),
    ]
    result = commit_batch(ingest, batch, staging=staging)
    assert result.received == 11
    assert result.stored + result.quarantined == 11
    assert result.quarantined == 3
    assert series(worker, level)[-1][1] == 2.0


def test_what_the_database_still_refuses_names_the_rows(ingest, worker, yard, staging):
    """A row that the database rejects in spite of all care stores nothing, and the error blames the batch."""
    level = yard.streams["container fill_level"]
    batch = [stored(yard, f"m{n}", [reading(level, NOON + n * MINUTE, n)], f_cnt=n) for n in range(3)]
    unknown = StatusEvent(thing_id=987654, kind="tilt", time=NOON)
    batch[1] = stored(yard, "bad", [reading(level, NOON, 1.0)], events=(unknown,))
    with pytest.raises(BatchRefused, match="foreign key"):
        commit_batch(ingest, batch, staging=staging)
    assert rows(worker, "SELECT count(*) FROM message") == [(0,)]
    assert commit_batch(ingest, [batch[0], batch[2]], staging=staging).stored == 2


def test_a_failure_stores_nothing(ingest, worker, yard, staging, monkeypatch):
    """A batch is stored as a whole or not at all, and can be given again."""
    from storage import batch as module

    level = yard.streams["container fill_level"]
    batch = [stored(yard, "a", [reading(level, NOON, 1.0)])]

    def fail(*_):
        raise psycopg.OperationalError("the line is cut")

    with monkeypatch.context() as patch:
        patch.setattr(module, "_store_events", fail)
        with pytest.raises(DatabaseUnavailable):
            commit_batch(ingest, batch, staging=staging)
    assert rows(worker, "SELECT count(*) FROM message_key") == [(0,)]
    assert rows(worker, "SELECT count(*) FROM reading") == [(0,)]
    assert commit_batch(ingest, batch, staging=staging).stored == 1


def test_a_lost_connection_is_unavailability(ingest, yard, owner):
    """When the server ends our session, the batch is not lost: the caller may try it again elsewhere."""
    owner.execute("SET ROLE NONE")
    victim = ingest.info.backend_pid
    owner.execute("SELECT pg_terminate_backend(%s)", (victim,))
    owner.commit()
    with pytest.raises(DatabaseUnavailable):
        commit_batch(ingest, [stored(yard, "a")])


def test_events_are_stored_once(ingest, worker, yard, staging):
    """The same flag raised twice at one time is one event."""
    event = StatusEvent(thing_id=yard.container, kind="tilt", time=NOON)
    commit_batch(ingest, [stored(yard, "a", events=(event, event))], staging=staging)
    commit_batch(ingest, [stored(yard, "b", events=(event,))], staging=staging)
    assert rows(worker, "SELECT kind, thing_id, time FROM event") == [("tilt", yard.container, NOON)]


def test_listeners_are_told_once_a_batch(ingest, database, yard):
    """A batch sends one hint without data."""
    with psycopg.connect(database, autocommit=True) as listener:
        listener.execute("LISTEN landpuls_live")
        commit_batch(ingest, [stored(yard, "a"), stored(yard, "b")])
        assert [one.payload for one in listener.notifies(timeout=2, stop_after=1)] == [""]
        assert list(listener.notifies(timeout=0.1)) == []
