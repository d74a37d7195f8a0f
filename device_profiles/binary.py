"""Frames of bytes, compiled: fixed fields, then single vehicles or elements of type and data.

What happens for every uplink is kept to a few operations for each field: plain numbers are converted here, and only
what needs thought (mappings, floats, times) goes through `raw.take`.
"""

from collections.abc import Iterator
from typing import Any

from device_profiles.checksum import crc8
from device_profiles.decoded import Decoded, Value
from device_profiles.frame import Field, Frame, PassageLayout, Role
from device_profiles.layout import Layout
from device_profiles.raw import take, vehicle_of
from domain.errors import DecodeError

_new_value = tuple.__new__


class Fields:
    """The fields at one place of a payload."""

    def __init__(self, fields: tuple[Field, ...]) -> None:
        slots = [field.slot for field in fields if field.slot is not None]
        self.layout = Layout(slots)
        masks = [0 if slot.bits is None else (1 << slot.bits) - 1 for slot in slots]
        places = [
            (at, slot.bit, mask) for slot, at, mask in zip(slots, self.layout.index, masks, strict=True)
        ]
        self._all = list(zip(fields, places, strict=True))
        self._plain = [_plain(field, *place) for field, place in self._all if _is_plain(field)]
        self._events = [
            (field.event or field.name, field.when, *place)
            for field, place in self._all
            if field.role is Role.EVENT
        ]
        self._others = [
            (field, *place)
            for field, place in self._all
            if field.role not in (Role.EVENT, Role.SPARE) and not _is_plain(field)
        ]

    def take(self, data: bytes, base: int, out: Decoded) -> None:
        """Put what all fields say into `out`."""
        numbers: Any = self.layout.read(data, base)
        values = out.values
        for field, at, bit, mask, invalid, numerator, offset, denominator, low, high in self._plain:
            raw = numbers[at]
            if mask:
                raw = raw >> bit & mask
            if raw in invalid:
                out.without_value.append(field.name)
                continue
            value = (raw * numerator + offset) / denominator
            values.append(_new_value(Value, (field, value, low <= value <= high)))
        for kind, when, at, bit, mask in self._events:
            raw = numbers[at]
            if mask:
                raw = raw >> bit & mask
            if raw if when is None else raw in when:
                out.events.append(kind)
        for field, at, bit, mask in self._others:
            take(field, numbers[at] >> bit & mask if mask else numbers[at], out)

    def raws(self, data: bytes, base: int) -> Iterator[tuple[Field, Any]]:
        """All fields with their raw numbers."""
        numbers: Any = self.layout.read(data, base)
        for field, (at, bit, mask) in self._all:
            yield field, numbers[at] >> bit & mask if mask else numbers[at]


def _is_plain(field: Field) -> bool:
    return (
        field.role is Role.VALUE and not field.mapping and field.slot is not None and not field.slot.is_float
    )


def _plain(field: Field, at: int, bit: int, mask: int) -> tuple[Any, ...]:
    by = field.conversion
    scale = by.numerator, by.offset, by.denominator
    return field, at, bit, mask, field.invalid, *scale, field.low, field.high


class BinaryFrame:
    """A frame of a `struct` or `tlv` profile."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self._fixed = Fields(frame.fields) if frame.fields else None
        self._vehicle = Fields(frame.passages.fields) if frame.passages else None
        self._elements = {
            element.key: (element, Fields(element.fields) if element.fields else None)
            for element in frame.elements
        }
        self._key_length = len(frame.elements[0].key) if frame.elements else 0
        self._match = [(match.offset, frozenset(match.equals or ())) for match in frame.match]
        self._longest = 1 << 30 if frame.max_length is None else frame.max_length

    def fits(self, payload: bytes) -> bool:
        """Whether length and marks are those of this frame."""
        if not self.frame.min_length <= len(payload) <= self._longest:
            return False
        return all([payload[offset] in values for offset, values in self._match])  # noqa: C419 - a list is faster

    def decode(self, payload: bytes) -> Decoded:
        """Read a payload that fits."""
        out = Decoded(ignored=self.frame.ignore)
        if self.frame.checksum:
            payload = _without_checksum(payload)
        if self._fixed:
            self._fixed.take(payload, 0, out)
        if self._elements:
            self._take_elements(payload, out)
        if self._vehicle and self.frame.passages:
            self._take_vehicles(payload, self.frame.passages, self._vehicle, out)
        return out

    def _take_elements(self, payload: bytes, out: Decoded) -> None:
        at, end, width = self.frame.header_length, len(payload), self._key_length
        while at < end:
            key = payload[at : at + width]
            found = self._elements.get(key)
            if found is None:
                raise DecodeError(
                    f"byte {at}: element 0x{key.hex()} is unknown; add it to the profile, with its length"
                )
            element, fields = found
            at += width
            if at + element.length > end:
                raise DecodeError(
                    f"byte {at}: {element.name} needs {element.length} bytes, {end - at} are left; it was cut off"
                )
            if fields:
                fields.take(payload, at, out)
            at += element.length

    def _take_vehicles(self, payload: bytes, layout: PassageLayout, fields: Fields, out: Decoded) -> None:
        room, rest = divmod(len(payload) - layout.offset, layout.stride)
        count = layout.count
        if isinstance(count, str) and self._fixed:
            count = next(int(raw) for field, raw in self._fixed.raws(payload, 0) if field.name == count)
        if count is None and rest:
            raise DecodeError(
                f"{len(payload)} bytes do not hold whole records of {layout.stride}; it was cut off"
            )
        if isinstance(count, int) and count > room:
            raise DecodeError(f"{count} vehicles are announced and {max(room, 0)} are there; it was cut off")
        for number in range(count if isinstance(count, int) else room):
            base = layout.offset + number * layout.stride
            out.vehicles.append(vehicle_of(layout, fields.raws(payload, base)))


def _without_checksum(payload: bytes) -> bytes:
    found, right = payload[-1], crc8(payload[:-1])
    if found != right:
        raise DecodeError(
            f"the checksum is 0x{found:02x} and should be 0x{right:02x}; it was damaged on the way"
        )
    return payload[:-1]
