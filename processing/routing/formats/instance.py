"""A problem as a file states it, with what is needed to speak about its solutions in the file's own terms."""

from dataclasses import dataclass, field
from pathlib import Path

from domain.planning import PlannedTour, PlanProblem, PlanSolution
from processing.routing.formats.routes import RouteLayout, stated_cost
from processing.routing.formats.text import read_source


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How micro-euros become what the family calls cost.

    The stated cost is what remains of the micro-euros after whole vehicles of ``vehicle_ueur`` each (if fleets are
    minimised first and their price is none of the family's), divided by ``divisor`` and rounded to ``decimals``.
    """

    divisor: float = 1
    decimals: int = 0
    vehicle_ueur: int | None = None

    def stated(self, ueur: int) -> float:
        """Cost as the family states it; an int where the family counts in whole numbers."""
        own = int(ueur) if self.vehicle_ueur is None else int(ueur) % self.vehicle_ueur
        if self.divisor == 1 and not self.decimals:
            return own
        return round(own / self.divisor, self.decimals)


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
    """

    name: str
    family: str
    problem: PlanProblem
    layout: RouteLayout
    scale: Scale = field(default_factory=Scale)
    best_known: float | None = None

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


def solution_beside(path: Path) -> Path | None:
    """The ``.sol`` file of an instance, if there is one: ``a.sol`` for ``a.vrp`` as for ``a.txt.gz``."""
    plain = path.with_suffix("") if path.suffix == ".gz" else path
    found = plain.with_suffix(".sol")
    return found if found.is_file() and found != path else None


def best_known_beside(path: Path) -> float | None:
    """The cost that the ``.sol`` file beside an instance states, if there is one.

    Raises
    ------
    BadInstance
        If the file states none.
    """
    stated = stated_beside(path)
    return None if stated is None else float(stated)


def stated_beside(path: Path) -> str | None:
    """As `best_known_beside`, as written: with or without decimals."""
    beside = solution_beside(path)
    if beside is None:
        return None
    source = read_source(beside)
    stated = stated_cost(source.text)
    if stated is None:
        source.fail("last line", "no cost is stated", "end it with a line 'Cost 1234' or remove the file")
    source.number(stated, "last line", "the cost")
    return stated
