"""Our own JSON: a `domain.planning.PlanProblem` as it is, see docs/solve.md and the schema in `schema`.

A solution's routes are those of the vehicles in order. Their words are the containers' ids, ``unload:`` before a
facility's, and pauses; white space, colons and percent signs in an id are percent-encoded. Costs are euros.
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import numpy as np

from domain.errors import NaiveTimeError
from domain.planning import UEUR_PER_EURO, Matrix, PlanProblem
from domain.planning.record import from_record
from processing.routing.formats.instance import Instance, Scale
from processing.routing.formats.matrices import loads
from processing.routing.formats.measures import OWN
from processing.routing.formats.routes import RouteLayout, numbered
from processing.routing.formats.text import Source

_SPECIAL = re.compile(r"[\s%:]")


def read_landpuls(source: Source, path: Path) -> Instance:
    """Read a problem of our own.

    Raises
    ------
    BadInstance
        If it is no JSON or an id cannot be written down.
    InvalidProblem
        If a field is unknown, missing, of another type, or contradicts another one; the message says which.
    """
    try:
        problem = _compact(from_record(_parse(source)))
    except NaiveTimeError:
        source.fail("day_start", "it has no time zone", "end it with an offset such as +02:00")
    return Instance(
        name=path.name.removesuffix(".gz").removesuffix(".json"),
        family="Landpuls",
        problem=problem,
        layout=_layout(source, problem),
        scale=Scale(divisor=UEUR_PER_EURO, decimals=6, unit="€"),
        measures=OWN,
    )


def _parse(source: Source) -> Any:
    try:
        return loads(source.text)
    except (ValueError, RecursionError) as error:
        return source.fail("JSON", f"it cannot be read ({error})", "mend it there")


def _compact(problem: PlanProblem) -> PlanProblem:
    """Keep matrices as arrays, a quarter of the lists' size."""
    return replace(
        problem,
        distance_m=_array(problem.distance_m),
        duration_s=_array(problem.duration_s),
        profiles=tuple(
            replace(each, distance_m=_array(each.distance_m), duration_s=_array(each.duration_s))
            for each in problem.profiles
        ),
    )


def _array(matrix: Matrix) -> Matrix:
    return cast(Matrix, np.asarray(matrix, dtype=np.int64).reshape(len(matrix), len(matrix)))


def _layout(source: Source, problem: PlanProblem) -> RouteLayout:
    containers = {_word(task.id): task.id for task in problem.containers}
    facilities = {f"unload:{_word(facility.id)}": facility.id for facility in problem.facilities}
    try:
        " ".join([*containers, *facilities]).encode()
    except UnicodeEncodeError:
        source.fail("ids", "one holds half a character (a lone surrogate)", "mend its \\u escapes")
    return RouteLayout(
        vehicles=tuple(vehicle.id for vehicle in problem.vehicles),
        words=numbered(containers, facilities),
        every_vehicle=True,
    )


def _word(name: str) -> str:
    """An id as one word; the empty one, which nothing else is encoded as, is a percent sign."""
    return _SPECIAL.sub(lambda match: quote(match[0], safe=""), name) or "%"
