"""The way into the kernels for all that a search asks.

Each entry has all that it calls optimised once more; one for everything takes a third of the time of five.
"""

from processing.routing.kernels.anneal import anneal, build, part_all, recount
from processing.routing.kernels.begin import begin
from processing.routing.kernels.closing import close
from processing.routing.kernels.compile import entry
from processing.routing.kernels.model import Best, Int64, Model, Style, Tours, Work
from processing.routing.kernels.reference import refer

BEGIN, BUILD, PART, ANNEAL, CLOSE, RECOUNT = range(6)
"""What to do."""


@entry
def act(
    what: int,
    m: Model,
    t: Tours,
    old: Tours,
    best: Best,
    w: Work,
    style: Style,
    temperatures: Int64,
    quantiles: Int64,
    route: Int64,
    first: int,
    last: int,
    total: int,
) -> int:
    """Call `begin`, `build`, `part_all`, `anneal`, `close` or `recount` and return what it returns."""
    m, t, old, best, w, style = refer(m), refer(t), refer(old), refer(best), refer(w), refer(style)
    if what == BEGIN:
        return begin(m, t, route)
    if what == BUILD:
        return build(m, t, old, w, style, first, last)
    if what == PART:
        return part_all(m, t, old, w)
    if what == ANNEAL:
        return anneal(m, t, old, best, w, temperatures, quantiles, style, first, last, total)
    if what == CLOSE:
        return close(m, t, old, best, w)
    return recount(m, t)
