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
    containers_left,
    evaluate_tour,
    explain_container,
)
from domain.planning.limits import why_not
from processing.routing.leaving import JUDGING, Effort, Reason, explain_left

MOST_DRIVEN = 14_000
"""Visits that are driven at most to find out why the tours have no room: 0.4 s. A required container's trials come
first and are finished in any case; beyond that a reason is given in short."""


def explain_unserved(problem: PlanProblem, tours: tuple[PlannedTour, ...]) -> tuple[Unserved, ...]:
    """A reason for each container that is in none of the tours, in the problem's order.

    The ways of serving that a choice did not take are not left. All of a choice are, if none of them was taken, and the
    rest of one that was only begun.
    """
    left = containers_left(problem, tours)
    effort = Effort(MOST_DRIVEN)
    needed = [task for task in left if _needed(problem, task)]
    reasons = {task.id: _explain_needed(problem, tours, task, effort) for task in needed}
    spare = [task for task in left if task.id not in reasons]
    reasons |= explain_left(problem, tours, spare, effort)
    return tuple(
        Unserved(
            container=task.id,
            required=_asks(problem, task).required,
            constraint=reasons[task.id][0],
            explanation=reasons[task.id][1],
        )
        for task in left
    )


def _asks(problem: PlanProblem, task: ContainerTask) -> Choice | ContainerTask:
    """What asks for the container: its choice where it has one."""
    return problem.lookup.choice_of.get(task.id, task)


def _needed(problem: PlanProblem, task: ContainerTask) -> bool:
    """Whether the container has to be served, or another one from which it cannot be parted."""
    containers = problem.lookup.containers
    return any(_asks(problem, containers[name]).required for name in problem.lookup.block_of(task.id))


def _explain_needed(
    problem: PlanProblem, tours: tuple[PlannedTour, ...], task: ContainerTask, effort: Effort
) -> Reason:
    return explain_container(problem, task) or _explain_full(problem, tours, task, effort)


def _explain_full(
    problem: PlanProblem, tours: tuple[PlannedTour, ...], task: ContainerTask, effort: Effort
) -> Reason:
    """What stops it from being added to the tours as they are: the constraint met most often."""
    met: Counter[str] = Counter()
    if not effort.spent:
        for trial in _trials(problem, tours, task):
            # In an order of their own: what was met equally often is told alike in every process.
            met.update(sorted({violation.name for violation in evaluate_tour(problem, trial).violations}))
            effort.spend(JUDGING + len(trial.visits))
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
