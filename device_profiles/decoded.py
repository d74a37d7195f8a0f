"""What a payload says, before it is known where and when the device was."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from device_profiles.frame import Field


class Value(NamedTuple):
    """A number in the system's unit; `plausible` is whether it lies within the profile's range."""

    field: Field
    value: float
    plausible: bool


class Vehicle(NamedTuple):
    """One vehicle of a payload; its time is `time`, or `age_s` before the uplink."""

    direction: int | None = None
    lane: int | None = None
    vehicle_class: str | None = None
    speed_kmh: float | None = None
    length_m: float | None = None
    age_s: float = 0.0
    time: datetime | None = None
    plausible: bool = True


@dataclass(slots=True)
class Decoded:
    """Values, events and vehicles of one payload, with the device's own time if it sends one."""

    values: list[Value] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    vehicles: list[Vehicle] = field(default_factory=list)
    time: datetime | None = None
    ignored: bool = False
    without_value: list[str] = field(default_factory=list)
    """Names of fields that said "no value"."""
    unusable: list[str] = field(default_factory=list)
    """Names of fields that were no finite number."""

    def named(self, name: str) -> float | None:
        """The value of a field by its name, if the payload has it."""
        return next((one.value for one in self.values if one.field.name == name), None)
