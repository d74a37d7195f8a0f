"""What the evaluator finds out: time line, load curve, cost by component, violations by name."""

from dataclasses import dataclass, fields
from typing import Literal

StepKind = Literal["depart", "collect", "unload", "clean", "wait", "pause", "return"]
"""What a vehicle and its crew can be doing on a time line."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One stop on a tour's time line.

    The vehicle drives ``leg_m`` and ``leg_s`` to get there, sets up for ``setup_s``, waits ``wait_s``, works from
    ``begin_s`` to ``end_s`` and then carries ``load_l`` and ``load_kg``.

    ``kind`` is ``depart``, ``collect``, ``unload``, ``clean`` (the body, after an unloading), ``wait`` (for the
    release of the next trip's containers), ``pause`` or ``return``. ``subject`` is the depot, container or
    facility; of a ``pause`` it is ``rest`` or ``lunch``; of a tour under way ``depart`` and ``wait`` have none.
    """

    kind: StepKind
    subject: str
    location: int
    leg_m: int
    leg_s: int
    arrival_s: int
    wait_s: int
    begin_s: int
    end_s: int
    load_l: int
    load_kg: int
    setup_s: int = 0


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Cost by component, in micro-euros.

    ``serving_ueur`` is what the ways of serving add, ``habits_ueur`` the price of departing from yesterday's plan.
    """

    fixed_ueur: int = 0
    distance_ueur: int = 0
    time_ueur: int = 0
    overtime_ueur: int = 0
    leaving_ueur: int = 0
    serving_ueur: int = 0
    habits_ueur: int = 0

    @property
    def total_ueur(self) -> int:
        """The sum that a solver minimises."""
        return sum(self.components_ueur.values())

    @property
    def components_ueur(self) -> dict[str, int]:
        """What the sum consists of: ``fixed``, ``distance``, ``time`` and so on."""
        return {field.name.removesuffix("_ueur"): getattr(self, field.name) for field in fields(self)}

    def __add__(self, other: "Cost") -> "Cost":
        sums = {field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)}
        return Cost(**sums)


@dataclass(frozen=True, kw_only=True)
class Violation:
    """A broken constraint: its name, the vehicle and the things concerned, and a sentence."""

    name: str
    vehicle: str | None
    subjects: tuple[str, ...]
    message: str


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What one unloading leaves at a facility."""

    facility: str
    volume_l: int
    weight_kg: int


@dataclass(frozen=True, kw_only=True)
class TourEvaluation:
    """One tour judged; a tour without visits costs nothing and has no steps, unless it is under way.

    ``distance_m``, ``duration_s`` and ``overtime_s`` are what counts for the cost: of a tour under way only what is
    still to come.
    """

    vehicle: str
    steps: tuple[Step, ...]
    distance_m: int
    duration_s: int
    overtime_s: int
    trips: int
    cost: Cost
    violations: tuple[Violation, ...]
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlanEvaluation:
    """All tours judged, with what concerns the plan as a whole."""

    tours: tuple[TourEvaluation, ...]
    cost: Cost
    violations: tuple[Violation, ...]

    @property
    def feasible(self) -> bool:
        """Whether no constraint is broken."""
        return not self.violations
