"""Kim, Kim and Sahoo (2006): waste collection with time windows, disposal trips and a lunch break.

Five lines state the capacity of a trip (yards), the yards and the stops of a vehicle's day, the length of lunch (s)
and the speed (mph); then come the stops: id, x and y (feet), earliest and latest begin of service (HHMM), service
(s), load (yards), type (0 depot, 1 stop, 2 disposal site). Ways are Manhattan distances. As the authors have it,
lunch begins from 11:00 to 12:00, vehicles start and end empty at the depot within its hours, as few vehicles as
possible count first, then miles.

Some files write 1675 for a quarter past five: minutes are minutes, be they more than 59. Disposal sites state when
service may begin, so ours are open for one service longer. A vehicle leaves at the opening of the depot. So that
rounding does not matter, the problem's clock counts hundredths of a second, its distances tenths of a foot and its
volumes hundredths of a yard. Vehicles, of which there are as many as wanted, cost more than any plan's distance.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import numpy as np

from domain.planning import (
    BreakRules,
    ContainerTask,
    Depot,
    DisposalFacility,
    Lunch,
    Matrix,
    PlanProblem,
    TimeWindow,
    Vehicle,
)
from processing.routing.formats.best_known import best_known_beside
from processing.routing.formats.instance import Instance, Scale
from processing.routing.formats.measures import Measure, Measures
from processing.routing.formats.routes import RouteLayout, numbered
from processing.routing.formats.sections import MOST_NODES
from processing.routing.formats.text import Source

FEET_PER_MILE = 5280
PER_FOOT, PER_SECOND, PER_YARD = 10, 100, 100
PER_MILE = FEET_PER_MILE * PER_FOOT
MEASURES = Measures(
    distance=Measure(unit="miles", per=PER_MILE),
    time=Measure(unit="s", per=PER_SECOND),
    load=Measure(unit="yards", per=PER_YARD),
    on_a_clock=True,
)
HOUR = 3600 * PER_SECOND
LUNCH = (11 * HOUR, 12 * HOUR)
WASTE = "waste"
HEADER = (
    "the vehicle's capacity",
    "the yards of a day",
    "the stops of a day",
    "the length of lunch",
    "the speed",
)
DEPOT, STOP, DISPOSAL = 0, 1, 2


@dataclass(frozen=True, kw_only=True)
class _Stop:
    id: str
    location: int
    x_feet: float
    y_feet: float
    window: TimeWindow
    service: int
    load: int
    kind: int


@dataclass(frozen=True, kw_only=True)
class _Day:
    """The head of the file."""

    capacity: int
    day_capacity: int
    max_stops: int
    lunch: int
    speed_mph: float


def read_kim(source: Source, path: Path) -> Instance:
    """Read one of the sets.

    Raises
    ------
    BadInstance
        If a line is not what it should be; names file, line, and the remedy.
    """
    lines = source.text.splitlines()
    day = _day(source, lines)
    stops = _stops(source, lines)
    depot = _only_depot(source, stops)
    sites = [stop for stop in stops if stop.kind == DISPOSAL]
    if not sites:
        source.fail("stops", "there is no disposal site", "give one stop of type 2 at least")
    tasks = tuple(_task(stop) for stop in stops if stop.kind == STOP)
    vehicles = _vehicles(depot, day, tasks)
    distance, duration = _ways(source, stops, day.speed_mph)
    problem = PlanProblem(
        day_start=datetime(2026, 1, 1, tzinfo=UTC),
        depots=(Depot(id=depot.id, location=depot.location),),
        facilities=tuple(_facility(site) for site in sites),
        vehicles=vehicles,
        containers=tasks,
        distance_m=distance,
        duration_s=duration,
    )
    layout = RouteLayout(
        vehicles=tuple(vehicle.id for vehicle in vehicles),
        words=numbered({task.id: task.id for task in tasks}, {site.id: site.id for site in sites}),
    )
    price_ueur = vehicles[0].fixed_cost_ueur
    best = best_known_beside(path)
    return Instance(
        name=path.stem,
        family="Kim",
        problem=problem,
        layout=layout,
        scale=Scale(divisor=PER_MILE, decimals=4, vehicle_ueur=price_ueur, unit="miles"),
        measures=MEASURES,
        best_known=best.value,
        best_known_path=best.path,
        remarks=() if best.remark is None else (best.remark,),
    )


def _day(source: Source, lines: list[str]) -> _Day:
    if len(lines) < len(HEADER) + 2:
        source.fail(
            "beginning", f"there are {len(lines)} lines only", "give five of figures, a header, then stops"
        )
    values = []
    for number, (line, what) in enumerate(zip(lines, HEADER, strict=False), start=1):
        words = line.partition("//")[0].split()
        if len(words) != 1:
            source.fail(f"line {number}", f"{what} is not stated", "write one number, then '// what it is'")
        values.append(source.number(words[0], f"line {number}", what))
    capacity, day_capacity, stops, lunch_s, speed_mph = values
    for number, (value, what) in enumerate(zip(values, HEADER, strict=True), start=1):
        if not 0 < value <= 1e6:
            source.fail(f"line {number}", f"{what} is {value:g}", "give a number above zero, up to a million")
    if speed_mph < 1:
        source.fail("line 5", f"the speed is {speed_mph:g} miles an hour", "give one of 1 at least")
    return _Day(
        capacity=round(capacity * PER_YARD),
        day_capacity=round(day_capacity * PER_YARD),
        max_stops=int(stops),
        lunch=max(1, round(lunch_s * PER_SECOND)),
        speed_mph=speed_mph,
    )


def _stops(source: Source, lines: list[str]) -> list[_Stop]:
    stops: list[_Stop] = []
    for number, line in enumerate(lines[len(HEADER) + 1 :], start=len(HEADER) + 2):
        words = line.replace('"', " ").split()
        if words:
            stops.append(_stop(source, words, len(stops), f"line {number}"))
    if len(stops) > MOST_NODES:
        source.fail("stops", f"there are {len(stops)}", f"give {MOST_NODES} at most")
    seen: set[str] = set()
    for stop in stops:
        if stop.id in seen:
            source.fail("stops", f"stop {stop.id} is given twice", "number each once")
        seen.add(stop.id)
    return stops


def _stop(source: Source, words: list[str], location: int, where: str) -> _Stop:
    if len(words) != 8:
        source.fail(
            where,
            f"the stop has {len(words)} entries",
            "give id, x, y, earliest, latest, service, load and type",
        )
    earliest, latest = (_clock(source, word, where) for word in words[3:5])
    if earliest > latest:
        source.fail(where, f"the window closes ({words[4]}) before it opens ({words[3]})", "exchange them")
    service_s = source.number(words[5], where, "the service time")
    load = source.number(words[6], where, "the load")
    if not 0 <= service_s <= 86_400 or not 0 <= load <= 100_000:
        source.fail(where, "service or load is out of range", "give up to 86400 s and 100000 yards")
    return _Stop(
        id=words[0],
        location=location,
        x_feet=source.number(words[1], where, "x"),
        y_feet=source.number(words[2], where, "y"),
        window=TimeWindow(open_s=earliest, close_s=latest),
        service=round(service_s * PER_SECOND),
        load=round(load * PER_YARD),
        kind=source.integer(words[7], where, "the type", DEPOT, DISPOSAL),
    )


def _clock(source: Source, word: str, where: str) -> int:
    """HHMM as the problem's time."""
    hours, minutes = divmod(source.integer(word, where, "a time (HHMM)", 0, 2499), 100)
    return hours * HOUR + minutes * 60 * PER_SECOND


