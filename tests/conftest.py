"""Fixtures for all tests: real servers, fresh for each test where it matters."""

import os
from pathlib import Path

import pytest

from landpuls.kernels import use_cache
from landpuls.settings.places import default_home

pytest_plugins = ["tests.fixtures.databases", "tests.fixtures.brokers", "tests.fixtures.timescale"]


def pytest_configure() -> None:
    """Let tests and the processes they start find the kernels that ``make setup`` compiled."""
    use_cache(Path(os.environ.get("LANDPULS_HOME") or default_home()))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together on one worker of pytest-xdist what shares something that takes long to make."""
    for item in items:
        if group := _group(item):
            item.add_marker(pytest.mark.xdist_group(group))


def _group(item: pytest.Item) -> str | None:
    if item.get_closest_marker("timescale"):
        return "timescale"
    fixtures = getattr(item, "_fixtureinfo").name2fixturedefs.values()  # noqa: B009
    shares = any(one.scope == "module" and one.baseid for defined in fixtures for one in defined)
    return item.nodeid.partition("::")[0] if shares else None
