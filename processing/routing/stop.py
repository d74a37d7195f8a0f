"""When a search ends, and what it says on the way."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.errors import UsageError
from domain.planning import PlanSolution


@dataclass(frozen=True, kw_only=True)
class Stop:
    """Ends the search at whichever comes first.

    Give ``iterations`` or ``seconds`` (or both): the annealing needs to know how long it will last. With seconds
    alone the search ends within a few percent or half a second of them, at iterations that reproduce it, see
    `processing.routing.cooling`. ``seconds`` counts from after the compilation.

    Attributes
    ----------
    schedule : int or None
        Iterations that the cooling is laid out for, if others than ``iterations``: where a search was ended before it
        was cold (by flag, target, or seconds given beside iterations), its solution states which these were. No fewer
        than ``iterations``: the search ends when it is cold.
    target_ueur : int or None
        Stop once a solution without unserved required containers costs this or less.
    requested : callable or None
        Asked between blocks of iterations; True ends the search with the best found so far.
    """

    iterations: int | None = None
    schedule: int | None = None
    seconds: float | None = None
    target_ueur: int | None = None
    requested: Callable[[], bool] | None = None

    def __post_init__(self) -> None:
        if self.iterations is None and self.seconds is None:
            raise UsageError("Stop needs iterations or seconds; give at least one")
        if self.iterations is not None and self.iterations < 0:
            raise UsageError("Stop: iterations must not be negative")
        if self.seconds is not None and self.seconds < 0:
            raise UsageError("Stop: seconds must not be negative")
        if self.schedule is not None and self.schedule < (self.iterations or 0):
            raise UsageError(
                f"Stop: schedule ({self.schedule}) is below iterations ({self.iterations or 0}), at which the search "
                "would end early; give at least as many, or leave it out"
            )


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Told before the first and after each block of iterations, a few times a second.

    ``solution`` builds the best solution so far; it is only worth calling if somebody wants to see it.
    """

    seconds: float
    iterations: int
    planned_iterations: int
    cost_ueur: int
    unserved_required: int
    solution: Callable[[], PlanSolution]


ProgressCallback = Callable[[Progress], None]
