"""Say why optional containers are left: nobody can serve them, nothing has room for them, or leaving is cheaper.

Nothing is claimed that was not tried. What trying costs is counted in visits driven and never timed, so that the same
tours are explained alike everywhere.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from domain.planning import ContainerTask, PlannedTour, PlanProblem, PlanSolution, explain_container
from domain.planning.insertion import Insertion, Present
from domain.planning.item import Item, euros, item_of, worth

Reason = tuple[str, str]
"""Name of a constraint or consideration, and a sentence."""
TRIES, NEAREST = 4, 20
"""Places that are driven for each container that is left, and gaps that they are chosen from."""
LOOKING, JUDGING = 200, 6
"""Looking for these places takes as long as driving so many visits, and judging a tour as long as so many more."""
MOST_ALONE = 10_000
"""Visits that are driven at most to find out what nobody can serve even alone: 0.2 s."""
NOT_OF_TOURS = frozenset({"vehicle_fraction", "vehicle_skills", "vehicle_forbidden", "wrong_day"})
"""Obstacles that have nothing to do with the tours as they are."""
PLAIN_TO_SEE = NOT_OF_TOURS | {
    "no_vehicle",
    "facility_fraction",
    "facility_volume",
    "facility_weight",
    "capacity_volume",
    "capacity_weight",
    "fixed_changed",
}
"""Reasons for which no tour has to be driven to find them."""


@dataclass
class Effort:
    """How many visits may still be driven for trying."""

    visits: int

    @property
    def spent(self) -> bool:
        """Whether nothing more may be tried."""
        return self.visits <= 0

    def spend(self, visits: int) -> None:
        """Take these visits off."""
        self.visits -= visits


def explain_left(
    problem: PlanProblem, tours: tuple[PlannedTour, ...], left: Sequence[ContainerTask], effort: Effort
) -> dict[str, Reason]:
    """A reason for each of these optional containers, by name.

    First what nobody could serve even alone; then, from the dearest to leave on and as long as the effort lasts, what
    the cheapest of a few promising places would cost or what stands in the way there. Of the rest it is said that
    they were not tried.
    """
    together: dict[object, tuple[Item, list[ContainerTask]]] = {}
    for task in left:
        item = item_of(problem, task)
        together.setdefault(item.options, (item, []))[1].append(task)
    alone = _Alone(problem)
    present: Present | None = None
    found: dict[str, Reason] = {}
    for item, tasks in sorted(together.values(), key=lambda each: -_price_ueur(each[0])):
        verdict = alone.explain(item)
        if verdict is None and not effort.spent:
            present = present or Present(problem, PlanSolution(tours=tours))
            verdict = _try(present, item, effort)
        for task in tasks:
            found[task.id] = alone.known.get(task.id) or verdict or _not_tried(item)
    return found


class _Alone:
    """What nobody can serve even alone, as far as that was looked into."""

    def __init__(self, problem: PlanProblem) -> None:
        self.known: dict[str, Reason | None] = {}
        self._problem = problem
        self._effort = Effort(MOST_ALONE)
        self._usual = 3 + len(problem.vehicles) // 8
        self._utmost = 8 * len(problem.vehicles) * len(problem.facilities)

    def explain(self, item: Item) -> Reason | None:
        """Why none of the item's options can be carried out; None if one can, or if that is not known."""
        stops = [
            [reason for block in option for name in block if (reason := self._reason(name))]
            for option in item.options
        ]
        return stops[0][0] if all(stops) else None

    def _reason(self, name: str) -> Reason | None:
        if name not in self.known and not self._effort.spent:
            reason = explain_container(self._problem, self._problem.lookup.containers[name])
            driven = reason is not None and reason[0] not in PLAIN_TO_SEE
            self._effort.spend(self._usual + (self._utmost if driven else 0))
            self.known[name] = reason
        return self.known.get(name)


def _try(present: Present, item: Item, effort: Effort) -> Reason | None:
    """What the cheapest place found costs, of all options; else what stands in the way most often.

    None if the effort did not last for all options.
    """
    lengths = [len(tour.visits) for tour in present.tours.values() if tour.visits]
    usual = JUDGING + sum(lengths) // max(1, len(lengths))
    insertions: list[Insertion] = []
    met: Counter[str] = Counter()
    for option in item.options:
        if effort.spent:
            return None
        attempt = present.insert(option, TRIES, nearest=NEAREST)
        effort.spend(len(option) * LOOKING + attempt.tried * usual)
        met += attempt.obstacles
        if attempt.insertion is not None:
            insertions.append(attempt.insertion)
    if insertions:
        return worth(item, min(insertions, key=lambda each: each.added_ueur))
    names = [name for name, _ in met.most_common() if name not in NOT_OF_TOURS][:2]
    if not names:
        return "fleet_busy", f"left for {_price(item)}: it could be served alone, but no tour is open for it"
    return names[0], f"left for {_price(item)}: the tours have no room near it ({', '.join(names)})"


def _price_ueur(item: Item) -> int:
    return item.leaving_ueur or 0


def _price(item: Item) -> str:
    return euros(_price_ueur(item))


def _not_tried(item: Item) -> Reason:
    return "not_tried", f"left for {_price(item)}; `--explain` says what serving it would cost"
