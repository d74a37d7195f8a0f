"""A planning problem and its solution survive being written to JSON and read back."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.planning import BreakRules, InvalidProblem, PlanProblem
from domain.planning.record import from_record, solution_from_record, solution_to_record, to_record
from processing.routing.sample import sample_problem
from tests.domain.rich_problems import rich_problems, solutions
from tests.processing.routing.problems import problems


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=40)
@given(problem=problems() | rich_problems())
def test_round_trip(problem: PlanProblem) -> None:
    """What is read back equals what was written, and so does its record."""
    record = to_record(problem)
    again = from_record(json.loads(json.dumps(record)))
    assert again == problem
    assert to_record(again) == record


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=40)
@given(data=st.data())
def test_solution_round_trip(data: st.DataObject) -> None:
    """A solution with its visits of every kind is read back as it was."""
    solution = data.draw(solutions(data.draw(rich_problems())))
    record = solution_to_record(solution)
    assert solution_from_record(json.loads(json.dumps(record))) == solution


def test_records_of_before_still_read() -> None:
    """A record kept with a plan before vehicles had skills, breaks or chambers reads, with what lies beside it."""
    sample = sample_problem()
    sample = replace(sample, vehicles=tuple(replace(each, breaks=BreakRules()) for each in sample.vehicles))
    record = {
        "day_start": "2026-01-01T00:00:00+00:00",
        "depots": [{"id": "depot", "location": 0}],
        "facilities": [
            {
                "id": "facility",
                "location": 6,
                "service_s": 600,
                "fractions": ["glass", "paper"],
                "opening": [{"open_s": 0, "close_s": 36000}],
            }
        ],
        "vehicles": [
            {
                "id": name,
                "start_depot": "depot",
                "end_depot": "depot",
                "shift_begin_s": 0,
                "regular_end_s": 18000,
                "latest_end_s": 36000,
                "capacity_l": 2500,
                "capacity_kg": 1000,
                "max_trips": 3,
                "fixed_cost_ueur": 1000000,
                "cost_per_m_ueur": 1200,
                "cost_per_s_ueur": 8000,
                "overtime_cost_per_s_ueur": 4000,
                "fractions": None,
            }
            for name in ("one", "two")
        ],
        "containers": [
            {
                "id": task.id,
                "site": task.site,
                "location": task.location,
                "fraction": task.fraction,
                "demand_l": 1000,
                "demand_kg": 100,
                "service_s": 120,
                "required": task.required,
                "cost_of_leaving_ueur": 2000000,
                "windows": [{"open_s": 0, "close_s": 20000}] if task.windows else [],
            }
            for task in sample.containers
        ],
        "distance_m": sample.distance_m,
        "duration_s": sample.duration_s,
        "points": [[13.9, 51.5]],
        "setup_s": [0],
    }
    assert from_record(record) == sample


def changed(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """The sample's record with one value changed or added."""
    record = to_record(sample_problem())
    place: Any = record
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return record


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("weather",), "rain", "weather"),
        (("vehicles", 1, "wheels"), 4, "wheels"),
        (("vehicles", 0, "capacity_l"), "much", "vehicles.*one.*capacity_l"),
        (("vehicles", 0, "breaks"), {"driving": "sometimes"}, "driving must be one of"),
        (("vehicles", 0, "breaks"), "none", "breaks must be an object"),
        (("containers", 2, "windows"), [{"open_s": 0}], "close_s is missing"),
        (("containers", 2, "required"), 1, "required must be of type bool"),
        (("containers",), {}, "containers must be a list"),
        (("fixed",), [{"vehicle": "one", "visits": [{"kind": "dance"}]}], "kind must be one of"),
        (("distance_m", 1), [0.5] * 7, r"distance_m\[1\]"),
        (("duration_s",), 7, "duration_s"),
        (("day_start",), "tomorrow", "day_start"),
    ],
)
def test_what_cannot_be_read_is_named(path: tuple[str | int, ...], value: Any, named: str) -> None:
    """An unknown field, a missing one or one of another type is refused by its name."""
    with pytest.raises(InvalidProblem, match=named):
        from_record(changed(path, value))
    with pytest.raises(InvalidProblem, match="field tours is missing"):
        solution_from_record({})
