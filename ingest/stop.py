"""The wish to stop, safe to express from a signal handler.

`threading.Event` is not: a handler that interrupts its owner inside `wait` or `clear` waits for a lock that the same
thread holds.
"""

import time

STEP_S = 0.05


class Stop:
    """A flag that is set once, by any thread or signal handler."""

    def __init__(self) -> None:
        self._asked = False

    def ask(self) -> None:
        """Ask for the stop."""
        self._asked = True

    @property
    def asked(self) -> bool:
        """Whether a stop was asked for."""
        return self._asked

    def wait(self, seconds: float) -> None:
        """Sleep, but no longer than until the stop is asked for."""
        deadline = time.monotonic() + seconds
        while not self._asked and (left_s := deadline - time.monotonic()) > 0:
            time.sleep(min(left_s, STEP_S))
