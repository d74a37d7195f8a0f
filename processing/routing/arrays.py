"""Turn the domain's problem into the kernels' arrays."""

from itertools import product

import numpy as np

from processing.routing.capacity import measure_loads
from processing.routing.crews import Labours, build_crews
from processing.routing.eligible import eligible
from processing.routing.facilities import facility_rows
from processing.routing.fleet import alike, families_of, vehicle_rows
from processing.routing.habits import habits_cost, serving_costs, strange_costs
from processing.routing.index import Index
from processing.routing.kernels.model import Int32, Model
from processing.routing.near import BESIDE, BESIDE_RICH, neighbours
from processing.routing.nodes import build_nodes
from processing.routing.places import Ways
from processing.routing.prices import need_rows
from processing.routing.rules import is_plain, rules_of

SQUARE = 256
"""Places of a block of ways that is turned at once, so as to stay in the processor's cache."""


def build_model(index: Index) -> Model:
    """All of the problem in arrays; see `processing.routing.kernels.model.Model` for shapes and units."""
    ways = Ways(index)
    nodes = build_nodes(index, ways)
    labours = Labours(index, ways, nodes)
    rooms = measure_loads(index)
    may = eligible(index, rooms)
    plain = is_plain(index)
    families = families_of(index, plain)
    need, option, member = need_rows(index, ways)
    into_m, into_s = _transposed(ways.metres), _transposed(ways.seconds)
    facility = facility_rows(index)
    most = BESIDE if plain else BESIDE_RICH
    beside = neighbours(index, nodes, (ways.metres, ways.seconds), (into_m, into_s), may, facility, most)
    same = np.array_equal(ways.metres, ways.seconds)
    return Model(
        out_m=ways.metres,
        out_s=ways.metres if same else ways.seconds,
        into_m=into_m,
        into_s=into_m if same else into_s,
        node=nodes.node,
        demand=rooms.demand,
        window=labours.window,
        vehicle=np.ascontiguousarray(
            np.hstack(
                [vehicle_rows(index, ways, rooms, families), rooms.room, rooms.day_room, rooms.start_load]
            )
        ),
        facility=facility,
        may=may,
        need=need,
        option=option,
        member=member,
        serving=serving_costs(index),
        strange=strange_costs(index) if habits_cost(index) else np.zeros((0, len(index.units)), np.int64),
        crew=build_crews(index),
        labour=labours.labour,
        alike=alike(index, may),
        near=beside.near,
        beside=beside.beside,
        rule=rules_of(index, ways, may, plain, families),
    )


def _transposed(ways: Int32) -> Int32:
    """The ways by their end; the same array if they are symmetric."""
    cuts = [slice(first, first + SQUARE) for first in range(0, ways.shape[1], SQUARE)]
    turned = ways.transpose(0, 2, 1)
    if all(
        np.array_equal(ways[:, i, j], turned[:, i, j]) for i, j in product(cuts, cuts) if j.start <= i.start
    ):
        return ways
    table = np.empty_like(ways)
    for i, j in product(cuts, cuts):
        table[:, i, j] = turned[:, i, j]
    return table
