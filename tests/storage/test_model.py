"""Random batches give the tables that a few lines of Python give, whatever the order, repetitions and lateness."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from domain.quality import Quality
from storage.batch import commit_batch
from storage.ledger import check
from storage.restate import restate
from tests.storage.yard import NOON, hashed, reading, rows, stored

MINUTE = timedelta(minutes=1)
TABLES = (
    "reading",
    "message",
    "message_key",
    "reading_conflict",
    "latest",
    "touched_interval",
    "rollup_15min",
    "rollup_hour",
    "rollup_day",
    "event",
)

uplinks = st.tuples(
    st.integers(0, 8),  # identity
    st.integers(0, 1),  # payload under that identity
)
batches = st.lists(st.lists(uplinks, min_size=1, max_size=8), min_size=1, max_size=6)


class Model:
    """What the tables should hold."""

    def __init__(self):
        self.keys = {}
        self.levels = {}
        self.totals = {}
        self.conflicts = 0
        self.outcomes = Counter()

    def receive(self, identity, payload, level, total):
        """Take one message with a level and a counter reading."""
        first = self.keys.setdefault(identity, payload)
        epoch = (identity, payload) if payload != first else identity
        if epoch == identity and identity in self.outcomes.get("seen", set()):
            self.count("duplicate")
            return
        if epoch != identity and epoch in self.outcomes.get("seen", set()):
            self.count("duplicate")
            return
        self.outcomes.setdefault("seen", set()).add(epoch)
        self.count("stored")
        for table, (time, value) in ((self.levels, level), (self.totals, total)):
            if time in table and table[time] != value:
                self.conflicts += 1
            table.setdefault(time, value)

    def count(self, what):
        """One more of these."""
        self.outcomes[what] = self.outcomes.get(what, 0) + 1

    def differences(self):
        """Of the counter, by time of the earlier reading."""
        pairs = pairwise(sorted(self.totals))
        return {a: (self.totals[b] - self.totals[a], (b - a).seconds) for a, b in pairs}


def content(identity, payload):
    """The readings that an uplink carries: some share their time and value with others, some only their time."""
    level = (NOON + (identity % 5) * 7 * MINUTE, float(identity % 2 + payload))
    total = (NOON + identity * 11 * MINUTE, float(100 + identity * 10))
    return level, total


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=batches)
def test_any_sequence_of_batches_agrees_with_the_model(ingest, worker, owner, yard, batches):
    """Stored, duplicates, new epochs, conflicts, differences, latest values, rollups and the ledger all agree."""
    owner.execute(f"TRUNCATE {', '.join(TABLES)}")
    owner.commit()
    fill, total = yard.streams["container fill_level"], yard.streams["meter energy_total"]
    model = Model()
    for batch in batches:
        outcomes = []
        for identity, payload in batch:
            level_content, total_content = content(identity, payload)
            model.receive(identity, payload, level_content, total_content)
            readings = [reading(fill, *level_content), reading(total, *total_content)]
            outcomes.append(stored(yard, f"key {identity}", readings, payload=f"{identity}/{payload}"))
        commit_batch(ingest, outcomes)
    assert (
        dict(rows(worker, "SELECT time, value FROM reading WHERE datastream_id = %s", fill)) == model.levels
    )
    assert (
        dict(rows(worker, "SELECT time, value FROM reading WHERE datastream_id = %s", total)) == model.totals
    )
    assert rows(worker, "SELECT count(*) FROM reading_conflict") == [(model.conflicts,)]
    energy = "SELECT time, value, period_s, quality FROM reading WHERE datastream_id = %s"
    found = rows(worker, energy, yard.streams["meter energy"])
    assert {time: (value, period) for time, value, period, _ in found} == model.differences()
    assert all(Quality(quality) == Quality.DERIVED for *_, quality in found)
    newest = max(model.levels)
    assert rows(worker, "SELECT time, value FROM latest WHERE datastream_id = %s", fill) == [
        (newest, model.levels[newest])
    ]
    _ledger_holds(worker, model, sum(len(batch) for batch in batches))
    _rollups_agree(worker, fill, model.levels)


def _ledger_holds(worker, model, received):
    found = check(worker, NOON.date(), NOON.date())
    assert found.problems == ()
    (row,) = found.rows
    assert row.received == received
    assert row.stored == model.outcomes.get("stored", 0)
    assert row.duplicate == model.outcomes.get("duplicate", 0)
    assert row.readings == len(model.levels) + len(model.totals)


def _rollups_agree(worker, stream, values):
    while restate(worker, 7):
        worker.commit()
    worker.commit()
    query = "SELECT sum(sum), sum(count), min(min), max(max) FROM rollup_{} WHERE datastream_id = %s"
    expected = (sum(values.values()), len(values), min(values.values()), max(values.values()))
    for resolution in ("15min", "hour", "day"):
        assert rows(worker, query.format(resolution), stream) == [expected]


@pytest.mark.parametrize("workers", [2])
def test_two_workers_store_each_message_once(database, yard, workers):
    """The same messages given to two workers at once are stored once, and nobody waits forever."""
    from concurrent.futures import ThreadPoolExecutor

    from storage.database import connect

    level, total = yard.streams["container fill_level"], yard.streams["meter energy_total"]
    batch = [
        stored(yard, f"m{n}", [reading(level, NOON + n * MINUTE, n), reading(total, NOON + n * MINUTE, n)])
        for n in range(200)
    ]

    def work(order):
        with connect(database, "ingest") as connection:
            return [
                commit_batch(connection, batch[start : start + 20][::order]) for start in range(0, 200, 20)
            ]

    with ThreadPoolExecutor(workers) as pool:
        results = [one for found in pool.map(work, (1, -1)) for one in found]
    assert sum(one.stored for one in results) == 200
    assert sum(one.duplicate for one in results) == 200
    with connect(database, "worker") as connection:
        assert check(connection, NOON.date(), NOON.date()).balanced
        found = rows(connection, "SELECT count(*), sum(value) FROM reading WHERE quality & 16 <> 0")
        assert found == [(199, 199.0)]
        assert rows(connection, "SELECT count(*) FROM message_key WHERE key = %s", hashed("m0")) == [(1,)]
