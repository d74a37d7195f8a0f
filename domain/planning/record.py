"""A planning problem and its solution as JSON and back.

So what was solved is kept with the plan, edits are judged by it, and others can state problems of their own.

A record has the fields of the dataclasses; those at their default may be left out. A visit says its ``kind``
(``collect``, ``unload`` or ``pause``) beside its fields.
"""

from typing import Any

from domain.planning.checks import require
from domain.planning.codec import read, write
from domain.planning.problem import PlanProblem
from domain.planning.solution import PlanSolution

COMPANIONS = frozenset({"points", "setup_s"})
"""What a stored plan keeps in the same record beside its problem.

``points`` are the places' coordinates. ``setup_s`` is in older records only: there the set-up of a site was part of
the ways to it.
"""


def to_record(problem: PlanProblem) -> dict[str, Any]:
    """Return plain data for JSON."""
    return write(problem)


def from_record(record: dict[str, Any]) -> PlanProblem:
    """Return the problem that `to_record` wrote, now or before there were as many fields.

    Raises
    ------
    InvalidProblem
        If a field is unknown, missing or of another type, or the record contradicts itself.
    NaiveTimeError
        If ``day_start`` has no time zone.
    """
    require(isinstance(record, dict), "a problem must be an object")
    own = {name: value for name, value in record.items() if name not in COMPANIONS}
    problem: PlanProblem = read(PlanProblem, own, "problem")
    return problem


def solution_to_record(solution: PlanSolution) -> dict[str, Any]:
    """Return plain data for JSON."""
    return write(solution)


def solution_from_record(record: dict[str, Any]) -> PlanSolution:
    """Return the solution that `solution_to_record` wrote.

    Raises
    ------
    InvalidProblem
        If a field is unknown, missing or of another type.
    """
    solution: PlanSolution = read(PlanSolution, record, "solution")
    return solution
