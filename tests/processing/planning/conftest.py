"""The region that plans are drafted in."""

import pytest

from storage.database import Connection
from tests.processing.planning.region import Place, add_place


@pytest.fixture
def place(owner: Connection) -> Place:
    """Two municipalities, an association with a depot, a facility for paper, and one vehicle."""
    return add_place(owner)
