"""Frames of JSON: fields at paths into an object."""

from collections.abc import Mapping
from typing import Any

from device_profiles.decoded import Decoded
from device_profiles.frame import Field, Frame, Match
from device_profiles.raw import take, vehicle_of
from domain.errors import DecodeError

_ABSENT: Any = object()


def _walk(tree: Any, path: tuple[str | int, ...]) -> Any:
    """Follow a path; `_ABSENT` where it leads nowhere."""
    for step in path:
        if isinstance(tree, dict):
            tree = tree.get(step, _ABSENT)
        elif isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        else:
            return _ABSENT
    return tree


class JsonFrame:
    """A frame of a `json` profile."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    def fits(self, payload: Mapping[str, Any]) -> bool:
        """Whether all paths and values by which it is told are there."""
        return all(_matches(payload, match) for match in self.frame.match)

    def decode(self, payload: Mapping[str, Any]) -> Decoded:
        """Read an object that fits."""
        out = Decoded(ignored=self.frame.ignore)
        for field in self.frame.fields:
            take(field, _leaf(payload, field), out)
        layout = self.frame.passages
        records = _ABSENT if layout is None else _walk(payload, layout.path)
        if layout is None or records is _ABSENT:
            return out
        for record in records if layout.many and isinstance(records, list) else [records]:
            if not isinstance(record, Mapping):
                raise DecodeError(f"{_dotted(layout.path)} holds no object for each vehicle")
            pairs = ((field, _leaf(record, field)) for field in layout.fields)
            out.vehicles.append(vehicle_of(layout, pairs))
        return out


def _matches(payload: Mapping[str, Any], match: Match) -> bool:
    found = _walk(payload, match.path)
    return found is not _ABSENT and (match.equals is None or found in match.equals)


def _leaf(tree: Any, field: Field) -> Any:
    raw = _walk(tree, field.path)
    if raw is _ABSENT:
        if field.required:
            raise DecodeError(f"{_dotted(field.path)} is missing")
        return None
    if isinstance(raw, (Mapping, list)):
        raise DecodeError(f"{_dotted(field.path)} is no single value")
    return raw


def _dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(map(str, path))
