"""The demo's MQTT broker: Mosquitto where it is installed, else amqtt, on the loopback interface with passwords."""

import base64
import hashlib
import os
import secrets
import shutil
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from domain.errors import LandpulsError
from landpuls.demo.secrets import FLEET_USER, INGEST_USER, Secrets

HOST = "127.0.0.1"
ALSO_LOOKED_AT = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")
"""Where packages put Mosquitto; the PATH of ordinary users often leaves these out."""
MAX_PACKET_BYTES = 2_097_152
PBKDF2_ROUNDS = 101
"""Mosquitto's own number; the passwords are random and 192 bits long, so there is nothing to guess."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Broker:
    """A broker that is ready to be started."""

    name: str
    remark: str
    command: tuple[str, ...]
    port: int


def choose_broker(folder: Path, port: int, known: Secrets) -> Broker:
    """Write the broker's configuration and say how to start it.

    Raises
    ------
    LandpulsError
        If there is neither Mosquitto nor amqtt.
    """
    executable = find_mosquitto()
    if executable is not None:
        config = write_mosquitto(folder, port, known)
        return Broker(
            name="Mosquitto",
            remark=f"{executable}, its queue in {folder}",
            command=(executable, "-c", str(config)),
            port=port,
        )
    if find_spec("amqtt") is None:
        raise LandpulsError(
            "There is no MQTT broker: install Mosquitto (Debian: apt-get install mosquitto), or amqtt "
            "(pip install 'landpuls[demo]')."
        )
    config = write_amqtt(folder, port, known)
    return Broker(
        name="amqtt",
        remark="no Mosquitto found; amqtt forgets queued messages when it stops, so use it for trying only",
        command=(sys.executable, "-P", "-m", "amqtt.scripts.broker_script", "-c", str(config)),
        port=port,
    )


def find_mosquitto(path: str | None = None) -> str | None:
    """Return Mosquitto's path, also from where ordinary users do not look."""
    path = os.environ.get("PATH", os.defpath) if path is None else path
    return shutil.which("mosquitto", path=os.pathsep.join([path, *ALSO_LOOKED_AT]))


def write_mosquitto(folder: Path, port: int, known: Secrets) -> Path:
    """Write configuration, passwords and access rules; return the configuration's path."""
    passwords, rules = folder / "passwords", folder / "rules"
    _write(
        passwords,
        f"{INGEST_USER}:{mosquitto_hash(known.ingest_password)}\n"
        f"{FLEET_USER}:{mosquitto_hash(known.fleet_password)}\n",
    )
    _write(rules, f"user {INGEST_USER}\ntopic read #\n\nuser {FLEET_USER}\ntopic readwrite #\n")
    lines = [
        f"listener {port} {HOST}",
        "allow_anonymous false",
        f"password_file {passwords}",
        f"acl_file {rules}",
        "persistence true",
        f"persistence_location {folder}/",
        "autosave_interval 30",
        # Nothing queued for the ingest worker may be dropped, however long the database is away.
        "max_queued_messages 0",
        "max_queued_bytes 0",
        "max_inflight_messages 0",
        # As in deploy/: what is longer is no uplink, and is not worth the memory of all who would carry it.
        f"max_packet_size {MAX_PACKET_BYTES}",
        "persistent_client_expiration 14d",
        "set_tcp_nodelay true",
        "log_dest stderr",
        "log_type error",
        "log_type warning",
        "log_type notice",
        *(["user root"] if os.geteuid() == 0 else []),
    ]
    return _write(folder / "mosquitto.conf", "\n".join(lines) + "\n")


def mosquitto_hash(password: str, salt: bytes | None = None) -> str:
    """Return a password as mosquitto_passwd(1) writes it: PBKDF2 with SHA-512."""
    salt = secrets.token_bytes(12) if salt is None else salt
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, PBKDF2_ROUNDS)
    return f"$7${PBKDF2_ROUNDS}${_base64(salt)}${_base64(digest)}"


def write_amqtt(folder: Path, port: int, known: Secrets) -> Path:
    """Write configuration and passwords for amqtt; return the configuration's path."""
    from pwdlib.hashers.argon2 import Argon2Hasher

    hasher = Argon2Hasher(time_cost=1, memory_cost=1024, parallelism=1)
    passwords = _write(
        folder / "amqtt-passwords",
        f"{INGEST_USER}:{hasher.hash(known.ingest_password)}\n"
        f"{FLEET_USER}:{hasher.hash(known.fleet_password)}\n",
    )
    return _write(
        folder / "amqtt.yaml",
        f"listeners:\n  default:\n    type: tcp\n    bind: {HOST}:{port}\n"
        "session_expiry_interval: 1209600\n"
        "plugins:\n"
        f"  amqtt.plugins.authentication.FileAuthPlugin:\n    password_file: {passwords}\n",
    )


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _write(file: Path, text: str) -> Path:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(text)
    return file
