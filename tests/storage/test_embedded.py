"""The embedded PostgreSQL: starts anywhere, shares, survives being killed, and says what is wrong."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import psycopg
import pytest

from domain.errors import StorageError
from storage import embedded
from storage.embedded import EmbeddedPostgres


@pytest.fixture
def home(tmp_path):
    """A home folder that does not exist yet."""
    return tmp_path / "home"


def server(home, **more):
    """A server that does not wait for the disk."""
    return EmbeddedPostgres(home, durable=False, **more)


def test_it_starts_stops_and_keeps_its_data(home):
    """Data of a first start are there at the second; nobody but the user may enter, and no port is open."""
    postgres = server(home)
    with postgres as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept (id int)")
            row = connection.execute("SELECT current_setting('listen_addresses')").fetchone()
            assert row == ("",)
        assert stat.S_IMODE(postgres.socket_folder().stat().st_mode) == 0o700
        assert postgres.pid is not None
    assert postgres.pid is None
    with server(home) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_second_process_joins_or_is_refused(home):
    """Commands use the running server; who needs the folder alone is told which process has it."""
    with server(home) as url:
        with server(home) as again:
            assert again == url
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        with pytest.raises(StorageError, match=rf"in use by process {os.getpid()}.*--home"):
            server(home, join=False).start()


def test_a_long_path_is_no_obstacle(tmp_path):
    """Sockets allow short paths only; a long home gets its socket elsewhere, in a folder of its own."""
    home = tmp_path / ("long" * 25)
    postgres = server(home)
    with postgres as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert len(str(postgres.socket_folder())) < 107


def test_a_killed_server_starts_again(home):
    """After kill -9 of server and starter alike the next start mends the data and goes on."""
    script = f"""
import sys, time
from pathlib import Path
from storage.embedded import EmbeddedPostgres
postgres = EmbeddedPostgres(Path({str(home)!r}))
postgres.start()
print(postgres.pid, flush=True)
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        starter.kill()
    assert Path(f"/proc/{pid}").exists()
    with server(home) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert not Path(f"/proc/{pid}").exists()
    postgres = server(home)
    postgres.start()
    assert postgres.pid is not None
    os.kill(postgres.pid, signal.SIGKILL)
    while postgres.pid is not None:
        time.sleep(0.01)
    postgres.stop()
    with server(home) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_stale_lock_file_is_forgotten(home):
    """A lock file whose number now belongs to another program does not keep the server from starting."""
    with server(home):
        pass
    (home / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{home}/postgres\n0\n5432\n\n\n")
    with server(home) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_another_major_version_is_explained(home):
    """Data of another PostgreSQL are left alone; the message says which, and what can be done."""
    (home / "postgres").mkdir(parents=True)
    (home / "postgres" / "PG_VERSION").write_text("15\n")
    with pytest.raises(StorageError, match=r"belongs to PostgreSQL 15, .* brings PostgreSQL \d+.*--fresh"):
        server(home).start()
    assert (home / "postgres" / "PG_VERSION").read_text() == "15\n"


def test_foreign_files_are_not_overwritten(home):
    """A folder with other things in it is no data folder."""
    (home / "postgres").mkdir(parents=True)
    (home / "postgres" / "letter.txt").write_text("dear reader")
    with pytest.raises(StorageError, match="move it away"):
        server(home).start()


def test_a_full_disk_is_explained(home, monkeypatch):
    """Before it half creates its data, it says how much room is missing."""
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(embedded.shutil, "disk_usage", lambda _: usage(10**9, 10**9, 5_000_000))
    with pytest.raises(StorageError, match=r"is full: 5 MB free, at least 200 MB"):
        server(home).start()
    monkeypatch.undo()
    with server(home):
        pass


def test_a_broken_configuration_is_quoted(home):
    """What PostgreSQL says when it does not start is in the message."""
    with server(home):
        pass
    with (home / "postgres" / "postgresql.conf").open("a") as config:
        config.write("max_wal_senders = many\n")
    with pytest.raises(StorageError, match=r"did not start.*postgres\.log"):
        server(home).start()


def test_the_socket_folder_must_be_ours(tmp_path):
    """A folder in the temporary directory that others may enter is refused, since the server trusts who connects."""
    postgres = server(tmp_path / ("long" * 25))
    folder = postgres.socket_folder()
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    try:
        with pytest.raises(StorageError, match="only you may enter"):
            postgres.start()
    finally:
        folder.rmdir()


def test_an_abandoned_creation_is_begun_anew(home):
    """A first start that was interrupted leaves nothing that a second one stumbles over."""
    (home / "postgres.new").mkdir(parents=True)
    (home / "postgres.new" / "half").write_text("")
    with server(home) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
