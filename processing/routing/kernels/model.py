"""The arrays that kernels work on; documented once, here.

n containers, F facilities, V vehicles, P travel profiles, L places, D load dimensions, R needs, O options. A *node* is
a number: containers 0 … n-1, facilities n … n+F-1, then for each vehicle its start and its end. Times are seconds
from the day's start, money µ€. A *place* is a location together with the site whose set-up is spent there, so
that the set-up is part of every way to it and containers of one site share it.

Few wide tables instead of many narrow ones: what belongs together lies together in memory, and each array that is
handed to a kernel costs time to compile.
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
NOWHERE = 1 << 62
"""The cost of what is not possible."""

COMES, GOES, SERVICE, INNER_M, FRACTION, FIRST_WINDOW, LAST_WINDOW, RELEASE = range(8)
NEED, USUAL_V, USUAL_AFTER, LITRES, KILOGRAMS, OPENS, SHUTS = range(8, 15)
"""Columns of `Model.node`."""
BEGINS, REGULAR, LATEST, FIXED, PER_M, PER_S, OVER_S, TRIPS, PROFILE, FLEXIBLE = range(10)
MOST_M, MOST_S, MOST_STOPS, HOME, CLEANING, MIXES, LAYOUT, DAY, UNDERWAY = range(10, 19)
ABOARD, ROOM = range(19, 21)
"""Columns of `Model.vehicle`; from ROOM on D columns each of room for a trip, for a day, and load at the start."""
ACCEPTS = 0
"""First column of `Model.facility`."""
REQUIRED, LEAVING, FIRST_OPTION, LAST_OPTION = range(4)
"""Columns of `Model.need`."""
TIMED, RELEASED, WAYWARD, LIMITED, GROUPED, RATIONED, PICKY, OTHER_VEHICLE, OTHER_ORDER = range(9)
"""Entries of `Model.rule`."""
AT, INTO, LEG_M, LEG_S = range(4)
"""Columns of `Tours.leg`."""
LEAVES, MUST, TAIL_S, TAIL_END, PRE_S, PRE_LATEST, TRIP, MASK, LOADED = range(9)
"""Columns of `Tours.stop`; from LOADED on D columns of load."""
STARTS, CARRIES, CLOSES, WAITS, LOAD = range(5)
"""Columns of `Tours.trip`; from LOAD on D columns."""
METRES, ENDS, UNLOADS, STOPS, RIDE, SIZE, COST, SPARE = range(8)
"""Columns of `Tours.tour`."""
TOUR, ROW = range(2)
"""Columns of `Tours.where`."""


class Model(NamedTuple):
    """A problem in arrays; never changed by the search.

    Attributes
    ----------
    out_m, out_s : (P, L, L) int32
        Metres and seconds; row i holds the ways from place i. Seconds include the set-up at their end.
    into_m, into_s : (P, L, L) int32
        The same transposed: row j holds the ways to place j. Equal tables are one table, which the processor's caches
        hold more easily; for the same reason places are numbered so that near ones have near numbers.
    node : (P, nodes, 15) int32
        Place where it COMES in and where it GOES on from (they differ for a locked sequence); SERVICE in s and INNER_M
        in m on the way within; FRACTION as a bit (0 for all but containers); service begins within one of the rows
        FIRST_WINDOW … LAST_WINDOW - 1 of ``window`` (none: between OPENS and SHUTS); its trip departs no earlier than
        RELEASE; the NEED it serves; yesterday's vehicle and container before (-1: depot or unloading, -2 in both: no
        habit); LITRES and KILOGRAMS; first and last begin of service over all windows.
    demand : (A, n, D) int32
        What each container adds to each load dimension, for vehicles of each layout of chambers.
    window : (W, 2) int32
        First and last second, both included.
    vehicle : (V, 20 + 3 D) int64
        Shift BEGINS, REGULAR end, LATEST end; FIXED cost, cost PER_M, PER_S, and OVER_S for a second of overtime;
        TRIPS allowed; PROFILE of travel; FLEXIBLE begin; MOST_M, MOST_S, MOST_STOPS of a tour; HOME, the facility at
        its end where it unloads without further ado, or -1; CLEANING seconds; whether it MIXES fractions; LAYOUT of
        its chambers; DAY; whether it is UNDERWAY, so that it returns in any case; the bits of what is ABOARD at its
        start; ROOM of a trip, of the day, load at the start.
    facility : (F, 1 + 2 days) int64
        The bits of all fractions that it ACCEPTS; for each day the litres and kilograms that it takes.
    may : (V, n) bool
        Whether a vehicle may serve a container, as far as that can be said of the two alone.
    need : (R, 4) int64
        Whether it is REQUIRED; the cost of LEAVING it, for a required one a penalty above any plan's cost; its options
        are rows FIRST_OPTION … LAST_OPTION - 1 of ``option``.
    option : (O, 2) int64
        Its containers are entries first … last - 1 of ``member``.
    member : (n',) int64
    serving : (n,) int64
        Cost of serving a container in this way.
    alike : (V, 2) int64
        Vehicles by kind, and the row where the next kind begins: those of one kind cannot be told apart.
    near : (n, N) int32
        The containers nearest to each, itself first.
    rule : (9,) int64
        Whether anything depends on time (TIMED), trips wait for a RELEASE, habits cost (WAYWARD), facilities are
        LIMITED, needs have several options or containers (GROUPED), a tour's stops, metres or day's load are RATIONED,
        some vehicle may not serve some container (PICKY); cost of OTHER_VEHICLE and OTHER_ORDER than yesterday.
    """

    out_m: Int32
    out_s: Int32
    into_m: Int32
    into_s: Int32
    node: Int32
    demand: Int32
    window: Int32
    vehicle: Int64
    facility: Int64
    may: Bool
    need: Int64
    option: Int64
    member: Int64
    serving: Int64
    alike: Int64
    near: Int32
    rule: Int64


class Tours(NamedTuple):
    """The current solution with what makes a change cheap to judge; all follows from the stops by `refresh`.

    Tables by vehicle have 2 V rows or blocks: vehicle v's own, and at V + v its tour as it was before a change.

    Attributes
    ----------
    node : (2 V M,) int64
        Rows v * M … of vehicle v: its start, its visits, its end.
    leg : (2 V M, 4) int32
        Of each stop: the place it is AT when it goes on and the one where it comes INTO; LEG_M and LEG_S to the next
        stop. Apart from the rest because it is looked at most.
    stop : (2 V M, 8 + D) int32
        Of each stop: LEAVES, the earliest departure; MUST, the latest arrival from which the rest of the tour is still
        feasible; arriving at t, the tour ends at max(TAIL_END, t + TAIL_S) (exact with one window a stop); PRE_S,
        seconds of driving and work from the start to its departure; PRE_LATEST, the latest departure from the start
        that the stops so far allow; TRIP, the number of the trip it belongs to or closes; MASK, the bits of the
        fractions on board after it; the load after it from LOADED on.
    trip : (2 V T + 1, 4 + D) int64
        Of each trip: the row where it STARTS (the tour's start, or an unloading), the bits of what it CARRIES, the row
        that CLOSES it, the instant it WAITS for at its start, its LOAD. What follows the last unloading of a vehicle
        without a HOME is no trip: its CLOSES is -1. The last row of each vehicle's block is its whole day's; the very
        last one is scratch.
    tour : (2 V, 8) int64
        METRES driven; ENDS, the return; UNLOADS made; STOPS at containers; RIDE, what metres and time cost; SIZE, the
        rows in use; COST; SPARE, the most that any trip still takes of the first load dimension.
    book : (2 V + days, F, 2) int64
        Litres and kilograms that a tour unloads at each facility; from 2 V on those of all tours of a day.
    where : (n, 2) int64
        TOUR and ROW of each container; tour -1 if it is in none.
    used : (V + 1, 2) int64
        Vehicles in use in no order, their number in the last row; second column: where each stands, or -1.
    gone : (R + 1, 2) int64
        Likewise the needs that nobody serves.
    kept : (V + 1, 2) int64
        Likewise the vehicles whose tours are kept as they were.
    """

    node: Int64
    leg: Int32
    stop: Int32
    trip: Int64
    tour: Int64
    book: Int64
    where: Int64
    used: Int64
    gone: Int64
    kept: Int64


class Stops(NamedTuple):
    """A solution put by: (V M,) int64 nodes, and (V, 2) int64 sizes and costs."""

    node: Int64
    tour: Int64
