"""Ctrl-C while Python imports and files are read: out at once with one line, for nothing is begun that needs an end.

This module imports next to nothing itself, so that it is there before anything that takes its time.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress

INTERRUPTED = 130


def say_interrupted() -> None:
    """Write the one line, whatever else of Python is there already or still."""
    with suppress(OSError):
        os.write(2, b"landpuls: interrupted.\n")


def _leave(number: int, frame: object) -> None:
    """End the process without unwinding: an exception amid an import comes out as many others."""
    say_interrupted()
    os._exit(INTERRUPTED)


@contextmanager
def leaving_at_once() -> Iterator[None]:
    """Let Ctrl-C end the process while the block runs, unless somebody else has taken the signal over."""
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
