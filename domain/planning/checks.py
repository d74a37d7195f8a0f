"""Small checks that every part of a problem runs on itself when it is made."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Protocol

from domain.planning.errors import InvalidProblem


class _Window(Protocol):
    @property
    def open_s(self) -> int: ...
    @property
    def close_s(self) -> int: ...


def require(condition: bool, message: str) -> None:
    """Refuse the problem with this message unless the condition holds."""
    if not condition:
        raise InvalidProblem(message)


def check_not_negative(owner: str, thing: object, names: Iterable[str]) -> None:
    """Refuse negative values of these attributes; None passes."""
    for name in names:
        value = getattr(thing, name)
        require(value is None or value >= 0, f"{owner}: {name} must not be negative, it is {value}")


def check_windows(owner: str, windows: Iterable[_Window]) -> None:
    """Refuse windows that overlap or are out of order."""
    for earlier, later in pairwise(windows):
        require(
            earlier.close_s < later.open_s,
            f"{owner}: time windows must be in order and apart from each other",
        )


def check_unique(kind: str, names: Iterable[str]) -> set[str]:
    """Refuse a name that is given twice; return all of them."""
    seen: set[str] = set()
    for name in names:
        require(name not in seen, f"{kind} {name} is given twice")
        seen.add(name)
    return seen
