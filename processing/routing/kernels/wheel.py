"""What of a way is time at the wheel: set-up at its end is work, but no driving."""

from processing.routing.kernels.chain import start_of
from processing.routing.kernels.compile import inlined
from processing.routing.kernels.model import (
    COMES,
    DOOR,
    DRIVING,
    GOES,
    NEXT,
    PROFILE,
    SET_UP_S,
    SUCC,
    WAY_IN_S,
    Model,
    Tours,
)
from processing.routing.kernels.natural import natural, whole


@inlined
def settling_s(m: Model, travel: int, a: int, b: int) -> int:
    """Seconds of set-up at place ``b`` on coming from place ``a``."""
    if m.labour[travel, a, GOES] == m.labour[travel, b, COMES]:
        return whole(0)
    return whole(m.labour[travel, b, SET_UP_S])


@inlined
def wheel_s(m: Model, travel: int, a: int, b: int) -> int:
    """Seconds at the wheel from one place to another, without set-up."""
    return int(m.out_s[travel, a, b] - settling_s(m, travel, a, b))


@inlined
def wheel_within(m: Model, travel: int, place: int) -> tuple[int, bool]:
    """Seconds at the wheel within a locked sequence (0 for any other place), and whether all of it is door to door."""
    row = natural(place)
    wheel = whole(0)
    doors = m.labour[travel, row, DOOR] != 0
    while m.labour[travel, row, NEXT] >= 0:
        row = natural(m.labour[travel, row, NEXT])
        wheel += m.labour[travel, row, WAY_IN_S]
        doors = doors and m.labour[travel, row, DOOR] != 0
    return wheel, bool(doors)


@inlined
def at_wheel(m: Model, t: Tours, v: int) -> tuple[int, int]:
    """Seconds at the wheel, and whether (EC) 561/2006 concerns the tour; both 0 if it never does."""
    rule = m.crew[v, DRIVING]
    if rule == 0:
        return whole(0), whole(0)
    p = natural(m.vehicle[v, PROFILE])
    x = start_of(m, v)
    end = natural(x + 1)
    a = natural(t.at[x])
    wheel = whole(0)
    regulated = rule == 1
    while x != end:
        x = natural(t.stop[x, SUCC])
        b = natural(t.at[x])
        within, doors = wheel_within(m, p, b)
        wheel += wheel_s(m, p, a, b) + within
        regulated = regulated or not doors
        a = b
    return whole(wheel), whole(1 if regulated else 0)
