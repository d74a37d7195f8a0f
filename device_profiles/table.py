"""A TOML table that is read key by key, so that every mistake is named with file, key and mend."""

import difflib
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any, TypeVar

from domain.errors import ProfileError

T = TypeVar("T")
_MISSING: Any = object()
_NAMES = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    dict: "a table",
    list: "a list",
}


class Table:
    """One table of a profile; `finish` complains of keys that nobody asked for."""

    def __init__(self, content: Mapping[str, Any], where: str) -> None:
        self._content = content
        self._asked: set[str] = set()
        self.where = where

    def __contains__(self, key: str) -> bool:
        self._asked.add(key)
        return key in self._content

    def wrong(self, key: str, what: str) -> ProfileError:
        """Make the error of a key of this table."""
        return ProfileError(f"{self.where}: {key}: {what}", where=self.where, key=key)

    def raw(self, key: str, default: Any = _MISSING) -> Any:
        """The value as TOML gave it."""
        self._asked.add(key)
        if key in self._content:
            return self._content[key]
        if default is _MISSING:
            raise self.wrong(key, "is missing; add it")
        return default

    def _typed(self, key: str, kind: type[T], default: Any) -> T:
        value = self.raw(key, default)
        if value is default and key not in self._content:
            return value  # type: ignore[no-any-return]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.wrong(key, f"must be {_NAMES[kind]}, not {value!r}")
        return value

    def text(self, key: str, default: Any = _MISSING) -> str:
        """A text that is not empty."""
        value: str = self._typed(key, str, default)
        if value == "" and key in self._content:
            raise self.wrong(key, "is empty; write something")
        return value

    def maybe_text(self, key: str) -> str | None:
        """A text, or None."""
        return self.text(key) if key in self else None

    def integer(self, key: str, default: Any = _MISSING, *, low: int = 0, high: int = 2**63 - 1) -> int:
        """A whole number within bounds."""
        value: int = self._typed(key, int, default)
        if not low <= value <= high:
            raise self.wrong(key, f"must lie between {low} and {high}, not {value}")
        return value

    def maybe_integer(self, key: str, *, low: int = 0, high: int = 2**63 - 1) -> int | None:
        """A whole number, or None."""
        return self.integer(key, low=low, high=high) if key in self else None

    def number(self, key: str, default: Any = _MISSING) -> float:
        """A finite number."""
        return finite(self.raw(key, default), self, key)

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false."""
        return self._typed(key, bool, default)

    def choice(self, key: str, choices: Iterable[str], default: Any = _MISSING) -> str:
        """One text of a closed list."""
        value = self.text(key, default)
        known = [str(choice) for choice in choices]
        if value not in known:
            raise self.wrong(
                key, f"{value!r} is unknown{_guess(value, known)}; use one of {', '.join(known)}"
            )
        return value

    def pair(self, key: str) -> tuple[float, float] | None:
        """A range as [low, high], or None."""
        if key not in self:
            return None
        value = self.raw(key)
        if not isinstance(value, list) or len(value) != 2:
            raise self.wrong(key, "must be a list [low, high]")
        low, high = (finite(bound, self, key) for bound in value)
        if low > high:
            raise self.wrong(key, f"{low} is above {high}; write [low, high]")
        return low, high

    def entries(self, key: str, default: Any = _MISSING) -> list[Any]:
        """A list of whatever."""
        return self._typed(key, list, default)

    def table(self, key: str) -> "Table":
        """The table under the key; empty where there is none."""
        return Table(self._typed(key, dict, {}), f"{self.where}: {key}")

    def tables(self, key: str) -> "list[Table]":
        """The array of tables under the key; empty where there is none."""
        entries: list[Any] = self._typed(key, list, [])
        if not all(isinstance(entry, dict) for entry in entries):
            raise self.wrong(key, f"must be an array of tables; begin each with [[{key}]]")
        return [
            Table(entry, f"{self.where}: {key}[{number}]") for number, entry in enumerate(entries, start=1)
        ]

    def maybe_entries(self, key: str) -> list[Any] | None:
        """A list of whatever, or None."""
        return self.entries(key) if key in self else None

    def items(self) -> Iterable[tuple[str, Any]]:
        """All keys and values, for tables whose keys are free."""
        self._asked.update(self._content)
        return self._content.items()

    def finish(self) -> None:
        """Complain of keys that mean nothing here."""
        for key in self._content:
            if key not in self._asked:
                raise self.wrong(key, f"means nothing here{_guess(key, self._asked)}; remove or rename it")


def finite(value: Any, table: Table, key: str) -> float:
    """Check that a value of a table is a finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        raise table.wrong(key, f"must be a finite number, not {value!r}")
    return value


def _guess(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""
