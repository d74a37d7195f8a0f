"""Compiles a profile to a decoder: payload and port in, values, events and vehicles out.

A defective payload raises a DecodeError that a person understands; nothing else is raised.
"""

from collections.abc import Mapping
from struct import error as StructError
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from device_profiles.binary import BinaryFrame
from device_profiles.decoded import Decoded
from device_profiles.frame import Frame, Method
from device_profiles.json_frame import JsonFrame
from device_profiles.profile import Profile
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


class Decoder:
    """Decodes payloads of one profile."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._wants = dict if profile.method is Method.JSON else bytes
        make = JsonFrame if profile.method is Method.JSON else BinaryFrame
        self._frames: list[FrameDecoder] = [make(frame) for frame in profile.frames]
        ports = {port for frame in profile.frames for port in frame.ports or ()}
        self._by_port: dict[int | None, list[FrameDecoder]] = {port: self._of_port(port) for port in ports}
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
        if not isinstance(payload, self._wants):
            wanted, got = ("a JSON object", "bytes") if self._wants is dict else ("bytes", "a JSON object")
            raise DecodeError(f"{self.profile.key} reads {wanted}, and the message carries {got}")
        for frame in self._by_port.get(f_port, self._anywhere):
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
