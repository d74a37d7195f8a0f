"""What yesterday's plan costs today: by vehicle and container, and what of it does not depend on the tours."""

from itertools import pairwise

import numpy as np

from processing.routing.index import Index
from processing.routing.kernels.model import Int64

NO_HABIT, NOBODY, SOMETHING_ELSE = -2, -1, -3
"""Container before: there is no habit, a depot or an unloading, one that cannot come before today."""


def habits_cost(index: Index) -> bool:
    """Whether another vehicle or order than yesterday costs anything."""
    habits = index.problem.habits
    return bool(habits.visits) and bool(habits.other_vehicle_ueur or habits.other_order_ueur)


def usual_before(index: Index) -> dict[int, int]:
    """For each unit with a habit the unit that came before it, or NOBODY or SOMETHING_ELSE."""
    found = {}
    for number, unit in enumerate(index.units):
        usual = index.problem.lookup.usual.get(unit[0].id)
        if usual is not None:
            found[number] = NOBODY if usual.after is None else _ending_with(index, usual.after, number)
    return found


def _ending_with(index: Index, name: str, but: int) -> int:
    """The unit whose last container this is."""
    number = index.unit_of.get(name, but)
    return number if number != but and index.units[number][-1].id == name else SOMETHING_ELSE


def strange_costs(index: Index) -> Int64:
    """(V, n) price of serving a unit by this vehicle for all of its containers that had another one."""
    habits, lookup = index.problem.habits, index.problem.lookup
    found = np.zeros((len(index.vehicles), len(index.units)), np.int64)
    numbers = {vehicle.id: v for v, vehicle in enumerate(index.vehicles)}
    for number, unit in enumerate(index.units):
        for task in unit:
            usual = lookup.usual.get(task.id)
            if usual is not None:
                found[:, number] += habits.other_vehicle_ueur
                if usual.vehicle in numbers:
                    found[numbers[usual.vehicle], number] -= habits.other_vehicle_ueur
    return found


def serving_costs(index: Index) -> Int64:
    """(n,) cost of serving a unit, with what the order within it costs compared with yesterday."""
    habits, lookup = index.problem.habits, index.problem.lookup
    found = np.zeros(len(index.units), np.int64)
    for number, unit in enumerate(index.units):
        found[number] = sum(task.serving_cost_ueur for task in unit)
        for before, task in pairwise(unit):
            usual = lookup.usual.get(task.id)
            if usual is not None and usual.after != before.id:
                found[number] += habits.other_order_ueur
    return found
