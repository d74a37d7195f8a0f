"""The ledger is recomputed from the rows; messages are shown with what became of them."""

from datetime import UTC, datetime

import pytest

from domain.errors import NotFound
from domain.messages import OutcomeKind, Reason
from storage.batch import commit_batch
from storage.ledger import check, recompute, total
from storage.messages import list_messages, quarantine, show_message
from tests.storage.yard import NOON, passage, reading, stored

DAY = NOON.date()


@pytest.fixture
def received(ingest, yard):
    """One message of each outcome, and one after midnight in Berlin that is before midnight in UTC."""
    level = yard.streams["container fill_level"]
    unknown = {"kind": OutcomeKind.QUARANTINED, "reason": Reason.UNKNOWN_DEVICE, "detail": "Register it."}
    batch = [
        stored(yard, "a", [reading(level, NOON, 1.0)], passages=[passage(yard, NOON)]),
        stored(yard, "a", [reading(level, NOON, 1.0)], passages=[passage(yard, NOON)]),
        stored(yard, "q", organisation_id=None, device_id=None, device_key="ff", **unknown),
        stored(yard, "i", kind=OutcomeKind.IGNORED, reason=Reason.NOT_AN_UPLINK),
        stored(yard, "late", received_at=datetime(2026, 3, 10, 23, 30, tzinfo=UTC)),
    ]
    commit_batch(ingest, batch)
    return yard


def test_every_message_is_accounted_for(worker, received):
    """Received is the sum of what became of messages, by Berlin day."""
    found = recompute(worker, DAY, DAY.replace(day=11))
    assert [
        (row.day.day, row.received, row.stored, row.duplicate, row.quarantined, row.ignored) for row in found
    ] == [
        (10, 4, 1, 1, 1, 1),
        (11, 1, 1, 0, 0, 0),
    ]
    assert all(row.balanced for row in found)
    assert total(found)["readings"] == 1
    assert recompute(worker, DAY.replace(day=12), DAY.replace(day=12)) == []


def test_devices_have_their_own_lines(worker, received):
    """By device, with the unknown ones together."""
    found = recompute(worker, DAY, DAY, by_device=True)
    assert [(row.device, row.received) for row in found] == [("unknown", 1), ("aa00000000000001", 3)]


def test_closed_and_discarded_count(worker, received):
    """Sums of closed days are added; discarded messages were quarantined."""
    worker.execute("UPDATE message SET outcome = 5 WHERE outcome = 3")
    worker.execute("INSERT INTO ledger_closed VALUES ('2026-03-09', 0, NULL, 7, 4, 1, 1, 1, 12)")
    worker.commit()
    found = recompute(worker, DAY.replace(day=9), DAY)
    assert [(row.received, row.quarantined) for row in found] == [(7, 1), (4, 1)]


def test_the_check_compares_messages_with_tables(worker, received):
    """Every reading comes from a message, and every reading of a message is in the table."""
    assert check(worker, DAY, DAY).balanced
    worker.execute("DELETE FROM reading WHERE quality & 16 = 0")
    worker.execute("DELETE FROM passage")
    worker.commit()
    found = check(worker, DAY, DAY)
    assert found.problems == (
        "messages say that they added 1 readings, the table holds 0",
        "messages say that they added 1 passages, the table holds 0",
    )


def test_messages_are_listed_and_shown(worker, received):
    """Newest first, filtered, paged; one by one with the payload."""
    found = list_messages(worker)
    assert [one.outcome.name for one in found] == ["STORED", "IGNORED", "QUARANTINED", "DUPLICATE", "STORED"]
    assert [one.id for one in list_messages(worker, limit=2, before=found[1].id)] == [
        found[2].id,
        found[3].id,
    ]
    (aside,) = list_messages(worker, outcome=OutcomeKind.QUARANTINED)
    assert (aside.device_key, aside.reason, aside.payload) == ("ff", "unknown_device", None)
    assert list_messages(worker, device="ff") == [aside]
    assert len(list_messages(worker, device="aa00000000000001", begin=NOON, end=NOON.replace(hour=13))) == 3
    assert show_message(worker, aside.id).payload == b"q"
    with pytest.raises(NotFound, match="no message 4711"):
        show_message(worker, 4711)
    (group,) = quarantine(worker)
    assert (group.reason, group.device_key, group.count, group.detail) == (
        "unknown_device",
        "ff",
        1,
        "Register it.",
    )
