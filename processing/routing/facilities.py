"""Rows of the facilities: what they accept, and what room their days have."""

import numpy as np

from processing.routing.capacity import MUCH
from processing.routing.index import Index
from processing.routing.kernels.model import Int64


def facility_rows(index: Index) -> Int64:
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
