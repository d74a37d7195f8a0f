"""Where things happen: depots, disposal facilities, collection sites, and the ways between places."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.planning.checks import check_not_negative, check_windows, require

Matrix = Sequence[Sequence[int]]
"""``matrix[i][j]`` belongs to the way from place i to place j; it need not be symmetric."""


@dataclass(frozen=True, kw_only=True, order=True)
class TimeWindow:
    """From ``open_s`` to ``close_s``, both included."""

    open_s: int
    close_s: int

    def __post_init__(self) -> None:
        require(
            self.open_s <= self.close_s,
            f"time window closes ({self.close_s} s) before it opens ({self.open_s} s)",
        )


@dataclass(frozen=True, kw_only=True)
class Depot:
    """Where vehicles start and end."""

    id: str
    location: int


@dataclass(frozen=True, kw_only=True)
class DisposalFacility:
    """Where vehicles unload.

    An unloading begins and ends within one opening window; no window at all means always open.
    ``capacity_l`` and ``capacity_kg`` limit what it takes on each day of the plan; None means anything.
    """

    id: str
    location: int
    service_s: int
    fractions: frozenset[str]
    opening: tuple[TimeWindow, ...] = ()
    capacity_l: int | None = None
    capacity_kg: int | None = None

    def __post_init__(self) -> None:
        owner = f"facility {self.id}"
        check_not_negative(owner, self, ("service_s", "capacity_l", "capacity_kg"))
        check_windows(owner, self.opening)


@dataclass(frozen=True, kw_only=True)
class Site:
    """A collection site whose containers share a set-up time.

    ``setup_s`` is spent on arrival, before anything is waited for or emptied, whenever the stop before lies
    at another site or place; it is work, not driving.
    """

    id: str
    setup_s: int

    def __post_init__(self) -> None:
        check_not_negative(f"site {self.id}", self, ("setup_s",))


@dataclass(frozen=True, kw_only=True)
class TravelProfile:
    """Ways of a kind of vehicle, over the same places as the problem's own matrices."""

    name: str
    distance_m: Matrix
    duration_s: Matrix