def _only_depot(source: Source, stops: list[_Stop]) -> _Stop:
    depots = [stop for stop in stops if stop.kind == DEPOT]
    if len(depots) != 1:
        source.fail("stops", f"there are {len(depots)} depots", "give one stop of type 0")
    return depots[0]


def _task(stop: _Stop) -> ContainerTask:
    return ContainerTask(
        id=stop.id,
        site=stop.id,
        location=stop.location,
        fraction=WASTE,
        demand_l=stop.load,
        demand_kg=0,
        service_s=stop.service,
        windows=(stop.window,),
    )


def _facility(site: _Stop) -> DisposalFacility:
    opening = TimeWindow(open_s=site.window.open_s, close_s=site.window.close_s + site.service)
    return DisposalFacility(
        id=site.id,
        location=site.location,
        service_s=site.service,
        fractions=frozenset({WASTE}),
        opening=(opening,),
    )


def _vehicles(depot: _Stop, day: _Day, tasks: tuple[ContainerTask, ...]) -> tuple[Vehicle, ...]:
    """Enough vehicles: thrice what loads, stops and service alone ask for, and ten more."""
    shift = depot.window.close_s - depot.window.open_s
    asked = max(
        sum(task.demand_l for task in tasks) / day.day_capacity,
        len(tasks) / max(1, day.max_stops),
        sum(task.service_s for task in tasks) / max(1, shift),
    )
    count = max(1, min(len(tasks), 3 * math.ceil(min(asked, len(tasks))) + 10))
    longest = math.ceil(shift / HOUR * day.speed_mph * FEET_PER_MILE * PER_FOOT)
    return tuple(
        Vehicle(
            id=f"vehicle {number}",
            start_depot=depot.id,
            end_depot=depot.id,
            shift_begin_s=depot.window.open_s,
            regular_end_s=depot.window.close_s,
            latest_end_s=depot.window.close_s,
            capacity_l=day.capacity,
            capacity_kg=day.capacity,
            max_trips=max(1, len(tasks)),
            fixed_cost_ueur=(longest + 1) * count,
            cost_per_m_ueur=1,
            max_stops=day.max_stops,
            day_capacity_l=day.day_capacity,
            breaks=BreakRules(
                lunch=Lunch(earliest_begin_s=LUNCH[0], latest_begin_s=LUNCH[1], duration_s=day.lunch)
            ),
        )
        for number in range(1, count + 1)
    )


def _ways(source: Source, stops: list[_Stop], speed_mph: float) -> tuple[Matrix, Matrix]:
    """Tenths of a foot and hundredths of a second between all stops."""
    x = np.array([stop.x_feet for stop in stops])
    y = np.array([stop.y_feet for stop in stops])
    if max(np.ptp(x), np.ptp(y)) > 400_000:
        source.fail("stops", "they lie more than 75 miles apart", "give x and y in feet")
    feet = np.abs(x[:, None] - x) + np.abs(y[:, None] - y)
    per_foot = HOUR / (speed_mph * FEET_PER_MILE)
    distance = np.rint(feet * PER_FOOT).astype(np.int64)
    duration = np.rint(feet * per_foot).astype(np.int64)
    return cast(Matrix, distance), cast(Matrix, duration)
