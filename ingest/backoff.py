"""Waiting before another try: longer each time, and never in step with other workers."""

from random import Random


class Backoff:
    """Delays that double up to a ceiling, each shortened by up to half at random.

    After an outage all workers of a region would otherwise come back at the same instant, again and again.
    """

    def __init__(self, random: Random, *, first_s: float = 0.25, ceiling_s: float = 15.0) -> None:
        self._random = random
        self._first_s = first_s
        self._ceiling_s = ceiling_s
        self.attempts = 0

    def next_s(self) -> float:
        """Return how many seconds to wait before the next try."""
        full_s = min(self._ceiling_s, self._first_s * 2.0 ** min(self.attempts, 30))
        self.attempts += 1
        return full_s * self._random.uniform(0.5, 1.0)

    def reset(self) -> None:
        """Begin anew after a success."""
        self.attempts = 0
