"""Reads a profile from TOML into frozen dataclasses; every mistake is named with file, key and how to mend it."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from device_profiles.frame import Field, Frame, Method
from device_profiles.profile import PASSAGES_PERIOD_S, Derivation, DerivationKind, Parameter, Profile, Vector
from device_profiles.read_fields import FieldReader, Streams
from device_profiles.read_frames import read_frame
from device_profiles.table import Table, finite
from domain.errors import ProfileError
from domain.quantities import QUANTITIES
from domain.things import ThingKind

_TARGETS = {
    DerivationKind.FILL_LEVEL: ("distance", "fill_level"),
    DerivationKind.FLOW: ("vehicle_count", "flow"),
    DerivationKind.DIFFERENCE: ("energy_total", "energy"),
}
FILL_PARAMETERS = ("empty_distance_m", "full_distance_m", "shape", "bottom_ratio")


def load_profile(path: Path) -> Profile:
    """Read the profile in a file.

    Raises
    ------
    ProfileError
        If the file cannot be read, is not TOML, or says something that makes no sense.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path}: cannot be read: {error}") from error
    return parse_profile(text, str(path))


def parse_profile(text: str, where: str = "profile") -> Profile:
    """Read a profile from TOML text; `where` names it in errors."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{where}: is not TOML: {error}") from error
    return _profile(Table(content, where))


def _profile(table: Table) -> Profile:
    method = Method(table.choice("method", Method))
    little = table.choice("endian", ("big", "little"), "big") == "little"
    parameters = {name: _parameter(table, name, entry) for name, entry in table.table("parameters").items()}
    streams = Streams()
    reader = FieldReader(method, little, parameters, streams)
    frames = tuple(read_frame(one, reader) for one in table.tables("frame"))
    if not frames:
        raise table.wrong("frame", "is missing; a profile needs at least one [[frame]]")
    _connect_weights(streams, frames)
    sent = len(streams.all)
    derivations = tuple(
        _derivation(one, number, streams, sent, parameters)
        for number, one in enumerate(table.tables("derivation"))
    )
    radio = table.flag("radio", method is not Method.JSON)
    if radio:
        streams.add("rssi", {}, optional=True)
        streams.add("snr", {}, optional=True)
    profile = Profile(
        vendor=_slug(table, "vendor"),
        device=_slug(table, "device"),
        name=table.text("name"),
        version=table.integer("version", low=1, high=32_767),
        kind=ThingKind(table.choice("kind", ThingKind)),
        method=method,
        description=table.text("description"),
        source=table.text("source"),
        frames=frames,
        streams=tuple(streams.all),
        derivations=derivations,
        parameters=parameters,
        vectors=tuple(_vector(one, method) for one in table.tables("vector")),
        radio=radio,
    )
    table.finish()
    return profile


def _slug(table: Table, key: str) -> str:
    text = table.text(key)
    if not text.replace("-", "").replace("_", "").isalnum() or text != text.lower() or not text.isascii():
        raise table.wrong(key, f"{text!r} may hold small letters, digits, - and _ only")
    return text


def _parameter(table: Table, name: str, entry: Any) -> Parameter:
    if not isinstance(entry, dict):
        raise table.wrong("parameters", f"{name} must be a table; begin it with [parameters.{name}]")
    inner = Table(entry, f"{table.where}: parameters: {name}")
    default = inner.raw("default")
    if not isinstance(default, str):
        default = finite(default, inner, "default")
    bounds = inner.pair("range")
    parameter = Parameter(
        name=name,
        description=inner.text("description"),
        default=default,
        unit=inner.maybe_text("unit"),
        low=bounds[0] if bounds else float("-inf"),
        high=bounds[1] if bounds else float("inf"),
        choices=tuple(map(str, inner.entries("choices", []))),
    )
    inner.finish()
    try:
        parameter.check(default)
    except ProfileError as error:
        raise inner.wrong("default", str(error)) from None
    return parameter


def _fields_of(frame: Frame) -> list[Field]:
    return [*frame.fields, *(field for element in frame.elements for field in element.fields)]


def _connect_weights(streams: Streams, frames: tuple[Frame, ...]) -> None:
    """Tell each weighted datastream which one holds the counts behind it."""
    for frame in frames:
        by_name = {field.name: field for field in _fields_of(frame)}
        for field in by_name.values():
            if field.weight is not None:
                streams.all[field.stream] = replace(
                    streams.all[field.stream], weight=by_name[field.weight].stream
                )


def _derivation(
    table: Table, number: int, streams: Streams, sent: int, parameters: Mapping[str, Parameter]
) -> Derivation:
    kind = DerivationKind(table.choice("kind", DerivationKind))
    if kind is DerivationKind.PASSAGES_TO_COUNTS:
        derivation = _counts(table, number, streams)
    else:
        derivation = _computed(table, kind, number, streams, sent)
    if kind is DerivationKind.FILL_LEVEL:
        for name in FILL_PARAMETERS:
            if name not in parameters:
                raise table.wrong(
                    "kind", f"fill_level needs the installation parameter {name}; add [parameters.{name}]"
                )
    table.finish()
    return derivation


def _computed(table: Table, kind: DerivationKind, number: int, streams: Streams, sent: int) -> Derivation:
    source, target = _TARGETS[kind]
    source, target = table.choice("source", QUANTITIES, source), table.choice("target", QUANTITIES, target)
    by = table.maybe_entries("by")
    found = [(at, one) for at, one in enumerate(streams.all[:sent]) if one.quantity == source]
    if not found:
        raise table.wrong("source", f"no field sends {source}; add one, or remove this derivation")
    targets: dict[int, int] = {}
    for at, stream in found:
        if kind is DerivationKind.FLOW and stream.period is None:
            raise table.wrong("source", f"{source} has no period; give its field a period_s")
        parts = {name: value for name, value in stream.parts if by is None or name in by}
        targets[at] = streams.add(target, parts, period=stream.period, derivation=number)
    return Derivation(
        kind=kind,
        source=source,
        target=target,
        by=tuple(by or ()),
        max_step=table.number("max_step") if "max_step" in table else None,
        wraps_at=table.number("wraps_at") if "wraps_at" in table else None,
        targets=targets,
    )


def _counts(table: Table, number: int, streams: Streams) -> Derivation:
    directions, classes = table.entries("directions", []), table.entries("classes", [])
    for direction in directions or [None]:
        for name in classes or [None]:
            parts = {"direction": direction, "class": name}
            given = {key: value for key, value in parts.items() if value is not None}
            period = {"period": PASSAGES_PERIOD_S, "derivation": number}
            weight = streams.add("vehicle_count", given, **period)
            if table.flag("speeds", True):
                streams.add("speed", given, weight=weight, **period)
    by = tuple(name for name, values in (("direction", directions), ("class", classes)) if values)
    return Derivation(kind=DerivationKind.PASSAGES_TO_COUNTS, by=by)


def _vector(table: Table, method: Method) -> Vector:
    payload: bytes | Mapping[str, Any]
    if method is Method.JSON:
        payload = dict(table.table("payload").items())
    else:
        try:
            payload = bytes.fromhex(table.text("payload", ""))
        except ValueError:
            raise table.wrong("payload", "must be hexadecimal digits, two for each byte") from None
    vector = Vector(
        note=table.text("note"),
        payload=payload,
        port=table.maybe_integer("port", high=255),
        values=dict(table.table("values").items()),
        derived=dict(table.table("derived").items()),
        events=tuple(table.entries("events", [])),
        passages=tuple(dict(one.items()) for one in table.tables("passages")),
        parameters=dict(table.table("parameters").items()),
        implausible=tuple(table.entries("implausible", [])),
        time=table.maybe_text("time"),
        ignored=table.flag("ignored"),
        refused=table.flag("refused"),
    )
    table.finish()
    return vector
