"""The yard that storage's tests use, with a container standing in its slot."""

import pytest

from domain.things import WasteFraction
from storage import registry
from tests.storage.yard import Yard, build_yard


@pytest.fixture
def yard(owner) -> Yard:
    """A container, counters and a meter of one organisation."""
    made = build_yard(owner)
    site = registry.add_site(
        owner, organisation_id=made.organisation, key="s", name="S", longitude=14.0, latitude=51.5
    )
    owner.execute("UPDATE thing SET site_id = %s WHERE id = %s", (site, made.container))
    registry.add_container(
        owner,
        thing_id=made.container,
        waste_fraction=WasteFraction.PAPER,
        volume_l=1100,
        density_kg_l=0.05,
    )
    owner.commit()
    return made
