"""What a problem names, by name: made once for each problem, so that judging a tour costs no search."""

from typing import TYPE_CHECKING

from domain.planning.places import Matrix
from domain.planning.tasks import ContainerTask

if TYPE_CHECKING:
    from domain.planning.problem import PlanProblem


class Lookup:
    """Everything of a problem by its name."""

    def __init__(self, problem: "PlanProblem") -> None:
        self.depots = {each.id: each for each in problem.depots}
        self.facilities = {each.id: each for each in problem.facilities}
        self.containers = {each.id: each for each in problem.containers}
        self.vehicles = {each.id: each for each in problem.vehicles}
        self.ways: dict[str, tuple[Matrix, Matrix]] = {
            each.id: problem.ways_of(each) for each in problem.vehicles
        }
        self.setup_s = {each.id: each.setup_s for each in problem.sites}
        self.choice_of = {name: each for each in problem.choices for name in each.containers}
        self._block_of = {name: sequence for sequence in problem.sequences for name in sequence}
        self.usual = {each.container: each for each in problem.habits.visits}

    def block_of(self, name: str) -> tuple[str, ...]:
        """The container with those that it cannot be parted from."""
        return self._block_of.get(name, (name,))

    def is_required(self, task: ContainerTask) -> bool:
        """Whether every plan must serve this very container: one of a choice is required only through it."""
        return task.required and task.id not in self.choice_of

    def cost_of_leaving_ueur(self, task: ContainerTask) -> int:
        """What leaving this container costs by itself; one of a choice is paid for with it."""
        return 0 if task.required or task.id in self.choice_of else task.cost_of_leaving_ueur
