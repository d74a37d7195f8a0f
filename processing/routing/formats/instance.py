"""A problem as a file states it, with what is needed to speak about its solutions in the file's own terms."""

from dataclasses import dataclass, field
from math import floor
from pathlib import Path

from domain.planning import Cost, PlannedTour, PlanProblem, PlanSolution
from processing.routing.formats.measures import Measures
from processing.routing.formats.routes import RouteLayout


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How micro-euros become what the family calls cost.

    The stated cost is what remains of the micro-euros after whole vehicles of ``vehicle_ueur`` each (if fleets are
    minimised first and their price is none of the family's), divided by ``divisor`` and rounded to ``decimals``.
    ``unit`` says of what it is so many.
    """

    divisor: float = 1
    decimals: int = 0
    vehicle_ueur: int | None = None
    unit: str = ""

    def stated(self, ueur: int) -> float:
        """Cost as the family states it; an int where the family counts in whole numbers."""
        own = int(ueur) if self.vehicle_ueur is None else int(ueur) % self.vehicle_ueur
        if self.divisor == 1 and not self.decimals:
            return own
        return round(own / self.divisor, self.decimals)

    def parts(self, cost: Cost) -> dict[str, float]:
        """What the stated cost consists of, without the vehicles' price if that is none of the family's.

        Each part is rounded up or down such that they add up to the cost.
        """
        own = cost.components_ueur
        if self.vehicle_ueur is not None:
            del own["fixed"]
        places = 10**self.decimals
        exact = {name: ueur * places / self.divisor for name, ueur in own.items()}
        whole = {name: floor(value) for name, value in exact.items()}
        missing = round(self.stated(cost.total_ueur) * places) - sum(whole.values())
        for name in sorted(exact, key=lambda name: whole[name] - exact[name])[:missing]:
            whole[name] += 1
        if self.divisor == 1 and not self.decimals:
            return dict(whole)
        return {name: round(value / places, self.decimals) for name, value in whole.items()}

    def amount(self, ueur: int) -> tuple[int, float]:
        """A difference of costs, which may be negative: how many vehicles more, and what else."""
        count = 0 if self.vehicle_ueur is None else round(ueur / self.vehicle_ueur)
        rest = int(ueur) - count * (self.vehicle_ueur or 0)
        if self.divisor == 1 and not self.decimals:
            return count, rest
        return count, round(rest / self.divisor, self.decimals)

    def words(self, ueur: int) -> str:
        """The same for a sentence."""
        count, rest = self.amount(ueur)
        vehicles = f"{count} vehicle{'' if abs(count) == 1 else 's'} and " if count else ""
        return f"{rest}" if self.vehicle_ueur is None else f"{vehicles}{rest} {self.unit}"


@dataclass(frozen=True, kw_only=True)
class Instance:
    """A problem read from a file.

    Attributes
    ----------
    name : str
        What the file calls it, otherwise the file's own name.
    family : str
        ``CVRP``, ``VRPTW``, ``PCVRPTW``, ``MDVRPTW``, ``HFVRP``, ``MTVRPTWR``, ``ORTEC``, ``Kim``, ``Udine`` or
        ``Landpuls``.
    best_known : float or None
        What the ``.sol`` file beside it states.
    best_known_path : Path or None
        Where that file lies or would lie; None for problems of which nothing is published.
    remarks : tuple of str
        Sentences about what the file leaves open or what was passed over.
    """

    name: str
    family: str
    problem: PlanProblem
    layout: RouteLayout
    scale: Scale
    measures: Measures = field(default_factory=Measures)
    best_known: float | None = None
    best_known_path: Path | None = None
    remarks: tuple[str, ...] = ()

    def cost(self, ueur: int) -> float:
        """Turn the problem's micro-euros into the family's stated cost."""
        return self.scale.stated(ueur)

    def write_solution(self, solution: PlanSolution) -> str:
        """The family's ``.sol`` layout: one line for each route, the cost last."""
        return self.write_tours(solution.tours, solution.cost_ueur)

    def write_tours(self, tours: tuple[PlannedTour, ...], cost_ueur: int) -> str:
        """As `write_solution`, of tours and what they cost."""
        routes = self.layout.write(tours)
        return f"{routes}Cost {self.cost(cost_ueur)}\n"

    def read_solution(self, text: str, source: str = "solution") -> tuple[PlannedTour, ...]:
        """Tours from the family's ``.sol`` layout.

        Raises
        ------
        BadInstance
            If the text is no such list of routes; ``source`` is what the message calls it.
        """
        return self.layout.read(text, source)
