"""A planning problem survives being written to JSON and read back."""

import json

from hypothesis import HealthCheck, given, settings

from domain.planning import PlanProblem
from domain.planning.record import from_record, to_record
from tests.processing.routing.problems import problems


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@given(problem=problems())
def test_round_trip(problem: PlanProblem) -> None:
    """What is read back equals what was written, and so does its record."""
    record = to_record(problem)
    again = from_record(json.loads(json.dumps(record)))
    assert again == problem
    assert to_record(again) == record
