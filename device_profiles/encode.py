"""The encoder of a profile: values in the system's units to the payload that the device would send.

The same file that decodes a device encodes it, so simulators speak exactly what decoders read.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from device_profiles.checksum import crc8
from device_profiles.frame import Element, Field, Frame, Method, PassageLayout, Role
from device_profiles.layout import write
from device_profiles.profile import Profile
from domain.errors import EncodeError
from domain.time import to_micros

_MEASURED = frozenset((Role.VALUE, Role.SPEED, Role.LENGTH, Role.AGE))
_PASSAGE_KEYS = {
    Role.DIRECTION: "direction",
    Role.LANE: "lane",
    Role.CLASS: "vehicle_class",
    Role.SPEED: "speed_kmh",
    Role.LENGTH: "length_m",
    Role.AGE: "age_s",
    Role.TIME: "time",
}


def encode(
    profile: Profile, values: Mapping[str, Any], *, frame: str | None = None
) -> tuple[int | None, bytes | dict[str, Any]]:
    """Write a payload.

    Parameters
    ----------
    values
        By field name, in the system's units (a distance in metres); True for a raised event; an aware datetime for a
        time; None for "no value"; under `passages` a list of mappings with the attributes of `domain.messages.Passage`
        and `age_s`. What is left out takes the field's default.
    frame
        Name of the kind of message; by default the first that has all these values.

    Returns
    -------
    Port (None for JSON), and bytes or the JSON object.

    Raises
    ------
    EncodeError
        If a value is missing, unknown, or does not fit the device's number.
    """
    layout = _frame(profile, values, frame)
    if profile.method is Method.JSON:
        return None, _json(layout, values)
    port = min(layout.ports) if layout.ports else 1
    return port, _binary(layout, values)


def _frame(profile: Profile, values: Mapping[str, Any], name: str | None) -> Frame:
    for frame in profile.frames:
        if frame.name == name or (name is None and not frame.ignore and frame.names >= values.keys()):
            if unknown := values.keys() - frame.names:
                raise EncodeError(f"{profile.key}: {frame.name} has no field {min(unknown)!r}")
            return frame
    known = "; ".join(
        f"{one.name}: {', '.join(sorted(one.names))}" for one in profile.frames if not one.ignore
    )
    raise EncodeError(
        f"{profile.key} has no message {name or ''} with {', '.join(values) or 'nothing'} (known: {known})"
    )


def _raw(field: Field, given: Mapping[str, Any], key: str) -> Any:
    """The raw value of a field, or None where it is left out."""
    if key not in given:
        return _absent(field)
    value = given[key]
    if value is None:
        if not field.invalid:
            raise EncodeError(f"{field.name}: the device has no code for 'no value'")
        return min(field.invalid, key=str)
    if field.role is Role.EVENT:
        return _event(field, bool(value))
    if field.role is Role.TIME:
        return _time(field, value)
    if field.mapping:
        return _unmapped(field, value)
    if field.role in _MEASURED:
        value = field.conversion.backward(value)
    return _fitted(field, value)


def _absent(field: Field) -> Any:
    if field.default is not None:
        return field.default
    if field.role in (Role.EVENT, Role.SPARE) and field.slot is not None:
        return 0
    if field.invalid:
        return min(field.invalid, key=str)
    return None


def _event(field: Field, raised: bool) -> Any:
    if field.when is not None and raised:
        return min(field.when, key=str)
    return int(raised) if field.slot is not None else raised


def _time(field: Field, value: datetime) -> Any:
    if field.slot is None:
        return value.isoformat().replace("+00:00", "Z")
    return _fitted(field, to_micros(value) / 1_000_000)


def _unmapped(field: Field, value: Any) -> Any:
    for raw, meant in field.mapping.items():
        if meant == value:
            return raw
    raise EncodeError(f"{field.name}: the device has no code for {value!r}")


def _fitted(field: Field, raw: Any) -> Any:
    if field.slot is None:
        return raw if field.decimals is None else f"{raw:.{field.decimals}f}"
    if field.slot.is_float:
        return raw
    number = round(raw)
    low, high = field.slot.bounds
    if not low <= number <= high:
        raise EncodeError(
            f"{field.name}: {raw:g} does not fit between {low} and {high}; the device cannot say that"
        )
    return number


def _put(buffer: bytearray, field: Field, given: Mapping[str, Any], key: str, base: int = 0) -> None:
    raw = _raw(field, given, key)
    if raw is None:
        raise EncodeError(f"{field.name} is missing; give it a value")
    assert field.slot is not None
    write(buffer, field.slot, raw, base)


def _binary(frame: Frame, values: Mapping[str, Any]) -> bytes:
    vehicles: Sequence[Mapping[str, Any]] = values.get("passages", ())
    buffer = bytearray(_start_length(frame, vehicles))
    for match in frame.match:
        buffer[match.offset] = (match.equals or (0,))[0]
    if frame.passages is not None and isinstance(frame.passages.count, str):
        values = {**values, frame.passages.count: len(vehicles)}
    for field in frame.fields:
        _put(buffer, field, values, field.name)
    for element in frame.elements:
        buffer += _element(element, values)
    if frame.passages is not None:
        _put_vehicles(buffer, frame.passages, vehicles)
    if frame.checksum:
        buffer.append(crc8(bytes(buffer)))
    return bytes(buffer)


def _start_length(frame: Frame, vehicles: Sequence[Mapping[str, Any]]) -> int:
    if frame.elements:
        return frame.header_length
    length = frame.min_length - (1 if frame.checksum else 0)
    if frame.passages is not None:
        length = max(length, frame.passages.offset + len(vehicles) * frame.passages.stride)
    return length


def _element(element: Element, values: Mapping[str, Any]) -> bytes:
    if not any(field.name in values for field in element.fields):
        return b""
    data = bytearray(element.length)
    for field in element.fields:
        _put(data, field, values, field.name)
    return element.key + bytes(data)


def _put_vehicles(buffer: bytearray, layout: PassageLayout, vehicles: Sequence[Mapping[str, Any]]) -> None:
    for number, vehicle in enumerate(vehicles):
        for field in layout.fields:
            key = _PASSAGE_KEYS.get(field.role, field.name)
            _put(buffer, field, vehicle, key, layout.offset + number * layout.stride)


def _json(frame: Frame, values: Mapping[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for match in frame.match:
        if match.equals is not None:
            _set(tree, match.path, match.equals[0])
    for field in frame.fields:
        raw = _raw(field, values, field.name)
        if raw is not None:
            _set(tree, field.path, raw)
    layout = frame.passages
    vehicles = values.get("passages", ())
    if layout is not None and vehicles:
        if not layout.many and len(vehicles) > 1:
            raise EncodeError(f"{frame.name} carries one vehicle a message, not {len(vehicles)}")
        records = [_record(layout, vehicle) for vehicle in vehicles]
        _set(tree, layout.path, records if layout.many else records[0])
    return tree


def _record(layout: PassageLayout, vehicle: Mapping[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for field in layout.fields:
        raw = _raw(field, vehicle, _PASSAGE_KEYS.get(field.role, field.name))
        if raw is not None:
            _set(record, field.path, raw)
    return record


def _set(tree: dict[str, Any], path: tuple[str | int, ...], value: Any) -> None:
    here: Any = tree
    for step, following in pairwise(path):
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(here, list):
            here.extend({} for _ in range(int(step) + 1 - len(here)))
            here[int(step)] = here[int(step)] or empty
            here = here[int(step)]
        else:
            here = here.setdefault(step, empty)
    if isinstance(here, list):
        here.extend(None for _ in range(int(path[-1]) + 1 - len(here)))
        here[int(path[-1])] = value
    else:
        here[path[-1]] = value
