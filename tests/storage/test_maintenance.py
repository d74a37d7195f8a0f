"""Maintenance: nothing is kept longer than agreed, and what goes stays accounted for."""

import threading
from datetime import timedelta

import psycopg
import pytest

from domain.messages import OutcomeKind, Reason
from storage.batch import commit_batch
from storage.database import connect
from storage.ledger import check, recompute
from storage.maintenance import Maintained, Retention, maintain
from storage.restate import restate
from tests.storage.yard import NOON, passage, reading, rows, stored

DAY = timedelta(days=1)
SHORT = Retention(messages_days=60, readings_days=60, passages_days=60)
MESSAGES_ONLY = Retention(messages_days=60, readings_days=None, passages_days=None)
LATER = NOON + 70 * DAY


@pytest.fixture
def old_and_new(ingest, yard):
    """Messages of every outcome from two UTC days that share a Berlin day, and of seventy days later."""
    level = yard.streams["container fill_level"]
    unknown = {"kind": OutcomeKind.QUARANTINED, "reason": Reason.UNKNOWN_DEVICE, "device_id": None}
    before_midnight, after_midnight = (
        NOON.replace(hour=23, minute=30),
        NOON.replace(day=11, hour=0, minute=30),
    )
    batch = [
        stored(yard, "a", [reading(level, NOON, 1.0)], passages=[passage(yard, NOON)]),
        stored(yard, "a", [reading(level, NOON, 1.0)]),
        stored(yard, "clash", [reading(level, NOON, 9.0)]),
        stored(yard, "q", organisation_id=None, device_key="ff", **unknown),
        stored(yard, "p", organisation_id=yard.other, device_key="ee", **unknown),
        stored(yard, "i", kind=OutcomeKind.IGNORED, reason=Reason.NOT_AN_UPLINK),
        stored(yard, "m", [reading(yard.streams["meter energy_total"], NOON, 5.0)]),
        stored(yard, "n", [reading(yard.streams["meter energy_total"], NOON + timedelta(hours=1), 7.0)]),
        stored(yard, "b", [reading(level, before_midnight, 2.0)], received_at=before_midnight),
        stored(yard, "c", [reading(level, after_midnight, 3.0)], received_at=after_midnight),
        stored(yard, "d", [reading(level, LATER, 4.0)], received_at=LATER, passages=[passage(yard, LATER)]),
    ]
    commit_batch(ingest, batch)
    return yard


def ledger(connection):
    """What the ledger says of all days, by day and device."""
    found = recompute(connection, NOON.date(), LATER.date(), by_device=True)
    connection.rollback()
    return found


def test_what_goes_stays_accounted_for(worker, old_and_new):
    """Messages beyond retention leave, their sums stay: the ledger says the same before and after, and balances."""
    before = ledger(worker)
    done = maintain(worker, LATER, MESSAGES_ONLY)
    assert (done.messages, done.quarantined, done.readings, done.passages) == (10, 2, 0, 0)
    assert rows(worker, "SELECT count(*) FROM message") == [(1,)]
    assert ledger(worker) == before
    assert check(worker, NOON.date(), LATER.date()).balanced


def test_readings_and_passages_go_too_if_asked(worker, old_and_new):
    """Removed readings, derived and conflicting ones too, and passages leave the check as strong as before."""
    before = ledger(worker)
    done = maintain(worker, LATER, SHORT)
    assert (done.messages, done.passages) == (10, 1)
    assert rows(worker, "SELECT count(*), min(time) FROM reading WHERE quality & 16 = 0") == [(1, LATER)]
    assert rows(worker, "SELECT count(*) FROM passage") == [(1,)]
    assert rows(worker, "SELECT count(*) FROM reading_conflict") == [(0,)]
    assert ledger(worker) == before
    assert check(worker, NOON.date(), LATER.date()).balanced
    worker.execute("DELETE FROM passage")
    worker.commit()
    (problem,) = check(worker, NOON.date(), LATER.date()).problems
    assert problem == "messages say that they added 2 passages, the table holds 1"


def test_nothing_goes_before_its_time(worker, old_and_new):
    """A day goes when all of it is beyond retention, and not before; by default readings stay for ever."""
    kept = rows(worker, "SELECT count(*) FROM reading")
    assert maintain(worker, NOON + 60 * DAY, SHORT).messages == 0
    assert maintain(worker, NOON + 61 * DAY, SHORT).messages == 9
    done = maintain(worker, NOON + 4000 * DAY, Retention())
    assert (
        done.readings,
        rows(worker, "SELECT count(*) FROM reading WHERE time >= %s", LATER)[0][0] > 0,
    ) == (0, True)
    assert kept > [(0,)]


def test_a_second_call_changes_nothing(worker, old_and_new):
    """Maintenance may run as often as one likes."""
    maintain(worker, LATER, SHORT)
    before = ledger(worker)
    assert maintain(worker, LATER, SHORT) == Maintained()
    assert ledger(worker) == before


def test_a_day_that_comes_back_is_added(worker, ingest, old_and_new):
    """A message that arrives for a closed day is counted with it, and closed with the next call."""
    maintain(worker, LATER, MESSAGES_ONLY)
    assert commit_batch(ingest, [stored(old_and_new, "very late")]).stored == 1
    before = ledger(worker)
    assert maintain(worker, LATER, MESSAGES_ONLY).messages == 1
    assert ledger(worker) == before
    assert check(worker, NOON.date(), LATER.date()).balanced


def test_sums_keep_their_organisation(worker, old_and_new):
    """Messages of unknown devices stay with the organisation that their topic named, or with none."""
    maintain(worker, LATER, MESSAGES_ONLY)
    query = "SELECT organisation_id, quarantined FROM ledger_closed WHERE device_id = 0 ORDER BY 1"
    assert rows(worker, query) == [(old_and_new.other, 1), (None, 1)]


