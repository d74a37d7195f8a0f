"""Fixtures for all tests: real servers, fresh for each test where it matters."""

import os
import signal
from pathlib import Path

from landpuls.kernels import use_cache
from landpuls.settings.places import default_home

pytest_plugins = ["tests.fixtures.databases", "tests.fixtures.brokers", "tests.fixtures.timescale"]


def pytest_configure() -> None:
    """Let tests and the processes they start find the kernels that ``make setup`` compiled, and heed Ctrl-C.

    A shell's background job ignores SIGINT, and so would each process that it starts.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    use_cache(Path(os.environ.get("LANDPULS_HOME") or default_home()))
