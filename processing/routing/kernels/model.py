"""The arrays that kernels work on; documented once, here.

n containers, F facilities, V vehicles, U slots for unloadings, P travel profiles, D load dimensions, R needs, O
options. Times are seconds from the day's start, money µ€.

Two kinds of numbers name things. A *place* is a row of the matrices: containers 0 … n-1, facilities n … n+F-1, then
depots. A *stop* is what a tour strings together: containers 0 … n-1, then each vehicle's start and its end, then
slots, each of which stands for one unloading at some facility. Containers are numbered along a chain from near to
near, so that what is looked at together lies together.

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

SERVICE, INNER_M, FRACTION, FIRST_WINDOW, LAST_WINDOW, OPENS, SHUTS, RELEASE = range(8)
NEED, USUAL_AFTER, LITRES, KILOGRAMS = range(8, 12)
"""Columns of `Model.node`."""
BEGINS, REGULAR, LATEST, FIXED, PER_M, PER_S, OVER_S, TRIPS, PROFILE, FLEXIBLE = range(10)
MOST_M, MOST_S, MOST_STOPS, HOME, CLEANING, MIXES, LAYOUT, DAY, UNDERWAY = range(10, 19)
STARTS_AT, ENDS_AT, ABOARD, HELD_L, HELD_KG, FAMILY, LARGEST, EXACT, ROOM = range(19, 28)
"""Columns of `Model.vehicle`; from ROOM on D columns each of room for a trip, for a day, and load at the start."""
BY_LABELS, RESTING, LUNCHING = 1, 2, 3
"""What EXACT may be but 0: labels judge a tour; unless one pause is seen to do; one lunch is all that is ever owed."""
ACCEPTS = 0
"""First column of `Model.facility`."""
REQUIRED, LEAVING, FIRST_OPTION, LAST_OPTION = range(4)
"""Columns of `Model.need`."""
TIMED, RELEASED, HABITUAL, LIMITED, GROUPED, RATIONED, INCOMPATIBLE, PLAIN, SIZED, OTHER_ORDER, PAUSING = (
    range(11)
)
"""Entries of `Model.rule`."""
PRED, SUCC, BEFORE, AFTER, TOUR, TRIP, LEG_M, BACK_M, LEG_S, EARLIEST_DEPARTURE, LATEST_ARRIVAL = range(11)
TAIL_S, TAIL_END, PRE_S, PRE_LATEST, MASK = range(11, 16)
"""Columns of `Tours.stop`."""
CLOSES, CARRIES, WAITS, SPARE, LOAD = range(5)
"""Columns of `Tours.trip`; from LOAD on D columns."""
METRES, ENDS, UNLOADS, STOPS, RIDE, SIDE, COST, WHEEL_S, REGULATED, PENDING, COLLECTED = range(11)
"""Columns of `Tours.tour`; from COLLECTED on D columns of load."""
DRIVING, WORKING, WAITING, LUNCH_FROM, LUNCH_BY, LUNCH_S, DEPARTED, SHIFT_FREE, SHIFT_PRICE = range(9)
PAST_DRIVEN, PAST_WORKED, PAST_TOTAL, PAST_PAUSED, PAST_SPLIT = range(9, 14)
"""Columns of `Model.crew`."""
WAY_IN_S, SET_UP_S, WORK_S, OPENS_AT, SHUTS_AT, FIRST_SPAN, LAST_SPAN, DOOR, USUAL_S, NEXT = range(10)
COMES, GOES = range(10, 12)
"""Columns of `Model.labour`."""
OBJECTIVE, LEAST, EASIER, WANTED = range(4)
"""Entries of `Work.values`."""


class Model(NamedTuple):
    """A problem in arrays; never changed by the search.

    Attributes
    ----------
    out_m, out_s : (P, L, L) int32
        Metres and seconds between places; row i holds the ways from place i. Seconds include the set-up at their end.
    into_m, into_s : (P, L, L) int32
        The same transposed: row j holds the ways to place j. Equal tables are one table, which the processor's caches
        hold more easily.
    node : (P, L, 12) int32
        Of each place: SERVICE in s and INNER_M in m on the way within a locked sequence; FRACTION as bits (0 for all
        but containers); service begins within one of the rows FIRST_WINDOW … LAST_WINDOW - 1 of ``window`` (none:
        between OPENS and SHUTS, which else are the first and the last begin of all windows); its trip departs no
        earlier than RELEASE; the NEED it serves; yesterday's container before (USUAL_AFTER; -1: depot or unloading,
        -2: no habit); LITRES and KILOGRAMS.
    demand : (A, n, D) int32
        What each container adds to each load dimension, for vehicles of each layout of chambers.
    window : (W, 2) int32
        First and last second, both included.
    vehicle : (V, 27 + 3 D) int64
        Shift BEGINS, REGULAR end, LATEST end; FIXED cost, cost PER_M, PER_S, and OVER_S for a second of overtime;
        TRIPS allowed; PROFILE of travel; FLEXIBLE begin; MOST_M, MOST_S, MOST_STOPS of a tour; HOME, the facility at
        its end where it unloads without further ado, or -1; CLEANING seconds; whether it MIXES fractions; LAYOUT of
        its chambers; DAY; whether it is UNDERWAY, so that it returns in any case; places where it STARTS_AT and
        ENDS_AT; the bits of what is ABOARD at its start, HELD_L litres and HELD_KG kilograms; FAMILY, a number for
        vehicles that differ in room and price alone, and the LARGEST room of the first load dimension in the family;
        which EXACT time line judges its tours, see `processing.routing.kernels.timeline`, 0 if none needs to; ROOM of
        a trip, of the day, load at the start.
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
    crew : (V, 14) int64
        Whether the rule for DRIVING holds: 0 never, 1 always, 2 unless all is door to door; whether that for WORKING
        time does; whether WAITING counts as break; lunch of LUNCH_S (0: none owed) begins from LUNCH_FROM to LUNCH_BY;
        when the vehicle DEPARTED (-NEVER if it has not); seconds of arrival that may be shifted free, price of any
        other; what a tour under way brings along, see `domain.planning.Underway`.
    labour : (P, L + L', 12) int32
        Places, and behind them the further containers of locked sequences: WAY_IN_S from the container before in the
        sequence, without the SET_UP_S that is spent on coming from elsewhere; WORK_S there; when service begins
        (OPENS_AT … LAST_SPAN are as OPENS … LAST_WINDOW in ``node``); whether it is DOOR to door (1 for all but
        containers); USUAL_S, the usual begin of service, or NEVER; the row that is NEXT in the sequence, or -1. A way
        that GOES from where it COMES to has no set-up.
    strange : (V, n) int64
        What it costs that a container, or parts of a locked sequence, had another vehicle yesterday; without rows
        unless habits cost.
    alike : (V, 2) int64
        Vehicles by kind, and the row where the next kind begins: those of one kind cannot be told apart.
    near : (n, N) int32
        The containers nearest to each, itself first.
    beside : (2, n, K) int32
        The containers best served just before each, and those best served just after it, from best to worst.
    rule : (11,) int64
        Whether anything depends on time (TIMED), trips wait for a RELEASE, habits cost (HABITUAL), facilities are
        LIMITED, needs have several options or containers (GROUPED), a tour's stops, metres or day's load are RATIONED,
        some vehicle may not serve some container (INCOMPATIBLE); whether all tours are PLAIN: one trip of one kind,
        nothing paid by time, so that a change is settled by looking at few stops; whether plain tours may be handed
        over to vehicles of another size (SIZED); cost of an OTHER_ORDER than yesterday; where the machine code
        of the exact time line is (PAUSING), 0 if no vehicle needs it.
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
    crew: Int64
    labour: Int32
    strange: Int64
    alike: Int64
    near: Int32
    beside: Int32
    rule: Int64


class Tours(NamedTuple):
    """The current solution with what makes a change cheap to judge; all follows from the stops by `refresh`.

    N = n + 2 V + U stops. A trip has the number of what opens it: v for vehicle v's start, V + u for slot u.

    Attributes
    ----------
    at : (N,) int32
        Place of each stop.
    stop : (N, 16) int32
        PRED and SUCC, the stops before and after; BEFORE and AFTER, the places of those; TOUR, the vehicle, -1 in
        none; TRIP, the trip it belongs to or opens; LEG_M and LEG_S to the next stop, BACK_M from the one before;
        EARLIEST_DEPARTURE; LATEST_ARRIVAL, from which the rest of the tour is still feasible; arriving at t, the tour
        ends at max(TAIL_END, t + TAIL_S) (exact with one window a stop); PRE_S, seconds of
        driving and work from the start to its departure; PRE_LATEST, the latest departure from the start that the
        stops so far allow; MASK, the bits of the fractions on board after it. Where tours are PLAIN, what stands
        behind LATEST_ARRIVAL is not kept.
    wide : (N, 8) int64
        The same memory, for copying rows.
    load : (N, D) int32
        Load after each stop; not kept where tours are PLAIN.
    trip : (V + U + 1, 4 + D) int64
        Of each trip: the stop that CLOSES it, -1 if nothing unloads what it collects; the bits of what it CARRIES; the
        instant it WAITS for at its start; SPARE, the most of the first load dimension that still goes in, or that
        much that an unloading may be put in as well; its LOAD. The last row has no room: containers in no
        tour belong to it, and its load is for sums in between.
    tour : (V, 11 + D) int64
        METRES driven; ENDS, the return without pauses; UNLOADS made; STOPS at containers; RIDE, what metres and time
        cost (at least, where an exact time line is needed); SIDE, cost of serving and of habits; COST of all; with an
        exact time line WHEEL_S, seconds at the wheel, whether it is REGULATED by (EC) 561/2006, and whether the time
        line is PENDING, so that COST may be too low; load of the day.
    book : (V + days, F, 2) int64
        Litres and kilograms that a tour unloads at each facility; from V on those of all tours of a day.
    used : (V + 1, 2) int64
        Vehicles in use in no order, their number in the last row; second column: where each stands, or -1, in the last
        row whether no further one may be used for now.
    gone : (R + 1, 2) int64
        Likewise the needs that nobody serves.
    free : (U + 1, 2) int64
        Likewise the slots that are in no tour.
    kept : (V + 1, 2) int64
        Likewise the vehicles whose tours are remembered as they were before a change.
    plan : (B, 14) int64
        Scratch of the exact time line, see `processing.routing.kernels.labels`: first the pauses of the tour that it
        looked at last, their number in column 0 of the last row.
    """

    at: Int32
    stop: Int32
    wide: Int64
    load: Int32
    trip: Int64
    tour: Int64
    book: Int64
    used: Int64
    gone: Int64
    free: Int64
    kept: Int64
    plan: Int64


class Style(NamedTuple):
    """How the search moves.

    Attributes
    ----------
    average, longest : int
        Containers taken out in a turn on average, and in one string at most (c-bar and L^max of the paper).
    split, deeper : int
        How many of 1024 strings spare a part within, and how often that grows by one more (alpha and beta).
    fresh : int
        How many of 1024 turns have one container open another tour, whatever that costs.
    whole : int
        How many of 1024 ruins empty a whole tour where vehicles have a fixed cost or needs several visits or options.
    blink : int
        How many of 1024 places are passed over.
    fleet : int
        1 if it tries to do without vehicles, see `processing.routing.kernels.fleet`.
    exchanges, close : int
        Exchanges of ends proposed after each turn; they have one of so many best followers follow a container.
    parted : int
        After how many of 1024 accepted turns a changed tour is parted into trips anew.
    moved : int
        Moves of segments proposed after each accepted turn, beside containers that it placed; only where tours are
        PLAIN.
    """

    average: int
    longest: int
    split: int
    deeper: int
    fresh: int
    whole: int
    blink: int
    fleet: int
    exchanges: int
    close: int
    parted: int
    moved: int


class Best(NamedTuple):
    """A solution put by: (N,) int32 successor and place of each stop."""

    succ: Int32
    at: Int32


class Work(NamedTuple):
    """What a search needs beside.

    Attributes
    ----------
    rng : (1,) uint64
        State of the random numbers.
    pool, keys : (2 R + 20,) int64
        Needs to be served, and what they are sorted by.
    gaps : (…, 2) int64
        See `collect_gaps`. The last row: how many gaps the last search for a place ended with, and 1 if these are only
        those where the container is.
    dirty : (V,) int64
        Whether a tour changed since it was put by.
    values : (4,) int64
        OBJECTIVE of the current solution, the LEAST so far, whether the last turn left EASIER required needs than
        before, and how many needs of the pool it WANTED to place.
    absent : (R,) int64
        How often each required need was left.
    fleet : (4,) int64
        See `processing.routing.kernels.fleet`.
    held : (2, N) int32
        Successor and place of each stop before an attempt to do without a vehicle.
    parts : (2 + trips, n + 3, 6 + D) int64
        See `processing.routing.kernels.parting`; empty where nothing is unloaded on the way.
    """

    rng: UInt64
    pool: Int64
    keys: Int64
    gaps: Int64
    dirty: Int64
    values: Int64
    absent: Int64
    fleet: Int64
    held: Int32
    parts: Int64
