"""What an encoder writes a decoder reads back, for every bundled profile and envelope."""

from datetime import UTC, datetime
from math import isclose
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device_profiles.decode import decode
from device_profiles.encode import encode
from device_profiles.envelopes import parse, wrap
from device_profiles.frame import Field, Frame, Method, Role
from device_profiles.profile import Profile
from device_profiles.registry import bundled
from domain.errors import EncodeError
from domain.messages import Message, Uplink
from domain.time import from_micros

PROFILES = {profile.key: profile for profile in bundled()}
INSTANTS = st.integers(10**15, 3 * 10**15).map(from_micros)
NAMES = {
    Role.SPEED: "speed_kmh",
    Role.LENGTH: "length_m",
    Role.AGE: "age_s",
    Role.CLASS: "vehicle_class",
}


def _of_field(field: Field) -> st.SearchStrategy[Any]:
    """Values that the field can say."""
    if field.role is Role.EVENT:
        return st.booleans()
    if field.role is Role.TIME:
        return INSTANTS.map(lambda instant: instant.replace(microsecond=0))
    if field.mapping:
        return st.sampled_from(sorted(set(field.mapping.values()), key=str))
    if field.slot is None:
        return st.floats(0, 200).map(lambda value: round(value, field.decimals or 6))
    low, high = field.slot.bounds
    raws = st.integers(low, min(high, 2**53)).filter(lambda raw: raw not in field.invalid)
    return raws.map(field.conversion.forward)


def _of_frame(frame: Frame) -> st.SearchStrategy[dict[str, Any]]:
    fields = [*frame.fields, *(field for element in frame.elements for field in element.fields)]
    wanted = {one.name: _of_field(one) for one in fields if one.role is not Role.SPARE}
    if frame.passages is not None:
        names = [NAMES.get(one.role, one.role.value) for one in frame.passages.fields]
        values = map(_of_field, frame.passages.fields)
        record = st.fixed_dictionaries(dict(zip(names, values, strict=True)))
        wanted["passages"] = st.lists(record, min_size=1, max_size=5 if frame.passages.many else 1)
    optional = [one for element in frame.elements for one in element.fields if len(element.fields) == 1]
    return st.fixed_dictionaries(
        {name: one for name, one in wanted.items() if name not in {field.name for field in optional}},
        optional={field.name: wanted[field.name] for field in optional},
    )


FRAMES = [
    pytest.param(profile, frame, _of_frame(frame), id=f"{profile.key}: {frame.name}")
    for profile in PROFILES.values()
    for frame in profile.frames
    if not frame.ignore
]


@pytest.mark.parametrize(("profile", "frame", "strategy"), FRAMES)
@given(data=st.data())
@settings(deadline=None, max_examples=50)
def test_decoding_what_was_encoded_gives_it_back(
    profile: Profile, frame: Frame, strategy: st.SearchStrategy[dict[str, Any]], data: st.DataObject
):
    """Values come back as they went in, to the device's resolution; so do events, times and vehicles."""
    values = data.draw(strategy)
    port, payload = encode(profile, values, frame=frame.name)
    decoded = decode(profile, payload, port)
    fields = [*frame.fields, *(field for element in frame.elements for field in element.fields)]
    roles = {field.name: field.role for field in fields}
    sent = {name: value for name, value in values.items() if roles.get(name) is Role.VALUE}
    assert {one.field.name: one.value for one in decoded.values} == pytest.approx(sent, rel=1e-12, abs=1e-12)
    raised = [field.event for field in fields if field.role is Role.EVENT and values.get(field.name)]
    assert decoded.events == raised
    assert decoded.time == next((values[name] for name, role in roles.items() if role is Role.TIME), None)
    for vehicle, wanted in zip(decoded.vehicles, values.get("passages", []), strict=True):
        for name, value in wanted.items():
            got = getattr(vehicle, name)
            assert isclose(got, value, abs_tol=1e-9) if isinstance(value, float) else got == value


