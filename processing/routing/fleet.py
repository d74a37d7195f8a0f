"""Rows of the vehicles, and which of them are alike."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from domain.planning import Vehicle
from processing.routing.capacity import MUCH, Rooms
from processing.routing.crews import time_line_of
from processing.routing.index import Index
from processing.routing.kernels.model import Bool, Int64
from processing.routing.places import Ways


def vehicle_rows(index: Index, ways: Ways, rooms: Rooms, families: Sequence[int]) -> Int64:
    """(V, 27) all columns of `Model.vehicle` before its rooms; for the families see `families_of`."""
    depots = {depot.id: depot.location for depot in index.problem.depots}
    largest = dict.fromkeys(families, 0)
    for v, family in enumerate(families):
        largest[family] = max(largest[family], int(rooms.room[v, :1].max(initial=0)))
    rows = []
    for v, each in enumerate(index.vehicles):
        under = each.underway
        on_board = under.on_board if under else ()
        begins = each.shift_begin_s if under is None else under.ready_s
        latest = each.latest_end_s
        if each.max_duration_s is not None and (under is not None or not each.flexible_begin):
            departed = each.shift_begin_s if under is None else under.departed_s
            latest = min(latest, departed + each.max_duration_s)
        home = index.homes[v]
        rows.append(
            (
                begins,
                each.regular_end_s if under is None else max(each.regular_end_s, begins),
                latest,
                0 if under is not None else each.fixed_cost_ueur,
                each.cost_per_m_ueur,
                each.cost_per_s_ueur,
                each.overtime_cost_per_s_ueur,
                min(each.max_trips - (under.unloadings if under else 0), len(index.units) + 1),
                ways.of(each),
                each.flexible_begin and under is None,
                _limit(each.max_distance_m, under.driven_m if under else 0),
                _limit(each.max_duration_s, 0),
                _limit(each.max_stops, under.stops if under else 0),
                -1 if home is None else home,
                each.cleaning_s,
                bool(each.chambers),
                rooms.layout[v],
                each.day,
                under is not None,
                ways.depot[depots[each.start_depot] if under is None else under.location],
                ways.depot[depots[each.end_depot]],
                sum(index.fractions[load.fraction] for load in on_board),
                sum(load.volume_l for load in on_board),
                sum(load.weight_kg for load in on_board),
                families[v],
                largest[families[v]],
                time_line_of(index, each),
            )
        )
    return np.array(rows, dtype=np.int64).reshape(len(rows), 27)


def alike(index: Index, may: Bool) -> Int64:
    """Vehicles that differ in nothing but their name, kind by kind."""
    habitual = {visit.vehicle for visit in index.problem.habits.visits}
    kinds: dict[tuple[Vehicle, bytes, str], list[int]] = {}
    for v, vehicle in enumerate(index.vehicles):
        own = vehicle.id if vehicle.id in habitual or vehicle.underway is not None else ""
        kinds.setdefault((replace(vehicle, id=""), may[v].tobytes(), own), []).append(v)
    rows: list[tuple[int, int]] = []
    for members in kinds.values():
        end = len(rows) + len(members)
        rows.extend((v, end) for v in members)
    return np.array(rows, dtype=np.int64).reshape(len(rows), 2)


def families_of(index: Index, plain: bool) -> list[int]:
    """A number for each vehicle; those with the same one differ in room and price alone.

    Only where tours are ``plain`` can one vehicle take over what another does.
    """
    problem = index.problem
    named = {visit.vehicle for visit in problem.habits.visits}
    for task in problem.containers:
        named.update(task.vehicles or (), task.forbidden_vehicles)
    found: dict[Vehicle, int] = {}
    return [
        found.setdefault(
            replace(
                vehicle,
                id=vehicle.id if not plain or vehicle.id in named or vehicle.underway is not None else "",
                capacity_l=0,
                capacity_kg=0,
                fixed_cost_ueur=0,
                cost_per_m_ueur=0,
            ),
            len(found),
        )
        for vehicle in index.vehicles
    ]


def _limit(limit: int | None, done: int) -> int:
    return MUCH if limit is None else limit - done
