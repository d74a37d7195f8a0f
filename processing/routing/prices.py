"""Rows of the needs: their options, and what leaving them counts."""

import numpy as np

from processing.routing.index import Index
from processing.routing.kernels.model import Int64
from processing.routing.places import Ways


def need_rows(index: Index, ways: Ways) -> tuple[Int64, Int64, Int64]:
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
