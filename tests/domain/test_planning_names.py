"""The names of violations are few, known and documented."""

import re
from importlib import import_module
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.planning import evaluate, explain_infeasible
from tests.domain.rich_problems import rich_problems, solutions

MODULES = ("agreements", "breaks", "evaluate", "limits", "loads")
DOCUMENT = Path(__file__).parents[2] / "docs" / "planning-rules.md"


def listed() -> set[str]:
    """Names that the modules' docstrings list."""
    texts = [import_module(f"domain.planning.{name}").__doc__ or "" for name in MODULES]
    words = {word for text in texts for word in re.findall(r"``([a-z_]+)``", text)}
    return words - {"at_next", "flexible_begin", "waiting_counts"}


def documented() -> set[str]:
    """Names in the first column of the document's first table."""
    rows = re.findall(r"^\| (`.*?) \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([a-z_]+)`", row)}


def test_names_are_documented() -> None:
    """The document lists exactly the names that the modules list."""
    assert documented() == listed()


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=40)
@given(data=st.data())
def test_whatever_is_found_has_a_listed_name(data: st.DataObject) -> None:
    """Any plan of any problem is judged without error, with names from the list, a sentence and known subjects."""
    problem = data.draw(rich_problems())
    judged = evaluate(problem, data.draw(solutions(problem)))
    things = {each.id for each in (*problem.containers, *problem.facilities, *problem.depots)}
    for violation in judged.violations:
        assert violation.name in listed()
        assert violation.message
        assert set(violation.subjects) <= things | {"rest", "lunch"}
    text = DOCUMENT.read_text(encoding="utf-8")
    assert all(f"`{each.constraint}`" in text for each in explain_infeasible(problem))


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=40)
@given(data=st.data())
def test_time_lines_have_no_gaps(data: st.DataObject) -> None:
    """Each step begins where and when the one before ended; its parts add up; cost and duration follow from them."""
    problem = data.draw(rich_problems())
    for tour in evaluate(problem, data.draw(solutions(problem))).tours:
        now_s = tour.steps[0].arrival_s if tour.steps else 0
        for step in tour.steps:
            assert step.arrival_s == now_s + step.leg_s
            assert step.begin_s == step.arrival_s + step.setup_s + step.wait_s
            assert min(step.leg_s, step.setup_s, step.wait_s, step.load_l, step.load_kg) >= 0
            assert step.end_s >= step.begin_s
            now_s = step.end_s
        if tour.steps:
            vehicle = problem.lookup.vehicles[tour.vehicle]
            assert tour.duration_s == now_s - tour.steps[0].arrival_s
            assert tour.cost.time_ueur == tour.duration_s * vehicle.cost_per_s_ueur
            assert tour.distance_m == sum(step.leg_m for step in tour.steps)
