"""The arrays that kernels work on; documented once, here.

n containers, F facilities, V vehicles, L places, K fractions. A *node* is a number: containers 0 … n-1, facilities
n … n+F-1, then for each vehicle its start and its end depot. Times are seconds from the day's start, money µ€.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
UInt64 = NDArray[np.uint64]
Bool = NDArray[np.bool_]

NEVER = 1 << 30
"""Later than any time of a problem."""


PLACE, SERVICE, VOLUME, WEIGHT, FRACTION, FIRST_WINDOW, LAST_WINDOW = range(7)
"""Columns of `Model.node`."""
ROOM_L, ROOM_KG, TRIPS, BEGINS, REGULAR, LATEST, ALIKE, FIXED, PER_M, PER_S, OVER_S = range(11)
"""Columns of `Model.vehicle`."""
AT, LEG_M, LEG_S, LEAVES, MUST_ARRIVE, TAIL_S, TAIL_END, SLACK_S = range(8)
LOAD_L, LOAD_KG, TRIP_L, TRIP_KG, TRIP_FRACTION, DETOUR_M, DETOUR_S = range(8, 15)
"""Columns of `Tours.stop`."""
METRES, ENDS, UNLOADS, SPARE_L, SPARE_KG = range(5)
"""Columns of `Tours.tour`."""


class Model(NamedTuple):
    """A problem in arrays; never changed by the search.

    Attributes
    ----------
    from_m, from_s : (L, L) int32
        Metres and seconds; row i holds the ways from place i.
    to_m, to_s : (L, L) int32
        The same transposed: row j holds the ways to place j.
    node : (nodes, 7) int32
        PLACE; SERVICE in s; VOLUME in l and WEIGHT in kg (0 for all but containers); FRACTION (-1 likewise);
        service begins within one of the rows FIRST_WINDOW … LAST_WINDOW - 1 of ``window``; none: any time.
    window : (W, 2) int32
        First and last second, both included.
    vehicle : (V, 11) int64
        ROOM_L and ROOM_KG of a trip; TRIPS allowed; shift BEGINS, REGULAR end, LATEST end; vehicles of one number
        ALIKE cannot be told apart; FIXED cost, cost PER_M, PER_S, and OVER_S for a second of overtime.
    accepts : (F, K) bool, carries : (V, K) bool
    required : (n,) bool
    leaving : (n,) int64
        Cost of leaving; for a required container a penalty above any plan's cost.
    near : (n, N) int32
        The containers nearest to each, itself first.
    """

    from_m: Int32
    from_s: Int32
    to_m: Int32
    to_s: Int32
    node: Int32
    window: Int32
    vehicle: Int64
    accepts: Bool
    carries: Bool
    required: Bool
    leaving: Int64
    near: Int32


class Stops(NamedTuple):
    """The stops of all tours: all that must be kept to restore a solution.

    Attributes
    ----------
    node : (V, M) int32
        Row v: start depot, visits, end depot of vehicle v.
    size : (V,) int32
        How many entries of the row are in use.
    cost : (V,) int64
    """

    node: Int32
    size: Int32
    cost: Int64


class Tours(NamedTuple):
    """The current solution with what makes a change cheap to judge.

    Attributes
    ----------
    now : Stops
        All else follows from these by `refresh`.
    stop : (V, M, 15) int32
        Of the k-th stop of vehicle v: the place it is AT; LEG_M and LEG_S to the next stop; LEAVES, the earliest
        departure; MUST_ARRIVE, the latest arrival from which the rest of the tour is still feasible; arriving at
        t, the tour ends at max(TAIL_END, t + TAIL_S) (exact with one window a stop); SLACK_S, by how much the
        next stop could be reached later without ending later; LOAD_L, LOAD_KG on board after it; TRIP_L, TRIP_KG,
        TRIP_FRACTION of the whole trip that it belongs to or ends (fraction -1: no trip); DETOUR_M, DETOUR_S, the
        least that any unloading between it and the next stop would add.
    tour : (V, 5) int64
        METRES driven; ENDS, the return; UNLOADS made; SPARE_L, SPARE_KG: the most that any one trip still takes.
    tour_of, index_of : (n,) int32
        Where each container is; tour -1 if it is left.
    """

    now: Stops
    stop: Int32
    tour: Int64
    tour_of: Int32
    index_of: Int32
