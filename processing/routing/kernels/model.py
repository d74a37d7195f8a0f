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


class Model(NamedTuple):
    """A problem in arrays; never changed by the search.

    Attributes
    ----------
    from_m, from_s : (L, L) int32
        Metres and seconds; row i holds the ways from place i.
    to_m, to_s : (L, L) int32
        The same transposed: row j holds the ways to place j.
    place, service, volume, weight : (nodes,) int32
        Place of each node; its service in s; demand in l and kg (0 for all but containers).
    windows : (nodes + 1,) int32
        Node i begins its service within one of ``opens[windows[i]:windows[i + 1]]``, ``closes[…]``; none: any time.
    fraction : (n,) int32
    accepts : (F, K) bool, carries : (V, K) bool
    required : (n,) bool
    leaving : (n,) int64
        Cost of leaving; for a required container a penalty above any plan's cost.
    room_l, room_kg, trips, begins, regular, latest, alike : (V,) int32
        Capacity of a trip; trips allowed; shift begin, regular end, latest end; vehicles with the same ``alike``
        cannot be told apart.
    fixed, per_m, per_s, over_s : (V,) int64
    near : (n, N) int32
        The containers nearest to each, itself first.
    """

    from_m: Int32
    from_s: Int32
    to_m: Int32
    to_s: Int32
    place: Int32
    service: Int32
    volume: Int32
    weight: Int32
    windows: Int32
    opens: Int32
    closes: Int32
    fraction: Int32
    accepts: Bool
    carries: Bool
    required: Bool
    leaving: Int64
    room_l: Int32
    room_kg: Int32
    trips: Int32
    begins: Int32
    regular: Int32
    latest: Int32
    alike: Int32
    fixed: Int64
    per_m: Int64
    per_s: Int64
    over_s: Int64
    near: Int32


class Tours(NamedTuple):
    """The current solution with what makes a change cheap to judge; row v, entry k is the k-th stop of vehicle v.

    Attributes
    ----------
    node, size : (V, M) int32, (V,) int32
        The stops, start and end depot included; all else follows from these by `refresh`.
    at, leg_m : (V, M) int32
        Place of the stop; metres from it to the next.
    leaves, must_arrive : (V, M) int32
        Earliest departure; latest arrival from which the rest of the tour is still feasible.
    tail_s, tail_end : (V, M) int32
        Arriving at t, the tour ends at max(tail_end, t + tail_s); exact with one window a stop.
    load_l, load_kg, trip_l, trip_kg, trip_fraction : (V, M) int32
        On board after the stop; of the whole trip that the stop belongs to or ends; -1 where there is none.
    unloads, spare_l, spare_kg : (V,) int32
        Trips made; the most that any one trip still takes.
    metres, ends, cost : (V,) int64
    tour_of, index_of : (n,) int32
        Where each container is; tour -1 if it is left.
    """

    node: Int32
    size: Int32
    at: Int32
    leg_m: Int32
    leaves: Int32
    must_arrive: Int32
    tail_s: Int32
    tail_end: Int32
    load_l: Int32
    load_kg: Int32
    trip_l: Int32
    trip_kg: Int32
    trip_fraction: Int32
    unloads: Int32
    spare_l: Int32
    spare_kg: Int32
    metres: Int64
    ends: Int64
    cost: Int64
    tour_of: Int32
    index_of: Int32