def test_old_keys_are_forgotten(worker, old_and_new):
    """Keys live as long as a broker may deliver again, and no longer."""
    horizon = timedelta(days=Retention().message_keys_days)
    assert maintain(worker, NOON + horizon, Retention()).keys == 0
    assert maintain(worker, NOON.replace(hour=13) + horizon, Retention()).keys == 7
    assert rows(worker, "SELECT count(*) FROM message_key") == [(3,)]


def test_it_stops_when_told(worker, old_and_new):
    """A worker that is told to end leaves whole days to the next call."""
    answers = iter([False, True, True, True])
    assert maintain(worker, LATER, MESSAGES_ONLY, lambda: next(answers)).messages == 9
    assert maintain(worker, LATER, MESSAGES_ONLY).messages == 1
    assert check(worker, NOON.date(), LATER.date()).balanced


def test_partitions_are_made_ahead(worker, yard):
    """The days to come have their partitions before their first message."""
    assert maintain(worker, NOON, Retention()).partitions == 12
    assert rows(worker, "SELECT to_regclass('message_20260313') IS NOT NULL") == [(True,)]
    assert maintain(worker, NOON, Retention()).partitions == 0


def test_two_workers_at_once_close_each_day_once(database, worker, old_and_new):
    """Whoever comes second finds the days closed; nothing is counted twice."""
    before = ledger(worker)
    found: list[Maintained] = []

    def work() -> None:
        with connect(database, "worker") as connection:
            found.append(maintain(connection, LATER, SHORT))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one.messages for one in found) == 10
    assert ledger(worker) == before
    assert check(worker, NOON.date(), LATER.date()).balanced


def test_the_check_holds_while_days_go(database, worker, ingest, yard):
    """Whoever recomputes the ledger while days are removed finds everything accounted for at each moment."""
    level = yard.streams["container fill_level"]
    times = [NOON + number * DAY for number in range(20)]
    commit_batch(
        ingest, [stored(yard, f"{time}", [reading(level, time, 1.0)], received_at=time) for time in times]
    )
    problems: list[str] = []
    done = threading.Event()

    def look() -> None:
        with connect(database, "worker") as connection:
            while not done.is_set():
                problems.extend(check(connection, NOON.date(), times[-1].date()).problems)

    thread = threading.Thread(target=look)
    thread.start()
    removed = maintain(worker, NOON + 200 * DAY, SHORT)
    done.set()
    thread.join()
    assert (removed.messages, removed.readings, problems) == (20, 20, [])


def test_whoever_reads_is_not_made_to_wait(database, worker, old_and_new):
    """A day that a long query holds is postponed after seconds, and goes with the next call; nothing is half done."""
    before = ledger(worker)
    with connect(database, "owner") as reader:
        reader.execute("SELECT count(*) FROM message")
        done = maintain(worker, LATER, MESSAGES_ONLY)
        assert (done.messages, done.postponed) == (0, ("message",))
        reader.rollback()
    assert ledger(worker) == before
    assert maintain(worker, LATER, MESSAGES_ONLY).messages == 10


def test_the_sums_are_closed_with_the_removal_or_not_at_all(owner, worker, old_and_new):
    """If the removal fails, no sum is kept: the messages still stand there."""
    before = ledger(worker)
    owner.execute("CREATE VIEW in_the_way AS SELECT id FROM message_20260310")
    owner.commit()
    with pytest.raises(Exception, match="depend"):
        maintain(worker, LATER, MESSAGES_ONLY)
    assert ledger(worker) == before
    assert rows(worker, "SELECT count(*) FROM ledger_closed") == [(0,)]


def test_only_the_worker_removes(ingest, yard):
    """Neither ingest nor the API may drop a day."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ingest.execute("SELECT drop_slice('message', now(), now())")


@pytest.mark.parametrize("wrong", [{"messages_days": 44}, {"readings_days": 1}, {"message_keys_days": 0}])
def test_too_short_a_retention_is_refused(wrong):
    """Nothing goes that late readings may still need."""
    with pytest.raises(ValueError, match="at least"):
        Retention(**wrong)


def test_rollups_of_removed_readings_stay(worker, old_and_new):
    """What readings came to is known when they are gone."""
    restate(worker, 1000)
    worker.commit()
    query = "SELECT count(*), sum(sum) FROM rollup_day"
    before = rows(worker, query)
    assert maintain(worker, LATER, SHORT).readings > 0
    assert rows(worker, query) == before


def test_a_number_leads_to_its_message(database, owner, yard):
    """One message of a busy day is found by bounds of numbers: few of the day's pages are read."""
    maintain(owner, NOON, Retention())
    owner.execute(
        "INSERT INTO message (received_at, key, outcome, day, payload)"
        " SELECT %s + number * interval '0.5 s', gen_random_uuid(), 1, '2026-03-10', repeat('x', 200)::bytea"
        " FROM generate_series(1, 60000) number",
        (NOON,),
    )
    owner.commit()
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE landpuls.message_20260310")
        query = "SELECT relpages FROM pg_class WHERE oid = 'landpuls.message_20260310'::regclass"
        [(pages,)] = connection.execute(query).fetchall()
    with connect(database, "api") as connection:
        connection.execute("SELECT set_config('landpuls.unowned', 'on', true)")
        explain = "EXPLAIN (ANALYZE, FORMAT json) SELECT * FROM visible_message WHERE id = 9000"
        [([explained],)] = connection.execute(explain).fetchall()
    plan = explained["Plan"]
    assert plan["Actual Rows"] == 1
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < pages / 20
