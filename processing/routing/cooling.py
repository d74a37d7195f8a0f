"""How a search cools down, as a function of its number of iterations alone: that number then reproduces it.

A run that is given seconds learns only at its end how many iterations it has. So the function makes use of that number
little by little, and of ever smaller differences: first it only asks within a factor of four how large the number is,
at last within a tenth. A run that is given seconds settles each answer when it is needed, by what it expects by then,
and ends at a number that has all these answers; a run that is given the number reads them off.

A number near the edge of a class would leave such a run no room to be mistaken. Each question therefore has two sets
of classes, one shifted by half a class. A binary digit of the number, from the last one on, says which is meant, so
that of numbers next to each other some belong to the one and some to the other.
"""

from bisect import bisect_right
from dataclasses import dataclass
from math import isqrt

PARTS = 1 << 20
"""Parts of the way from hot to cold."""
BEGINS = tuple(PARTS * share // 16 for share in (0, 1, 4, 8, 12, 14, 15))
"""Parts that are passed when each question is asked, at the latest."""
WIDTHS = (64, 56, 40, 28, 14, 8, 4)
"""Widths of its classes, in 32nds of an octave."""
FINE = 8
"""No more is asked once fewer numbers than this have all answers, the next digit not counted."""


def _root(number: int) -> int:
    """The 32nd root, rounded down."""
    for _ in range(5):
        number = isqrt(number)
    return number


_RUNGS = (*(0,) * WIDTHS[0], *(_root(2**step) for step in range(32 * 64 + WIDTHS[0])))
"""32 to the octave, after some zeros so that each class has a lower edge."""


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Iterations up to ``end`` whose numbers, ``shift`` added, are those of a schedule of ``total`` iterations."""

    end: int
    shift: int
    total: int


class Cooling:
    """A schedule of which so much is settled as answered questions say; `settle` answers the next one."""

    def __init__(self) -> None:
        self._asked = 0
        self._low, self._high = 0, _RUNGS[-1]
        self._digits = 0
        self._begin = self._passed = self._nominal = 0

    @property
    def settled(self) -> bool:
        """Whether nothing is left to be asked."""
        return self._asked == len(BEGINS) or self._high - self._low < FINE << self._asked

    @property
    def next(self) -> int:
        """Iteration at which the next question must be answered: well before the run can end."""
        if self._asked == 0:
            return 0
        way = max(0, BEGINS[self._asked] - self._passed)
        usual = (self._nominal - self._begin) * way // (PARTS - self._passed)
        return self._begin + max(0, min(usual, (self._low - self._begin) * 3 // 4))

    def settle(self, number: int) -> None:
        """Answer the next question as this number of iterations has it."""
        begin = self.next
        if self._asked:
            way = (begin - self._begin) * (PARTS - self._passed) // (self._nominal - self._begin)
            self._passed += way
        self._begin = begin
        self._low, self._high = self._bounds(number)
        self._digits = number & ((2 << self._asked) - 1)
        self._asked += 1
        middle = isqrt(self._low * self._high)
        self._nominal = max(self._low if self.settled else middle, self._begin + 1)

    def nearest(self, wanted: int, least: int) -> int:
        """The number nearest to the wanted one, but not below the least, that has all answers so far."""
        return self._nearest(wanted, least, self._digits, 1 << self._asked)

    def roomiest(self, wanted: int) -> int:
        """Of the numbers near the wanted one that have all answers, that which leaves most room with the next."""
        least, apart = self.next, 2 << self._asked
        tried = (self._nearest(wanted, least, self._digits + digit, apart) for digit in (0, apart // 2))
        return max(tried, key=lambda number: self._room(wanted, number))

    def stretch(self, iteration: int, steps: int) -> Stretch:
        """How to go on from this iteration as far as nothing changes, with so many temperatures."""
        if iteration >= self._nominal:
            rest = max(1, self._high - iteration)
            return Stretch(end=iteration + rest, shift=(steps - 1) * rest - iteration, total=steps * rest)
        total = -((self._begin - self._nominal) * PARTS // (PARTS - self._passed))
        end = self._nominal if self.settled else self.next
        return Stretch(end=end, shift=-(-self._passed * total // PARTS) - self._begin, total=total)

    def _nearest(self, wanted: int, least: int, digits: int, apart: int) -> int:
        """Of the numbers within the bounds that have these last digits that nearest to the wanted one."""
        low, high = max(self._low, least), self._high - 1
        low += (digits - low) % apart
        high -= (high - digits) % apart
        above = wanted + apart // 2
        return max(low, min(high, above - (above - digits) % apart))

    def _bounds(self, number: int) -> tuple[int, int]:
        """The numbers that have the same answers, the next included: the first, and the one after the last."""
        width = WIDTHS[self._asked]
        shift = width // 2 if number >> self._asked & 1 else 0
        lowest = (_rung(number) - shift) // width * width + shift
        return max(self._low, _RUNGS[lowest]), min(self._high, _RUNGS[lowest + width])

    def _room(self, wanted: int, number: int) -> int:
        """Rungs from the wanted number to the nearer one of the bounds."""
        low, high = self._bounds(number)
        return min(_rung(wanted) - _rung(low), _rung(high) - _rung(wanted))


def _rung(number: int) -> int:
    """The last rung that the number reaches."""
    return min(bisect_right(_RUNGS, number) - 1, len(_RUNGS) - WIDTHS[0] - 1)
