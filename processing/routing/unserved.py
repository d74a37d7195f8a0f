"""Say why containers are in no tour."""

from collections import Counter
from collections.abc import Iterator

from domain.planning import (
    Choice,
    Collect,
    ContainerTask,
    PlannedTour,
    PlanProblem,
    Unload,
    Unserved,
    Visit,
    evaluate_tour,
    explain_container,
)
from domain.planning.limits import why_not

TRIED_CLOSELY, MOST_TRIALS = 50, 600
"""Required containers for which adding a trip to each tour is tried, and trials in all (but one container's in any
case); beyond that the reason is given in short."""


def explain_unserved(problem: PlanProblem, tours: tuple[PlannedTour, ...]) -> tuple[Unserved, ...]:
    """A reason for each container that is in none of the tours, in the problem's order.

    The ways of serving that a choice did not take are not left. All of a choice are, if none of them was taken.
    """
    served = {container for tour in tours for container in tour.containers}
    for choice in problem.choices:
        if not served.isdisjoint(choice.containers):
            served.update(choice.containers)
    left = [task for task in problem.containers if task.id not in served]
    trials = len(problem.vehicles) * len(problem.facilities)
    few = max(1, min(TRIED_CLOSELY, MOST_TRIALS // max(1, trials)))
    closely = {task.id for task in [each for each in left if _need(problem, each).required][:few]}
    return tuple(_explain(problem, tours, task, task.id in closely) for task in left)


def _explain(
    problem: PlanProblem, tours: tuple[PlannedTour, ...], task: ContainerTask, closely: bool
) -> Unserved:
    need = _need(problem, task)
    if need.required:
        constraint, explanation = explain_container(problem, task) or _explain_full(
            problem, tours, task, closely
        )
    else:
        euros = need.cost_of_leaving_ueur / 1_000_000
        constraint, explanation = (
            "cheaper_to_leave",
            f"leaving it ({euros:.2f} €) costs less than emptying it today",
        )
    return Unserved(container=task.id, required=need.required, constraint=constraint, explanation=explanation)


def _need(problem: PlanProblem, task: ContainerTask) -> Choice | ContainerTask:
    """What asks for the container and prices its absence: its choice where it has one."""
    return problem.lookup.choice_of.get(task.id, task)


def _explain_full(
    problem: PlanProblem, tours: tuple[PlannedTour, ...], task: ContainerTask, closely: bool
) -> tuple[str, str]:
    """What stops it from being added to the tours as they are: the constraint met most often."""
    met: Counter[str] = Counter()
    if closely:
        for trial in _trials(problem, tours, task):
            # In an order of their own: what was met equally often is told alike in every process.
            met.update(sorted({violation.name for violation in evaluate_tour(problem, trial).violations}))
    if not met:
        return "fleet_busy", "it could be served alone, but the tours of the day leave no room for it"
    names = [name for name, _ in met.most_common(2)]
    return names[0], f"it could be served alone, but no tour has room left for it ({', '.join(names)})"


def _trials(
    problem: PlanProblem, tours: tuple[PlannedTour, ...], task: ContainerTask
) -> Iterator[PlannedTour]:
    """Each tour that is not fixed, of a vehicle that may serve this container, with a trip for it at its end."""
    fixed = {tour.vehicle for tour in problem.fixed}
    visits_of: dict[str, tuple[Visit, ...]] = {tour.vehicle: tour.visits for tour in tours}
    facilities = [facility.id for facility in problem.facilities if task.fraction in facility.fractions]
    for vehicle in problem.vehicles:
        if vehicle.id not in fixed and vehicle.carries(task.fraction) and why_not(vehicle, task) is None:
            for facility in facilities:
                extra = (Collect(container=task.id), Unload(facility=facility))
                yield PlannedTour(vehicle=vehicle.id, visits=(*visits_of.get(vehicle.id, ()), *extra))
