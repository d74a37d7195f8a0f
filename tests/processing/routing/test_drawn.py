"""Random problems reach what the search tells apart: a rule that no example has is a rule that no test tests."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, seed, settings
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


ROUNDS = 8
"""Which numbers are drawn depends on the modules that are loaded, so that a rule may not occur at once."""


def seen(drawn: st.SearchStrategy[PlanProblem], examples: int, number: int) -> list[dict[str, bool]]:
    """Which rules each of some problems of a round has."""
    found: list[dict[str, bool]] = []

    @seed(number)
    @settings(
        max_examples=examples,
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
    return {name for name in found[0] if len({each[name] for each in found}) == 2} if found else set()


@pytest.mark.parametrize(
    ("drawn", "examples", "wanted", "beside"),
    [
        (lambda: servable_problems().map(lambda each: each.problem), 200, RICH, BESIDE_PLAIN),
        (problems, 200, FEW | {"plain"}, FEW - {"picky"}),
        (sized_problems, 60, SIZES, {"sized"}),
    ],
    ids=["servable", "any", "sized"],
)
def test_every_rule_occurs_and_does_not(
    drawn: Callable[[], st.SearchStrategy[PlanProblem]], examples: int, wanted: set[str], beside: set[str]
) -> None:
    """Among some hundreds of problems each rule holds for some and for others not, in plain tours as well."""
    found: list[dict[str, bool]] = []
    missing = {"any"}
    for number in range(ROUNDS):
        found += seen(drawn(), examples, number)
        plain = [each for each in found if each["plain"]]
        missing = (wanted - both(found)) | (beside - both(plain))
        if not missing:
            break
    assert not missing
    assert len(plain) > len(found) // 20
