"""A solution of the day's planning problem: who empties what, in which order, unloading where."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Collect:
    """Empty this container."""

    container: str


@dataclass(frozen=True, kw_only=True)
class Unload:
    """Unload everything at this disposal facility; ends a trip."""

    facility: str


@dataclass(frozen=True, kw_only=True)
class Pause:
    """Rest for ``duration_s`` where the stop before was made, before driving on.

    With ``at_next`` the crew drives first and rests on arrival at the next stop, before its set-up. A ``lunch``
    begins no earlier than its rule allows; the crew waits until then.
    """

    duration_s: int
    at_next: bool = False
    lunch: bool = False


Visit = Collect | Unload | Pause


@dataclass(frozen=True, kw_only=True)
class PlannedTour:
    """The visits of one vehicle between its depots; without visits the vehicle stays at home."""

    vehicle: str
    visits: tuple[Visit, ...]

    @property
    def containers(self) -> tuple[str, ...]:
        """The emptied containers in order."""
        return tuple(visit.container for visit in self.visits if isinstance(visit, Collect))


@dataclass(frozen=True, kw_only=True)
class Unserved:
    """A container that is in no tour, and which constraint or consideration keeps it out."""

    container: str
    required: bool
    constraint: str
    explanation: str


@dataclass(frozen=True, kw_only=True)
class PlanSolution:
    """Tours, what they leave, and what their maker says about them.

    ``cost_ueur`` is the maker's own sum (the evaluator recomputes it). ``seed``, ``iterations`` and ``schedule``
    (the iterations that the search was laid out for) reproduce it.
    """

    tours: tuple[PlannedTour, ...]
    unserved: tuple[Unserved, ...] = ()
    cost_ueur: int = 0
    iterations: int = 0
    schedule: int = 0
    seed: int = 0

    @property
    def unserved_required(self) -> tuple[Unserved, ...]:
        """The required containers that no tour empties."""
        return tuple(item for item in self.unserved if item.required)
