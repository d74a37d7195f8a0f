"""The first tours by savings (Clarke & Wright 1964): join tours at their ends where that saves most.

For plain tours of vehicles that are all alike, where nothing depends on time. It leaves little for hot temperatures to
undo, and makes a good plan for who stops the search early. Elsewhere first tours are made by insertion.
"""

import numpy as np

from processing.routing.kernels.model import (
    FRACTION,
    GROUPED,
    HABITUAL,
    INCOMPATIBLE,
    LAYOUT,
    LIMITED,
    PLAIN,
    RATIONED,
    REQUIRED,
    ROOM,
    SIZED,
    STARTS_AT,
    TIMED,
    UNDERWAY,
    Int64,
    Model,
)

PARTNERS = 60
"""Nearest containers with which joining is considered."""
_OTHER = (TIMED, HABITUAL, LIMITED, GROUPED, RATIONED, INCOMPATIBLE, SIZED)


def fit_for_savings(model: Model) -> bool:
    """Whether tours may be joined by looking at metres and room alone."""
    containers = model.demand.shape[1]
    return bool(
        containers
        and len(model.alike)
        and model.rule[PLAIN]
        and not model.rule[list(_OTHER)].any()
        and model.alike[0, 1] == len(model.alike)
        and not model.vehicle[:, UNDERWAY].any()
        and model.need[:, REQUIRED].all()
        and np.unique(model.node[0, :containers, FRACTION]).size == 1
    )


def savings_tours(model: Model) -> list[tuple[int, int]]:
    """Vehicle and container of each stop, tour by tour; what no vehicle is left for is not among them."""
    demand = model.demand[model.vehicle[0, LAYOUT]].astype(np.int64)
    room = model.vehicle[0, ROOM : ROOM + demand.shape[1]]
    tours = [[c] for c in range(len(demand))]
    load = list(demand)
    tour_of = list(range(len(tours)))
    both_ways = model.out_m is model.into_m
    for a, b in _pairs(model):
        first, second = tour_of[a], tour_of[b]
        if first == second:
            continue
        joined = _join(tours[first], a, tours[second], b, both_ways)
        if joined and (load[first] + load[second] <= room).all():
            for c in tours[second]:
                tour_of[c] = first
            tours[first], tours[second] = joined, []
            load[first] = load[first] + load[second]
    tours = sorted(filter(None, tours), key=len, reverse=True)[: len(model.vehicle)]
    return [(v, c) for v, tour in enumerate(tours) for c in tour]


def _pairs(model: Model) -> list[list[int]]:
    """Pairs of containers of which the second may follow the first, from what saves most metres on."""
    ways, depot = model.out_m[0].astype(np.int64), model.vehicle[0, STARTS_AT]
    before = np.repeat(np.arange(len(model.near)), min(PARTNERS + 1, model.near.shape[1]))
    after = model.near[:, : PARTNERS + 1].ravel().astype(np.int64)
    saved: Int64 = ways[before, depot] + ways[depot, after] - ways[before, after]
    saved[before == after] = 0
    order = np.argsort(-saved, kind="stable")
    order = order[saved[order] > 0]
    pairs: list[list[int]] = np.column_stack((before[order], after[order])).tolist()
    return pairs


def _join(one: list[int], a: int, other: list[int], b: int, both_ways: bool) -> list[int]:
    """One tour of both in which ``b`` follows ``a``; empty if they do not stand at ends that can be joined."""
    if one[-1] == a and other[0] == b:
        return one + other
    if not both_ways or a not in (one[0], one[-1]) or b not in (other[0], other[-1]):
        return []
    return (one if one[-1] == a else one[::-1]) + (other if other[0] == b else other[::-1])
