"""Cursors: where the next page begins, by the sort key of the last item, so that inserts neither skip nor repeat.

A cursor is opaque to clients. It is bound to its list and filters, and its values are checked for their types; it
opens nothing that the caller could not read anyway, so it needs no signature.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import orjson

from api.problems import ProblemError, invalid
from domain.time import check_aware, from_micros, to_micros

MAX_LENGTH = 400
INT8 = range(-(2**63), 2**63)


@dataclass(frozen=True, kw_only=True, slots=True)
class Keyset:
    """The sort key of one list: its name, its filters, and the types of its columns (int, str or datetime)."""

    name: str
    types: tuple[type, ...]
    filters: tuple[tuple[str, Any], ...] = ()

    def encode(self, values: Sequence[Any]) -> str:
        """Return the cursor that goes on after an item with these values."""
        packed = [to_micros(value) if isinstance(value, datetime) else value for value in values]
        return urlsafe_b64encode(orjson.dumps([self._fingerprint(), *packed])).decode().rstrip("=")

    def decode(self, cursor: str | None) -> tuple[Any, ...]:
        """Return the values to go on after; all None for the first page.

        Raises
        ------
        ProblemError
            If the cursor is none of this list with these filters.
        """
        if cursor is None:
            return (None,) * len(self.types)
        try:
            fingerprint, *packed = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            values = [_unpacked(kind, value) for kind, value in zip(self.types, packed, strict=True)]
        except (ValueError, TypeError, OverflowError):
            raise _wrong("is no cursor") from None
        if fingerprint != self._fingerprint():
            raise _wrong("belongs to another list or to other filters")
        return tuple(values)

    def _fingerprint(self) -> str:
        given = sorted((name, str(value)) for name, value in self.filters if value is not None)
        return blake2b(orjson.dumps([self.name, given]), digest_size=6).hexdigest()


def _unpacked(kind: type, value: Any) -> Any:
    if kind is datetime:
        if type(value) is not int:
            raise TypeError
        return check_aware(from_micros(value))
    if type(value) is not kind:
        raise TypeError
    if isinstance(value, int) and value not in INT8:
        raise OverflowError
    if isinstance(value, str) and "\0" in value:
        raise ValueError
    return value


def _wrong(what: str) -> ProblemError:
    return invalid(
        "cursor", f"this {what}", hint="Take next_cursor as it came, with the same filters, or leave it out."
    )
