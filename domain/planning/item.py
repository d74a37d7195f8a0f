"""What stands or falls together in a plan: a container with those it cannot be parted from, or a choice."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from domain.planning.insertion import Insertion
from domain.planning.problem import UEUR_PER_EURO, PlanProblem
from domain.planning.tasks import Choice, ContainerTask

Block = tuple[str, ...]
"""Containers that stay in one piece."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """A container, or a choice with its options; each option consists of blocks that stay together.

    ``leaving_ueur`` is None if it is required.
    """

    kind: Literal["container", "choice"]
    id: str
    required: bool
    leaving_ueur: int | None
    options: tuple[tuple[Block, ...], ...]

    @property
    def containers(self) -> set[str]:
        """Every container that some option names."""
        return {name for option in self.options for block in option for name in block}


def items_of(problem: PlanProblem) -> Iterator[Item]:
    """Every container that is in no choice, and every choice; a container brings its sequence along."""
    for task in problem.containers:
        if task.id not in problem.lookup.choice_of:
            yield _of_container(problem, task)
    for choice in problem.choices:
        yield _of_choice(problem, choice)


def item_of(problem: PlanProblem, task: ContainerTask) -> Item:
    """That which the container belongs to."""
    choice = problem.lookup.choice_of.get(task.id)
    return _of_container(problem, task) if choice is None else _of_choice(problem, choice)


def _of_container(problem: PlanProblem, task: ContainerTask) -> Item:
    lookup = problem.lookup
    block = lookup.block_of(task.id)
    tasks = [lookup.containers[name] for name in block]
    required = any(lookup.is_required(each) for each in tasks)
    leaving_ueur = sum(lookup.cost_of_leaving_ueur(each) for each in tasks)
    return Item(
        kind="container",
        id=task.id,
        required=required,
        leaving_ueur=None if required else leaving_ueur,
        options=((block,),),
    )


def _of_choice(problem: PlanProblem, choice: Choice) -> Item:
    return Item(
        kind="choice",
        id=choice.id,
        required=choice.required,
        leaving_ueur=None if choice.required else choice.cost_of_leaving_ueur,
        options=tuple(
            tuple(dict.fromkeys(problem.lookup.block_of(name) for name in option))
            for option in choice.options
        ),
    )


def euros(ueur: int) -> str:
    """An amount in words."""
    return f"{ueur / UEUR_PER_EURO:.2f} €"


def worth(item: Item, insertion: Insertion, money: Callable[[int], str] = euros) -> tuple[str, str]:
    """Compare the price of serving with that of leaving: the name of what is cheaper, and a sentence."""
    where = f"after {insertion.after}" if insertion.after else "at its begin"
    serving = f"in the tour of {insertion.vehicle} {where} it would add {money(insertion.added_ueur)}"
    if item.leaving_ueur is None:
        return "room_left", f"{serving}, without breaking anything"
    if insertion.added_ueur >= item.leaving_ueur:
        return "cheaper_to_leave", f"leaving it costs {money(item.leaving_ueur)}, {serving}"
    return "cheaper_to_serve", f"leaving it costs {money(item.leaving_ueur)}, but {serving}"
