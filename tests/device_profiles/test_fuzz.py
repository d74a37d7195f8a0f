"""Whatever arrives, there is a definite outcome: no error, no hang, and never a defect of our own."""

import base64
import json
from math import isfinite
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device_profiles.registry import bundled
from domain.messages import Outcome, OutcomeKind, Reason

EUI = "A84041000181B3C2"
ORGANISATION = "120660000000"
PROFILES = [profile.key for profile in bundled()]
TOPICS = [
    f"v3/bins@osl/devices/eui-{EUI.lower()}/up",
    f"application/1/device/{EUI.lower()}/event/up",
    f"landpuls/v1/{ORGANISATION}/{EUI}/up",
]
AT = "2026-05-04T06:14:58.123456Z"
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(
        [AT, "1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999999-12:00", "0001-01-01T00:00:00+12:00"]
    )
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
)
gently = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150
)


def _definite(outcome: Outcome) -> None:
    assert outcome.reason is not Reason.CODEC_FAILED, outcome.detail
    assert outcome.kind in (OutcomeKind.STORED, OutcomeKind.QUARANTINED, OutcomeKind.IGNORED)
    if outcome.kind is OutcomeKind.STORED:
        assert outcome.readings or outcome.passages or outcome.events
        assert all(isfinite(one.value) for one in outcome.readings)
    else:
        assert outcome.reason is not None
        assert outcome.detail
        assert "\0" not in outcome.detail
        assert [*outcome.readings, *outcome.passages, *outcome.events] == []


def _bodies(payload: bytes, port: int) -> dict[str, Any]:
    """The same payload in each envelope."""
    data = base64.b64encode(payload).decode()
    return {
        TOPICS[0]: {
            "end_device_ids": {"dev_eui": EUI},
            "received_at": AT,
            "uplink_message": {
                "session_key_id": "AX",
                "f_port": port,
                "f_cnt": 1,
                "frm_payload": data,
                "rx_metadata": [{}],
            },
        },
        TOPICS[1]: {
            "deduplicationId": "1",
            "time": AT,
            "deviceInfo": {"devEui": EUI},
            "fPort": port,
            "data": data,
        },
        TOPICS[2]: {"id": "1", "network_time": AT, "f_port": port, "payload_base64": data},
    }


@pytest.fixture(params=PROFILES)
def installed(request, town):
    """A town with one device of a profile."""
    town.install(EUI, town.profiles[request.param])
    return town


@given(topic=st.text(max_size=60) | st.sampled_from(TOPICS), payload=st.binary(max_size=200))
@gently
def test_any_bytes_on_any_topic(town, topic, payload):
    """Arbitrary bytes on arbitrary topics are set aside."""
    _definite(town.interpret(topic, payload))


@given(
    payload=st.binary(max_size=60),
    port=st.sampled_from([1, 2, 3, 15, 85, 100, 190]),
    topic=st.sampled_from(TOPICS),
)
@gently
def test_any_payload_in_a_good_envelope(installed, payload, port, topic):
    """Arbitrary payloads of a registered device become readings, or a reason."""
    _definite(installed.interpret(topic, json.dumps(_bodies(payload, port)[topic]).encode()))


@given(content=JSON, topic=st.sampled_from(TOPICS))
@gently
def test_any_json(town, content, topic):
    """Arbitrary JSON is set aside."""
    _definite(town.interpret(topic, json.dumps(content).encode()))


@given(topic=st.sampled_from(TOPICS), swap=JSON, data=st.data())
@gently
def test_a_good_envelope_with_something_odd_in_it(town, topic, swap, data):
    """An envelope in which any one part is replaced by anything still has a definite outcome."""
    if EUI not in town.devices:
        town.install(EUI, town.profiles["bosch/tps110"])
    body = _bodies(b"\x01", 1)[topic]
    here = body
    while True:
        key = data.draw(st.sampled_from(sorted(here)))
        if isinstance(here[key], dict) and data.draw(st.booleans()):
            here = here[key]
            continue
        here[key] = swap
        break
    _definite(town.interpret(topic, json.dumps(body).encode()))


@given(values=st.dictionaries(st.sampled_from(["crossingLineEvent", "eventSchema", "x"]), JSON, max_size=3))
@gently
def test_any_values_of_a_json_device(town, values):
    """A JSON device may say whatever it likes."""
    if EUI not in town.devices:
        town.install(EUI, town.profiles["swarm/crossing-line"])
    body = {"network_time": AT, "values": values}
    _definite(town.interpret(TOPICS[2], json.dumps(body).encode()))


@given(
    event=st.fixed_dictionaries(
        {"timestamp": st.just(AT) | LEAVES},
        optional={
            "class": LEAVES,
            "direction": LEAVES | st.just("in"),
            "speedestimate": LEAVES | st.just("nan"),
        },
    )
)
@gently
def test_any_vehicle(town, event):
    """Odd classes, directions and speeds of a vehicle never fail, and a speed is a finite number or none."""
    if EUI not in town.devices:
        town.install(EUI, town.profiles["swarm/crossing-line"])
    outcome = town.interpret(
        TOPICS[2], json.dumps({"network_time": AT, "values": {"crossingLineEvent": event}}).encode()
    )
    _definite(outcome)
    assert all(one.speed_kmh is None or abs(one.speed_kmh) < float("inf") for one in outcome.passages)
