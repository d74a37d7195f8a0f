"""How many iterations a search has: as many as are given, or as the seconds allow, which shows as it goes on."""

from processing.routing.cooling import Cooling

SMOOTH = 0.1
"""Share of the time over which the pace is averaged."""
QUICKER = 0.25
"""By how much the search gets quicker from its beginning until half of the time is over, as a rule: good tours, in
which little can be improved, are through sooner."""
AIM = 0.995
"""Share of the time after which the search is to end."""
LATE, LATE_S = 0.05, 0.5
"""Share of the time, and seconds at least, that it may be late to end where its iterations reproduce it: a busy machine
can stop a search for longer than the shortest of them take."""


class Pace:
    """Says how many iterations there will be when time is out.

    Parameters
    ----------
    seconds : float
        All the time there is.
    per_s : float
        Iterations a second, as tried.
    elapsed : float
        Seconds until the first iteration.
    """

    def __init__(self, seconds: float, per_s: float, elapsed: float) -> None:
        self.seconds = seconds
        self._per_s = per_s
        self._begun = self._elapsed = elapsed
        self._iterations = 0

    def expect(self, iterations: int, elapsed: float) -> int:
        """Iterations when time is out, after so many in so many seconds."""
        spent_s = elapsed - self._elapsed
        if iterations > self._iterations and spent_s > 0.0:
            lately = (iterations - self._iterations) / spent_s
            self._per_s += (lately - self._per_s) * spent_s / (spent_s + SMOOTH * self.seconds)
            self._iterations, self._elapsed = iterations, elapsed
        passed = (elapsed - self._begun) / max(self.seconds - self._begun, 1e-6)
        quicker = 1.0 + QUICKER * max(0.0, 1.0 - 2.0 * passed)
        return iterations + int(max(0.0, self.seconds * AIM - elapsed) * self._per_s * quicker)


class Course:
    """The cooling of one search, and the number of iterations at which it ends.

    Parameters
    ----------
    pace : int or Pace
        Number of iterations, or what to expect it by.
    """

    def __init__(self, pace: int | Pace) -> None:
        self.cooling = Cooling()
        self._pace = pace

    def aim(self, iterations: int, elapsed: float) -> int:
        """The number of iterations at which to end, as far as is known after so many in so many seconds.

        What the cooling must know to go on is settled.
        """
        if isinstance(self._pace, int):
            self._settle(iterations, self._pace)
            return self._pace
        wanted = self._pace.expect(iterations, elapsed)
        self._settle(iterations, wanted)
        return self.cooling.nearest(wanted, iterations)

    def _settle(self, iterations: int, wanted: int) -> None:
        while not self.cooling.settled and self.cooling.next <= iterations:
            number = self._pace if isinstance(self._pace, int) else self.cooling.roomiest(wanted)
            self.cooling.settle(number)

    def out_of_time(self, elapsed: float, seconds: float) -> bool:
        """Whether the search must end now; one that looks for a number to end at is given a little longer."""
        late_s = 0.0 if isinstance(self._pace, int) else max(LATE_S, seconds * LATE)
        return elapsed >= seconds + late_s