def test_no_value_is_written_as_the_devices_code():
    """None becomes the device's own code for "no value", and is read as such."""
    profile = PROFILES["dingtek/df702"]
    port, payload = encode(profile, {"distance": None, "temperature": 4, "tilt": 0})
    assert payload[5:7] == b"\xff\xff"
    assert decode(profile, payload, port).without_value == ["distance"]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"distance": 70.0, "temperature": 4, "tilt": 0}, "does not fit between 0 and 65535"),
        ({"distance": 0.7, "tilt": 0}, "temperature is missing"),
        ({"distance": 0.7, "temperature": None, "tilt": 0}, "no code for 'no value'"),
        ({"depth": 0.7}, "has no message"),
    ],
)
def test_what_the_device_cannot_say_is_refused(values: dict[str, Any], says: str):
    """An encoder never writes something else than it was told."""
    with pytest.raises(EncodeError, match=says):
        encode(PROFILES["dingtek/df702"], values)


def _uplinks(binary: bool = True, **more: Any) -> st.SearchStrategy[Uplink]:
    eui = st.integers(0, 2**64 - 1).map(lambda number: f"{number:016X}")
    payload: st.SearchStrategy[Any] = st.binary(min_size=1, max_size=242)
    if not binary:
        payload = st.dictionaries(st.text(max_size=8), st.integers(-(2**31), 2**31), max_size=4)
    fields = {
        "device_key": eui,
        "payload": payload,
        "f_port": st.integers(1, 223),
        "f_cnt": st.integers(0, 2**32 - 1),
        "network_time": INSTANTS,
        "rssi_dbm": st.integers(-140, -1).map(float),
        "snr_db": st.integers(-20, 15).map(float),
    }
    return st.builds(Uplink, **{**fields, **more})


class TestEnvelopes:
    @given(_uplinks(envelope=st.just("things_stack"), simulated=st.booleans()), st.text("abc", min_size=1))
    def test_things_stack(self, uplink: Uplink, session: str):
        """An uplink in a Things Stack envelope comes back whole, with its session and counter as identity."""
        topic, payload = wrap("things_stack", uplink, session=session)
        back = parse(Message(topic=topic, payload=payload, received_at=datetime(2026, 5, 4, tzinfo=UTC)))
        assert back == _but(uplink, dedup=f"{session}/{uplink.f_cnt}")

    @given(_uplinks(envelope=st.just("chirpstack")), st.text("abc", min_size=1))
    def test_chirpstack(self, uplink: Uplink, session: str):
        """An uplink in a ChirpStack envelope comes back whole; another counter is another identity."""
        message, other = (
            Message(topic=topic, payload=payload, received_at=datetime(2026, 5, 4, tzinfo=UTC))
            for topic, payload in (
                wrap("chirpstack", uplink, session=session),
                wrap("chirpstack", _but(uplink, f_cnt=uplink.f_cnt + 1), session=session),
            )
        )
        back = parse(message)
        assert back == _but(uplink, dedup=back.dedup)
        if uplink.f_cnt < 2**32 - 1:
            assert parse(other).dedup != back.dedup

    @given(
        _uplinks(
            envelope=st.just("landpuls"),
            organisation_key=st.just("120660000000"),
            device_time=st.none() | INSTANTS,
            simulated=st.booleans(),
        )
    )
    def test_own(self, uplink: Uplink):
        """An uplink in our own envelope comes back whole."""
        topic, payload = wrap("landpuls", uplink, session="s")
        back = parse(Message(topic=topic, payload=payload, received_at=datetime(2026, 5, 4, tzinfo=UTC)))
        assert back == _but(uplink, dedup=f"s/{uplink.f_cnt}")

    @given(
        _uplinks(False, envelope=st.just("landpuls"), organisation_key=st.just("o"), dedup=st.just("id/7"))
    )
    def test_own_with_values(self, uplink: Uplink):
        """A JSON device's object travels under `values`, identified by its own id."""
        topic, payload = wrap("landpuls", uplink)
        message = Message(topic=topic, payload=payload, received_at=datetime(2026, 5, 4, tzinfo=UTC))
        assert parse(message) == uplink


def _but(uplink: Uplink, **changes: Any) -> Uplink:
    fields = {name: getattr(uplink, name) for name in Uplink.__dataclass_fields__}
    return Uplink(**{**fields, **changes})


def test_a_json_profile_has_no_port():
    """JSON devices have no LoRaWAN port."""
    profile = PROFILES["swarm/crossing-line"]
    assert profile.method is Method.JSON
    vehicle = {
        "direction": 1,
        "vehicle_class": "car",
        "speed_kmh": 48.25,
        "time": datetime(2026, 5, 4, tzinfo=UTC),
    }
    port, payload = encode(profile, {"passages": [vehicle]})
    assert port is None
    assert payload["crossingLineEvent"]["speedestimate"] == "48.25"
