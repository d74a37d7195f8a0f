"""The bundled profiles: their own vectors, and the real uplinks of the shared test data."""

import pytest

from device_profiles import vectors
from device_profiles.profile import Profile
from device_profiles.registry import bundled
from domain.things import ThingKind

BUNDLED = {profile.key: profile for profile in bundled()}


def test_each_kind_of_thing_has_a_profile():
    """Containers, counters, meters and parking bays can be equipped out of the box."""
    assert {profile.kind for profile in BUNDLED.values()} == set(ThingKind)


@pytest.mark.parametrize("profile", BUNDLED.values(), ids=BUNDLED)
class TestEachProfile:
    def test_its_vectors_pass(self, profile: Profile):
        """Every test vector inside the profile comes to what it says."""
        results = vectors.check_profiles([profile])
        assert [(one.note, one.faults) for one in results if not one.passed] == []

    def test_it_has_a_vector_for_each_frame_and_for_refusal(self, profile: Profile):
        """Each kind of message that is stored has a vector, and one shows what is refused."""
        assert any(vector.refused for vector in profile.vectors)
        assert sum(not vector.refused for vector in profile.vectors) >= 2

    def test_its_datastreams_are_distinct(self, profile: Profile):
        """No two datastreams of an installation are the same."""
        keys = [spec.key for spec in profile.datastreams()]
        assert len(set(keys)) == len(keys)
        assert profile.complete() == profile.defaults
