"""Which required needs are hard to place, by how often they were left: absence counters.

While some are left, what leaves easier ones is the better start for the next turn, whatever it costs (Christiaens &
Vanden Berghe 2020, fleet minimisation).
"""

from processing.routing.kernels.compile import inlined
from processing.routing.kernels.model import REQUIRED, Int64, Model, Tours, Work
from processing.routing.kernels.natural import natural, whole


@inlined
def absence(m: Model, t: Tours, w: Work, pool: Int64, first: int, last: int) -> int:
    """How often those required needs in these entries of the pool were left that nobody serves, and once more each."""
    total = whole(0)
    for i in range(first, last):
        need = natural(pool[i])
        if t.gone[need, 1] >= 0 and m.need[need, REQUIRED] != 0:
            total += 1 + w.absent[need]
    return total


@inlined
def note_absence(m: Model, t: Tours, w: Work, pool: Int64, count: int) -> None:
    """Count those required needs in the pool that nobody serves."""
    for i in range(count):
        need = natural(pool[i])
        if t.gone[need, 1] >= 0 and m.need[need, REQUIRED] != 0:
            w.absent[need] += 1
