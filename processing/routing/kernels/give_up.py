"""Give a need up: take all that serves it out of its tours."""

from processing.routing.kernels.chain import loosen, unlink
from processing.routing.kernels.compile import kernel
from processing.routing.kernels.history import remember
from processing.routing.kernels.members import join
from processing.routing.kernels.model import FIRST_OPTION, LAST_OPTION, TOUR, Model, Tours
from processing.routing.kernels.natural import natural
from processing.routing.kernels.tidy import tidy


@kernel
def give_up(m: Model, t: Tours, old: Tours, need: int) -> bool:
    """Take the containers that serve a need out of their tours; False if one of these breaks a limit without them."""
    need = natural(need)
    begin = m.option[natural(m.need[need, FIRST_OPTION]), 0]
    for k in range(begin, m.option[natural(m.need[need, LAST_OPTION] - 1), 1]):
        c = natural(m.member[k])
        if t.stop[c, TOUR] >= 0:
            v = natural(t.stop[c, TOUR])
            remember(m, t, old, v)
            unlink(t, c)
            loosen(t, c)
            join(t.gone, need)
            if not tidy(m, t, v):
                return False
    return True
