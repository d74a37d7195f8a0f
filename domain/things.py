"""Things and what is observed at them: installations, datastreams and their keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.time import check_aware


class ThingKind(StrEnum):
    """What a thing is: the slot that keeps its history whatever device or container comes and goes."""

    CONTAINER = "container"
    COUNTER = "counter"
    METER = "meter"
    PARKING_BAY = "parking_bay"


class WasteFraction(StrEnum):
    """Waste fractions as they are collected apart: Restmüll, Bio, Papier, Glas, Leichtverpackungen."""

    RESIDUAL = "residual"
    ORGANIC = "organic"
    PAPER = "paper"
    GLASS = "glass"
    PACKAGING = "packaging"


@dataclass(frozen=True, kw_only=True, slots=True)
class DatastreamKey:
    """Quantity and qualifier within one thing; the qualifier is canonical, such as `direction=1;class=lorry`."""

    quantity: str
    qualifier: str = ""


def qualifier(**parts: str | int) -> str:
    """Write a canonical qualifier: `name=value` pairs sorted by name, joined by semicolons."""
    return ";".join(f"{name}={parts[name]}" for name in sorted(parts))


def qualifier_parts(text: str) -> dict[str, str]:
    """Read a canonical qualifier back into its parts."""
    return dict(part.split("=", 1) for part in text.split(";") if part)


@dataclass(frozen=True, kw_only=True, slots=True)
class Installation:
    """A device at a thing for a period, with its parameters (such as mounting height) and its datastreams."""

    id: int
    organisation_id: int
    organisation_key: str
    device_id: int
    device_key: str
    thing_id: int
    profile_key: str
    parameters: Mapping[str, float | str]
    datastreams: Mapping[DatastreamKey, int]
    valid_from: datetime
    valid_until: datetime | None = None

    def __post_init__(self) -> None:
        check_aware(self.valid_from)
        if self.valid_until is not None:
            check_aware(self.valid_until)

    def holds_at(self, instant: datetime) -> bool:
        """Whether the installation is valid at the instant (begin included, end not)."""
        return self.valid_from <= instant and (self.valid_until is None or instant < self.valid_until)


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownDevice:
    """A registered device with all its installations, newest first; possibly none."""

    id: int
    organisation_id: int
    organisation_key: str
    key: str
    profile_key: str
    installations: tuple[Installation, ...] = ()

    def installation_at(self, instant: datetime) -> Installation | None:
        """The installation valid at the instant, if any."""
        return next((one for one in self.installations if one.holds_at(instant)), None)


class Directory(Protocol):
    """Finds a registered device by its key; storage provides one from the database."""

    def find(self, device_key: str, organisation_key: str | None = None) -> KnownDevice | None:
        """Return the device, or None. Without an organisation the key is a DevEUI, unique everywhere."""
        ...
