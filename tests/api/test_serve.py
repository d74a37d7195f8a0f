"""Running the service as a process: it listens, answers, and ends when it is told to."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from api.config import ApiConfig
from api.serve import serve
from domain.errors import UsageError

SERVE = """
import sys
from api.config import ApiConfig
from api.serve import serve
sys.exit(serve(ApiConfig(database_url=sys.argv[1], port=int(sys.argv[2]))))
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ends_cleanly(database, number):
    """Told to stop, the service ends with 0, also while clients are connected."""
    port = _free_port()
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, database, str(port)], cwd=root, env=os.environ | {}
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            _wait_until_ready(client, process)
            process.send_signal(number)
            assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()


def test_port_in_use():
    """A port that another program has is a message that says what to do."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UsageError, match=f"Port {port} .* --port"):
            serve(ApiConfig(database_url="", port=port))


def _wait_until_ready(client: httpx.Client, process: subprocess.Popen) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        assert process.poll() is None
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the service never became ready")
