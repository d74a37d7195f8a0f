"""How the search moves on a problem: its style, and the temperatures it cools through.

Found by trying on several families of published instances; the figures are shares and rates, so that they hold
whatever a problem's units are.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

import numpy as np

from processing.routing.kernels.model import (
    COST,
    FIXED,
    GROUPED,
    PER_M,
    PLAIN,
    RIDE,
    SIDE,
    SIZED,
    STOPS,
    TIMED,
    TOUR,
    Int64,
    Model,
    Style,
    Tours,
)

STEPS = 1024
"""Temperatures between hot and cold."""
HOT, COLD = 2.0, 0.03
"""First and last temperature, as shares of what the way to one of the nearest containers costs on average."""
NEAREST = 5
"""That many are the nearest."""
NARROW, WIDE = 0.1, 0.6
"""That way counts as no less and no more than these shares of what driving costs at first for each container: where
many stand in one place it would be nothing."""
HOT_UNEVEN, COLD_UNEVEN = 1.0, 0.02
"""Shares of what driving and serving cost at first for each placed container, where anything depends on time, or on the
size of vehicles: that makes for higher steps to get over."""
HOT_RICH, COLD_RICH = 1.0, 0.1
"""The same where tours are not plain: unloadings and pauses make for higher steps still."""
MILD = 0.1
"""Share of that with which a search begins that is given tours, so as not to shake them apart."""
HOTTEST = 1 << 39
"""µ€; with hotter ones the threshold of acceptance would not fit 64 bits."""
STYLE = Style(
    average=10,
    longest=10,
    split=512,
    deeper=10,
    fresh=50,
    whole=5,
    blink=10,
    fleet=0,
    exchanges=4,
    close=20,
    parted=0,
    moved=0,
)
"""How the search moves where nothing speaks for another way."""
WHOLE_GROUPED = 40
"""Where needs have several options or visits, whole tours are emptied more often."""
FRESH_EVEN = 5
"""Where only metres and room count, tours are seldom opened without need."""
PARTED = 128
"""After how many of 1024 accepted turns a tour is parted anew, where it may unload on the way."""
MOVED = 4
"""Moves of segments proposed after an accepted turn, where tours are plain and time can bind; else they are no gain."""
LONG_TOUR = 20
"""From so many stops a tour on, where time matters, strings are longer."""
AVERAGE_LONG, LONGEST_LONG = 15, 25
_EXACT = Context(prec=24, rounding=ROUND_HALF_EVEN)


def style_for(model: Model, tours: Tours, *, parted: bool) -> Style:
    """The style for a problem, and a first solution of it; whether tours may be ``parted`` into trips."""
    rule = model.rule
    style = STYLE
    if rule[TIMED] and _placed(model, tours) >= LONG_TOUR * max(1, int(tours.used[-1, 0])):
        style = style._replace(average=AVERAGE_LONG, longest=LONGEST_LONG)
    if _even(model):
        style = style._replace(fresh=FRESH_EVEN)
    if rule[GROUPED]:
        style = style._replace(whole=WHOLE_GROUPED)
    # Sizes have a search of their own, and visits that go together cannot be left one by one.
    fleet = (model.vehicle[:, FIXED] > 0).any() and not rule[SIZED] and not rule[GROUPED]
    moved = MOVED if rule[PLAIN] and rule[TIMED] else 0
    return style._replace(fleet=1 if fleet else 0, parted=PARTED if parted else 0, moved=moved)


def temperatures(model: Model, tours: Tours, *, given: bool) -> Int64:
    """(STEPS,) µ€ from hot to cold, after a first solution, which may have been ``given``.

    Computed with decimals, which are the same on every machine and in every caller's context; a library's power need
    not be.
    """
    with localcontext(_EXACT):
        return _cooled(model, tours, given)


def _cooled(model: Model, tours: Tours, given: bool) -> Int64:
    hot, cold = _span(model)
    if given:
        hot *= MILD
    scale = Decimal(_price(model, tours)) / max(1, _placed(model, tours))
    if _even(model):
        scale = max(scale * Decimal(str(NARROW)), min(scale * Decimal(str(WIDE)), _way(model)))
    ratio = (Decimal(str(cold)) / Decimal(str(hot))) ** (Decimal(1) / (STEPS - 1))
    steps = []
    now = scale * Decimal(str(hot))
    for _ in range(STEPS):
        steps.append(min(HOTTEST, int(now)))
        now *= ratio
    return np.array(steps, dtype=np.int64)


def _span(model: Model) -> tuple[float, float]:
    rule = model.rule
    if not rule[PLAIN]:
        return HOT_RICH, COLD_RICH
    return (HOT, COLD) if _even(model) else (HOT_UNEVEN, COLD_UNEVEN)


def _even(model: Model) -> bool:
    """Whether nothing depends on time, or on the size of vehicles, and tours are plain."""
    rule = model.rule
    return bool(rule[PLAIN] and not rule[TIMED] and not rule[SIZED])


def _way(model: Model) -> Decimal:
    """What the way to one of the nearest containers costs on average."""
    nearest = model.near[:, 1 : 1 + NEAREST].astype(np.int64)
    metres = np.take_along_axis(model.out_m[0, : len(nearest)], nearest, axis=1).sum(dtype=np.int64)
    price = int(model.vehicle[:, PER_M].max(initial=0))
    return Decimal(int(metres) * price) / max(1, nearest.size)


def _price(model: Model, tours: Tours) -> int:
    """What the tours cost; without what vehicles cost for being used, unless they can be exchanged for others."""
    if model.rule[SIZED]:
        return int(tours.tour[:, COST].sum())
    return int(tours.tour[tours.tour[:, STOPS] > 0, RIDE : SIDE + 1].sum())


def _placed(model: Model, tours: Tours) -> int:
    return int((tours.stop[: model.demand.shape[1], TOUR] >= 0).sum())
