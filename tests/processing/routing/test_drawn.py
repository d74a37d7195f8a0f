"""Random problems reach what the search tells apart: a rule that no example has is a rule that no test tests."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.planning import PlanProblem
from processing.routing.arrays import build_model
from processing.routing.index import Index
from processing.routing.kernels.model import (
    GROUPED,
    HABITUAL,
    INCOMPATIBLE,
    LIMITED,
    PAUSING,
    PLAIN,
    RATIONED,
    RELEASED,
    SIZED,
    TIMED,
)
from tests.domain.servable_problems import servable_problems
from tests.processing.routing.plain_problems import sized_problems
from tests.processing.routing.problems import problems

RULES = {
    "timed": TIMED,
    "released": RELEASED,
    "wayward": HABITUAL,
    "limited": LIMITED,
    "grouped": GROUPED,
    "rationed": RATIONED,
    "picky": INCOMPATIBLE,
    "plain": PLAIN,
    "sized": SIZED,
    "pausing": PAUSING,
}
RICH = {*RULES, "two loads", "several layouts"} - {"sized"}
BESIDE_PLAIN = {"timed", "wayward", "grouped", "rationed", "picky", "two loads", "several layouts"}
"""What plain tours may have, too."""
SIZES = {"timed", "wayward", "rationed", "picky", "sized", "two loads", "several layouts"}
FEW = {"timed", "picky", "two loads"}
"""What problems without rich features have."""


def seen(drawn: st.SearchStrategy[PlanProblem], examples: int) -> list[dict[str, bool]]:
    """Which rules each of some problems has: the same in every run with the same modules, whose numbers are drawn."""
    found: list[dict[str, bool]] = []

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(problem=drawn)
    def look(problem: PlanProblem) -> None:
        model = build_model(Index(problem))
        if model.demand.shape[1] and len(model.vehicle):
            found.append(
                {name: bool(model.rule[number]) for name, number in RULES.items()}
                | {"two loads": model.demand.shape[2] > 1, "several layouts": model.demand.shape[0] > 1}
            )

    look()
    return found


def both(found: list[dict[str, bool]]) -> set[str]:
    """What some have and others have not."""
    return {name for name in found[0] if len({each[name] for each in found}) == 2}


@pytest.mark.parametrize(
    ("drawn", "examples", "wanted", "beside"),
    [
        (lambda: servable_problems().map(lambda each: each.problem), 400, RICH, BESIDE_PLAIN),
        (problems, 200, FEW | {"plain"}, FEW - {"picky"}),
        (sized_problems, 60, SIZES, {"sized"}),
    ],
    ids=["servable", "any", "sized"],
)
def test_every_rule_occurs_and_does_not(
    drawn: Callable[[], st.SearchStrategy[PlanProblem]], examples: int, wanted: set[str], beside: set[str]
) -> None:
    """Among a fixed number of problems each rule holds for some and for others not, in plain tours as well."""
    found = seen(drawn(), examples)
    assert not wanted - both(found)
    plain = [each for each in found if each["plain"]]
    assert len(plain) > len(found) // 20
    assert not beside - both(plain)
