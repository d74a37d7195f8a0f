"""Which vehicle may serve what, as far as the two alone say."""

import numpy as np
from numpy.typing import NDArray

from domain.planning import ContainerTask, Vehicle
from processing.routing.capacity import Rooms
from processing.routing.index import Index
from processing.routing.kernels.model import Bool


def eligible(index: Index, rooms: Rooms) -> Bool:
    """(V, n) whether a vehicle may serve a unit."""
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
