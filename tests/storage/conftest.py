"""A small yard to receive messages from: two organisations, four kinds of things."""

import pytest

from tests.storage.yard import Yard, build_yard


@pytest.fixture
def yard(owner) -> Yard:
    """A container, a counter, a meter and a passage counter of one organisation, a container of another."""
    made = build_yard(owner)
    owner.commit()
    return made
