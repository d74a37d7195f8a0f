"""The database as ingest uses it: one connection, opened when needed and thrown away after any failure."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import psycopg

from device_profiles.interpret import interpret
from device_profiles.registry import Profiles
from domain.errors import StorageError
from domain.messages import Message, Outcome
from ingest.pipeline import Interpret
from storage.batch import BatchResult, CommitInDoubt, commit_batch, has_committed
from storage.database import Connection, connect
from storage.directory import DatabaseDirectory


class DatabaseStore:
    """Registry of devices, profiles and the batch writer behind the one interface that `Writer` needs.

    Raises
    ------
    ProfileError
        If a profile in `profiles_folder` cannot be used.
    """

    def __init__(self, url: str, profiles_folder: Path | None = None) -> None:
        self._url = url
        self._profiles = Profiles.load(profiles_folder)
        self._directory = DatabaseDirectory(self._connect)
        self._connection: Connection | None = None
        self._doubt: tuple[list[Message], CommitInDoubt] | None = None

    def interpreter(self) -> Interpret:
        """Return `interpret` with the devices as they are registered now."""
        self._directory.refresh_if_changed()
        return partial(interpret, directory=self._directory, profiles=self._profiles)

    def commit(self, outcomes: Sequence[Outcome]) -> BatchResult:
        """Commit all of the outcomes in one transaction, or none.

        A batch given again after its commit was in doubt is written only if the server says that it has not
        committed: else each message would have a second row, as a duplicate that nobody sent.
        """
        if self._connection is None:
            self._connection = self._connect()
        messages = [outcome.message for outcome in outcomes]
        if self._doubt is not None and self._doubt[0] == messages:
            doubt = self._doubt[1]
            if has_committed(self._connection, doubt.transaction):
                self._doubt = None
                return doubt.result
        self._doubt = None
        try:
            return commit_batch(self._connection, outcomes)
        except CommitInDoubt as doubt:
            self._doubt = (messages, doubt)
            raise

    def close(self) -> None:
        """Close the connections; the next use opens others."""
        with suppress(psycopg.Error):
            self._directory.close()
        if self._connection is not None:
            with suppress(psycopg.Error, StorageError):
                self._connection.close()
        self._connection = None

    def _connect(self) -> Connection:
        return connect(self._url, "ingest")
