"""What a plan says about itself: costs, time lines, loads, and why each optional container is in or out."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from domain.planning.evaluation import Cost, Step, Violation
from domain.planning.insertion import Insertion


@dataclass(frozen=True, kw_only=True)
class LoadPoint:
    """What is on board from this instant on."""

    at_s: int
    load_l: int
    load_kg: int


@dataclass(frozen=True, kw_only=True)
class Account:
    """A tour's time by what it is spent on; the sum is the tour's duration."""

    drive_s: int
    setup_s: int
    wait_s: int
    serve_s: int
    unload_s: int
    clean_s: int
    pause_s: int


@dataclass(frozen=True, kw_only=True)
class TourExplanation:
    """A tour's cost, time line, load curve and how its time is spent."""

    vehicle: str
    cost: Cost
    distance_m: int
    duration_s: int
    account: Account
    steps: tuple[Step, ...]
    load: tuple[LoadPoint, ...]


@dataclass(frozen=True, kw_only=True)
class ItemExplanation:
    """Why a container or a choice is in the plan or not.

    Attributes
    ----------
    vehicles : tuple of str
        Those that serve it.
    leaving_ueur : int or None
        What leaving it costs; None if it is required.
    saving_ueur : int or None
        What the tours would cost less without it, if it is served and was tried.
    insertion : Insertion or None
        The cheapest place found for it, if it is left, was tried and can be served.
    constraint : str
        Of what is served: ``worth_serving``, or ``cheaper_to_leave`` if leaving it costs less than serving it does
        (``tour_fixed`` where that cannot be changed). Of what is left: ``cheaper_to_leave``; ``cheaper_to_serve`` or,
        where it is required, ``room_left`` if a place was found after all; ``fleet_busy`` if no tour is open for it; or
        the name of the constraint that keeps everyone from serving it, else of the one that stands in the way most
        often. ``not_tried`` of either.
    """

    kind: Literal["container", "choice"]
    id: str
    required: bool
    served: bool
    vehicles: tuple[str, ...]
    leaving_ueur: int | None
    saving_ueur: int | None = None
    insertion: Insertion | None = None
    constraint: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A whole plan explained."""

    cost: Cost
    tours: tuple[TourExplanation, ...]
    items: tuple[ItemExplanation, ...]
    violations: tuple[Violation, ...]

    def to_record(self) -> dict[str, Any]:
        """Return plain data for JSON; costs with their total, insertions without their tours."""
        record = asdict(self)
        record["cost"]["total_ueur"] = self.cost.total_ueur
        for tour, written in zip(self.tours, record["tours"], strict=True):
            written["cost"]["total_ueur"] = tour.cost.total_ueur
        for item in record["items"]:
            if item["insertion"] is not None:
                del item["insertion"]["tours"]
        return record
