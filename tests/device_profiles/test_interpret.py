"""From a message to its outcome: every kind of good and bad input ends as the design says."""

import base64
import json
import struct
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from device_profiles.parse import parse_profile
from domain.errors import DatabaseUnavailable
from domain.messages import MAX_PAYLOAD_BYTES, Outcome, OutcomeKind, Reason
from domain.quality import Quality
from domain.time import parse_instant

EUI = "A84041000181B3C2"
TOPIC = f"v3/bins@osl/devices/eui-{EUI.lower()}/up"
HALF = bytes.fromhex("800001011102d500150000000000002a81")


def things_stack(
    payload: bytes = HALF, *, f_cnt: int = 7, at: str = "2026-05-04T06:14:58.123456789Z", **more: Any
) -> bytes:
    """An uplink as The Things Stack writes it."""
    uplink = {
        "session_key_id": "AXBSH1Pk6Z0G166",
        "f_port": 3,
        "f_cnt": f_cnt,
        "frm_payload": base64.b64encode(payload).decode(),
        "rx_metadata": [{"rssi": -101, "snr": 4.5}, {"rssi": -87}],
        "received_at": at,
    }
    content = {
        "end_device_ids": {"device_id": "bin", "dev_eui": EUI},
        "received_at": at,
        "uplink_message": uplink,
    }
    return json.dumps({**content, **more}).encode()


@pytest.mark.usefixtures("bin_sensor")
class TestGoodInput:
    def test_an_uplink_becomes_readings(self, town):
        """Distance, temperature and tilt are stored in the system's units, with the fill level derived."""
        outcome = town.interpret(TOPIC, things_stack())
        assert outcome.kind is OutcomeKind.STORED
        assert (outcome.profile_key, outcome.profile_version, outcome.f_cnt) == ("dingtek/df702", 1, 7)
        values = town.values(outcome)
        assert values.pop(("fill_level", "")) == pytest.approx(50)
        assert values == {
            ("distance", ""): 0.725,
            ("temperature", ""): 21,
            ("tilt", ""): 0,
            ("rssi", ""): -87,
            ("snr", ""): 0,
        }

    def test_readings_stand_at_the_network_time(self, town):
        """Without a device clock the network server's time, cut to microseconds, is the phenomenon time."""
        outcome = town.interpret(TOPIC, things_stack())
        expected = parse_instant("2026-05-04T06:14:58.123456Z")
        assert {one.time for one in outcome.readings} == {expected}
        assert outcome.network_time == expected

    def test_a_fill_level_is_a_reading_of_its_message(self, town):
        """It follows from this message alone, so it is counted with it and is not flagged as restated by storage."""
        outcome = town.interpret(TOPIC, things_stack())
        flags = dict(zip(town.values(outcome), [one.quality for one in outcome.readings], strict=True))
        assert flags["fill_level", ""] is Quality.GOOD
        assert flags["distance", ""] is Quality.GOOD

    def test_status_flags_become_events(self, town):
        """Raised alarm bits are events at the thing."""
        outcome = town.interpret(TOPIC, things_stack(bytes.fromhex("8000010211012c0050005f111000002b81")))
        assert [one.kind for one in outcome.events] == ["full", "fire", "tilt"]

    def test_an_implausible_value_is_kept_and_flagged(self, town):
        """A distance beyond the plausible range is stored with IMPLAUSIBLE, and so is what follows from it."""
        outcome = town.interpret(TOPIC, things_stack(bytes.fromhex("8000010111271000050000000000002d81")))
        flagged = [one for one in outcome.readings if Quality.IMPLAUSIBLE in one.quality]
        assert outcome.kind is OutcomeKind.STORED
        assert {one.value for one in flagged} == {10.0, 0.0}

    def test_an_invalid_code_is_no_value(self, town):
        """Where the device says "no value" nothing is stored, the rest is, and the detail says so."""
        outcome = town.interpret(TOPIC, things_stack(bytes.fromhex("80000101 11ffff00f60000000100002c81")))
        assert ("distance", "") not in town.values(outcome)
        assert outcome.kind is OutcomeKind.STORED
        assert outcome.detail == "no value: distance"

    def test_a_simulated_uplink_is_marked(self, town):
        """What a network server's test function sends is flagged for good."""
        outcome = town.interpret(TOPIC, things_stack(simulated=True))
        assert all(Quality.SIMULATED in one.quality for one in outcome.readings)

    def test_the_same_uplink_has_the_same_key(self, town):
        """Session and frame counter identify an uplink; another payload under them is told by its hash."""
        first, again = (town.interpret(TOPIC, things_stack()) for _ in range(2))
        other = town.interpret(TOPIC, things_stack(f_cnt=8))
        changed = town.interpret(TOPIC, things_stack(bytes.fromhex("80000101 11ffff00f60000000100002c81")))
        assert first.key == again.key
        assert not first.key.weak
        assert other.key.key != first.key.key
        assert changed.key.key == first.key.key
        assert changed.key.payload_hash != first.key.payload_hash


