"""What putting containers into the present tours would cost at the cheapest place, or what stands in the way.

The places with the smallest detours are judged by the evaluator, so many of them as the caller grants: what it finds is
the best of those, and an upper bound of the true price.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import nsmallest

from domain.planning.agreements import check_facilities
from domain.planning.evaluate import evaluate_tour
from domain.planning.evaluation import TourEvaluation
from domain.planning.fleet import Vehicle
from domain.planning.gaps import Gap, Place, gaps_of, places
from domain.planning.limits import why_not
from domain.planning.problem import PlanProblem
from domain.planning.solution import PlannedTour, PlanSolution
from domain.planning.tasks import ContainerTask
from domain.planning.trial import with_pauses


@dataclass(frozen=True, kw_only=True)
class Insertion:
    """Containers put into tours: what it adds to the tours' cost, and the tours that change.

    ``vehicle`` and ``after`` say where the first of them goes: after which stop, None for the tour's begin.
    """

    added_ueur: int
    vehicle: str
    after: str | None
    tours: tuple[PlannedTour, ...]


@dataclass
class Attempt:
    """The cheapest insertion found, in how many trials, and how often each constraint stood in the way."""

    insertion: Insertion | None = None
    tried: int = 0
    obstacles: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, kw_only=True)
class _Trial:
    """A place, the tour with it, and what that adds."""

    place: Place
    tour: PlannedTour
    judged: TourEvaluation
    added_ueur: int


class Present:
    """The tours as they are; what is put in is judged against them."""

    def __init__(self, problem: PlanProblem, solution: PlanSolution) -> None:
        self.problem = problem
        self.tours = {
            tour.vehicle: tour for tour in solution.tours if tour.vehicle in problem.lookup.vehicles
        }
        for vehicle in problem.vehicles:
            self.tours.setdefault(vehicle.id, PlannedTour(vehicle=vehicle.id, visits=()))
        self.judged = {name: evaluate_tour(problem, tour) for name, tour in self.tours.items()}
        fixed = {tour.vehicle for tour in problem.fixed}
        self.open = [vehicle for vehicle in problem.vehicles if vehicle.id not in fixed]
        self._gaps: dict[str, list[Gap]] = {}

    def insert(self, blocks: Sequence[Sequence[str]], tries: int, *, nearest: int | None = None) -> Attempt:
        """The cheapest way found to serve these blocks of containers, each block in one piece, one by one.

        With ``nearest`` only so many gaps are looked at, those with the smallest detours, for there may be very many.
        """
        stand, result = self, Attempt()
        trials: list[_Trial] = []
        for block in blocks:
            tasks = [self.problem.lookup.containers[name] for name in block]
            best = stand._cheapest(tasks, tries, nearest, result)
            if best is None:
                return result
            trials.append(best)
            stand = stand._with(best)
        result.insertion = Insertion(
            added_ueur=sum(trial.added_ueur for trial in trials),
            vehicle=trials[0].place.vehicle,
            after=trials[0].place.gap.before,
            tours=tuple({trial.place.vehicle: trial.tour for trial in trials}.values()),
        )
        return result

    def _cheapest(
        self, block: Sequence[ContainerTask], tries: int, nearest: int | None, result: Attempt
    ) -> _Trial | None:
        best: _Trial | None = None
        for place in self._promising(block, tries, nearest, result):
            trial = self._try(place)
            obstacles = self._obstacles(trial.judged)
            result.tried += 1
            result.obstacles.update(sorted(obstacles))
            if not obstacles and (best is None or trial.added_ueur < best.added_ueur):
                best = trial
        return best

    def _promising(
        self, block: Sequence[ContainerTask], tries: int, nearest: int | None, result: Attempt
    ) -> list[Place]:
        """The places with the smallest detours that are not too full."""
        found = []
        for vehicle, gaps in self._gaps_for(block, nearest, result):
            opens = not self.judged[vehicle.id].steps
            for place in places(self.problem, vehicle, gaps, block, opens=opens):
                if place.too_full is None:
                    found.append(place)
                else:
                    result.obstacles[place.too_full] += 1
        return nsmallest(tries, found, key=lambda place: place.estimate_ueur)

    def _gaps_for(
        self, block: Sequence[ContainerTask], nearest: int | None, result: Attempt
    ) -> list[tuple[Vehicle, list[Gap]]]:
        """The gaps of each vehicle that may serve these containers; no more than the nearest of them."""
        gaps: list[tuple[Vehicle, list[Gap]]] = []
        for vehicle in self.open:
            reason = next((reason for task in block if (reason := _forbidden(vehicle, task))), None)
            if reason is None:
                gaps.append((vehicle, self._gaps_of(vehicle)))
            else:
                result.obstacles[reason] += 1
        if nearest is None:
            return gaps
        detours_ueur = [
            (detour_ueur, number, index)
            for number, (vehicle, each) in enumerate(gaps)
            for index, detour_ueur in enumerate(_detours_ueur(self.problem, vehicle, each, block))
        ]
        chosen = {(number, index) for _, number, index in nsmallest(nearest, detours_ueur)}
        return [
            (vehicle, [gap for index, gap in enumerate(each) if (number, index) in chosen])
            for number, (vehicle, each) in enumerate(gaps)
        ]

    def _try(self, place: Place) -> _Trial:
        """Drive the tour with these visits put in; one that was empty gets the pauses that it owes."""
        before = self.tours[place.vehicle].visits
        visits = place.applied(before)
        if not before:
            visits = with_pauses(self.problem, self.problem.lookup.vehicles[place.vehicle], visits)
        tour = PlannedTour(vehicle=place.vehicle, visits=visits)
        judged = evaluate_tour(self.problem, tour)
        added_ueur = judged.cost.total_ueur - self.judged[place.vehicle].cost.total_ueur
        return _Trial(place=place, tour=tour, judged=judged, added_ueur=added_ueur)

    def _obstacles(self, tour: TourEvaluation) -> set[str]:
        """What the changed tour breaks that was not broken before."""
        found = {each.name for each in tour.violations}
        found -= {each.name for each in self.judged[tour.vehicle].violations}
        return found | {name for name, _ in self._overfilled(tour) - self._overfilled(None)}

    def _overfilled(self, changed: TourEvaluation | None) -> set[tuple[str, tuple[str, ...]]]:
        """Facilities that get too much, with this tour in place of the present one."""
        judged = self.judged | ({changed.vehicle: changed} if changed else {})
        return {(each.name, each.subjects) for each in check_facilities(self.problem, judged.values())}

    def _gaps_of(self, vehicle: Vehicle) -> list[Gap]:
        if vehicle.id not in self._gaps:
            self._gaps[vehicle.id] = gaps_of(self.problem, vehicle, self.tours[vehicle.id].visits)
        return self._gaps[vehicle.id]

    def _with(self, trial: _Trial) -> "Present":
        """The same with one tour changed."""
        name = trial.place.vehicle
        other = Present.__new__(Present)
        other.problem, other.open = self.problem, self.open
        other.tours = self.tours | {name: trial.tour}
        other.judged = self.judged | {name: trial.judged}
        other._gaps = {vehicle: gaps for vehicle, gaps in self._gaps.items() if vehicle != name}
        return other


def _forbidden(vehicle: Vehicle, task: ContainerTask) -> str | None:
    if not vehicle.carries(task.fraction):
        return "vehicle_fraction"
    reason = why_not(vehicle, task)
    return reason[0] if reason else None


def _detours_ueur(
    problem: PlanProblem, vehicle: Vehicle, gaps: Sequence[Gap], block: Sequence[ContainerTask]
) -> list[int]:
    """What driving costs more for each gap if these containers lie in it, without any unloading."""
    first, last = block[0].location, block[-1].location
    added_ueur = [0] * len(gaps)
    prices = (vehicle.cost_per_m_ueur, vehicle.cost_per_s_ueur)
    for matrix, price_ueur in zip(problem.lookup.ways[vehicle.id], prices, strict=True):
        leaving = matrix[last]
        for index, gap in enumerate(gaps):
            start, end = matrix[gap.from_location], gap.to_location
            added_ueur[index] += (int(start[first]) + int(leaving[end]) - int(start[end])) * price_ueur
    return added_ueur
