"""Tables of tours without a visit, and copies of such tables."""

import numpy as np

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
    Int64,
    Model,
    Tours,
)


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
