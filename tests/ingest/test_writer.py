"""Batches that the database refuses for what is in them, and the delays between tries."""

from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.errors import DatabaseUnavailable, StorageError
from domain.messages import Message, MessageKey, Outcome, OutcomeKind, Reason
from ingest.backoff import Backoff
from ingest.complaints import Complaints
from ingest.pipeline import Interpret, interpret_all
from ingest.replay import Replay
from ingest.stop import Stop
from ingest.writer import Writer, blames_content
from storage.batch import BatchRefused, BatchResult

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def message(number: int) -> Message:
    """A message that is its number."""
    return Message(topic="t", payload=b"%d" % number, received_at=NOW)


def outcome(one: Message) -> Outcome:
    """The outcome of a message that is well."""
    key = UUID(int=int(one.payload))
    return Outcome(message=one, kind=OutcomeKind.STORED, key=MessageKey(key=key, payload_hash=key))


class Picky:
    """A table that refuses certain rows, and is away for the first few tries."""

    def __init__(self, refused: set[int], *, away: int = 0) -> None:
        self.refused = refused
        self.away = away
        self.rows: list[Outcome] = []

    def interpreter(self) -> Interpret:
        return outcome

    def commit(self, outcomes: Sequence[Outcome]) -> BatchResult:
        if self.away:
            self.away -= 1
            raise DatabaseUnavailable
        for one in outcomes:
            if int(one.message.payload) in self.refused and one.kind is OutcomeKind.STORED:
                raise BatchRefused
        self.rows.extend(outcomes)
        return BatchResult(received=len(outcomes))

    def close(self) -> None: ...


@given(st.sets(st.integers(0, 39)), st.integers(1, 40))
def test_culprits_alone_go_to_quarantine(refused: set[int], size: int) -> None:
    """Whichever rows are refused, exactly those are quarantined, all others stored, in the order received, once."""
    store = Picky(refused)
    written = Writer(store, stop=Stop(), random=Random(1)).write([message(number) for number in range(size)])
    assert written is not None
    assert [int(one.message.payload) for one in store.rows] == list(range(size))
    quarantined = {int(one.message.payload) for one in store.rows if one.kind is OutcomeKind.QUARANTINED}
    assert quarantined == refused & set(range(size))
    assert written.tally.received == size
    assert list(written.outcomes) == store.rows


def test_a_database_that_is_away_is_no_fault_of_the_rows() -> None:
    """The same batch is given again until the database takes it."""
    store = Picky(set(), away=2)
    written = Writer(store, stop=Stop(), random=Random(1)).write([message(1), message(2)])
    assert written is not None
    assert len(store.rows) == 2
    assert not blames_content(DatabaseUnavailable())
    assert not blames_content(StorageError("schema"))
    assert blames_content(OverflowError("int too large"))


def test_defect_in_our_own_code_costs_one_message() -> None:
    """An exception nobody foresaw puts that message into quarantine and lets the others pass."""

    def interpret(one: Message) -> Outcome:
        if one.payload == b"2":
            raise RuntimeError("unforeseen")
        return outcome(one)

    made = interpret_all([message(1), message(2), message(3)], interpret)
    assert [one.reason for one in made] == [None, Reason.CODEC_FAILED, None]
    assert "unforeseen" in (made[1].detail or "")


@given(st.integers(0, 200), st.integers())
def test_backoff_stays_below_its_ceiling(attempts: int, seed: int) -> None:
    """Delays are positive, at most the ceiling, and begin small again after a success."""
    backoff = Backoff(Random(seed), first_s=0.5, ceiling_s=10.0)
    for _ in range(attempts):
        assert 0.25 <= backoff.next_s() <= 10.0
    backoff.reset()
    assert backoff.next_s() <= 0.5


def test_replay_ends_at_the_first_new_message() -> None:
    """After a reconnect with the session kept, known messages come again until the first that is new."""
    replay = Replay(limit=3)
    assert not any(replay.repeats("t", payload) for payload in (b"1", b"2", b"2", b"3"))
    replay.connected(session_present=True)
    assert [replay.repeats("t", payload) for payload in (b"2", b"3", b"4", b"3")] == [
        True,
        True,
        False,
        False,
    ]
    replay.connected(session_present=False)
    assert not replay.repeats("t", b"4"), "a new session holds nothing of the old one"
    replay.connected(session_present=True)
    assert not replay.repeats("t", b"1"), "forgotten, as the oldest"


def test_complaints_do_not_flood() -> None:
    """The same reason and device warn once a minute, with the number of those passed over."""
    import structlog

    now = 0.0
    bad = Outcome(
        message=message(1),
        kind=OutcomeKind.QUARANTINED,
        key=outcome(message(1)).key,
        reason=Reason.NOT_JSON,
        device_key="d",
        detail="no JSON",
    )
    with structlog.testing.capture_logs() as logs:
        complaints = Complaints(monotonic=lambda: now)
        complaints.hear([bad] * 50)
        complaints.hear([bad] * 50)
        now = 61.0
        complaints.hear([])
    assert [(entry["reason"], entry["device"], entry.get("messages")) for entry in logs] == [
        ("not_json", "d", None),
        ("not_json", "d", 100),
    ]
