"""Which messages of a batch were seen before: the rules of `docs/storage.md`, decided against `message_key`."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from domain.messages import Outcome
from domain.time import to_micros
from storage.database import Connection
from storage.queries import Queries
from storage.staging import Column, Staging, micros, write

WEAK_WINDOW = timedelta(seconds=60)
QUERIES = Queries("batch.sql")


@dataclass(kw_only=True, slots=True)
class Verdict:
    """What was found out about a message: the key it is stored under, and whether it repeats another."""

    key: UUID
    duplicate: bool = False
    new_epoch: bool = False


@dataclass(frozen=True, slots=True)
class _Seen:
    payload_hash: UUID
    seen_at: datetime


def judge(connection: Connection, outcomes: Sequence[Outcome], staging: Staging) -> list[Verdict]:
    """Enter the new keys and say for each message, in order, whether it is new, a repetition or of a new epoch."""
    verdicts = [Verdict(key=outcome.key.key) for outcome in outcomes]
    first: dict[UUID, int] = {}
    for number, outcome in enumerate(outcomes):
        first.setdefault(outcome.key.key, number)
    known = _claim(connection, {key: outcomes[number] for key, number in first.items()}, staging)
    if len(first) == len(outcomes) and not known:
        return verdicts
    clashes = _compare(outcomes, verdicts, first, known)
    _see_again(connection, outcomes, verdicts)
    if clashes:
        _new_epochs(connection, outcomes, verdicts, clashes, staging)
    return verdicts


def _compare(
    outcomes: Sequence[Outcome], verdicts: list[Verdict], first: dict[UUID, int], known: dict[UUID, _Seen]
) -> list[int]:
    """Judge every message whose key was there or came before in the batch; return those with another payload."""
    clashes = []
    for number, outcome in enumerate(outcomes):
        key = outcome.key.key
        if key not in known:
            known[key] = _Seen(outcome.key.payload_hash, outcome.message.received_at)
            continue
        seen = known[key]
        if outcome.key.weak:
            if outcome.message.redelivered or outcome.message.received_at - seen.seen_at <= WEAK_WINDOW:
                verdicts[number].duplicate = True
            else:
                verdicts[number].key = derived_key(key, str(to_micros(outcome.message.received_at)).encode())
                known[key] = _Seen(seen.payload_hash, outcome.message.received_at)
        elif seen.payload_hash == outcome.key.payload_hash:
            verdicts[number].duplicate = True
        else:
            clashes.append(number)
    return clashes


def _see_again(connection: Connection, outcomes: Sequence[Outcome], verdicts: list[Verdict]) -> None:
    again = {
        outcome.key.key: outcome.message.received_at
        for outcome, verdict in zip(outcomes, verdicts, strict=True)
        if outcome.key.weak and verdict.key != outcome.key.key
    }
    if again:
        keys = sorted(again)
        connection.execute(QUERIES["see_keys"], {"keys": keys, "seen_at": [again[key] for key in keys]})


def _new_epochs(
    connection: Connection,
    outcomes: Sequence[Outcome],
    verdicts: list[Verdict],
    clashes: list[int],
    staging: Staging,
) -> None:
    """A known key with another payload: stored under a key of both, under which a repetition is recognised too."""
    first: dict[UUID, int] = {}
    for number in clashes:
        key = outcomes[number].key
        verdicts[number].key = derived_key(key.key, key.payload_hash.bytes)
        first.setdefault(verdicts[number].key, number)
    connection.execute(QUERIES["forget_staged"])
    known = _claim(connection, {key: outcomes[number] for key, number in first.items()}, staging)
    for number in clashes:
        repeats = verdicts[number].key in known or first[verdicts[number].key] != number
        verdicts[number].duplicate = repeats
        verdicts[number].new_epoch = not repeats


def _claim(connection: Connection, wanted: dict[UUID, Outcome], staging: Staging) -> dict[UUID, _Seen]:
    """Enter keys; return what stood there already under those that were known."""
    keys = sorted(wanted, key=lambda key: key.bytes)
    hashes = b"".join(wanted[key].key.payload_hash.bytes for key in keys)
    columns = (
        Column(name="row", type="int4", values=np.arange(len(keys))),
        Column(name="key", type="uuid", values=np.frombuffer(b"".join(key.bytes for key in keys), "V16")),
        Column(name="payload_hash", type="uuid", values=np.frombuffer(hashes, "V16")),
        Column(
            name="seen_at",
            type="timestamptz",
            values=micros([wanted[key].message.received_at for key in keys]),
        ),
    )
    write(connection, "stage_key", columns, staging)
    there = [row for (row,) in connection.execute(QUERIES["claim_keys"])]
    if not there:
        return {}
    found = connection.execute(QUERIES["known_keys"], {"rows": there}).fetchall()
    return {keys[row]: _Seen(payload_hash, seen_at) for row, payload_hash, seen_at in found}


def derived_key(key: UUID, salt: bytes) -> UUID:
    """A key for another message under the same identity."""
    return UUID(bytes=hashlib.blake2b(key.bytes + salt, digest_size=16).digest())
