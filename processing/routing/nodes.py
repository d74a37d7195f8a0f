"""What the kernels know of each place: units of containers, facilities, depots; with their windows."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from domain.planning import ContainerTask, DisposalFacility, TimeWindow
from processing.routing.habits import NO_HABIT, usual_before
from processing.routing.index import Index
from processing.routing.kernels.model import NEVER, Int32
from processing.routing.places import Ways

Span = tuple[int, int]
"""Arriving up to the second instant, service begins at the first or on arrival, whichever is later."""
ANY: Span = (-NEVER, NEVER)
NOTHING = (-1, NO_HABIT, 0, 0)
"""Need, habits and amounts of a node that is no container."""


@dataclass(frozen=True, kw_only=True)
class Nodes:
    """``node`` (P, L, 12) int32 and ``window`` (W, 2) int32, see `Model`."""

    node: Int32
    window: Int32


def build_nodes(index: Index, ways: Ways) -> Nodes:
    """Table of places for each travel profile, and the windows it points to."""
    problem = index.problem
    usual = usual_before(index)
    window: list[Span] = []
    tables = []

    def spans(found: list[Span]) -> tuple[int, int]:
        first = len(window)
        if len(found) > 1:
            window.extend(found)
        return first, len(window)

    for p in sorted(ways.profile.values()):
        rows: list[tuple[int, ...]] = []
        for unit in index.units:
            service_s, inner_m, found = _fold(ways, p, unit)
            released = max((task.released_s for task in unit if task.released_s is not None), default=-NEVER)
            bits = sum(index.fractions[name] for name in {task.fraction for task in unit})
            amounts = sum(task.demand_l for task in unit), sum(task.demand_kg for task in unit)
            number = len(rows)
            served = (index.need_of[number], usual.get(number, NO_HABIT), *amounts)
            rows.append((service_s, inner_m, bits, *spans(found), *_hull(found), released, *served))
        for facility in problem.facilities:
            begins = begins_of(facility)
            rows.append((facility.service_s, 0, 0, *spans(begins), *_hull(begins), -NEVER, *NOTHING))
        rows.extend((0, 0, 0, 0, 0, *ANY, -NEVER, *NOTHING) for _ in ways.depot)
        tables.append(np.array(rows, dtype=np.int32).reshape(len(rows), 12))
    return Nodes(
        node=np.ascontiguousarray(np.stack(tables)),
        window=np.array(window, dtype=np.int32).reshape(len(window), 2),
    )


def _fold(ways: Ways, p: int, unit: tuple[ContainerTask, ...]) -> tuple[int, int, list[Span]]:
    """A unit as one stop: seconds and metres within, spans of its begin."""
    spans = spans_of(unit[0].windows)
    work_s, inner_m = unit[0].service_s, 0
    for before, task in pairwise(unit):
        way_m, way_s = ways.between(p, before, task)
        work_s += way_s
        inner_m += way_m
        spans = _joined(spans, spans_of(task.windows), work_s)
        work_s += task.service_s
    return work_s, inner_m, spans or [(-NEVER, -NEVER)]


def _hull(spans: list[Span]) -> Span:
    return spans[0][0], spans[-1][1]


def spans_of(windows: tuple[TimeWindow, ...]) -> list[Span]:
    """Windows as spans."""
    return [(window.open_s, window.close_s) for window in windows] or [ANY]


def _joined(spans: list[Span], later: list[Span], offset_s: int) -> list[Span]:
    """Spans of arriving at the first stop so that another, so much later, is met as well."""
    if later == [ANY]:
        return spans
    found = [
        (max(opens, other_opens - offset_s), min(closes, other_closes - offset_s))
        for opens, closes in spans
        for other_opens, other_closes in later
        if opens + offset_s <= other_closes
    ]
    kept: list[Span] = []
    for opens, closes in sorted(found, key=lambda span: (span[1], -span[0])):
        while kept and kept[-1][0] >= opens:
            kept.pop()
        kept.append((opens, closes))
    return kept


def begins_of(facility: DisposalFacility) -> list[Span]:
    """When unloading may begin so as to end while open; long past if no opening is long enough."""
    latest = [(window.open_s, window.close_s - facility.service_s) for window in facility.opening]
    begins = [(first, last) for first, last in latest if last >= first]
    return begins or ([(-NEVER, -NEVER)] if facility.opening else [ANY])
