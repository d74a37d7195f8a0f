"""From a raw number or text to what it means: values, events, times, vehicles."""

from collections.abc import Iterable
from datetime import datetime
from math import isfinite
from typing import Any

from device_profiles.decoded import Decoded, Value, Vehicle
from device_profiles.frame import Field, PassageLayout, Role
from domain.errors import DecodeError
from domain.time import from_micros, parse_instant

_EARLIEST_S = 946_684_800
_LATEST_S = 4_102_444_800
"""2000 and 2100: a device clock outside was never set."""
MAX_CLASS_LENGTH = 32


def number_of(field: Field, raw: Any) -> float | None:
    """The number that a raw value stands for, or None where it means "no value".

    Raises
    ------
    DecodeError
        If it is no number, or a code that the profile does not list.
    """
    if raw is None or (field.invalid and raw in field.invalid):
        return None
    if field.mapping:
        if raw not in field.mapping:
            raise DecodeError(
                f"{field.name} is {_shown(raw)}, which the profile does not list; add it under `map`"
            )
        raw = field.mapping[raw]
    if isinstance(raw, str):
        raw = _number_from_text(field, raw)
    if not isinstance(raw, (int, float)):
        raise DecodeError(f"{field.name} is {_shown(raw)} and no number")
    return raw


def _number_from_text(field: Field, text: str) -> float:
    try:
        return float(text[:64])
    except ValueError:
        raise DecodeError(f"{field.name} is {_shown(text)} and no number") from None


def _shown(raw: Any) -> str:
    text = ascii(raw)
    return text if len(text) <= 60 else f"{text[:57]}..."


def take(field: Field, raw: Any, out: Decoded) -> None:
    """Put what a field says into `out`."""
    role = field.role
    if role is Role.VALUE:
        number = number_of(field, raw)
        if number is None:
            out.without_value.append(field.name)
            return
        conversion = field.conversion
        value = (number * conversion.numerator + conversion.offset) / conversion.denominator
        if isfinite(value):
            out.values.append(Value(field, value, field.low <= value <= field.high))
        else:
            out.unusable.append(field.name)
    elif role is Role.EVENT:
        if (raw and field.when is None) or (field.when is not None and raw in field.when):
            out.events.append(field.event or field.name)
    elif role is Role.TIME:
        out.time = instant_of(raw)


def instant_of(raw: Any) -> datetime | None:
    """The instant that a raw time stands for; None where the clock was never set or the text is no instant."""
    if isinstance(raw, str):
        try:
            return parse_instant(raw[:64])
        except (ValueError, OverflowError):
            return None
    if isinstance(raw, (int, float)) and _EARLIEST_S <= raw <= _LATEST_S:
        return from_micros(round(raw * 1_000_000))
    return None


def vehicle_of(layout: PassageLayout, raws: Iterable[tuple[Field, Any]]) -> Vehicle:
    """Make a vehicle of the raw values of its record."""
    found: dict[str, Any] = {}
    plausible = True
    for field, raw in raws:
        role = field.role
        if role in (Role.SPEED, Role.LENGTH, Role.AGE):
            number = number_of(field, raw)
            if number is None or not isfinite(value := field.conversion.forward(number)):
                continue
            plausible &= field.low <= value <= field.high
            found[_ATTRIBUTES[role]] = value
        elif role is Role.TIME:
            found["time"] = instant_of(raw)
        elif role is Role.CLASS:
            found["vehicle_class"] = _class_of(field, raw)
        elif role is not Role.SPARE:
            found[role.value] = _small(field.mapping.get(raw) if field.mapping else raw, field)
    if layout.classes_by_length and "length_m" in found and "vehicle_class" not in found:
        limits = layout.classes_by_length
        found["vehicle_class"] = next(
            (name for below, name in limits if found["length_m"] < below), limits[-1][1]
        )
    return Vehicle(**found, plausible=plausible)


_ATTRIBUTES = {Role.SPEED: "speed_kmh", Role.LENGTH: "length_m", Role.AGE: "age_s"}


def _small(raw: Any, field: Field) -> int | None:
    if raw is None or raw in field.invalid:
        return None
    if isinstance(raw, int) and -32_768 <= raw <= 32_767:
        return int(raw)
    raise DecodeError(f"{field.name} is {_shown(raw)} and no small whole number")


def _class_of(field: Field, raw: Any) -> str | None:
    if raw is None or raw in field.invalid:
        return None
    word = field.mapping.get(raw, "unknown") if field.mapping else raw
    good = isinstance(word, str) and len(word) <= MAX_CLASS_LENGTH and word.replace("_", "").isalnum()
    return word.lower() if good else "unknown"
