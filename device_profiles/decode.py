"""Compiles a profile to a decoder: payload and port in, values, events and vehicles out.

A defective payload raises a DecodeError that a person understands; nothing else is raised.
"""

from collections.abc import Iterator, Mapping
from struct import error as StructError
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from device_profiles.checksum import crc8
from device_profiles.decoded import Decoded
from device_profiles.layout import Layout
from device_profiles.profile import Field, Frame, Match, Method, PassageLayout, Profile
from device_profiles.raw import take, vehicle_of
from domain.errors import DecodeError


class FrameDecoder(Protocol):
    """Decodes payloads of one frame."""

    frame: Frame

    def fits(self, payload: Any) -> bool:
        """Whether the payload is of this frame."""
        ...

    def decode(self, payload: Any) -> Decoded:
        """Decode it."""
        ...


class _Fields:
    """The fields at a place of a payload, compiled."""

    def __init__(self, fields: tuple[Field, ...]) -> None:
        self.fields = fields
        slots = [field.slot for field in fields if field.slot is not None]
        self.layout = Layout(slots)
        self.plan = [
            (field, at, slot.bit, 0 if slot.bits is None else (1 << slot.bits) - 1)
            for field, slot, at in zip(fields, slots, self.layout.index, strict=True)
        ]

    def raws(self, data: bytes, base: int) -> Iterator[tuple[Field, Any]]:
        numbers = self.layout.read(data, base)
        for field, at, bit, mask in self.plan:
            raw = numbers[at]
            yield field, (int(raw) >> bit & mask if mask else raw)


class _Binary:
    """A frame of bytes: fixed fields, then single vehicles or elements."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self._fixed = _Fields(frame.fields) if frame.fields else None
        self._vehicle = _Fields(frame.passages.fields) if frame.passages else None
        self._elements = {
            element.key: (element, _Fields(element.fields) if element.fields else None)
            for element in frame.elements
        }
        self._key_length = len(frame.elements[0].key) if frame.elements else 0
        self._match = [(match.offset, frozenset(match.equals or ())) for match in frame.match]

    def fits(self, payload: bytes) -> bool:
        frame = self.frame
        if len(payload) < frame.min_length or (
            frame.max_length is not None and len(payload) > frame.max_length
        ):
            return False
        return all(payload[offset] in values for offset, values in self._match)

    def decode(self, payload: bytes) -> Decoded:
        out = Decoded(ignored=self.frame.ignore)
        if self.frame.checksum:
            payload = _without_checksum(payload)
        if self._fixed:
            for field, raw in self._fixed.raws(payload, 0):
                take(field, raw, out)
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
                for field, raw in fields.raws(payload, at):
                    take(field, raw, out)
            at += element.length

    def _take_vehicles(self, payload: bytes, layout: PassageLayout, fields: _Fields, out: Decoded) -> None:
        room, rest = divmod(len(payload) - layout.offset, layout.stride)
        count = layout.count
        if isinstance(count, str):
            slot = next(field.slot for field in self.frame.fields if field.name == count)
            assert slot is not None
            raw = Layout([slot]).read(payload)[0]
            count = int(raw) >> slot.bit & (1 << slot.bits) - 1 if slot.bits else int(raw)
        if count is None and rest:
            raise DecodeError(
                f"{len(payload)} bytes do not hold whole records of {layout.stride}; it was cut off"
            )
        if count is not None and count > room:
            raise DecodeError(f"{count} vehicles are announced and {max(room, 0)} are there; it was cut off")
        for number in range(room if count is None else count):
            base = layout.offset + number * layout.stride
            out.vehicles.append(vehicle_of(layout, fields.raws(payload, base)))


def _without_checksum(payload: bytes) -> bytes:
    if crc8(payload[:-1]) != payload[-1]:
        raise DecodeError(
            f"the checksum is 0x{payload[-1]:02x} and should be 0x{crc8(payload[:-1]):02x}; it was damaged"
        )
    return payload[:-1]


_ABSENT: Any = object()


def walk(tree: Any, path: tuple[str | int, ...]) -> Any:
    """Follow a path into JSON; `_ABSENT` where it leads nowhere."""
    for step in path:
        if isinstance(tree, dict):
            tree = tree.get(step, _ABSENT)
        elif isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        else:
            return _ABSENT
    return tree


class _Json:
    """A frame of JSON."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    def fits(self, payload: Mapping[str, Any]) -> bool:
        return all(_matches(payload, match) for match in self.frame.match)

    def decode(self, payload: Mapping[str, Any]) -> Decoded:
        out = Decoded(ignored=self.frame.ignore)
        for field in self.frame.fields:
            take(field, _leaf(payload, field), out)
        layout = self.frame.passages
        if layout is not None:
            records = walk(payload, layout.path)
            if records is _ABSENT:
                return out
            for record in records if layout.many and isinstance(records, list) else [records]:
                if not isinstance(record, Mapping):
                    raise DecodeError(f"{'.'.join(map(str, layout.path))} holds no object for each vehicle")
                pairs = ((field, _leaf(record, field)) for field in layout.fields)
                out.vehicles.append(vehicle_of(layout, pairs))
        return out


