"""Turn the domain's problem into the kernels' arrays, and the tours found back into a solution."""

import numpy as np
from numpy.typing import NDArray

from domain.planning import (
    Collect,
    ContainerTask,
    DisposalFacility,
    Matrix,
    PlannedTour,
    PlanProblem,
    TimeWindow,
    Unload,
    Vehicle,
    Visit,
)
from processing.routing.kernels.model import NEVER, Int32, Model, Tours
from processing.routing.near import nearest

Windows = tuple[TimeWindow, ...]


def build_model(problem: PlanProblem) -> Model:
    """All of the problem in arrays; see `processing.routing.kernels.model.Model` for shapes and units."""
    containers, facilities, vehicles = problem.containers, problem.facilities, problem.vehicles
    from_m, from_s = _matrix(problem.distance_m), _matrix(problem.duration_s)
    kinds = {name: index for index, name in enumerate(sorted({task.fraction for task in containers}))}
    depots = {depot.id: depot.location for depot in problem.depots}
    ends = [depots[name] for vehicle in vehicles for name in (vehicle.start_depot, vehicle.end_depot)]
    unused = [0] * (len(facilities) + len(ends))
    place = [thing.location for thing in (*containers, *facilities)] + ends
    stays = [thing.service_s for thing in (*containers, *facilities)] + [0] * len(ends)
    firsts, opens, closes = _flatten(
        [*(task.windows for task in containers), *(_begins(facility) for facility in facilities)], len(ends)
    )
    per_m = max((vehicle.cost_per_m_ueur for vehicle in vehicles), default=0)
    per_s = max((vehicle.cost_per_s_ueur for vehicle in vehicles), default=0)
    return Model(
        from_m=from_m,
        from_s=from_s,
        to_m=np.ascontiguousarray(from_m.T),
        to_s=np.ascontiguousarray(from_s.T),
        place=_int32(place),
        service=_int32(stays),
        volume=_int32([task.demand_l for task in containers] + unused),
        weight=_int32([task.demand_kg for task in containers] + unused),
        windows=firsts,
        opens=opens,
        closes=closes,
        fraction=_int32([kinds[task.fraction] for task in containers]),
        accepts=_table(
            [[kind in facility.fractions for kind in kinds] for facility in facilities], len(kinds)
        ),
        carries=_table([[vehicle.carries(kind) for kind in kinds] for vehicle in vehicles], len(kinds)),
        required=np.array([task.required for task in containers], dtype=np.bool_),
        leaving=_leaving(containers, vehicles, from_m, from_s),
        room_l=_int32([vehicle.capacity_l for vehicle in vehicles]),
        room_kg=_int32([vehicle.capacity_kg for vehicle in vehicles]),
        trips=_int32([min(vehicle.max_trips, len(containers)) for vehicle in vehicles]),
        begins=_int32([vehicle.shift_begin_s for vehicle in vehicles]),
        regular=_int32([vehicle.regular_end_s for vehicle in vehicles]),
        latest=_int32([vehicle.latest_end_s for vehicle in vehicles]),
        alike=_alike(vehicles),
        fixed=np.array([vehicle.fixed_cost_ueur for vehicle in vehicles], dtype=np.int64),
        per_m=np.array([vehicle.cost_per_m_ueur for vehicle in vehicles], dtype=np.int64),
        per_s=np.array([vehicle.cost_per_s_ueur for vehicle in vehicles], dtype=np.int64),
        over_s=np.array([vehicle.overtime_cost_per_s_ueur for vehicle in vehicles], dtype=np.int64),
        near=nearest(containers, from_m, from_s, per_m, per_s),
    )


def empty_tours(model: Model) -> Tours:
    """Tours without a visit, with room for the most stops that a vehicle could make."""
    vehicles = model.begins.size
    facilities = model.accepts.shape[0]
    longest = _longest(model) + int(model.trips.max(initial=0)) + 4
    int32 = {name: np.zeros((vehicles, longest), np.int32) for name in _ROWS}
    tours = Tours(
        **int32,
        size=np.full(vehicles, 2, np.int32),
        unloads=np.zeros(vehicles, np.int32),
        spare_l=np.zeros(vehicles, np.int32),
        spare_kg=np.zeros(vehicles, np.int32),
        metres=np.zeros(vehicles, np.int64),
        ends=np.zeros(vehicles, np.int64),
        cost=np.zeros(vehicles, np.int64),
        tour_of=np.full(model.fraction.size, -1, np.int32),
        index_of=np.zeros(model.fraction.size, np.int32),
    )
    first_depot = model.fraction.size + facilities
    tours.node[:, 0] = first_depot + 2 * np.arange(vehicles)
    tours.node[:, 1] = first_depot + 2 * np.arange(vehicles) + 1
    return tours