@pytest.mark.usefixtures("bin_sensor")
class TestTimes:
    @pytest.mark.parametrize("at", ["1970-01-01T00:00:12Z", ""])
    def test_a_clock_that_was_never_set_is_no_time(self, town, at):
        """A network time of 1970, or none, goes to quarantine with the mend."""
        outcome = town.interpret(TOPIC, things_stack(at=at))
        assert (outcome.kind, outcome.reason) == (OutcomeKind.QUARANTINED, Reason.NO_TIME)
        assert "set the clock" in (outcome.detail or "")

    def test_a_time_of_next_year_is_replaced(self, town, now):
        """A network time more than five minutes ahead gives way to our own, and is flagged."""
        outcome = town.interpret(TOPIC, things_stack(at="2027-05-04T06:14:58Z"))
        assert {one.time for one in outcome.readings} == {now}
        assert all(Quality.TIME_REPLACED in one.quality for one in outcome.readings)

    @pytest.mark.parametrize(
        ("times", "kept", "replaced"),
        [
            ({"time": "2026-05-04T06:00:00Z"}, "2026-05-04T06:00:00Z", False),
            (
                {"time": "2026-05-04T06:00:00Z", "network_time": "2026-05-04T06:14:58Z"},
                "2026-05-04T06:00:00Z",
                False,
            ),
            (
                {"time": "1970-01-01T00:10:00Z", "network_time": "2026-05-04T06:14:58Z"},
                "2026-05-04T06:14:58Z",
                True,
            ),
            (
                {"time": "2027-05-04T06:00:00Z", "received_at": "2026-05-04T06:14:58Z"},
                "2026-05-04T06:14:58Z",
                True,
            ),
            ({"time": "2027-05-04T06:00:00Z"}, "2026-05-04T06:15:00Z", True),
            ({"time": "2026-05-04T06:18:00Z"}, "2026-05-04T06:18:00Z", False),
            ({"time": "2026-05-04T08:14:58+02:00"}, "2026-05-04T06:14:58Z", False),
        ],
    )
    def test_a_devices_clock_is_held_against_the_network(self, town, times, kept, replaced):
        """A device's time stands within 30 days before and 5 minutes after the network's, else that stands, flagged."""
        body = orjson.dumps({"id": "1", "f_port": 3, "payload_hex": HALF.hex(), **times})
        outcome = town.interpret(f"landpuls/v1/120660000000/{EUI}/up", body)
        assert {one.time for one in outcome.readings} == {parse_instant(kept)}
        assert {Quality.TIME_REPLACED in one.quality for one in outcome.readings} == {replaced}

    @pytest.mark.parametrize(
        "times", [{}, {"time": "1970-01-01T00:10:00Z"}, {"received_at": "1999-12-31T23:59:59Z"}]
    )
    def test_without_any_usable_time_it_waits(self, town, times):
        """Neither network nor device knows the time: quarantine, for nothing can be said of when it was."""
        body = orjson.dumps({"id": "1", "f_port": 3, "payload_hex": HALF.hex(), **times})
        assert town.interpret(f"landpuls/v1/120660000000/{EUI}/up", body).reason is Reason.NO_TIME


