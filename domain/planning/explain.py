"""Let a solution explain itself: costs, time lines, loads, and why each optional container is in or out.

For what is served: what taking it out of its tour would save. For what is left: what the cheapest insertion into the
present tours would cost, or the constraint that stands in the way.
"""

from collections.abc import Callable

from domain.planning.evaluate import evaluate
from domain.planning.evaluation import TourEvaluation
from domain.planning.explanation import Account, Explanation, LoadPoint, TourExplanation
from domain.planning.item import euros
from domain.planning.items import Grant, explain_items
from domain.planning.problem import PlanProblem
from domain.planning.solution import PlanSolution

MOST_STOPS = 100_000
"""At about 40 µs a stop, four seconds: a person waits for the reasons after the search, and that is not to become the
longer wait. A day of a district needs a tenth of it; of 900 prizes left in a plan, some 200 get their place."""


def explain(
    problem: PlanProblem,
    solution: PlanSolution,
    *,
    tries: int = 12,
    stops: int = MOST_STOPS,
    ended: Callable[[], bool] = lambda: False,
    money: Callable[[int], str] = euros,
) -> Explanation:
    """Explain every tour, every optional container and choice, and every required one that is left.

    Parameters
    ----------
    tries : int
        Places that are judged for each container that is left, those with the smallest detours.
    stops : int
        How much is tried: stops of the tours that are driven for it and gaps that are looked at, in all. Half of
        them is for what is served, as that takes few each; then come the required ones that are left, the others left
        from the dearest, and again what is served. What comes when they are used up is ``not_tried``.
    ended : callable
        Asked before each; from when it is true, nothing more is tried.
    money : callable
        Puts micro-euros into words.
    """
    judged = evaluate(problem, solution)
    return Explanation(
        cost=judged.cost,
        tours=tuple(_explain_tour(tour) for tour in judged.tours if tour.steps),
        items=explain_items(problem, solution, tries, Grant(stops=stops, ended=ended), money),
        violations=judged.violations,
    )


def _explain_tour(tour: TourEvaluation) -> TourExplanation:
    lasts = dict.fromkeys(("collect", "unload", "clean", "pause", "wait", "depart", "return"), 0)
    for step in tour.steps:
        lasts[step.kind] += step.end_s - step.begin_s
    return TourExplanation(
        vehicle=tour.vehicle,
        cost=tour.cost,
        distance_m=tour.distance_m,
        duration_s=tour.duration_s,
        account=Account(
            drive_s=sum(step.leg_s for step in tour.steps),
            setup_s=sum(step.setup_s for step in tour.steps),
            wait_s=sum(step.wait_s for step in tour.steps),
            serve_s=lasts["collect"],
            unload_s=lasts["unload"],
            clean_s=lasts["clean"],
            pause_s=lasts["pause"],
        ),
        steps=tour.steps,
        load=tuple(
            LoadPoint(at_s=step.end_s, load_l=step.load_l, load_kg=step.load_kg)
            for step in tour.steps
            if step.kind in ("depart", "collect", "unload")
        ),
    )
