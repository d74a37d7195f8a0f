"""What a model says at a moment, before the device's payload is made of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Report:
    """Values by the profile's field names; `time_s` counts seconds since 1970, `number` names the moment for draws."""

    time_s: float
    number: int
    values: Mapping[str, Any]
    frame: str | None = None


class Model(Protocol):
    """A thing and its sensor: what happens and what would be reported."""

    def reports(self, begin_s: float, end_s: float, every_s: float) -> Iterator[Report]:
        """Live through the time after `begin_s` up to `end_s` (included), and report in the order of time."""
        ...

    def state(self) -> dict[str, Any]:
        """What must be known to go on later, as JSON."""
        ...

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what `state` said."""
        ...


def ticks(begin_s: float, end_s: float, every_s: float, phase: float) -> Iterator[tuple[int, float]]:
    """The numbered moments of a rhythm within (begin_s, end_s]; the phase, a share of it, sets devices apart."""
    offset_s = every_s * phase
    number = int((begin_s - offset_s) // every_s) + 1
    while (time_s := number * every_s + offset_s) <= end_s:
        if time_s > begin_s:
            yield number, time_s
        number += 1


def instant(time_s: float) -> datetime:
    """The aware instant of seconds since 1970, to the millisecond as clocks of devices have it."""
    return datetime.fromtimestamp(round(time_s, 3), UTC)
