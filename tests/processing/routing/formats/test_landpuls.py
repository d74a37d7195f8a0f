"""Our own JSON holds every problem that the model can state, as its schema says."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from domain.errors import LandpulsError
from domain.planning import PlanProblem, PlanSolution, evaluate
from domain.planning.record import to_record
from processing.routing.formats import read_instance
from processing.routing.formats.schema import problem_schema
from tests.processing.routing.formats.periodic import own
from tests.processing.routing.problems import problems

SCHEMA = jsonschema.Draft202012Validator(problem_schema())


def test_schema_is_one() -> None:
    """The schema follows its dialect and describes the fields that need it."""
    jsonschema.Draft202012Validator.check_schema(problem_schema())
    container = problem_schema()["$defs"]["ContainerTask"]
    assert "earlier" in container["properties"]["released_s"]["description"]
    assert container["additionalProperties"] is False


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(problem=problems())
def test_every_problem_is_written_and_read(
    problem: PlanProblem, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What the model can state passes the schema and is read as the same problem."""
    record = to_record(problem)
    SCHEMA.validate(record)
    path = tmp_path_factory.mktemp("own") / "day.json"
    path.write_text(json.dumps(record))
    assert to_record(read_instance(path).problem) == record


def test_solutions_name_odd_ids(tmp_path: Path) -> None:
    """Ids with spaces and colons, and even an empty one, survive in a solution; costs are euros."""
    path = tmp_path / "day.json"
    path.write_text(json.dumps(own()))
    instance = read_instance(path)
    text = "Route #1: Straße%201 % unload:tip%3A%20north\nCost 57.2\n"
    tours = instance.read_solution(text)
    judged = evaluate(instance.problem, PlanSolution(tours=tours))
    assert judged.violations == ()
    assert tours[0].containers == ("Straße 1", "")
    assert instance.write_tours(tours, judged.cost.total_ueur) == text


def test_a_solution_beside_is_no_best_known(tmp_path: Path) -> None:
    """Nothing is published of a day of our own: the solution beside it is what somebody wrote, whatever it holds."""
    path = tmp_path / "day.json"
    path.write_text(json.dumps(own()))
    path.with_suffix(".sol").write_text("Cost 1\n")
    instance = read_instance(path)
    assert (instance.best_known, instance.best_known_path, instance.remarks) == (None, None, ())


def change(record: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """Set the value at a path."""
    found: Any = record
    for key in path[:-1]:
        found = found[key]
    found[path[-1]] = value
    return record


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("vehicles", 0, "colour"), "red", "colour is unknown"),
        (("vehicles", 0, "max_trips"), "two", "max_trips must be of type int, it is 'two'"),
        (("vehicles", 0, "start_depot"), "hall", "depot hall is not among the depots"),
        (("containers", 1, "demand_l"), -1, "demand_l must not be negative"),
        (("day_start",), "2026-03-02T00:00:00", "day_start: it has no time zone"),
        (("distance_m", 1), [1, 2], "distance_m[1] has 2 entries instead of 3"),
        (("containers", 0, "id"), "\ud800", "lone surrogate"),
    ],
)
def test_mistakes_are_named_with_their_place(
    tmp_path: Path, path: tuple[Any, ...], value: Any, said: str
) -> None:
    """A mistake is one sentence with file, field and remedy."""
    file = tmp_path / "day.json"
    file.write_text(json.dumps(change(own(), path, value)))
    with pytest.raises(LandpulsError, match=r"day\.json") as caught:
        read_instance(file)
    assert said in str(caught.value)


def test_broken_json_is_named_with_its_line(tmp_path: Path) -> None:
    """What is no JSON is refused with line and column."""
    file = tmp_path / "day.json"
    file.write_text('{"depots": [],\n "vehicles": [}')
    with pytest.raises(LandpulsError, match="line 2 column 15"):
        read_instance(file)
