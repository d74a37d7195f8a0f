"""Turn the domain's problem into the kernels' arrays."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from domain.planning import ContainerTask, Vehicle
from processing.routing.capacity import Rooms, measure_loads
from processing.routing.crews import Labours, build_crews, needs_time_line, time_line_of
from processing.routing.habits import habits_cost, serving_costs, strange_costs
from processing.routing.index import Index
from processing.routing.kernels.labels import PLAN_COLUMNS, plan_rows
from processing.routing.kernels.model import (
    AFTER,
    BEFORE,
    COLLECTED,
    EXACT,
    LOAD,
    PRED,
    SPARE,
    STARTS_AT,
    SUCC,
    TOUR,
    TRIP,
    TRIPS,
    Best,
    Bool,
    Int32,
    Int64,
    Model,
    Tours,
)
from processing.routing.kernels.timeline import time_line_at
from processing.routing.near import neighbours
from processing.routing.nodes import build_nodes
from processing.routing.places import Ways

MUCH = 1 << 40
"""Stands for a limit that is not given."""


def build_model(index: Index) -> Model:
    """All of the problem in arrays; see `processing.routing.kernels.model.Model` for shapes and units."""
    ways = Ways(index)
    nodes = build_nodes(index, ways)
    labours = Labours(index, ways, nodes)
    rooms = measure_loads(index)
    may = _may(index, rooms)
    need, option, member = _needs(index, ways)
    into_m, into_s = _transposed(ways.metres), _transposed(ways.seconds)
    beside = neighbours(index, nodes, ways, may)
    same = np.array_equal(ways.metres, ways.seconds)
    return Model(
        out_m=ways.metres,
        out_s=ways.metres if same else ways.seconds,
        into_m=into_m,
        into_s=into_m if same else into_s,
        node=nodes.node,
        demand=rooms.demand,
        window=labours.window,
        vehicle=np.ascontiguousarray(
            np.hstack([_vehicles(index, ways, rooms), rooms.room, rooms.day_room, rooms.start_load])
        ),
        facility=_facilities(index),
        may=may,
        need=need,
        option=option,
        member=member,
        serving=serving_costs(index),
        strange=strange_costs(index) if habits_cost(index) else np.zeros((0, len(index.units)), np.int64),
        crew=build_crews(index),
        labour=labours.labour,
        alike=_alike(index, may),
        near=beside.near,
        beside=beside.beside,
        rule=_rules(index, may),
    )


def _transposed(ways: Int32) -> Int32:
    """The ways by their end; the same array if they are symmetric."""
    turned = ways.transpose(0, 2, 1)
    return ways if np.array_equal(ways, turned) else np.ascontiguousarray(turned)


def _rules(index: Index, may: Bool) -> Int64:
    problem = index.problem
    rules = (
        _timed(index),
        any(task.released_s is not None for unit in index.units for task in unit),
        habits_cost(index),
        any(each.capacity_l is not None or each.capacity_kg is not None for each in problem.facilities),
        any(len(each.options) > 1 or len(each.options[0]) > 1 for each in index.needs),
        any(_rationed(each) for each in index.vehicles),
        not may.all(),
        _plain(index),
        _sized(index),
        problem.habits.other_order_ueur,
        time_line_at() if any(needs_time_line(index, each) for each in index.vehicles) else 0,
    )
    return np.array(rules, dtype=np.int64)


def empty_tours(model: Model) -> Tours:
    """Tours without a visit, with slots for as many unloadings as could be of use."""
    vehicles, containers, dimensions = model.vehicle.shape[0], *model.demand.shape[1:]
    facilities = model.facility.shape[0]
    slots = 0
    if facilities:
        slots = (
            min(int(np.maximum(model.vehicle[:, TRIPS], 0).sum()) + vehicles, containers + vehicles + 2) + 2
        )
    stops = containers + 2 * vehicles + slots
    wide = _aligned(stops)
    stop = wide.view(np.int32)
    stop[:, TOUR] = -1
    stop[:containers, TRIP] = vehicles + slots
    at = np.zeros(stops, np.int32)
    at[:containers] = np.arange(containers)
    at[containers : containers + 2 * vehicles] = model.vehicle[:, STARTS_AT : STARTS_AT + 2].reshape(-1)
    starts = containers + 2 * np.arange(vehicles)
    stop[starts, SUCC], stop[starts + 1, PRED] = starts + 1, starts
    stop[starts, AFTER], stop[starts + 1, BEFORE] = at[starts + 1], at[starts]
    trip = np.zeros((vehicles + slots + 1, LOAD + dimensions), np.int64)
    trip[-1, SPARE] = -1
    days = (model.facility.shape[1] - 1) // 2
    return Tours(
        at=at,
        stop=stop,
        wide=wide,
        load=np.zeros((stops, dimensions), np.int32),
        trip=trip,
        tour=np.zeros((vehicles, COLLECTED + dimensions), np.int64),
        book=np.zeros((vehicles + days, facilities, 2), np.int64),
        used=nobody(vehicles),
        gone=everybody(model.need.shape[0]),
        free=everybody(slots),
        kept=nobody(vehicles),
        plan=np.zeros((_plan_rows(model, slots), PLAN_COLUMNS), np.int64),
    )


def copy_tours(tours: Tours) -> Tours:
    """The same tours in tables of their own."""
    wide = _aligned(tours.wide.shape[0])
    wide[:] = tours.wide
    others = {name: table.copy() for name, table in tours._asdict().items() if name not in ("stop", "wide")}
    return Tours(stop=wide.view(np.int32), wide=wide, **others)


def _aligned(rows: int) -> Int64:
    """(rows, 8) zeros, each row in a cache line of its own."""
    room = np.zeros(8 * rows + 8, np.int64)
    skip = -(room.ctypes.data // 8) % 8
    return room[skip : skip + 8 * rows].reshape(rows, 8)


def _plan_rows(model: Model, slots: int) -> int:
    """Rows of scratch for the longest tour there can be, if any is judged by it."""
    if not model.vehicle[:, EXACT].any():
        return plan_rows(0)
    containers = model.labour.shape[1] - model.out_m.shape[1] + model.demand.shape[1]
    return plan_rows(containers + slots + 2)


def empty_best(tours: Tours) -> Best:
    """The successors and places of these tours."""
    return Best(succ=tours.stop[:, SUCC].copy(), at=tours.at.copy())


def nobody(count: int) -> Int64:
    """An empty set of numbers below ``count``; see `processing.routing.kernels.members`."""
    members = np.zeros((count + 1, 2), np.int64)
    members[:-1, 1] = -1
    return members


def everybody(count: int) -> Int64:
    """The set of all numbers below ``count``."""
    members = np.zeros((count + 1, 2), np.int64)
    members[:, 0] = np.arange(count + 1)
    members[:-1, 1] = np.arange(count)
    return members


def _may(index: Index, rooms: Rooms) -> Bool:
    """(V, n) whether a vehicle may serve a unit, as far as the two alone say."""
    may = np.ones((len(index.vehicles), len(index.units)), np.bool_)
    for v in range(len(index.vehicles)):
        layout = int(rooms.layout[v])
        small = (rooms.demand[layout] <= rooms.room[v]).all(axis=1)
        may[v] = small & (rooms.demand[layout] <= rooms.day_room[v]).all(axis=1)
    kinds: dict[tuple[object, ...], NDArray[np.bool_]] = {}
    for u, unit in enumerate(index.units):
        key = tuple(
            (each.fraction, each.skills, each.vehicles, each.forbidden_vehicles, each.days) for each in unit
        )
        if key not in kinds:
            fits = [_fits(vehicle, unit) for vehicle in index.vehicles]
            kinds[key] = np.array(fits, dtype=np.bool_)
        may[:, u] &= kinds[key]
    return may


def _fits(vehicle: Vehicle, unit: tuple[ContainerTask, ...]) -> bool:
    mixed = len({task.fraction for task in unit}) > 1
    return (bool(vehicle.chambers) or not mixed) and all(_fits_alone(vehicle, task) for task in unit)


def _fits_alone(vehicle: Vehicle, task: ContainerTask) -> bool:
    return (
        vehicle.carries(task.fraction)
        and task.skills <= vehicle.skills
        and (task.vehicles is None or vehicle.id in task.vehicles)
        and vehicle.id not in task.forbidden_vehicles
        and (task.days is None or vehicle.day in task.days)
    )


def _vehicles(index: Index, ways: Ways, rooms: Rooms) -> Int64:
    depots = {depot.id: depot.location for depot in index.problem.depots}
    families = _families(index)
    largest = dict.fromkeys(families, 0)
    for v, family in enumerate(families):
        largest[family] = max(largest[family], int(rooms.room[v, :1].max(initial=0)))
    rows = []
    for v, each in enumerate(index.vehicles):
        under = each.underway
        on_board = under.on_board if under else ()
        begins = each.shift_begin_s if under is None else under.ready_s
        latest = each.latest_end_s
        if each.max_duration_s is not None and (under is not None or not each.flexible_begin):
            departed = each.shift_begin_s if under is None else under.departed_s
            latest = min(latest, departed + each.max_duration_s)
        home = index.homes[v]
        rows.append(
            (
                begins,
                each.regular_end_s if under is None else max(each.regular_end_s, begins),
                latest,
                0 if under is not None else each.fixed_cost_ueur,
                each.cost_per_m_ueur,
                each.cost_per_s_ueur,
                each.overtime_cost_per_s_ueur,
                min(each.max_trips - (under.unloadings if under else 0), len(index.units) + 1),
                ways.of(each),
                each.flexible_begin and under is None,
                _limit(each.max_distance_m, under.driven_m if under else 0),
                _limit(each.max_duration_s, 0),
                _limit(each.max_stops, under.stops if under else 0),
                -1 if home is None else home,
                each.cleaning_s,
                bool(each.chambers),
                rooms.layout[v],
                each.day,
                under is not None,
                ways.depot[depots[each.start_depot] if under is None else under.location],
                ways.depot[depots[each.end_depot]],
                sum(index.fractions[load.fraction] for load in on_board),
                sum(load.volume_l for load in on_board),
                sum(load.weight_kg for load in on_board),
                families[v],
                largest[families[v]],
                time_line_of(index, each),
            )
        )
    return np.array(rows, dtype=np.int64).reshape(len(rows), 27)


def _limit(limit: int | None, done: int) -> int:
    return MUCH if limit is None else limit - done


def _alike(index: Index, may: Bool) -> Int64:
    """Vehicles that differ in nothing but their name, kind by kind."""
    habitual = {visit.vehicle for visit in index.problem.habits.visits}
    kinds: dict[tuple[Vehicle, bytes, str], list[int]] = {}
    for v, vehicle in enumerate(index.vehicles):
        own = vehicle.id if vehicle.id in habitual or vehicle.underway is not None else ""
        kinds.setdefault((replace(vehicle, id=""), may[v].tobytes(), own), []).append(v)
    rows: list[tuple[int, int]] = []
    for members in kinds.values():
        end = len(rows) + len(members)
        rows.extend((v, end) for v in members)
    return np.array(rows, dtype=np.int64).reshape(len(rows), 2)


def _families(index: Index) -> list[int]:
    """A number for each vehicle; those with the same one differ in room and price alone."""
    problem = index.problem
    named = {visit.vehicle for visit in problem.habits.visits}
    for task in problem.containers:
        named.update(task.vehicles or (), task.forbidden_vehicles)
    found: dict[Vehicle, int] = {}
    plain = _plain(index)
    return [
        found.setdefault(
            replace(
                vehicle,
                id=vehicle.id if not plain or vehicle.id in named or vehicle.underway is not None else "",
                capacity_l=0,
                capacity_kg=0,
                fixed_cost_ueur=0,
                cost_per_m_ueur=0,
            ),
            len(found),
        )
        for vehicle in index.vehicles
    ]


def _needs(index: Index, ways: Ways) -> tuple[Int64, Int64, Int64]:
    """The tables ``need``, ``option`` and ``member`` of the model."""
    ceiling = _ceiling(index, ways)
    needs: list[tuple[int, ...]] = []
    rows: list[tuple[int, int]] = []
    member: list[int] = []
    for need in index.needs:
        leaving = ceiling if need.required else need.leaving_ueur
        needs.append((need.required, leaving, len(rows), len(rows) + len(need.options)))
        for option in need.options:
            rows.append((len(member), len(member) + len(option)))
            member.extend(option)
    return (
        np.array(needs, dtype=np.int64).reshape(len(needs), 4),
        np.array(rows, dtype=np.int64).reshape(len(rows), 2),
        np.array(member, dtype=np.int64),
    )


def _facilities(index: Index) -> Int64:
    """What each facility accepts, and what is left of its days after the fixed tours."""
    problem = index.problem
    days = 1 + max((vehicle.day for vehicle in problem.vehicles), default=0)
    rooms = np.full((len(problem.facilities), days, 2), MUCH, np.int64)
    for f, facility in enumerate(problem.facilities):
        for d, limit in enumerate((facility.capacity_l, facility.capacity_kg)):
            if limit is not None:
                rooms[f, :, d] = limit
    numbers = {facility.id: f for f, facility in enumerate(problem.facilities)}
    certain = [(tour.vehicle, tour.deliveries) for tour in index.fixed_tours]
    certain += [(name, first.deliveries) for name, first in index.firsts.items()]
    for name, deliveries in certain:
        for each in deliveries:
            day = problem.lookup.vehicles[name].day
            rooms[numbers[each.facility], day] -= (each.volume_l, each.weight_kg)
    accepts = [
        sum(bit for name, bit in index.fractions.items() if name in each.fractions)
        for each in problem.facilities
    ]
    return np.ascontiguousarray(
        np.hstack([np.array(accepts, np.int64).reshape(-1, 1), rooms.reshape(len(rooms), 2 * days)])
    )


def _timed(index: Index) -> bool:
    """Whether time can bind or cost anything."""
    problem = index.problem
    if any(task.windows or task.released_s is not None for unit in index.units for task in unit):
        return True
    longest_s = max((int(np.max(np.asarray(row))) for row in problem.duration_s), default=0)
    work_s = sum(task.service_s for unit in index.units for task in unit)
    work_s += (len(index.units) + 2) * (longest_s + sum(site.setup_s for site in problem.sites))
    return any(
        home is None
        or vehicle.max_trips > 1
        or vehicle.cost_per_s_ueur > 0
        or vehicle.overtime_cost_per_s_ueur > 0
        or vehicle.max_duration_s is not None
        or vehicle.shift_begin_s + work_s > vehicle.latest_end_s
        or needs_time_line(index, vehicle)
        for vehicle, home in zip(index.vehicles, index.homes, strict=True)
    )


def _plain(index: Index) -> bool:
    """Whether every tour is one trip of one kind of waste, and time costs nothing."""
    problem = index.problem
    if any(task.released_s is not None for unit in index.units for task in unit) or any(
        each.capacity_l is not None or each.capacity_kg is not None for each in problem.facilities
    ):
        return False
    return all(
        home is not None
        and vehicle.max_trips - (vehicle.underway.unloadings if vehicle.underway else 0) == 1
        and vehicle.cost_per_s_ueur == 0
        and (vehicle.overtime_cost_per_s_ueur == 0 or vehicle.regular_end_s >= vehicle.latest_end_s)
        and not vehicle.flexible_begin
        and (vehicle.chambers or len(index.fractions) <= 1)
        and (vehicle.chambers or vehicle.cleaning_s == 0)
        and not needs_time_line(index, vehicle)
        for vehicle, home in zip(index.vehicles, index.homes, strict=True)
    )


def _sized(index: Index) -> bool:
    """Whether tours are plain and some family has vehicles of several rooms or prices."""
    kinds = {replace(vehicle, id="") for vehicle in index.vehicles}
    return _plain(index) and len(kinds) > len(set(_families(index)))


def _rationed(vehicle: Vehicle) -> bool:
    limits = (vehicle.max_distance_m, vehicle.max_stops, vehicle.day_capacity_l, vehicle.day_capacity_kg)
    return any(limit is not None for limit in limits)


def _ceiling(index: Index, ways: Ways) -> int:
    """More than any plan can cost."""
    ceiling = 1 + sum(need.leaving_ueur for need in index.needs)
    ceiling += sum(task.serving_cost_ueur for unit in index.units for task in unit)
    habits = index.problem.habits
    ceiling += len(index.unit_of) * (habits.other_vehicle_ueur + habits.other_order_ueur)
    for each in index.vehicles:
        shift_s = each.latest_end_s - each.shift_begin_s
        ceiling += shift_s * (each.cost_per_s_ueur + each.overtime_cost_per_s_ueur)
    ceiling += sum(sorted(each.fixed_cost_ueur for each in index.vehicles)[-len(index.units) :])
    legs = 2 * len(index.units) + len(index.vehicles)
    per_m = max((each.cost_per_m_ueur for each in index.vehicles), default=0)
    ceiling += legs * int(ways.metres.max(initial=0)) * per_m
    return ceiling
