"""Rows of the needs: their options, and what leaving them counts."""

import numpy as np

from domain.planning.sizes import above_any_cost_ueur
from processing.routing.index import Index
from processing.routing.kernels.model import Int64
from processing.routing.places import Ways


def need_rows(index: Index, ways: Ways) -> tuple[Int64, Int64, Int64]:
    """The tables ``need``, ``option`` and ``member`` of the model."""
    ceiling = above_any_cost_ueur(index.problem, *ways.longest)
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