FLOATS = """
vendor = "acme"
device = "probe"
name = "Probe"
version = 1
kind = "container"
method = "struct"
description = "Two floats"
source = "made up"
[[frame]]
name = "report"
  [[frame.field]]
  offset = 0
  type = "f32"
  quantity = "temperature"
  [[frame.field]]
  offset = 4
  type = "f32"
  quantity = "humidity"
"""


class TestNotANumber:
    @pytest.fixture
    def probe(self, town):
        """A device that sends IEEE 754 numbers."""
        profile = parse_profile(FLOATS)
        town.profiles = type(town.profiles)([profile])
        town.install(EUI, profile)

        def send(*values: float) -> Outcome:
            return town.interpret(TOPIC, things_stack(struct.pack(">2f", *values)))

        return send

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
    def test_it_is_left_out_and_said(self, probe, value):
        """NaN and infinity are no values: the rest is stored, and the detail names what is missing."""
        outcome = probe(value, 55.0)
        assert next(one.value for one in outcome.readings) == 55
        assert outcome.detail == "no value: temperature"

    def test_nothing_else_means_quarantine(self, probe):
        """A payload of nothing but NaN is undecodable."""
        outcome = probe(float("nan"), float("nan"))
        assert outcome.reason is Reason.UNDECODABLE
        assert "no finite number" in (outcome.detail or "")


