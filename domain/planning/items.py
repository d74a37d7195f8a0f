"""Why each optional container and choice is in the plan or not, and what keeps each required one out."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

from domain.planning.diagnosis import explain_container
from domain.planning.evaluate import evaluate_tour
from domain.planning.explanation import ItemExplanation
from domain.planning.insertion import Attempt, Present
from domain.planning.item import Item, items_of, worth
from domain.planning.problem import PlanProblem
from domain.planning.solution import Collect, PlannedTour, PlanSolution, Unload, Visit


@dataclass(kw_only=True)
class Grant:
    """Stops that may still be driven or looked at, unless the wish to end comes before."""

    stops: int
    ended: Callable[[], bool] = lambda: False

    def lasts(self, kept: int = 0) -> bool:
        """Whether more than what is kept for others is there to be used."""
        return self.stops > kept and not self.ended()


def explain_items(
    problem: PlanProblem, solution: PlanSolution, tries: int, grant: Grant, money: Callable[[int], str]
) -> tuple[ItemExplanation, ...]:
    """Explain what is left and what is served without having to be; see `domain.planning.explain.explain`."""
    vehicle_of = {name: tour.vehicle for tour in solution.tours for name in tour.containers}
    served, left = [], []
    for item in items_of(problem):
        if not item.containers & vehicle_of.keys():
            left.append(item)
        elif not item.required:
            vehicles = tuple(sorted({vehicle_of[name] for name in item.containers & vehicle_of.keys()}))
            served.append((item, vehicles))
    left.sort(key=lambda item: (not item.required, -(item.leaving_ueur or 0)))
    fixed = {tour.vehicle for tour in problem.fixed}
    present = Present(problem, solution)
    savings = _savings(present, served, [None] * len(served), grant, kept=grant.stops // 2)
    attempts = [_attempt(present, item, tries, grant) if grant.lasts() else None for item in left]
    savings = _savings(present, served, savings, grant, kept=0)
    return (
        *(_explain_left(problem, item, attempt, money) for item, attempt in zip(left, attempts, strict=True)),
        *(
            _explain_served(item, vehicles, saving_ueur, fixed.intersection(vehicles), money)
            for (item, vehicles), saving_ueur in zip(served, savings, strict=True)
        ),
    )


def _savings(
    present: Present,
    served: Sequence[tuple[Item, Sequence[str]]],
    known: Sequence[int | None],
    grant: Grant,
    *,
    kept: int,
) -> list[int | None]:
    """What the tours would cost less without each, as far as the grant goes."""
    found = list(known)
    for index, (item, vehicles) in enumerate(served):
        if found[index] is None and grant.lasts(kept):
            found[index] = _saving_ueur(present, item, vehicles)
            grant.stops -= sum(len(present.tours[name].visits) + 1 for name in vehicles)
    return found


def _attempt(present: Present, item: Item, tries: int, grant: Grant) -> Attempt:
    """The cheapest way to serve it, of all its options."""
    best = Attempt()
    for option in item.options:
        attempt = present.insert(option, tries)
        attempt.tried += best.tried
        attempt.obstacles += best.obstacles
        if best.insertion is not None and (
            attempt.insertion is None or best.insertion.added_ueur <= attempt.insertion.added_ueur
        ):
            attempt.insertion = best.insertion
        best = attempt
    blocks = sum(len(option) for option in item.options)
    grant.stops -= _effort(present, blocks, best.tried)
    return best


def _effort(present: Present, blocks: int, tried: int) -> int:
    """Stops of the tours driven, which are taken to be of usual length, and every gap once for each block."""
    lengths = [len(tour.visits) for tour in present.tours.values() if tour.visits]
    usual = sum(lengths) // max(1, len(lengths)) + 1
    return blocks * (sum(lengths) + len(present.tours)) + tried * usual


def _explain_left(
    problem: PlanProblem, item: Item, attempt: Attempt | None, money: Callable[[int], str]
) -> ItemExplanation:
    insertion = attempt.insertion if attempt else None
    if insertion is not None:
        constraint, sentence = worth(item, insertion, money)
    else:
        constraint, sentence = _obstacle(problem, item, attempt)
    return ItemExplanation(
        kind=item.kind,
        id=item.id,
        required=item.required,
        served=False,
        vehicles=(),
        leaving_ueur=item.leaving_ueur,
        insertion=insertion,
        constraint=constraint,
        sentence=sentence,
    )


def _obstacle(problem: PlanProblem, item: Item, attempt: Attempt | None) -> tuple[str, str]:
    """What keeps everyone from serving it, or what stands in the way most often as the tours are."""
    for name in sorted(item.containers):
        reason = explain_container(problem, problem.lookup.containers[name])
        if reason is not None and all(name in _names(option) for option in item.options):
            return reason
    if attempt is None:
        return "not_tried", "no place was tried for it: the stops granted were used up before"
    if not attempt.obstacles:
        return "fleet_busy", "no tour is open for it"
    often = [name for name, _ in attempt.obstacles.most_common(2)]
    message = f"no tour has room left for it ({', '.join(often)}; {attempt.tried} places were driven)"
    return often[0], message


def _explain_served(
    item: Item,
    vehicles: tuple[str, ...],
    saving_ueur: int | None,
    fixed: Set[str],
    money: Callable[[int], str],
) -> ItemExplanation:
    leaving_ueur = item.leaving_ueur or 0
    if saving_ueur is None:
        constraint, sentence = "not_tried", "it is served; the stops granted were used up before"
    else:
        worth = saving_ueur <= leaving_ueur
        constraint = "worth_serving" if worth else "cheaper_to_leave"
        sentence = (
            f"serving it costs {money(saving_ueur)}, "
            f"{'leaving it' if worth else 'but leaving it only'} {money(leaving_ueur)}"
        )
        if fixed and not worth:
            constraint = "tour_fixed"
            sentence += f"; the tour of {', '.join(sorted(fixed))} is fixed"
    return ItemExplanation(
        kind=item.kind,
        id=item.id,
        required=False,
        served=True,
        vehicles=vehicles,
        leaving_ueur=item.leaving_ueur,
        saving_ueur=saving_ueur,
        constraint=constraint,
        sentence=sentence,
    )


def _saving_ueur(present: Present, item: Item, vehicles: Sequence[str]) -> int:
    """What the tours cost less without it."""
    saved_ueur = 0
    for name in vehicles:
        tour, judged = present.tours[name], present.judged[name]
        thinner = PlannedTour(vehicle=name, visits=_without(present.problem, tour, item.containers))
        saved_ueur += judged.cost.total_ueur - evaluate_tour(present.problem, thinner).cost.total_ueur
    return saved_ueur


def _without(problem: PlanProblem, tour: PlannedTour, names: set[str]) -> tuple[Visit, ...]:
    """The visits without these containers, nor unloadings that have nothing left to unload because of that.

    A tour with nothing left to empty stays at home, unless it is under way.
    """
    vehicle = problem.lookup.vehicles[tour.vehicle]
    kept: list[Visit] = []
    collected, lost = vehicle.underway is not None, False
    for visit in tour.visits:
        if isinstance(visit, Collect) and visit.container in names:
            lost = True
            continue
        if isinstance(visit, Unload):
            useless = lost and not collected and not vehicle.chambers
            collected = lost = False
            if useless:
                continue
        collected = collected or isinstance(visit, Collect)
        kept.append(visit)
    empties = any(isinstance(visit, Collect) for visit in kept)
    return tuple(kept) if empties or vehicle.underway else ()


def _names(option: tuple[tuple[str, ...], ...]) -> set[str]:
    return {name for block in option for name in block}
