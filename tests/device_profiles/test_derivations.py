"""What is computed from what devices send, and what is left to storage."""

from datetime import timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_profiles.decode import decode
from device_profiles.encode import encode
from device_profiles.geometry import distance_m, fill_percent
from device_profiles.parse import parse_profile
from device_profiles.profile import DerivationKind
from device_profiles.registry import bundled
from domain.errors import ProfileError
from domain.quality import Quality
from domain.quantities import Aggregation
from domain.things import DatastreamKey

PROFILES = {profile.key: profile for profile in bundled()}
GEOMETRY = {"empty_distance_m": 1.2, "full_distance_m": 0.2, "bottom_ratio": 0.6}


class TestGeometry:
    @pytest.mark.parametrize(
        ("shape", "distance", "percent"),
        [
            ("straight", 1.2, 0),
            ("straight", 0.7, 50),
            ("straight", 0.2, 100),
            ("cylinder", 0.7, 50),
            ("cylinder", 0.95, 19.5501),
            ("tapered", 0.7, 100 * (0.8**3 - 0.6**3) / (1 - 0.6**3)),
        ],
    )
    def test_known_volumes(self, shape, distance, percent):
        """Volumes agree with the formulas of a prism, a frustum and a segment of a circle."""
        assert fill_percent(distance, {**GEOMETRY, "shape": shape})[0] == pytest.approx(percent, abs=1e-3)

    @given(percent=st.floats(0, 100), shape=st.sampled_from(["straight", "tapered", "cylinder"]))
    def test_distance_is_the_reverse(self, percent, shape):
        """A simulator that turns a fill level into a distance gets the level back."""
        parameters = {**GEOMETRY, "shape": shape}
        assert fill_percent(distance_m(percent, parameters), parameters)[0] == pytest.approx(
            percent, abs=1e-6
        )

    @given(distances=st.lists(st.floats(0, 3), min_size=2, max_size=2).map(sorted))
    def test_nearer_is_never_emptier(self, distances):
        """In every shape waste that is nearer to the lid means at least as much of it."""
        for shape in ("straight", "tapered", "cylinder"):
            near, far = (fill_percent(one, {**GEOMETRY, "shape": shape})[0] for one in distances)
            assert near >= far

    def test_beyond_the_container_is_limited_and_said(self):
        """A distance behind the floor is 0 %, limited; one before the full line is 100 %, limited."""
        parameters = {**GEOMETRY, "shape": "straight"}
        assert fill_percent(1.5, parameters) == (0, True)
        assert fill_percent(0.1, parameters) == (100, True)

    def test_a_container_without_depth_is_refused(self):
        """A floor nearer than the full line is a mistake of the installation, and said to be."""
        with pytest.raises(ProfileError, match="correct empty_distance_m"):
            fill_percent(1, {**GEOMETRY, "empty_distance_m": 0.1, "shape": "straight"})


EUI = "A84041000181B3C2"


def _send(town, profile, values, frame=None, **more):
    port, payload = encode(profile, values, frame=frame)
    content = (
        {"payload_hex": payload.hex(), "f_port": port} if isinstance(payload, bytes) else {"values": payload}
    )
    body = orjson.dumps({"id": "1", "network_time": "2026-05-04T06:15:00Z", **content, **more})
    return town.interpret(f"landpuls/v1/120660000000/{EUI}/up", body)


