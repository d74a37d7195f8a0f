"""What is to be emptied: containers, and choices between ways of serving them."""

from collections.abc import Set
from dataclasses import dataclass

from domain.planning.checks import check_not_negative, check_unique, check_windows, require
from domain.planning.places import TimeWindow


@dataclass(frozen=True, kw_only=True)
class ContainerTask:
    """A container that must be emptied, or may be left at a cost.

    Service begins within one of ``windows``; no window means any time. ``cost_of_leaving_ueur`` counts for
    optional containers only: a required one has no price. A container that a `Choice` names takes both from
    the choice.

    Attributes
    ----------
    skills : frozenset of str
        All that a vehicle must be able to do to serve it.
    vehicles : frozenset of str or None
        The only vehicles that may serve it (one: it is pinned); None means any.
    forbidden_vehicles : frozenset of str
        Vehicles that must not serve it.
    days : frozenset of int or None
        Days of the plan on which it may be served; None means any.
    serving_cost_ueur : int
        Added when it is served: what this way or this day of serving costs beyond driving.
    released_s : int or None
        The trip that serves it departs from the depot or the unloading before it not earlier than this.
    door_to_door : bool
        Household refuse collected door to door; see `BreakRules.driving`.
    """

    id: str
    site: str
    location: int
    fraction: str
    demand_l: int
    demand_kg: int
    service_s: int
    required: bool = True
    cost_of_leaving_ueur: int = 0
    windows: tuple[TimeWindow, ...] = ()
    skills: frozenset[str] = frozenset()
    vehicles: frozenset[str] | None = None
    forbidden_vehicles: frozenset[str] = frozenset()
    days: frozenset[int] | None = None
    serving_cost_ueur: int = 0
    released_s: int | None = None
    door_to_door: bool = False

    def __post_init__(self) -> None:
        owner = f"container {self.id}"
        amounts = ("demand_l", "demand_kg", "service_s", "cost_of_leaving_ueur", "serving_cost_ueur")
        check_not_negative(owner, self, amounts)
        check_windows(owner, self.windows)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Ways of serving the same need, of which one is carried out whole and the others not at all.

    Each option names containers (possible visits): alternatives have one each, a periodic service has one for
    each visit of a pattern of days. If the choice is not ``required``, none may be taken at
    ``cost_of_leaving_ueur``.
    """

    id: str
    options: tuple[tuple[str, ...], ...]
    required: bool = True
    cost_of_leaving_ueur: int = 0

    def __post_init__(self) -> None:
        owner = f"choice {self.id}"
        check_not_negative(owner, self, ("cost_of_leaving_ueur",))
        require(bool(self.options), f"{owner}: options must name at least one way of serving")
        for option in self.options:
            require(bool(option), f"{owner}: an option must name at least one container")
            check_unique(f"{owner}: container", option)

    @property
    def containers(self) -> tuple[str, ...]:
        """Every container that some option names, once, in order."""
        return tuple(dict.fromkeys(name for option in self.options for name in option))

    def missing(self, served: Set[str]) -> set[str]:
        """What is left of it: all if nothing is served, the rest of the options begun, or nothing if one is whole."""
        if any(served >= set(option) for option in self.options):
            return set()
        begun = [option for option in self.options if not served.isdisjoint(option)]
        return {name for option in begun or self.options for name in option} - served
