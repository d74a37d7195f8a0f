"""Load dimensions: litres and kilograms of the whole vehicle, then of each chamber; only those that can bind.

Where locked sequences make a stop more than one container, and vehicles may empty but so many, containers are the last
dimension, with room for a day.
"""

from dataclasses import dataclass

import numpy as np

from domain.planning import Chamber, Vehicle
from domain.planning.sizes import MOST_AMOUNT
from processing.routing.index import Index
from processing.routing.kernels.model import Int32, Int64

MUCH = MOST_AMOUNT
"""Stands for a limit that is not given."""


@dataclass(frozen=True, kw_only=True)
class Rooms:
    """Loads and room for them; see `Model` for ``demand``, ``room``, ``day_room``, ``start_load``.

    ``layout`` holds the layout number of each vehicle: 0 without chambers.
    """

    demand: Int32
    room: Int64
    day_room: Int64
    start_load: Int64
    layout: Int64


def measure_loads(index: Index) -> Rooms:
    """Demand of each unit and room of each vehicle in every load dimension that can bind."""
    layouts: dict[tuple[Chamber, ...], int] = {(): 0}
    for vehicle in index.vehicles:
        layouts.setdefault(vehicle.chambers, len(layouts))
    chambers = max((len(each.chambers) for each in index.vehicles), default=0)
    width = 2 + 2 * chambers + 1
    amount = np.array(
        [[sum(task.demand_l for task in unit), sum(task.demand_kg for task in unit)] for unit in index.units],
        dtype=np.int32,
    ).reshape(len(index.units), 2)
    demand = np.zeros((len(layouts), len(index.units), width), np.int32)
    demand[:, :, :2] = amount
    demand[:, :, -1] = [len(unit) for unit in index.units]
    for layout, number in layouts.items():
        for u, unit in enumerate(index.units):
            for task in unit:
                chamber = _chamber(layout, task.fraction)
                if chamber is not None:
                    demand[number, u, 2 + 2 * chamber] += task.demand_l
                    demand[number, u, 3 + 2 * chamber] += task.demand_kg
    room = np.full((len(index.vehicles), width), MUCH, np.int64)
    day_room = np.full((len(index.vehicles), width), MUCH, np.int64)
    start_load = np.zeros((len(index.vehicles), width), np.int64)
    for v, vehicle in enumerate(index.vehicles):
        _fill(vehicle, room[v], day_room[v], start_load[v])
    most = demand.max(axis=0).sum(axis=0) + start_load.max(axis=0, initial=0)
    binding = (room.min(axis=0, initial=MUCH) < most) | (day_room.min(axis=0, initial=MUCH) < most)
    binding[-1] &= bool((demand[0, :, -1] > 1).any())
    return Rooms(
        demand=np.ascontiguousarray(demand[:, :, binding]),
        room=np.ascontiguousarray(room[:, binding]),
        day_room=np.ascontiguousarray(day_room[:, binding]),
        start_load=np.ascontiguousarray(start_load[:, binding]),
        layout=np.array([layouts[each.chambers] for each in index.vehicles], dtype=np.int64),
    )


def _chamber(layout: tuple[Chamber, ...], fraction: str) -> int | None:
    return next((number for number, each in enumerate(layout) if fraction in each.fractions), None)


def _fill(vehicle: Vehicle, room: Int64, day_room: Int64, start_load: Int64) -> None:
    """Room of one vehicle, and what it has on board already."""
    room[:2] = vehicle.capacity_l, vehicle.capacity_kg
    for number, chamber in enumerate(vehicle.chambers):
        room[2 + 2 * number : 4 + 2 * number] = chamber.capacity_l, chamber.capacity_kg
    under = vehicle.underway
    for d, limit in enumerate((vehicle.day_capacity_l, vehicle.day_capacity_kg)):
        if limit is not None:
            done = 0 if under is None else (under.collected_l, under.collected_kg)[d]
            day_room[d] = limit - done
    for load in under.on_board if under is not None else ():
        amounts = (load.volume_l, load.weight_kg)
        start_load[:2] += amounts
        taken = vehicle.chamber_of(load.fraction)
        if taken is not None:
            start_load[2 + 2 * taken : 4 + 2 * taken] += amounts
    if vehicle.max_stops is not None:
        day_room[-1] = vehicle.max_stops - (0 if under is None else under.stops)
    # What is on board counts among the day's loads of the first trip, and was collected before.
    day_room[:2] += start_load[:2]