def _matches(payload: Mapping[str, Any], match: Match) -> bool:
    found = walk(payload, match.path)
    return found is not _ABSENT and (match.equals is None or any(found == value for value in match.equals))


def _leaf(tree: Any, field: Field) -> Any:
    raw = walk(tree, field.path)
    if raw is _ABSENT:
        if field.required:
            raise DecodeError(f"{'.'.join(map(str, field.path))} is missing")
        return None
    if isinstance(raw, (Mapping, list)):
        raise DecodeError(f"{'.'.join(map(str, field.path))} is no single value")
    return raw


class Decoder:
    """Decodes payloads of one profile."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        make = _Json if profile.method is Method.JSON else _Binary
        self._frames: list[FrameDecoder] = [make(frame) for frame in profile.frames]
        ports = {port for frame in profile.frames for port in frame.ports or ()}
        self._by_port = {port: self._of_port(port) for port in ports}
        self._anywhere = self._of_port(None)

    def _of_port(self, port: int | None) -> list[FrameDecoder]:
        return [one for one in self._frames if one.frame.ports is None or port in one.frame.ports]

    def decode(self, payload: bytes | Mapping[str, Any], f_port: int | None) -> Decoded:
        """Decode a payload.

        Raises
        ------
        DecodeError
            If no frame of the profile fits, or the payload is damaged.
        """
        is_json = self.profile.method is Method.JSON
        if isinstance(payload, bytes) is is_json:
            wanted, got = ("a JSON object", "bytes") if is_json else ("bytes", "a JSON object")
            raise DecodeError(f"{self.profile.key} reads {wanted}, and the message carries {got}")
        for frame in self._by_port.get(f_port, self._anywhere):  # type: ignore[arg-type]
            if frame.fits(payload):
                try:
                    return frame.decode(payload)
                except (StructError, IndexError, OverflowError) as error:
                    raise DecodeError(f"{frame.frame.name}: cannot be read ({error})") from error
        raise DecodeError(self._nothing_fits(payload, f_port))

    def _nothing_fits(self, payload: bytes | Mapping[str, Any], f_port: int | None) -> str:
        got = f"{len(payload)} bytes" if isinstance(payload, bytes) else "this object"
        port = "" if f_port is None else f" on port {f_port}"
        known = "; ".join(frame.summary for frame in self.profile.frames)
        return (
            f"{self.profile.key} knows no message of {got}{port} (it knows: {known}); "
            "check that the device is of this profile and that nothing was cut off"
        )


_DECODERS: "WeakKeyDictionary[Profile, Decoder]" = WeakKeyDictionary()


def decoder_of(profile: Profile) -> Decoder:
    """The profile's decoder, compiled at first use."""
    decoder = _DECODERS.get(profile)
    if decoder is None:
        decoder = _DECODERS[profile] = Decoder(profile)
    return decoder


def decode(profile: Profile, payload: bytes | Mapping[str, Any], f_port: int | None = None) -> Decoded:
    """Decode a payload with a profile; see `Decoder.decode`."""
    return decoder_of(profile).decode(payload, f_port)
