"""Fixtures for all tests: real servers, fresh for each test where it matters."""

pytest_plugins = ["tests.fixtures.databases", "tests.fixtures.brokers", "tests.fixtures.timescale"]
