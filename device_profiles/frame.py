"""How a message is laid out: roles of fields, their places, kinds of messages, repeated records of vehicles.

A *field* is one number at a place of the payload; a *frame* is one kind of message. `profile.py` holds what they mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from device_profiles.units import SAME, Conversion


class Method(StrEnum):
    """How a profile's payloads are laid out."""

    STRUCT = "struct"
    TLV = "tlv"
    JSON = "json"


class Role(StrEnum):
    """What a field is for."""

    VALUE = "value"
    EVENT = "event"
    TIME = "time"
    """The device's own time: seconds since 1970, or RFC 3339 text in JSON."""
    SPARE = "spare"
    """Known and not stored, such as a frame counter; encoders write its default."""
    DIRECTION = "direction"
    LANE = "lane"
    CLASS = "class"
    SPEED = "speed"
    LENGTH = "length"
    AGE = "age"
    """Seconds between a vehicle's passage and the uplink."""


PASSAGE_ROLES = (Role.DIRECTION, Role.LANE, Role.CLASS, Role.SPEED, Role.LENGTH, Role.AGE, Role.TIME)
PASSAGE_UNITS = {Role.SPEED: "km/h", Role.LENGTH: "m", Role.AGE: "s"}

TYPES: dict[str, tuple[int, str]] = {
    # name: bytes, code of the struct module ("" for those it does not know)
    "u8": (1, "B"),
    "i8": (1, "b"),
    "u16": (2, "H"),
    "i16": (2, "h"),
    "u24": (3, ""),
    "i24": (3, ""),
    "u32": (4, "I"),
    "i32": (4, "i"),
    "u64": (8, "Q"),
    "i64": (8, "q"),
    "f32": (4, "f"),
    "f64": (8, "d"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """Where a raw number lies in bytes: offset, type, byte order, and for parts of it the lowest bit and width."""

    offset: int
    type: str
    little: bool = False
    bit: int = 0
    bits: int | None = None
    size: int = field(init=False, repr=False, compare=False)
    """Bytes that it takes."""
    is_float: bool = field(init=False, repr=False, compare=False)
    """Whether it holds an IEEE 754 number."""
    bounds: tuple[int, int] = field(init=False, repr=False, compare=False)
    """Smallest and largest whole number that fits."""

    def __post_init__(self) -> None:
        # Kept, not computed at each use: a simulated fleet asks millions of times.
        known = object.__setattr__
        known(self, "size", TYPES[self.type][0])
        known(self, "is_float", self.type[0] == "f")
        width = 8 * self.size
        if self.bits is not None:
            known(self, "bounds", (0, 2**self.bits - 1))
        elif self.type[0] == "i":
            known(self, "bounds", (-(2 ** (width - 1)), 2 ** (width - 1) - 1))
        else:
            known(self, "bounds", (0, 2**width - 1))


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One number or text of a payload.

    `slot` (binary) or `path` (JSON) says where; `stream` is the index of its datastream in `Profile.streams`.
    `low` and `high` bound what is plausible, in the system's unit; `invalid` are raw values that mean "no value".
    `period` is the length in seconds of an interval reading, or the name of the installation parameter that gives it.
    """

    name: str
    role: Role = Role.VALUE
    slot: Slot | None = None
    path: tuple[str | int, ...] = ()
    stream: int = -1
    conversion: Conversion = SAME
    low: float = float("-inf")
    high: float = float("inf")
    invalid: frozenset[Any] = frozenset()
    mapping: Mapping[Any, Any] = field(default_factory=dict)
    period: int | str | None = None
    weight: str | None = None
    event: str | None = None
    when: frozenset[Any] | None = None
    default: Any = None
    required: bool = False
    decimals: int | None = None
    """JSON only: the device writes the number as text with so many decimals."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A condition by which a frame is told: a byte at an offset, or a value at a JSON path (None: it exists)."""

    offset: int = 0
    path: tuple[str | int, ...] = ()
    equals: tuple[Any, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PassageLayout:
    """Repeated records of single vehicles: binary from `offset` on, or the objects at a JSON path.

    `count` is how many, None for as many as the payload holds, or the name of the field that says so.
    """

    fields: tuple[Field, ...]
    offset: int = 0
    stride: int = 0
    count: int | str | None = None
    path: tuple[str | int, ...] = ()
    many: bool = False
    classes_by_length: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Element:
    """One type of a `tlv` payload: its key bytes, the length of its data, its fields (none: skipped)."""

    name: str
    key: bytes
    length: int
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """One kind of message of a device: how it is told from others, and what it holds."""

    name: str
    ports: frozenset[int] | None = None
    min_length: int = 0
    max_length: int | None = None
    match: tuple[Match, ...] = ()
    ignore: bool = False
    fields: tuple[Field, ...] = ()
    passages: PassageLayout | None = None
    elements: tuple[Element, ...] = ()
    header_length: int = 0
    checksum: str | None = None
    names: frozenset[str] = field(init=False, repr=False, compare=False)
    """The names under which it takes values when it is encoded."""

    def __post_init__(self) -> None:
        names = {field.name for field in self.fields}
        names |= {field.name for element in self.elements for field in element.fields}
        names |= {"passages"} if self.passages is not None else set()
        object.__setattr__(self, "names", frozenset(names))

    @property
    def summary(self) -> str:
        """How a person tells it: name, port, length."""
        ports = f" on port {', '.join(map(str, sorted(self.ports)))}" if self.ports else ""
        if self.max_length == self.min_length:
            length = f", {self.min_length} bytes"
        else:
            length = f", at least {self.min_length} bytes" if self.min_length else ""
        return f"{self.name}{ports}{length}"
