"""TimescaleDB is the same house: the tests of the plain home hold there too, and its own policies stand."""

import pytest

from storage.migrate import migrate
from tests.storage.test_batch import (  # noqa: F401
    test_a_failure_stores_nothing,
    test_a_repeated_message_is_a_duplicate,
    test_a_reused_key_begins_a_new_epoch,
    test_equal_readings_are_duplicates_different_ones_conflicts,
    test_events_are_stored_once,
    test_latest_is_newest_by_phenomenon_time,
    test_messages_and_readings_are_stored,
    test_no_content_blocks_a_batch,
    test_period_and_weight_are_kept,
    test_quarantined_and_ignored_messages_are_rows,
    test_unknown_devices_belong_to_the_organisation_of_their_topic,
    test_weak_keys_count_only_when_close_or_redelivered,
)
from tests.storage.test_derived import (  # noqa: F401
    test_a_counter_that_wraps_is_no_reset,
    test_a_repeated_message_adds_no_passages,
    test_differences_lie_at_the_earlier_reading,
    test_implausible_counter_readings_have_no_part,
    test_passages_are_counted_by_quarter_hour,
)
from tests.storage.test_ledger import (  # noqa: F401
    received,
    test_closed_and_discarded_count,
    test_devices_have_their_own_lines,
    test_every_message_is_accounted_for,
    test_messages_are_listed_and_shown,
    test_the_check_compares_messages_with_tables,
)
from tests.storage.test_maintenance import (  # noqa: F401
    old_and_new,
    test_a_day_that_comes_back_is_added,
    test_a_second_call_changes_nothing,
    test_it_stops_when_told,
    test_nothing_goes_before_its_time,
    test_old_keys_are_forgotten,
    test_readings_and_passages_go_too_if_asked,
    test_sums_keep_their_organisation,
    test_what_goes_stays_accounted_for,
)
from tests.storage.test_restate import (  # noqa: F401
    test_days_are_those_of_berlin,
    test_late_readings_are_restated,
    test_removed_readings_leave_no_rollup,
    test_rollups_sum_count_and_bound,
    test_the_limit_bounds_a_step,
)
from tests.storage.test_tenancy import (  # noqa: F401
    filled,
    test_a_leaky_condition_sees_nothing_of_others,
    test_every_owned_table_forces_row_security,
    test_one_pooled_connection_serves_two_tenants_in_turn,
    test_the_api_has_no_right_on_what_carries_no_row_security,
    test_views_the_api_reads_are_barriers,
    test_without_a_tenant_nothing_is_visible,
)

pytestmark = pytest.mark.timescale


def test_a_second_migration_changes_nothing(database):
    """What was applied is not applied again, and the home is remembered."""
    report = migrate(database)
    assert (report.home, report.steps) == ("timescale", ())


def test_large_tables_are_hypertables_by_day(owner):
    """Readings, passages and messages are hypertables with chunks of a day, compressed after the late-data horizon."""
    found = owner.execute(
        """SELECT h.hypertable_name, d.time_interval::text, h.compression_enabled
             FROM timescaledb_information.hypertables h
             JOIN timescaledb_information.dimensions d USING (hypertable_schema, hypertable_name)
            WHERE h.hypertable_schema = 'landpuls' ORDER BY 1"""
    ).fetchall()
    assert found == [("message", "1 day", True), ("passage", "1 day", True), ("reading", "1 day", True)]


def test_policies_stand(owner):
    """Compression and refresh run by themselves; retention is the worker's alone, which adds up what it removes."""
    found = owner.execute(
        """SELECT proc_name, count(*) FROM timescaledb_information.jobs
            WHERE proc_name IN ('policy_compression', 'policy_retention', 'policy_refresh_continuous_aggregate')
            GROUP BY 1"""
    ).fetchall()
    assert dict(found) == {
        "policy_compression": 3,
        "policy_refresh_continuous_aggregate": 3,
    }


def test_late_readings_reach_compressed_days(ingest, worker, yard):
    """A reading for a day that is compressed already is stored, compared and rolled up like any other."""
    from storage.batch import commit_batch
    from storage.restate import restate
    from tests.storage.yard import NOON, reading, rows, stored

    level = yard.streams["container fill_level"]
    commit_batch(ingest, [stored(yard, "a", [reading(level, NOON, 1.0)])], staging="unnest")
    worker.execute("SELECT set_config('role', 'landpuls_owner', false)")
    worker.execute("SELECT compress_chunk(c) FROM show_chunks('reading') c")
    worker.execute("SELECT set_config('role', 'landpuls_worker', false)")
    worker.commit()
    late = [reading(level, NOON, 1.0), reading(level, NOON.replace(minute=1), 2.0)]
    clash = [reading(level, NOON, 9.0)]
    result = commit_batch(ingest, [stored(yard, "b", late), stored(yard, "c", clash)], staging="unnest")
    assert result.readings == 1
    assert rows(worker, "SELECT value, quality FROM reading ORDER BY time") == [(1.0, 2), (2.0, 0)]
    assert restate(worker, 10).intervals == 1
    worker.commit()
    assert rows(worker, "SELECT count, sum FROM rollup_hour") == [(2, 3.0)]


def test_compressed_days_are_closed_too(ingest, worker, yard):
    """Days beyond retention are compressed by then; they leave with their sums like any other, rollups stay."""
    from storage.batch import commit_batch
    from storage.ledger import check
    from storage.maintenance import Retention, maintain
    from storage.restate import restate
    from tests.storage.yard import NOON, reading, rows, stored

    level = yard.streams["container fill_level"]
    commit_batch(ingest, [stored(yard, "a", [reading(level, NOON, 1.0)])], staging="unnest")
    restate(worker, 10)
    worker.execute("SELECT set_config('role', 'landpuls_owner', false)")
    for table in ("reading", "message"):
        worker.execute(f"SELECT compress_chunk(c) FROM show_chunks('{table}') c")
    worker.execute("SELECT set_config('role', 'landpuls_worker', false)")
    worker.commit()
    done = maintain(worker, NOON.replace(month=9), Retention(messages_days=60, readings_days=60))
    assert (done.messages, done.readings, done.postponed) == (1, 1, ())
    assert rows(worker, "SELECT (SELECT count(*) FROM message) + (SELECT count(*) FROM reading)") == [(0,)]
    assert rows(worker, "SELECT sum FROM rollup_day") == [(1.0,)]
    assert check(worker, NOON.date(), NOON.date()).balanced
