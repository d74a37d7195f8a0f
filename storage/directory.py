"""Registered devices in memory, read anew when the registry has changed: ingest asks for one at every message."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg.rows import dict_row

from domain.things import DatastreamKey, Installation, KnownDevice
from storage.database import Connection, our_error
from storage.queries import Queries

QUERIES = Queries("directory.sql")


class DatabaseDirectory:
    """Implements `domain.things.Directory` with what the database holds.

    Parameters
    ----------
    connect
        Opens a connection (role ingest or worker); it is kept, and opened anew after a failure.

    Raises
    ------
    DatabaseUnavailable
        From `refresh` and `refresh_if_changed` when the database is away; what was read before stays usable.
    """

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._connection: Connection | None = None
        self._version: int | None = None
        self._by_name: dict[tuple[str, str], KnownDevice] = {}
        self._by_eui: dict[str, KnownDevice] = {}

    def find(self, device_key: str, organisation_key: str | None = None) -> KnownDevice | None:
        """Return the device, or None. Without an organisation the key is a DevEUI, unique everywhere."""
        if organisation_key is None:
            return self._by_eui.get(device_key.lower())
        return self._by_name.get((organisation_key, device_key))

    def refresh_if_changed(self) -> bool:
        """Read the registry anew if it has changed since the last time; say whether it had. One small query if not."""
        version = self._read("version")[0]["version"]
        if version == self._version:
            return False
        self.refresh()
        return True

    def refresh(self) -> None:
        """Read the whole registry."""
        version = self._read("version")[0]["version"]
        datastreams: dict[int, dict[DatastreamKey, int]] = defaultdict(dict)
        for row in self._read("datastreams"):
            key = DatastreamKey(quantity=row["quantity"], qualifier=row["qualifier"])
            datastreams[row["thing_id"]][key] = row["id"]
        installations: dict[int, list[Installation]] = defaultdict(list)
        for row in self._read("installations"):
            one = Installation(**row, datastreams=datastreams[row["thing_id"]])
            installations[one.device_id].append(one)
        devices = [
            KnownDevice(**row, installations=tuple(installations[row["id"]])) for row in self._read("devices")
        ]
        self._by_name = {(one.organisation_key, one.key): one for one in devices}
        self._by_eui = {one.key: one for one in devices if len(one.key) == 16}
        self._version = version

    def close(self) -> None:
        """Close the connection, if one is open."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _read(self, query: str) -> list[dict[str, Any]]:
        try:
            if self._connection is None or self._connection.closed:
                self._connection = self._connect()
                self._connection.autocommit = True
            with self._connection.cursor(row_factory=dict_row) as cursor:
                return cursor.execute(QUERIES[query]).fetchall()
        except psycopg.Error as error:
            self.close()
            raise our_error(error) from error
