"""What is still to be served once the fixed tours are driven: of each choice, and of each container alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.planning import Choice, ContainerTask, PlanProblem

Unit = tuple[ContainerTask, ...]


@dataclass(frozen=True, kw_only=True)
class Need:
    """Units of which one option is served whole; ``leaving_ueur`` is what the evaluator counts if none is."""

    options: tuple[tuple[int, ...], ...]
    required: bool
    leaving_ueur: int


def driven(problem: PlanProblem) -> frozenset[str]:
    """Containers in fixed tours."""
    return frozenset(name for tour in problem.fixed for name in tour.containers)


def open_options(problem: PlanProblem) -> dict[str, tuple[tuple[str, ...], ...]]:
    """For each choice what is left of the options that fixed tours allow; none if they serve it already.

    An option that takes only a part of a locked sequence cannot be carried out.
    """
    done = driven(problem)
    together = {name: frozenset(sequence) for sequence in problem.sequences for name in sequence}
    found = {}
    for choice in problem.choices:
        names = frozenset(choice.containers)
        begun = done & names
        rests = [
            tuple(name for name in option if name not in begun)
            for option in choice.options
            if begun <= set(option)
        ]
        found[choice.id] = tuple(
            rest
            for rest in rests
            if all(together.get(name, frozenset((name,))) & names <= {*rest, *begun} for name in rest)
        )
        if () in rests:
            found[choice.id] = ()
    return found


def open_units(problem: PlanProblem) -> list[Unit]:
    """Containers that move together: locked sequences, and each other container by itself."""
    gone = set(driven(problem))
    possible = open_options(problem)
    for choice in problem.choices:
        gone.update(set(choice.containers).difference(*possible[choice.id]))
    tasks = {task.id: task for task in problem.containers if task.id not in gone}
    together = {name: sequence for sequence in problem.sequences for name in sequence}
    units = []
    for name, task in tasks.items():
        sequence = together.get(name, (name,))
        if name == sequence[0] and all(each in tasks for each in sequence):
            units.append(tuple(tasks[each] for each in sequence) if len(sequence) > 1 else (task,))
    return units


def needs_of(problem: PlanProblem, units: Sequence[Unit]) -> tuple[Need, ...]:
    """The needs of units alone, then those of choices."""
    number_of = {task.id: number for number, unit in enumerate(units) for task in unit}
    done = driven(problem)
    chosen: set[int] = set()
    found = []
    for choice in problem.choices:
        options = tuple(
            tuple(dict.fromkeys(number_of[name] for name in option))
            for option in open_options(problem)[choice.id]
            if all(name in number_of for name in option)
        )
        chosen.update(unit for option in options for unit in option)
        if options:
            found.append(_of_choice(problem, choice, options, units, not done.isdisjoint(choice.containers)))
    alone = (number for number in range(len(units)) if number not in chosen)
    return (*(_of_unit(problem, number, units[number]) for number in alone), *found)


def cost_of_lost_ueur(problem: PlanProblem, units: Sequence[Unit]) -> int:
    """Cost of leaving what fixed tours and broken sequences make impossible to serve."""
    done = driven(problem)
    there = {task.id for unit in units for task in unit} | done
    lost = sum(
        problem.lookup.cost_of_leaving_ueur(task) for task in problem.containers if task.id not in there
    )
    return lost + sum(
        choice.cost_of_leaving_ueur
        for choice in problem.choices
        if not choice.required and there.isdisjoint(choice.containers)
    )


def _of_unit(problem: PlanProblem, number: int, unit: Unit) -> Need:
    return Need(
        options=((number,),),
        required=any(task.required for task in unit),
        leaving_ueur=sum(problem.lookup.cost_of_leaving_ueur(task) for task in unit),
    )


def _of_choice(
    problem: PlanProblem,
    choice: Choice,
    options: tuple[tuple[int, ...], ...],
    units: Sequence[Unit],
    begun: bool,
) -> Need:
    """A choice that was begun must be finished; what only shares a sequence with it is served with it."""
    lookup = problem.lookup
    members = {number for option in options for number in option}
    others = [task for number in members for task in units[number] if task.id not in lookup.choice_of]
    leaving_ueur = 0 if choice.required or begun else choice.cost_of_leaving_ueur
    return Need(
        options=options,
        required=choice.required or begun or any(task.required for task in others),
        leaving_ueur=leaving_ueur + sum(lookup.cost_of_leaving_ueur(task) for task in others),
    )
