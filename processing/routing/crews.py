"""What the exact time line needs beyond the model's other tables: the crews' rules, and which time is what."""

from itertools import pairwise

import numpy as np

from domain.planning import ContainerTask, DisposalFacility, Vehicle
from domain.planning.fleet import Underway
from processing.routing.index import Index
from processing.routing.kernels.model import (
    BY_LABELS,
    LUNCHING,
    NEVER,
    NEXT,
    RESTING,
    Int32,
    Int64,
)
from processing.routing.nodes import ANY, Nodes, Span, begins_of, spans_of
from processing.routing.places import Ways

_RULES = {"never": 0, "always": 1, "unless_door_to_door": 2}
_NOTHING = Underway(location=0, departed_s=-NEVER, ready_s=-NEVER)


def needs_time_line(index: Index, vehicle: Vehicle) -> bool:
    """Whether a tour of this vehicle is only judged right by driving it in full."""
    rules = vehicle.breaks
    return (
        rules.driving != "never"
        or rules.working_time
        or rules.lunch is not None
        or bool(index.problem.habits.visits and index.problem.habits.shift_per_s_ueur)
    )


def time_line_of(index: Index, vehicle: Vehicle) -> int:
    """Column EXACT of `Model.vehicle`: what judges the tours of this vehicle."""
    if not needs_time_line(index, vehicle):
        return 0
    shifts = index.problem.habits.visits and index.problem.habits.shift_per_s_ueur
    if vehicle.flexible_begin or vehicle.underway is not None or shifts:
        return BY_LABELS
    rules = vehicle.breaks
    if rules.driving != "never" or rules.working_time:
        return RESTING
    tasks = [task for unit in index.units for task in unit]
    simple = len(tasks) == len(index.units) and all(
        task.released_s is None and len(spans_of(task.windows)) == 1 for task in tasks
    )
    return LUNCHING if simple and all(map(_one_opening, index.problem.facilities)) else RESTING


def _one_opening(facility: DisposalFacility) -> bool:
    return len(begins_of(facility)) == 1


def build_crews(index: Index) -> Int64:
    """(V, 14) int64, see `Model.crew`."""
    habits = index.problem.habits
    rows = []
    for vehicle in index.vehicles:
        rules, past = vehicle.breaks, vehicle.underway or _NOTHING
        lunch = None if past.lunch_taken else rules.lunch
        rows.append(
            (
                _RULES[rules.driving],
                rules.working_time,
                rules.waiting_counts,
                lunch.earliest_begin_s if lunch else 0,
                lunch.latest_begin_s if lunch else 0,
                lunch.duration_s if lunch else 0,
                past.departed_s,
                habits.shift_free_s,
                habits.shift_per_s_ueur,
                past.driven_s,
                past.worked_s,
                past.total_worked_s,
                past.paused_s,
                past.split_taken,
            )
        )
    return np.array(rows, dtype=np.int64).reshape(len(rows), 14)


class Labours:
    """Tables ``labour`` (P, L + L', 12) and ``window`` (W', 2), see `Model`; the latter begins with the nodes' own."""

    def __init__(self, index: Index, ways: Ways, nodes: Nodes) -> None:
        self._index = index
        self._ways = ways
        self._usual = {visit.container: visit.arrival_s for visit in index.problem.habits.visits}
        self._keys: dict[object, int] = {}
        self._window: list[Span] = [(int(first), int(last)) for first, last in nodes.window.tolist()]
        self.labour: Int32 = np.ascontiguousarray(
            np.stack([self._table(p) for p in sorted(ways.profile.values())])
        )
        self.window: Int32 = np.array(self._window, dtype=np.int32).reshape(len(self._window), 2)

    def _table(self, p: int) -> Int32:
        units = self._index.units
        facilities = self._index.problem.facilities
        heads = [self._container(unit[0], 0) for unit in units]
        tails: list[list[int]] = []
        behind = len(units) + len(facilities) + len(self._ways.depot)
        for unit, head in zip(units, heads, strict=True):
            row = head
            for before, task in pairwise(unit):
                _, way_s = self._ways.between(p, before, task)
                row[NEXT] = behind + len(tails)
                row = self._container(task, way_s)
                if self._ways.key(before) == self._ways.key(task):
                    row[1] = 0
                row[0] -= row[1]
                tails.append(row)
            head[-1] = row[-1]
        others = [self._other(each.location, each.service_s, begins_of(each)) for each in facilities]
        others += [self._other(location, 0, [ANY]) for location in self._ways.depot]
        return np.array([*heads, *others, *tails], dtype=np.int32).reshape(-1, 12)

    def _container(self, task: ContainerTask, way_s: int) -> list[int]:
        key = self._number(self._ways.key(task))
        setup_s = self._ways.setup_of(task)
        spans = self._spans(spans_of(task.windows))
        usual_s = self._usual.get(task.id, NEVER)
        return [way_s, setup_s, task.service_s, *spans, task.door_to_door, usual_s, -1, key, key]

    def _other(self, location: int, service_s: int, found: list[Span]) -> list[int]:
        key = self._number((location, ""))
        return [0, 0, service_s, *self._spans(found), 1, NEVER, -1, key, key]

    def _number(self, key: object) -> int:
        return self._keys.setdefault(key, len(self._keys))

    def _spans(self, found: list[Span]) -> tuple[int, int, int, int]:
        """First and last second of all, and the rows of ``window`` if there is more than one."""
        first = len(self._window)
        if len(found) > 1:
            self._window.extend(found)
        return found[0][0], found[-1][1], first, len(self._window)
