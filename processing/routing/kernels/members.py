"""Sets of small numbers: a list in no order, its length in the last row, and beside it where each number stands."""

from processing.routing.kernels.compile import inlined
from processing.routing.kernels.model import Int64


@inlined
def join(members: Int64, number: int) -> None:
    """Add a number; nothing happens if it is there."""
    if members[number, 1] >= 0:
        return
    last = members.shape[0] - 1
    size = members[last, 0]
    members[size, 0] = number
    members[number, 1] = size
    members[last, 0] = size + 1


@inlined
def leave(members: Int64, number: int) -> None:
    """Take a number out; nothing happens if it is not there."""
    at = members[number, 1]
    if at < 0:
        return
    last = members.shape[0] - 1
    size = members[last, 0] - 1
    moved = members[size, 0]
    members[at, 0] = moved
    members[moved, 1] = at
    members[number, 1] = -1
    members[last, 0] = size
