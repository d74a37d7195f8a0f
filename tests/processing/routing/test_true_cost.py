"""What a container costs beside ways and time, cleaning and unusual hours, decides whether and where it is served."""

from dataclasses import replace

import pytest

from domain.planning import Habits, PlanProblem, UsualVisit
from processing.routing.solve import solve
from processing.routing.stop import Stop
from tests.processing.routing.test_corners import AWAY, TRUCK, container, problem, served

EURO = 1_000_000


def with_cleaning(cost_of_leaving_ueur: int) -> PlanProblem:
    """A required container of glass, and one of paper next to it, for which the vehicle is cleaned for 50 €."""
    paper = container("paper", 1, fraction="paper", required=False, cost_of_leaving_ueur=cost_of_leaving_ueur)
    truck = replace(TRUCK, cleaning_s=10_000, latest_end_s=30_000, regular_end_s=30_000)
    return problem(vehicles=(truck,), facilities=(AWAY,), containers=(container("glass", 2), paper))


def with_habit(usual_s: int, cost_of_leaving_ueur: int) -> PlanProblem:
    """A required container, and one next to it that is usually emptied then, at 1 € for each minute of shift."""
    late = container("late", 1, required=False, cost_of_leaving_ueur=cost_of_leaving_ueur)
    usual = UsualVisit(container="late", vehicle="truck", after=None, arrival_s=usual_s)
    return problem(
        containers=(container("other", 2), late),
        habits=Habits(visits=(usual,), shift_per_s_ueur=EURO // 60),
    )


@pytest.mark.parametrize("iterations", [0, 1, 100])
@pytest.mark.parametrize("build", [with_cleaning, lambda leaving: with_habit(7_200, leaving)])
def test_what_costs_more_than_leaving_it_is_left(build, iterations: int) -> None:
    """From the first solution on, an optional container is left if cleaning or its hour make it dearer than that."""
    optional = "paper" if build is with_cleaning else "late"
    served(build(30 * EURO), left=(optional,), iterations=iterations)
    served(build(200 * EURO), iterations=iterations)


def test_a_container_is_put_where_its_hour_is_kept() -> None:
    """Of two vehicles the one that comes by at the usual hour is taken at once, though the other one is nearer."""
    trucks = (
        TRUCK,
        replace(TRUCK, id="later", shift_begin_s=7_000, latest_end_s=21_000, regular_end_s=21_000),
    )
    pinned = tuple(
        container(name, place, vehicles=frozenset({vehicle}))
        for name, place, vehicle in (("a", 1, "truck"), ("b", 2, "later"))
    )
    usual = UsualVisit(container="c", vehicle="later", after=None, arrival_s=7_200)
    given = problem(
        vehicles=trucks,
        containers=(*pinned, container("c", 1)),
        habits=Habits(visits=(usual,), shift_per_s_ueur=EURO // 60),
    )
    solution = solve(given, Stop(iterations=0), seed=1)
    tours = {tour.vehicle: tour.containers for tour in solution.tours}
    assert "c" in tours["later"]
