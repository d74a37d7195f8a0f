"""Fixtures for all tests: real servers, fresh for each test where it matters."""

import os
from pathlib import Path

from landpuls.kernels import use_cache
from landpuls.settings.places import default_home

pytest_plugins = ["tests.fixtures.databases", "tests.fixtures.brokers", "tests.fixtures.timescale"]


def pytest_configure() -> None:
    """Let tests and the processes they start find the kernels that ``make setup`` compiled."""
    use_cache(Path(os.environ.get("LANDPULS_HOME") or default_home()))