class TestCounts:
    @pytest.fixture
    def values(self):
        """84 cars and 3 lorries from the left, nothing from the right."""
        sides = [f"{side}_{group}" for side in ("left", "right") for group in range(4)]
        values = {f"{side}_{what}": 0 for side in sides for what in ("count", "speed")}
        counts = {"left_1_count": 84, "left_1_speed": 49, "left_3_count": 3, "left_3_speed": 44}
        return values | counts | {"battery": 4.1, "temperature": 20}

    def test_interval_readings_stand_at_the_begin(self, town, now, values):
        """Counts and speeds of a quarter of an hour are stamped with its begin and carry their period."""
        installation = town.install(EUI, PROFILES["parametric/tcr"])
        outcome = _send(town, PROFILES["parametric/tcr"], values)
        key = DatastreamKey(quantity="vehicle_count", qualifier="class=car;direction=1")
        reading = next(one for one in outcome.readings if one.datastream_id == installation.datastreams[key])
        assert (reading.value, reading.time, reading.period_s) == (84, now - timedelta(seconds=900), 900)

    def test_a_mean_speed_carries_its_count(self, town, values):
        """A speed is weighted with the vehicles behind it; without vehicles there is none."""
        installation = town.install(EUI, PROFILES["parametric/tcr"])
        outcome = _send(town, PROFILES["parametric/tcr"], values)
        speeds = {
            ds: key.qualifier for key, ds in installation.datastreams.items() if key.quantity == "speed"
        }
        found = {
            speeds[one.datastream_id]: (one.value, one.weight)
            for one in outcome.readings
            if one.datastream_id in speeds
        }
        assert found == {"class=car;direction=1": (49, 84), "class=lorry;direction=1": (44, 3)}

    def test_flow_is_the_sum_over_classes_by_the_hour(self, town, values):
        """87 vehicles in a quarter of an hour are 348 an hour."""
        town.install(EUI, PROFILES["parametric/tcr"])
        found = town.values(_send(town, PROFILES["parametric/tcr"], values))
        assert found["flow", "direction=1"] == 348
        assert found["flow", "direction=2"] == 0

    def test_classes_and_interval_are_those_of_the_place(self, town, now, values):
        """An installation's parameters name the groups and give the interval."""
        town.install(EUI, PROFILES["parametric/tcr"], {"class_3": "bus", "interval_s": 300})
        outcome = _send(town, PROFILES["parametric/tcr"], values)
        assert town.values(outcome)["vehicle_count", "class=bus;direction=1"] == 3
        assert now - timedelta(seconds=300) in {one.time for one in outcome.readings}


PASSAGES = parse_profile("""
vendor = "acme"
device = "loop"
name = "Loop"
version = 1
kind = "counter"
method = "struct"
description = "Single vehicles, several in an uplink"
source = "made up"

[[frame]]
name = "vehicles"
ports = [5]
  [[frame.field]]
  name = "many"
  offset = 0
  type = "u8"
  role = "spare"
  [frame.passages]
  offset = 1
  stride = 5
  count = "many"
  class_by_length = [
    { below_m = 2.5, class = "motorcycle" },
    { below_m = 6.5, class = "car" },
    { below_m = 30, class = "lorry" },
  ]
    [[frame.passages.field]]
    role = "age"
    offset = 0
    type = "u16"
    unit = "s"
    [[frame.passages.field]]
    role = "speed"
    offset = 2
    type = "u8"
    unit = "km/h"
    range = [0, 200]
    [[frame.passages.field]]
    role = "length"
    offset = 3
    type = "u8"
    unit = "dm"
    [[frame.passages.field]]
    role = "direction"
    offset = 4
    type = "u8"
    map = { 0 = 1, 1 = 2 }

[[derivation]]
kind = "passages_to_counts"
directions = [1, 2]
classes = ["motorcycle", "car", "lorry"]
""")


