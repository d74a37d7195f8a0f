"""Which rules the problem has at all: what none of it asks for, the kernels pass over."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from domain.planning import Vehicle
from processing.routing.crews import needs_time_line
from processing.routing.habits import habits_cost
from processing.routing.index import Index
from processing.routing.kernels.model import Bool, Int64
from processing.routing.kernels.timeline import time_line_at
from processing.routing.places import Ways


def rules_of(index: Index, ways: Ways, may: Bool, plain: bool, families: Sequence[int]) -> Int64:
    """(11,) see `Model.rule`."""
    problem = index.problem
    rules = (
        _timed(index, ways),
        any(task.released_s is not None for unit in index.units for task in unit),
        habits_cost(index),
        any(each.capacity_l is not None or each.capacity_kg is not None for each in problem.facilities),
        any(len(each.options) > 1 or len(each.options[0]) > 1 for each in index.needs),
        any(_rationed(each) for each in index.vehicles),
        not may.all(),
        plain,
        plain and _sized(index, families),
        problem.habits.other_order_ueur,
        time_line_at() if any(needs_time_line(index, each) for each in index.vehicles) else 0,
    )
    return np.array(rules, dtype=np.int64)


def is_plain(index: Index) -> bool:
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


def _timed(index: Index, ways: Ways) -> bool:
    """Whether time can bind or cost anything."""
    problem = index.problem
    if any(task.windows or task.released_s is not None for unit in index.units for task in unit) or any(
        facility.opening for facility in problem.facilities
    ):
        return True
    leg_s = ways.longest[1] + max((site.setup_s for site in problem.sites), default=0)
    work_s = sum(task.service_s for unit in index.units for task in unit)
    work_s += (sum(map(len, index.units)) + 2) * leg_s
    work_s += max((facility.service_s for facility in problem.facilities), default=0)
    return any(
        home is None
        or vehicle.max_trips > 1
        or vehicle.cost_per_s_ueur > 0
        or vehicle.overtime_cost_per_s_ueur > 0
        or vehicle.max_duration_s is not None
        or _begin_s(vehicle) + work_s > vehicle.latest_end_s
        or needs_time_line(index, vehicle)
        for vehicle, home in zip(index.vehicles, index.homes, strict=True)
    )


def _begin_s(vehicle: Vehicle) -> int:
    return vehicle.underway.ready_s if vehicle.underway else vehicle.shift_begin_s


def _sized(index: Index, families: Sequence[int]) -> bool:
    """Whether some family has vehicles of several rooms or prices."""
    kinds = {
        (family, replace(vehicle, id="")) for family, vehicle in zip(families, index.vehicles, strict=True)
    }
    return len(kinds) > len(set(families))


def _rationed(vehicle: Vehicle) -> bool:
    limits = (vehicle.max_distance_m, vehicle.max_stops, vehicle.day_capacity_l, vehicle.day_capacity_kg)
    return any(limit is not None for limit in limits)
