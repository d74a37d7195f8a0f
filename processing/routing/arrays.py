"""Turn the domain's problem into the kernels' arrays, and the tours found back into a solution."""

from dataclasses import replace

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
from processing.routing.kernels.model import (
    NEVER,
    ROOM_KG,
    ROOM_L,
    TRIPS,
    VOLUME,
    WEIGHT,
    Int32,
    Int64,
    Model,
    Stops,
    Tours,
)
from processing.routing.near import nearest

Windows = tuple[TimeWindow, ...]


def build_model(problem: PlanProblem) -> Model:
    """All of the problem in arrays; see `processing.routing.kernels.model.Model` for shapes and units."""
    containers, facilities, vehicles = problem.containers, problem.facilities, problem.vehicles
    from_m, from_s = _matrix(problem.distance_m), _matrix(problem.duration_s)
    kinds = {name: index for index, name in enumerate(sorted({task.fraction for task in containers}))}
    node, window = _nodes(problem, kinds)
    per_m = max((vehicle.cost_per_m_ueur for vehicle in vehicles), default=0)
    per_s = max((vehicle.cost_per_s_ueur for vehicle in vehicles), default=0)
    return Model(
        from_m=from_m,
        from_s=from_s,
        to_m=np.ascontiguousarray(from_m.T),
        to_s=np.ascontiguousarray(from_s.T),
        node=node,
        window=window,
        vehicle=_vehicles(vehicles, len(containers)),
        accepts=_table(
            [[kind in facility.fractions for kind in kinds] for facility in facilities], len(kinds)
        ),
        carries=_table([[vehicle.carries(kind) for kind in kinds] for vehicle in vehicles], len(kinds)),
        required=np.array([task.required for task in containers], dtype=np.bool_),
        leaving=_leaving(containers, vehicles, from_m),
        near=nearest(containers, from_m, from_s, per_m, per_s),
    )


def empty_tours(model: Model) -> Tours:
    """Tours without a visit, with room for the most stops that a vehicle could make."""
    now = empty_stops(model)
    return Tours(
        now=now,
        stop=np.zeros((*now.node.shape, 15), np.int32),
        tour=np.zeros((now.size.size, 5), np.int64),
        tour_of=np.full(model.leaving.size, -1, np.int32),
        index_of=np.zeros(model.leaving.size, np.int32),
    )


def empty_stops(model: Model) -> Stops:
    """Start and end depot of each vehicle and nothing between."""
    vehicles = model.vehicle.shape[0]
    longest = _longest(model) + int(model.vehicle[:, TRIPS].max(initial=0)) + 4
    node = np.zeros((vehicles, longest), np.int32)
    first_depot = model.leaving.size + model.accepts.shape[0]
    node[:, 0] = first_depot + 2 * np.arange(vehicles)
    node[:, 1] = first_depot + 2 * np.arange(vehicles) + 1
    return Stops(node=node, size=np.full(vehicles, 2, np.int32), cost=np.zeros(vehicles, np.int64))


def read_tours(problem: PlanProblem, stops: Stops) -> tuple[PlannedTour, ...]:
    """Tours of all vehicles that are used, in the domain's words."""
    found = []
    for row, vehicle in enumerate(problem.vehicles):
        inner = stops.node[row, 1 : stops.size[row] - 1].tolist()
        if inner:
            visits = tuple(_visit(problem, node) for node in inner)
            found.append(PlannedTour(vehicle=vehicle.id, visits=visits))
    return tuple(found)


def _visit(problem: PlanProblem, node: int) -> Visit:
    count = len(problem.containers)
    if node < count:
        return Collect(container=problem.containers[node].id)
    return Unload(facility=problem.facilities[node - count].id)


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


def _nodes(problem: PlanProblem, kinds: dict[str, int]) -> tuple[Int32, Int32]:
    """Table of nodes and table of windows."""
    depots = {depot.id: depot.location for depot in problem.depots}
    rows: list[tuple[int, ...]] = []
    windows: list[tuple[int, int]] = []

    def add(place: int, service_s: int, load: tuple[int, int, int], open_windows: Windows) -> None:
        first = len(windows)
        windows.extend((window.open_s, window.close_s) for window in open_windows)
        rows.append((place, service_s, *load, first, len(windows)))

    for task in problem.containers:
        load = (task.demand_l, task.demand_kg, kinds[task.fraction])
        add(task.location, task.service_s, load, task.windows)
    for facility in problem.facilities:
        add(facility.location, facility.service_s, (0, 0, -1), _begins(facility))
    for vehicle in problem.vehicles:
        add(depots[vehicle.start_depot], 0, (0, 0, -1), ())
        add(depots[vehicle.end_depot], 0, (0, 0, -1), ())
    return np.array(rows, dtype=np.int32), np.array(windows, dtype=np.int32).reshape(len(windows), 2)


def _vehicles(vehicles: tuple[Vehicle, ...], containers: int) -> Int64:
    alike = _alike(vehicles)
    rows = [
        (
            min(vehicle.capacity_l, NEVER),
            min(vehicle.capacity_kg, NEVER),
            min(vehicle.max_trips, containers),
            vehicle.shift_begin_s,
            vehicle.regular_end_s,
            vehicle.latest_end_s,
            alike[index],
            vehicle.fixed_cost_ueur,
            vehicle.cost_per_m_ueur,
            vehicle.cost_per_s_ueur,
            vehicle.overtime_cost_per_s_ueur,
        )
        for index, vehicle in enumerate(vehicles)
    ]
    return np.array(rows, dtype=np.int64).reshape(len(rows), 11)


def _leaving(
    containers: tuple[ContainerTask, ...], vehicles: tuple[Vehicle, ...], from_m: Int32
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


def _alike(vehicles: tuple[Vehicle, ...]) -> list[int]:
    """The same number for vehicles that differ in nothing but their name."""
    known: dict[Vehicle, int] = {}
    return [known.setdefault(replace(vehicle, id=""), len(known)) for vehicle in vehicles]


def _longest(model: Model) -> int:
    """The most containers that one vehicle can empty in all its trips, by volume and by weight."""
    count = model.leaving.size
    best = 0
    for vehicle in model.vehicle:
        most = count
        for demand, room in ((VOLUME, ROOM_L), (WEIGHT, ROOM_KG)):
            filled = np.cumsum(np.sort(model.node[:count, demand].astype(np.int64)))
            most = min(most, int(np.searchsorted(filled, vehicle[room] * vehicle[TRIPS], "right")))
        best = max(best, most)
    return best
