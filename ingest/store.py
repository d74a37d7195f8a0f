"""The database as ingest uses it: one connection, opened when needed and thrown away after any failure."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import psycopg

from device_profiles.interpret import interpret
from device_profiles.registry import Profiles
from domain.errors import StorageError
from domain.messages import Outcome
from ingest.pipeline import Interpret
from ingest.writer import Tally
from storage.batch import commit_batch
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

    def interpreter(self) -> Interpret:
        """Return `interpret` with the devices as they are registered now."""
        self._directory.refresh_if_changed()
        return partial(interpret, directory=self._directory, profiles=self._profiles)

    def commit(self, outcomes: Sequence[Outcome]) -> Tally:
        """Commit all of the outcomes in one transaction, or none."""
        if self._connection is None:
            self._connection = self._connect()
        result = commit_batch(self._connection, outcomes)
        return Tally(
            received=result.received,
            stored=result.stored,
            duplicate=result.duplicate,
            quarantined=result.quarantined,
            ignored=result.ignored,
            readings=result.readings,
        )

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
