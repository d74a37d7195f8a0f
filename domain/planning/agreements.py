"""What the tours of a plan must keep together: everyone served once, choices, sequences, fixed tours, facilities.

Names of violations: ``unknown_vehicle``, ``vehicle_twice``, ``required_unserved``, ``served_twice``,
``choice_unserved``, ``choice_mixed``, ``sequence_broken``, ``fixed_changed``, ``facility_volume``,
``facility_weight``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from domain.planning.evaluation import TourEvaluation, Violation
from domain.planning.problem import PlanProblem
from domain.planning.solution import Collect, Pause, PlannedTour, PlanSolution, Visit
from domain.planning.tasks import Choice, ContainerTask


def check_plan(
    problem: PlanProblem, solution: PlanSolution, tours: Iterable[TourEvaluation]
) -> Iterator[Violation]:
    """Everything that no tour can break alone."""
    yield from _check_vehicles(problem, solution)
    counts = Counter(container for tour in solution.tours for container in tour.containers)
    yield from _check_served(problem, counts)
    for choice in problem.choices:
        yield from _check_choice(choice, counts)
    yield from _check_sequences(problem, solution, counts)
    yield from _check_fixed(problem, solution)
    yield from check_facilities(problem, tours)


def containers_left(problem: PlanProblem, tours: Iterable[PlannedTour]) -> tuple[ContainerTask, ...]:
    """What is in none of the tours, in the problem's order, but for ways of serving that a choice did not take."""
    served = {container for tour in tours for container in tour.containers}
    settled = set(served)
    for choice in problem.choices:
        settled.update(set(choice.containers) - choice.missing(served))
    return tuple(task for task in problem.containers if task.id not in settled)


def cost_of_leaving_ueur(problem: PlanProblem, solution: PlanSolution) -> int:
    """What the optional containers and choices cost that no tour serves."""
    served = {container for tour in solution.tours for container in tour.containers}
    left = sum(
        problem.lookup.cost_of_leaving_ueur(task) for task in problem.containers if task.id not in served
    )
    return left + sum(
        choice.cost_of_leaving_ueur
        for choice in problem.choices
        if not choice.required and served.isdisjoint(choice.containers)
    )


def _check_vehicles(problem: PlanProblem, solution: PlanSolution) -> Iterator[Violation]:
    for name, count in Counter(tour.vehicle for tour in solution.tours).items():
        if name not in problem.lookup.vehicles:
            message = f"vehicle {name} is not part of the problem"
            yield Violation(name="unknown_vehicle", vehicle=name, subjects=(), message=message)
        elif count > 1:
            message = f"vehicle {name} has {count} tours; a vehicle drives one a day"
            yield Violation(name="vehicle_twice", vehicle=name, subjects=(), message=message)


def _check_served(problem: PlanProblem, counts: Counter[str]) -> Iterator[Violation]:
    missing = tuple(
        task.id for task in problem.containers if problem.lookup.is_required(task) and not counts[task.id]
    )
    twice = tuple(name for name, count in counts.items() if count > 1)
    if missing:
        message = f"{len(missing)} required containers are in no tour"
        yield Violation(name="required_unserved", vehicle=None, subjects=missing, message=message)
    if twice:
        message = f"{len(twice)} containers are emptied more than once"
        yield Violation(name="served_twice", vehicle=None, subjects=twice, message=message)


def _check_choice(choice: Choice, counts: Counter[str]) -> Iterator[Violation]:
    """One option whole and nothing else; or nothing at all."""
    served = {name for name in choice.containers if counts[name]}
    if not served and choice.required:
        message = f"none of the {len(choice.options)} options of choice {choice.id} is carried out"
        yield Violation(name="choice_unserved", vehicle=None, subjects=choice.containers, message=message)
    if served and all(served != set(option) for option in choice.options):
        names = tuple(name for name in choice.containers if name in served)
        message = f"{len(names)} containers of choice {choice.id} are served, which is none of its options"
        yield Violation(name="choice_mixed", vehicle=None, subjects=names, message=message)


def _check_sequences(
    problem: PlanProblem, solution: PlanSolution, counts: Counter[str]
) -> Iterator[Violation]:
    """A sequence is emptied whole, in its order; pauses may lie between, nothing else."""
    for sequence in problem.sequences:
        served = [name for name in sequence if counts[name]]
        if served and not any(_holds(tour.visits, sequence) for tour in solution.tours):
            message = (
                f"the sequence from {sequence[0]} to {sequence[-1]} is not kept: {len(served)} of its "
                f"{len(sequence)} containers are served, not all of them directly one after the other"
            )
            yield Violation(name="sequence_broken", vehicle=None, subjects=sequence, message=message)


def _holds(visits: tuple[Visit, ...], sequence: tuple[str, ...]) -> bool:
    stops = [visit for visit in visits if not isinstance(visit, Pause)]
    wanted = [Collect(container=name) for name in sequence]
    return any(
        stops[index : index + len(wanted)] == wanted for index, stop in enumerate(stops) if stop == wanted[0]
    )


def _check_fixed(problem: PlanProblem, solution: PlanSolution) -> Iterator[Violation]:
    driven: dict[str, PlannedTour] = {tour.vehicle: tour for tour in solution.tours}
    for fixed in problem.fixed:
        visits = driven[fixed.vehicle].visits if fixed.vehicle in driven else ()
        if visits != fixed.visits:
            wanted, given = set(fixed.containers), set(PlannedTour(vehicle="", visits=visits).containers)
            message = (
                f"the fixed tour of {fixed.vehicle} is changed: {len(wanted - given)} containers are missing, "
                f"{len(given - wanted)} are new, {len(visits)} visits instead of {len(fixed.visits)}"
            )
            names = tuple(sorted(wanted ^ given))
            yield Violation(name="fixed_changed", vehicle=fixed.vehicle, subjects=names, message=message)


def check_facilities(problem: PlanProblem, tours: Iterable[TourEvaluation]) -> Iterator[Violation]:
    """What all tours of a day deliver; what tours under way delivered before is not known here."""
    volume_l: Counter[tuple[str, int]] = Counter()
    weight_kg: Counter[tuple[str, int]] = Counter()
    for tour in tours:
        day = problem.lookup.vehicles[tour.vehicle].day
        for each in tour.deliveries:
            volume_l[each.facility, day] += each.volume_l
            weight_kg[each.facility, day] += each.weight_kg
    for kind, unit, amounts in (("volume", "l", volume_l), ("weight", "kg", weight_kg)):
        for (name, day), amount in amounts.items():
            facility = problem.lookup.facilities[name]
            most = facility.capacity_l if unit == "l" else facility.capacity_kg
            if most is not None and amount > most:
                message = (
                    f"facility {name} takes {most} {unit} a day, on day {day} it is brought {amount} {unit}"
                )
                yield Violation(name=f"facility_{kind}", vehicle=None, subjects=(name,), message=message)
