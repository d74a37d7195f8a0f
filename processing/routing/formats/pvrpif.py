"""Taverna and Tilk's periodic waste collection with intermediate facilities (Udine): GeoJSON with minutes of travel.

Each customer is visited ``frequency`` times in the horizon, on days that are evenly spread: every second day from the
first or the second, every third day, and so on. A visit takes ``service`` minutes and ``demand`` off the customer,
whichever day it is. On each day ``numVehicles`` vehicles leave the depot empty, unload at intermediate facilities as
often as they need to, and there at last before they return; travel and service together last ``maxDuration`` at
most. What counts is travel time alone.

The files do not say all of this. Even patterns, service within the duration and travel as the objective were found by
trying: read like this, a search of our own reached the proven optima of Milano_020_4_3, Torino_020_4_4,
Torino_020_4_7 and Torino_020_6_4 exactly and never fell below one; with any days allowed, or service left out of the
duration, it got 3 to 10 % below them. (The list of best-known values has 539 for Roma_020_4_2 beside a lower bound of
545, which nobody can reach; 546 was found.) Where a frequency does not divide the horizon, which no instance seen
does, gaps differ by one day at most; that is our choice.

A visit on a day is a container that is tied to the day; a customer's patterns of days are the options of a choice.
The problem's metres are the file's minutes, so that costs are minutes; its seconds are seconds, day after day.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from domain.planning import Choice, ContainerTask, Depot, DisposalFacility, Matrix, PlanProblem, Vehicle
from processing.routing.formats.best_known import best_known_beside
from processing.routing.formats.instance import Instance, Scale
from processing.routing.formats.measures import Measure, Measures
from processing.routing.formats.routes import RouteLayout, numbered
from processing.routing.formats.text import Source

DAY_S = 86_400
MOST_DAYS = 31
MOST_CUSTOMERS = 5_000
WASTE = "waste"


@dataclass(frozen=True, kw_only=True)
class _Node:
    location: int
    kind: str
    frequency: int
    demand: int
    service_s: int


def read_pvrpif(source: Source, path: Path) -> Instance:
    """Read an instance.

    Raises
    ------
    BadInstance
        If the JSON is broken or a member is missing or wrong; names file, member, and the remedy.
    """
    data = _Members(source=source, data=_parse(source))
    days = data.integer("info.planningHorizon", 1, MOST_DAYS)
    nodes = _nodes(data, days)
    depots = [node for node in nodes if node.kind == "depot"]
    facilities = [node for node in nodes if node.kind == "intermediateFacility"]
    if len(depots) != 1 or not facilities:
        source.fail("features", "there is not one depot with facilities", "give one depot and a facility")
    customers = [node for node in nodes if node.kind == "customer" and node.frequency]
    vehicles = _vehicles(data, days)
    minutes = _minutes(data, len(nodes))
    problem = PlanProblem(
        day_start=datetime(2026, 1, 1, tzinfo=UTC),
        depots=(Depot(id="depot", location=depots[0].location),),
        facilities=tuple(_facility(node) for node in facilities),
        vehicles=vehicles,
        containers=tuple(visit for node in customers for visit in _visits(node, days)),
        choices=tuple(_choice(node, days) for node in customers if len(patterns(node.frequency, days)) > 1),
        distance_m=cast(Matrix, minutes),
        duration_s=cast(Matrix, minutes * 60),
    )
    best = best_known_beside(path)
    return Instance(
        name=path.name.removesuffix(".gz").removesuffix(".geojson"),
        family="Udine",
        problem=problem,
        layout=_layout(problem),
        scale=Scale(unit="minutes of travel"),
        measures=Measures(distance=Measure(unit="minutes"), time=Measure(unit="s"), on_a_clock=True),
        best_known=best.value,
        best_known_path=best.path,
        remarks=() if best.remark is None else (best.remark,),
    )


def patterns(frequency: int, days: int) -> tuple[tuple[int, ...], ...]:
    """Sets of days from 0 on which a customer may be visited ``frequency`` times: spread as evenly as can be.

    Examples
    --------
    >>> patterns(2, 6)
    ((0, 3), (1, 4), (2, 5))
    """
    found = {
        tuple(sorted({(first + visit * days // frequency) % days for visit in range(frequency)}))
        for first in range(days)
    }
    return tuple(sorted(found))


def _nodes(data: "_Members", days: int) -> list[_Node]:
    features = data.member("features", list)
    if not 2 <= len(features) <= MOST_CUSTOMERS:
        data.source.fail("features", f"there are {len(features)}", f"give 2 to {MOST_CUSTOMERS}")
    return [_node(data, index, days) for index in range(len(features))]


def _node(data: "_Members", index: int, days: int) -> _Node:
    at = f"features.{index}.properties"
    return _Node(
        location=index,
        kind=data.member(f"{at}.type", str),
        frequency=data.integer(f"{at}.frequency", 0, days),
        demand=data.integer(f"{at}.demand", 0, 1_000_000),
        service_s=data.integer(f"{at}.service", 0, 1440) * 60,
    )


def _facility(node: _Node) -> DisposalFacility:
    return DisposalFacility(
        id=f"facility {node.location}",
        location=node.location,
        service_s=node.service_s,
        fractions=frozenset({WASTE}),
    )


def _visits(node: _Node, days: int) -> list[ContainerTask]:
    """A container for each day on which some pattern visits the customer."""
    used = sorted({day for pattern in patterns(node.frequency, days) for day in pattern})
    return [
        ContainerTask(
            id=_visit(node.location, day),
            site=str(node.location),
            location=node.location,
            fraction=WASTE,
            demand_l=node.demand,
            demand_kg=0,
            service_s=node.service_s,
            days=frozenset({day}),
        )
        for day in used
    ]


def _choice(node: _Node, days: int) -> Choice:
    options = tuple(
        tuple(_visit(node.location, day) for day in pattern) for pattern in patterns(node.frequency, days)
    )
    return Choice(id=f"customer {node.location}", options=options)


def _visit(location: int, day: int) -> str:
    return f"{location} on day {day + 1}"


def _vehicles(data: "_Members", days: int) -> tuple[Vehicle, ...]:
    count = data.integer("info.numVehicles", 1, 1_000)
    capacity = data.integer("info.maxCapacity", 0, 1_000_000)
    duration_s = data.integer("info.maxDuration", 0, 1440) * 60
    customers = len(data.member("features", list))
    return tuple(
        Vehicle(
            id=f"day {day + 1}, vehicle {number + 1}",
            start_depot="depot",
            end_depot="depot",
            shift_begin_s=day * DAY_S,
            regular_end_s=day * DAY_S + duration_s,
            latest_end_s=day * DAY_S + duration_s,
            capacity_l=capacity,
            capacity_kg=capacity,
            max_trips=customers,
            cost_per_m_ueur=1,
            day=day,
        )
        for day in range(days)
        for number in range(count)
    )


def _minutes(data: "_Members", size: int) -> NDArray[np.int64]:
    rows = data.member("duration", list)
    if len(rows) != size or any(not isinstance(row, list) or len(row) != size for row in rows):
        data.source.fail("duration", f"this is no matrix of {size} by {size}", "give a row for each feature")
    try:
        minutes = np.array(rows, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        minutes = np.full((1, 1), np.nan)
    whole = np.isfinite(minutes) & (minutes == np.floor(minutes)) & (minutes >= 0) & (minutes <= 10_000)
    if not whole.all():
        data.source.fail("duration", "an entry is no whole number of minutes", "give numbers from 0 to 10000")
    return minutes.astype(np.int64)


def _layout(problem: PlanProblem) -> RouteLayout:
    """A route for each vehicle of each day in order; stops and facilities have the numbers of the file."""
    unload = {str(facility.location): facility.id for facility in problem.facilities}
    by_day: dict[int, dict[str, str]] = {vehicle.day: {} for vehicle in problem.vehicles}
    for task in problem.containers:
        (day,) = task.days or (0,)
        by_day[day][task.site] = task.id
    return RouteLayout(
        vehicles=tuple(vehicle.id for vehicle in problem.vehicles),
        own_words={vehicle.id: numbered(by_day[vehicle.day], unload) for vehicle in problem.vehicles},
        every_vehicle=True,
    )


def _parse(source: Source) -> Any:
    try:
        return json.loads(source.text)
    except (ValueError, RecursionError) as error:
        return source.fail("JSON", f"it cannot be read ({error})", "mend it there")


@dataclass(frozen=True, kw_only=True)
class _Members:
    """Members of the JSON by path, with their types checked."""

    source: Source
    data: Any

    def member(self, path: str, kind: type) -> Any:
        """The value at ``a.b.0.c``, which must be there and of this type."""
        found = self.data
        for key in path.split("."):
            found = _step(found, key)
        if not isinstance(found, kind) or isinstance(found, bool):
            self.source.fail(path, "it is missing or of another type", f"give a {_NAMES[kind]}")
        return found

    def integer(self, path: str, least: int, most: int) -> int:
        """The whole number at a path; ``2.0`` is one."""
        number = self.member(path, (int, float))  # type: ignore[arg-type]
        return self.source.integer(repr(number), path, "it", least, most)


def _step(value: Any, key: str) -> Any:
    if isinstance(value, list):
        return value[int(key)] if key.isdigit() and int(key) < len(value) else None
    return value.get(key) if isinstance(value, dict) else None


_NAMES: dict[Any, str] = {list: "list", str: "text", (int, float): "number"}
