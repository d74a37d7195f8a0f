"""A connection that dies during COMMIT: the server knows what became of the batch, and it is written once."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from domain.messages import Message
from ingest.stop import Stop
from ingest.store import DatabaseStore
from ingest.writer import Writer
from storage.database import Connection
from tests.ingest.conftest import Tables, uplink

COMMIT = b"COMMIT\0"
HOUR = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
STORED, DUPLICATE = 1, 2


@dataclass
class Wire:
    """Carries bytes between a client and PostgreSQL; while `armed`, it breaks at a COMMIT."""

    url: str
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    armed: bool = False
    passes_commit: bool = True
    cuts: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)

    def through(self) -> str:
        """The database's address by way of this wire."""
        host, port = self.listener.getsockname()
        return make_conninfo(self.url, host=host, port=port, sslmode="disable", gssencmode="disable")

    def carry(self) -> None:
        """Serve connections until the listener is closed."""
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client, self._server() as server:  # either side may be gone first
            threading.Thread(target=self._answers, args=(server, client), daemon=True).start()
            while data := _received(client):
                if self.armed and COMMIT in data:
                    self.armed = False
                    self.cuts += 1
                    client.shutdown(socket.SHUT_RDWR)
                    if self.passes_commit:
                        server.sendall(data)
                        server.sendall(b"X\0\0\0\4")
                        self._ended.wait(10)
                    else:
                        server.shutdown(socket.SHUT_RDWR)
                    return
                server.sendall(data)

    def _answers(self, server: socket.socket, client: socket.socket) -> None:
        while data := _received(server):
            try:
                client.sendall(data)
            except OSError:
                continue
        self._ended.set()

    def _server(self) -> socket.socket:
        known = conninfo_to_dict(self.url)
        host, port = str(known["host"]), int(known.get("port") or 5432)
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        one = socket.socket(socket.AF_UNIX)
        one.connect(f"{host}/.s.PGSQL.{port}")
        return one


def _received(one: socket.socket) -> bytes:
    try:
        return one.recv(65_536)
    except OSError:
        return b""


@pytest.fixture
def wire(database: str) -> Iterator[Wire]:
    """A wire to the test's database."""
    one = Wire(database)
    thread = threading.Thread(target=one.carry, daemon=True)
    thread.start()
    yield one
    one.listener.shutdown(socket.SHUT_RDWR)
    one.listener.close()
    thread.join(10)


@pytest.fixture
def store(wire: Wire, region: int) -> Iterator[DatabaseStore]:
    """The worker's store at the other end of the wire."""
    one = DatabaseStore(wire.through())
    yield one
    one.close()


def messages(*numbers: int) -> list[Message]:
    """Uplinks as they were received."""
    sent = [uplink(number, at=HOUR + timedelta(seconds=number)) for number in numbers]
    return [Message(topic=topic, payload=payload, received_at=datetime.now(UTC)) for topic, payload in sent]


@pytest.mark.parametrize("passes_commit", [True, False])
def test_a_batch_whose_commit_is_in_doubt_is_written_once(
    passes_commit: bool, wire: Wire, store: DatabaseStore, tables: Tables
) -> None:
    """Whether or not the server got the COMMIT, each message has one row, repetitions in the batch included."""
    writer = Writer(store, stop=Stop(), random=Random(1))
    assert writer.write(messages(1)) is not None
    wire.passes_commit, wire.armed = passes_commit, True
    written = writer.write(messages(1, 2, 3, 3))
    assert wire.cuts == 1
    assert written is not None
    assert (written.tally.received, written.tally.stored, written.tally.duplicate) == (4, 2, 2)
    assert sorted(row[0] for row in tables.messages()) == [STORED] * 3 + [DUPLICATE] * 2
    again = writer.write(messages(4))
    assert again is not None
    assert tables.count() == 6


def test_what_the_database_refuses_goes_to_quarantine_alone(
    region: int, database: str, owner: Connection, tables: Tables
) -> None:
    """A row that the database rejects in spite of all care is quarantined with its words; its neighbours are stored."""
    owner.execute("ALTER TABLE message ADD CONSTRAINT picky CHECK (f_cnt <> 13 OR outcome <> 1)")
    owner.commit()
    store = DatabaseStore(database)
    written = Writer(store, stop=Stop(), random=Random(1)).write(messages(*range(11, 16)))
    store.close()
    assert written is not None
    assert (written.tally.stored, written.tally.quarantined) == (4, 1)
    aside = tables.rows("SELECT f_cnt, reason, detail FROM message WHERE outcome = 3")
    assert [(number, reason) for number, reason, _ in aside] == [(13, "codec_failed")]
    assert "picky" in aside[0][2]
