"""Yesterday's plan, and what it costs to depart from it: drivers know their tours, customers their hour."""

from dataclasses import dataclass

from domain.planning.checks import check_not_negative, check_unique


@dataclass(frozen=True, kw_only=True)
class UsualVisit:
    """How a container was served before.

    ``after`` is the container emptied directly before it; None if a depot or an unloading came before.
    """

    container: str
    vehicle: str
    after: str | None
    arrival_s: int


@dataclass(frozen=True, kw_only=True)
class Habits:
    """Former visits and the price of changing them, for each container served that has one.

    ``other_vehicle_ueur`` for another vehicle, ``other_order_ueur`` if another stop (or none) comes directly before it,
    ``shift_per_s_ueur`` for each second by which service begins more than ``shift_free_s`` before or after
    ``arrival_s``. A container without a former visit costs nothing.
    """

    visits: tuple[UsualVisit, ...] = ()
    other_vehicle_ueur: int = 0
    other_order_ueur: int = 0
    shift_free_s: int = 0
    shift_per_s_ueur: int = 0

    def __post_init__(self) -> None:
        prices = ("other_vehicle_ueur", "other_order_ueur", "shift_free_s", "shift_per_s_ueur")
        check_not_negative("habits", self, prices)
        check_unique("habits: container", (visit.container for visit in self.visits))


NO_HABITS = Habits()