class TestBadInput:
    @pytest.mark.parametrize(
        ("topic", "payload", "reason", "says"),
        [
            ("some/where", b"{}", Reason.UNEXPECTED_TOPIC, "no envelope belongs"),
            ("landpuls/v1/a/b/down", b"{}", Reason.UNEXPECTED_TOPIC, "end with up"),
            (TOPIC, b"x" * (MAX_PAYLOAD_BYTES + 1), Reason.TOO_LARGE, "65537 bytes"),
            (TOPIC, b"x" * 1_000_000, Reason.TOO_LARGE, "1000000 bytes"),
            (TOPIC, b'{"a": "\xff\xfe"}', Reason.NOT_UTF8, "byte 7"),
            (TOPIC, b'{"a": ', Reason.NOT_JSON, "no JSON"),
            (TOPIC, b'{"a": NaN}', Reason.NOT_JSON, "no JSON"),
            (TOPIC, b"[" * 60_000, Reason.NOT_JSON, "no JSON"),
            (TOPIC, b"[1]", Reason.BAD_ENVELOPE, "must be an object"),
            (TOPIC, b'{"uplink_message": 5}', Reason.BAD_ENVELOPE, "uplink_message must be an object"),
            (TOPIC, b"{}", Reason.BAD_ENVELOPE, "uplink_message is missing"),
            (TOPIC.replace("/up", "/join"), b"{}", Reason.NOT_AN_UPLINK, "'join'"),
            (
                TOPIC,
                things_stack(end_device_ids={"dev_eui": "12"}),
                Reason.BAD_ENVELOPE,
                "16 hexadecimal digits",
            ),
            (TOPIC, things_stack(f_cnt=10**30), Reason.BAD_ENVELOPE, "f_cnt must be a whole number"),
            (TOPIC, things_stack(at="yesterday"), Reason.BAD_ENVELOPE, "write an instant with its zone"),
            (
                TOPIC,
                things_stack(at="2026-05-04T06:14:58"),
                Reason.BAD_ENVELOPE,
                "write an instant with its zone",
            ),
            (TOPIC, things_stack(), Reason.UNKNOWN_DEVICE, "register it"),
        ],
    )
    def test_it_is_set_aside_with_a_reason(self, town, topic, payload, reason, says):
        """Each kind of bad message ends with its reason and a sentence that a person understands."""
        outcome = town.interpret(topic, payload)
        ignored = reason is Reason.NOT_AN_UPLINK
        assert outcome.reason is reason
        assert outcome.kind is (OutcomeKind.IGNORED if ignored else OutcomeKind.QUARANTINED)
        assert says in (outcome.detail or "")
        assert not outcome.readings

    @pytest.mark.parametrize("payload", [HALF[:9], HALF + b"\0", b"\0" * 17, b""])
    @pytest.mark.usefixtures("bin_sensor")
    def test_a_truncated_or_overlong_payload_is_undecodable(self, town, payload):
        """A payload of another length or with other marks is refused, and the detail names what would fit."""
        outcome = town.interpret(TOPIC, things_stack(payload))
        assert outcome.reason is Reason.UNDECODABLE
        assert "measurement on port 3, 17 bytes" in (outcome.detail or "")

    def test_an_unknown_profile_is_named(self, town, bin_sensor):
        """Where the profile's file is missing the detail says which."""
        town.profiles = type(town.profiles)()
        outcome = town.interpret(TOPIC, things_stack())
        assert outcome.reason is Reason.UNKNOWN_PROFILE
        assert "dingtek/df702" in (outcome.detail or "")

    def test_a_device_in_the_box_is_not_installed(self, town):
        """A reading from before the installation is kept aside until somebody says where the device was."""
        town.install(EUI, town.profiles["dingtek/df702"], since=datetime(2026, 5, 5, tzinfo=UTC))
        outcome = town.interpret(TOPIC, things_stack())
        assert outcome.reason is Reason.NOT_INSTALLED
        assert outcome.device_id is not None

    def test_a_missing_datastream_is_named(self, town, bin_sensor):
        """An installation from before the profile grew says which datastream it lacks."""
        bin_sensor.datastreams.clear()
        outcome = town.interpret(TOPIC, things_stack())
        assert outcome.reason is Reason.NO_DATASTREAM
        assert "distance" in (outcome.detail or "")

    def test_another_organisations_topic_is_refused(self, town, bin_sensor):
        """A device may not speak under an organisation that it does not belong to."""
        body = orjson.dumps({"network_time": "2026-05-04T06:14:58Z", "f_port": 3, "payload_hex": HALF.hex()})
        outcome = town.interpret(f"landpuls/v1/other/{EUI}/up", body)
        assert outcome.reason is Reason.WRONG_ORGANISATION

    @pytest.mark.usefixtures("bin_sensor")
    def test_settings_confirmed_are_ignored(self, town):
        """A message that is known to hold no readings is counted as ignored."""
        payload = bytes.fromhex("8000010319010418011e4b1e00000000000000000000000081")
        outcome = town.interpret(TOPIC, things_stack(payload))
        assert (outcome.kind, outcome.reason) == (OutcomeKind.IGNORED, Reason.NO_READINGS)

    def test_a_defect_of_ours_keeps_the_message(self, town, bin_sensor, monkeypatch):
        """Whatever fails within Landpuls ends in quarantine as CODEC_FAILED, and the flow goes on."""
        monkeypatch.setattr("device_profiles.interpret.readings_of", lambda *_: 1 / 0)
        outcome = town.interpret(TOPIC, things_stack())
        assert outcome.reason is Reason.CODEC_FAILED
        assert "ZeroDivisionError" in (outcome.detail or "")

    def test_a_directory_that_is_away_is_no_fault_of_the_message(self, town, monkeypatch):
        """When the database cannot answer, the error goes up so that the message is tried again."""

        def away(*_: object) -> None:
            raise DatabaseUnavailable

        monkeypatch.setattr(town, "find", away)
        with pytest.raises(DatabaseUnavailable):
            town.interpret(TOPIC, things_stack())


def test_late_messages_find_the_installation_of_their_time(town, ago: Callable[..., datetime]):
    """A message that arrives after the device was moved counts where the device was when it was sent."""
    town.install(EUI, town.profiles["dingtek/df702"], until=ago(hours=1))
    before, after = (things_stack(at=ago(hours=hours).isoformat()) for hours in (2, 1))
    assert town.interpret(TOPIC, before).kind is OutcomeKind.STORED
    assert town.interpret(TOPIC, after).reason is Reason.NOT_INSTALLED