def read_tours(problem: PlanProblem, tours: Tours) -> tuple[PlannedTour, ...]:
    """Tours of all vehicles that are used, in the domain's words."""
    found = []
    for row, vehicle in enumerate(problem.vehicles):
        stops = tours.node[row, 1 : tours.size[row] - 1].tolist()
        if stops:
            visits = tuple(_visit(problem, int(stop)) for stop in stops)
            found.append(PlannedTour(vehicle=vehicle.id, visits=visits))
    return tuple(found)


_ROWS = (
    "node",
    "at",
    "leg_m",
    "leaves",
    "must_arrive",
    "tail_s",
    "tail_end",
    "load_l",
    "load_kg",
    "trip_l",
    "trip_kg",
    "trip_fraction",
)


def _visit(problem: PlanProblem, node: int) -> Visit:
    count = len(problem.containers)
    if node < count:
        return Collect(container=problem.containers[node].id)
    return Unload(facility=problem.facilities[node - count].id)


def _int32(values: list[int]) -> Int32:
    return np.array(values, dtype=np.int32)


def _matrix(matrix: Matrix) -> Int32:
    return np.array([np.asarray(row, dtype=np.int32) for row in matrix], dtype=np.int32)


def _table(rows: list[list[bool]], width: int) -> NDArray[np.bool_]:
    return np.array(rows, dtype=np.bool_).reshape(len(rows), width)


def _begins(facility: DisposalFacility) -> Windows:
    """When unloading may begin so as to end while open; one long past if no opening is long enough."""
    latest = [(window.open_s, window.close_s - facility.service_s) for window in facility.opening]
    begins = tuple(TimeWindow(open_s=first, close_s=last) for first, last in latest if last >= first)
    never = (TimeWindow(open_s=-NEVER, close_s=-NEVER),)
    return begins or (never if facility.opening else ())


def _flatten(windows: list[Windows], without: int) -> tuple[Int32, Int32, Int32]:
    counts = [len(each) for each in windows] + [0] * without
    firsts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    opens = _int32([window.open_s for each in windows for window in each])
    closes = _int32([window.close_s for each in windows for window in each])
    return firsts, opens, closes


def _leaving(
    containers: tuple[ContainerTask, ...], vehicles: tuple[Vehicle, ...], from_m: Int32, from_s: Int32
) -> NDArray[np.int64]:
    """Cost of leaving each; for required ones more than any plan can cost."""
    optional = sum(task.cost_of_leaving_ueur for task in containers)
    longest_m = int(from_m.max(initial=0))
    ceiling = 1 + optional
    for vehicle in vehicles:
        shift_s = vehicle.latest_end_s - vehicle.shift_begin_s
        ceiling += vehicle.fixed_cost_ueur
        ceiling += shift_s * (vehicle.cost_per_s_ueur + vehicle.overtime_cost_per_s_ueur)
    legs = 2 * len(containers) + len(vehicles)
    ceiling += legs * longest_m * max((vehicle.cost_per_m_ueur for vehicle in vehicles), default=0)
    return np.array(
        [ceiling if task.required else task.cost_of_leaving_ueur for task in containers], dtype=np.int64
    )


def _alike(vehicles: tuple[Vehicle, ...]) -> Int32:
    """The same number for vehicles that differ in nothing but their name."""
    known: dict[tuple[object, ...], int] = {}
    numbers = []
    for vehicle in vehicles:
        features = tuple(value for name, value in vars(vehicle).items() if name != "id")
        numbers.append(known.setdefault(features, len(known)))
    return _int32(numbers)


def _longest(model: Model) -> int:
    """The most containers that one vehicle can empty in all its trips, by volume and by weight."""
    count = int(model.fraction.size)
    best = 0
    for row in range(model.begins.size):
        most = count
        for demand, room in ((model.volume, model.room_l), (model.weight, model.room_kg)):
            filled = np.cumsum(np.sort(demand[:count].astype(np.int64)))
            most = min(most, int(np.searchsorted(filled, int(room[row]) * int(model.trips[row]), "right")))
        best = max(best, most)
    return best
