"""Reads the fields of a profile's frames: where a number lies, what it means, and the datastream it feeds."""

import re
from collections.abc import Mapping
from typing import Any

from device_profiles.frame import PASSAGE_ROLES, PASSAGE_UNITS, TYPES, Field, Method, Role, Slot
from device_profiles.profile import Stream
from device_profiles.table import Table
from device_profiles.units import Conversion, conversion
from domain.errors import ProfileError
from domain.quantities import QUANTITIES

_WORD = re.compile(r"[a-z0-9$][a-z0-9_+-]*\Z")


class Streams:
    """The datastreams of a profile as its fields name them, each once."""

    def __init__(self) -> None:
        self.all: list[Stream] = []
        self._index: dict[tuple[str, tuple[tuple[str, str], ...]], int] = {}

    def add(self, quantity: str, parts: Mapping[str, Any], **more: Any) -> int:
        """Return the index of the datastream, made if it is new."""
        key = quantity, tuple(sorted((name, str(value)) for name, value in parts.items()))
        if key not in self._index:
            self._index[key] = len(self.all)
            self.all.append(Stream(quantity=quantity, parts=key[1], **more))
        return self._index[key]


def path_of(text: str) -> tuple[str | int, ...]:
    """Split a JSON path such as `values.0.distance`; digits are positions in a list."""
    return tuple(int(step) if step.isdigit() else step for step in text.split("."))


def read_slot(table: Table, little: bool, base: int) -> Slot:
    """Read offset, type, byte order and bits."""
    order = table.choice("endian", ("big", "little"), "little" if little else "big")
    slot = Slot(
        offset=base + table.integer("offset", 0, high=4096),
        type=table.choice("type", TYPES),
        little=order == "little",
        bit=table.integer("bit", 0, high=63),
        bits=table.maybe_integer("bits", low=1, high=64) or (1 if "bit" in table else None),
    )
    if slot.bits is not None and (slot.is_float or slot.bit + slot.bits > 8 * slot.size):
        raise table.wrong(
            "bits", f"bits {slot.bit} to {slot.bit + slot.bits - 1} do not lie within {slot.type}"
        )
    return slot


def _mapping(table: Table) -> dict[Any, Any]:
    texts = dict(table.table("map").items())
    if any(isinstance(value, (dict, list)) for value in texts.values()):
        raise table.wrong("map", "must map raw values to numbers or words")
    return {int(raw) if raw.lstrip("-").isdigit() else raw: value for raw, value in texts.items()}


def _conversion(table: Table, system_unit: str) -> Conversion:
    unit = table.text("unit", system_unit)
    try:
        return conversion(unit, system_unit, factor=table.number("factor", 1), add=table.number("add", 0))
    except ProfileError as error:
        raise table.wrong("unit", str(error)) from None


def _role(table: Table) -> Role:
    if "role" in table:
        return Role(table.choice("role", (Role.TIME, Role.SPARE)))
    if "event" in table:
        return Role.EVENT
    if "quantity" in table:
        return Role.VALUE
    raise table.wrong("quantity", 'is missing; name a quantity, an event, or role = "time" or "spare"')


def _period(table: Table, parameters: Mapping[str, Any]) -> int | str | None:
    if not isinstance(table.raw("period_s", None), str):
        return table.maybe_integer("period_s", low=1, high=86_400)
    name = table.text("period_s")
    if name not in parameters or isinstance(parameters[name].default, str):
        raise table.wrong(
            "period_s", f"{name!r} is no numeric installation parameter; add [parameters.{name}]"
        )
    return name


def qualifier_of(table: Table, key: str, parameters: Mapping[str, Any]) -> dict[str, str]:
    """Read qualifier parts; a value `$name` stands for an installation parameter of text."""
    parts = {name: str(value) for name, value in table.table(key).items()}
    for name, value in parts.items():
        if not _WORD.match(name) or not _WORD.match(value):
            raise table.wrong(key, f"{name}={value} may hold small letters, digits, _ + and - only")
        if value[0] == "$" and not isinstance(getattr(parameters.get(value[1:]), "default", None), str):
            raise table.wrong(
                key, f"{value[1:]!r} is no installation parameter of text; add it under [parameters]"
            )
    return parts


class FieldReader:
    """Reads the fields of one profile; holds what all of them share."""

    def __init__(self, method: Method, little: bool, parameters: Mapping[str, Any], streams: Streams) -> None:
        self.method = method
        self.little = little
        self.parameters = parameters
        self.streams = streams

    def read(
        self,
        table: Table,
        *,
        base: int = 0,
        prefix: str = "",
        siblings: frozenset[str] = frozenset(),
        **parts: str,
    ) -> Field:
        """Read a field of a frame; `prefix` and `parts` come from the repetition that it belongs to."""
        role = _role(table)
        common = self._common(table, base, prefix, role)
        if role is Role.EVENT:
            when = table.maybe_entries("when")
            common |= {"event": table.text("event"), "when": None if when is None else frozenset(when)}
        if role is Role.VALUE:
            common |= self._value(table, prefix, siblings, parts)
        table.finish()
        return Field(**common)

    def passage(self, table: Table) -> Field:
        """Read a field of a single vehicle's record."""
        role = Role(table.choice("role", [*PASSAGE_ROLES, Role.SPARE]))
        common = self._common(table, 0, "", role)
        if role in PASSAGE_UNITS:
            common["conversion"] = _conversion(table, PASSAGE_UNITS[role])
            common |= _bounds(table)
        table.finish()
        return Field(**common)

    def _common(self, table: Table, base: int, prefix: str, role: Role) -> dict[str, Any]:
        name = table.text("name", role.value if role is not Role.VALUE else table.text("quantity"))
        place: dict[str, Any] = (
            {"path": path_of(table.text("path"))}
            if self.method is Method.JSON
            else {"slot": read_slot(table, self.little, base)}
        )
        return {
            "name": prefix + name,
            "role": role,
            "invalid": frozenset(table.entries("invalid", [])),
            "mapping": _mapping(table),
            "default": table.raw("default", None),
            "required": table.flag("required"),
            "decimals": table.maybe_integer("decimals", high=9) if self.method is Method.JSON else None,
            **place,
        }

    def _value(
        self, table: Table, prefix: str, siblings: frozenset[str], parts: dict[str, str]
    ) -> dict[str, Any]:
        quantity = table.choice("quantity", QUANTITIES)
        period = _period(table, self.parameters)
        own = qualifier_of(table, "qualifier", self.parameters)
        weight = table.maybe_text("weight")
        return {
            "stream": self.streams.add(quantity, {**own, **parts}, period=period),
            "conversion": _conversion(table, QUANTITIES[quantity].unit),
            "period": period,
            "weight": prefix + weight if weight in siblings else weight,
            **_bounds(table),
        }


def _bounds(table: Table) -> dict[str, float]:
    bounds = table.pair("range")
    return {} if bounds is None else {"low": bounds[0], "high": bounds[1]}