class TestPassages:
    @pytest.fixture
    def town(self, town):
        """A town that knows the loop."""
        town.profiles = type(town.profiles)([*bundled(), PASSAGES])
        town.install(EUI, PASSAGES)
        return town

    def test_each_record_is_a_vehicle_at_its_own_time(self, town, now):
        """Age, speed, length and direction of every record become a passage, its class by its length."""
        sent = [
            {"age_s": 40, "speed_kmh": 52, "length_m": 4.2, "direction": 1},
            {"age_s": 40, "speed_kmh": 50, "length_m": 16.5, "direction": 1},
            {"age_s": 3, "speed_kmh": 250, "length_m": 2.1, "direction": 2},
        ]
        passages = _send(town, PASSAGES, {"passages": sent}).passages
        assert [(now - one.time).total_seconds() for one in passages] == [40, 40, 3]
        assert [one.vehicle_class for one in passages] == ["car", "lorry", "motorcycle"]
        assert [one.direction for one in passages] == [1, 1, 2]
        assert [one.ordinal for one in passages] == [0, 1, 2]
        assert [one.quality for one in passages] == [Quality.GOOD, Quality.GOOD, Quality.IMPLAUSIBLE]

    @given(
        sent=st.lists(
            st.fixed_dictionaries(
                {
                    "age_s": st.integers(0, 65535),
                    "speed_kmh": st.integers(0, 255),
                    "length_m": st.integers(0, 255).map(lambda dm: dm / 10),
                    "direction": st.sampled_from([1, 2]),
                }
            ),
            max_size=48,
        )
    )
    def test_any_number_of_vehicles_comes_back(self, sent):
        """As many vehicles as fit are encoded and decoded in their order."""
        port, payload = encode(PASSAGES, {"passages": sent})
        names = ("age_s", "speed_kmh", "length_m", "direction")
        found = [
            {name: getattr(one, name) for name in names} for one in decode(PASSAGES, payload, port).vehicles
        ]
        assert found == sent

    def test_a_record_cut_off_is_refused(self, town):
        """Fewer records than announced are a damaged payload, and nothing of it is stored."""
        body = {
            "id": "1",
            "network_time": "2026-05-04T06:15:00Z",
            "f_port": 5,
            "payload_hex": "02 0028342a00",
        }
        outcome = town.interpret(f"landpuls/v1/120660000000/{EUI}/up", orjson.dumps(body))
        assert "2 vehicles are announced and 1 are there" in (outcome.detail or "")

    def test_a_cameras_time_is_the_vehicles_time(self, town, now):
        """A JSON device's own timestamp is the passage's time; one of next year gives way and is flagged."""
        town.devices.clear()
        town.install(EUI, PROFILES["swarm/crossing-line"])
        vehicle = {"direction": 2, "vehicle_class": "lorry", "speed_kmh": 61.5}
        times = (now - timedelta(seconds=2.5), now + timedelta(days=365))
        good, bad = (
            _send(town, PROFILES["swarm/crossing-line"], {"passages": [{**vehicle, "time": time}]}).passages[
                0
            ]
            for time in times
        )
        assert (good.time, good.quality) == (now - timedelta(seconds=2.5), Quality.GOOD)
        assert (bad.time, bad.quality) == (now, Quality.TIME_REPLACED)


class TestDatastreams:
    def test_storage_learns_what_to_compute(self):
        """Differences and counts of vehicles say what they come from, and that storage computes them."""
        specs = {spec.key: spec for spec in PROFILES["emu/professional-ii"].datastreams()}
        spec = specs[DatastreamKey(quantity="energy", qualifier="flow=import;tariff=1")]
        assert spec.derivation is DerivationKind.DIFFERENCE
        assert spec.derived_from == (
            DatastreamKey(quantity="energy_total", qualifier="flow=import;tariff=1"),
        )
        assert spec.computed_by_storage
        assert (spec.max_step, spec.unit, spec.aggregation) == (10_000, "kW.h", Aggregation.SUM)

    def test_a_speed_of_passages_is_weighted_by_their_count(self):
        """The mean speed of a quarter of an hour names the count behind it."""
        specs = {spec.key: spec for spec in PASSAGES.datastreams()}
        spec = specs[DatastreamKey(quantity="speed", qualifier="class=car;direction=2")]
        assert spec.weight == DatastreamKey(quantity="vehicle_count", qualifier="class=car;direction=2")
        assert (spec.period_s, spec.derivation) == (900, DerivationKind.PASSAGES_TO_COUNTS)

    def test_radio_quality_is_optional(self):
        """LoRaWAN devices have signal datastreams that may be left out, JSON devices have none."""
        optional = {spec.quantity for spec in PROFILES["bosch/tps110"].datastreams() if spec.optional}
        assert optional == {"rssi", "snr"}
        assert not any(spec.optional for spec in PROFILES["swarm/crossing-line"].datastreams())


def test_the_meters_clock_is_the_reading_time(town, now):
    """A meter that sends its own time is believed within 30 days back and 5 minutes ahead, else replaced."""
    profile = PROFILES["emu/professional-ii"]
    town.install(EUI, profile)
    kept = _send(town, profile, {"time": now - timedelta(hours=3), "import_t1": 12.5})
    replaced = _send(town, profile, {"time": now - timedelta(days=31), "import_t1": 12.5})
    assert {one.time for one in kept.readings} == {now - timedelta(hours=3)}
    assert {one.time for one in replaced.readings} == {now}
    assert all(one.quality == Quality.TIME_REPLACED for one in replaced.readings)
