"""The bundled profiles: their own vectors, and the real uplinks of the shared test data."""

import json
import os
from pathlib import Path

import pytest

from device_profiles import vectors
from device_profiles.decode import decode
from device_profiles.profile import Profile
from device_profiles.registry import bundled
from domain.errors import DecodeError
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


def _real_uplinks(codec: str) -> list[dict[str, object]]:
    folder = os.environ.get("LANDPULS_TEST_DATA")
    path = Path(folder or ".") / "payloads" / "lorawan-devices-apache-vectors.jsonl"
    if folder is None or not path.is_file():
        pytest.skip("set LANDPULS_TEST_DATA to the folder of the shared test data (it holds payloads/)")
    with path.open(encoding="utf-8") as lines:
        return [one for one in map(json.loads, lines) if codec in one["codec"]]


def _values(profile_key: str, uplink: dict) -> dict[str, float]:
    given = uplink["input"]
    found = decode(BUNDLED[profile_key], bytes(given["bytes"]), given.get("fPort"))
    return {one.field.name: one.value for one in found.values}


@pytest.mark.data
class TestRealUplinks:
    def test_dingtek(self):
        """Level, temperature and alarms agree with the maker's own decoder."""
        uplinks = [one for one in _real_uplinks("dingtek/df702") if "level" in one["output"]["data"]]
        for uplink in uplinks:
            expected, values = uplink["output"]["data"], _values("dingtek/df702", uplink)
            assert values["distance"] == int(expected["level"].removesuffix(" mm")) / 1000
            assert values["temperature"] == int(expected["temperature"].split()[0])
        assert len(uplinks) == 2

    def test_bosch(self):
        """Occupancy and temperature agree in all three kinds of message."""
        uplinks = _real_uplinks("bosch/tps110")
        for uplink in uplinks:
            expected, values = uplink["output"]["data"], _values("bosch/tps110", uplink)
            assert values["occupied"] == expected["occupied"]
            assert values.get("temperature") == expected.get("temperature")
        assert len(uplinks) == 3

    def test_emu(self):
        """Every active energy register agrees, and the meter's clock with it."""
        uplinks = [one for one in _real_uplinks("emu/emu-prof-ii") if one["input"]["fPort"] == 1]
        names = {
            f"Active Energy {flow.title()} T{tariff}": f"{flow}_t{tariff}"
            for flow in ("import", "export")
            for tariff in (1, 2)
        }
        for uplink in uplinks:
            expected, values = uplink["output"]["data"], _values("emu/professional-ii", uplink)
            wanted = {
                name: expected[title]["value"] / 1000 for title, name in names.items() if title in expected
            }
            assert values == wanted
        assert len(uplinks) == 2

    def test_other_devices_never_do_harm(self):
        """Real uplinks of other devices are refused or read, and nothing else ever happens."""
        refused = 0
        for uplink in _real_uplinks(""):
            for key, profile in BUNDLED.items():
                if profile.method == "json":
                    continue
                try:
                    _values(key, uplink)
                except DecodeError:
                    refused += 1
        assert refused > 4000
