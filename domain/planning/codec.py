"""The problem's dataclasses as plain JSON data and back, by their annotations; what comes from outside is checked here.

A field is written only where it differs from its default. Sets become sorted lists, tuples lists, instants ISO 8601; a
visit says its ``kind``. Reading names the field that is unknown, missing or of another type.
"""

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from domain.planning.checks import require
from domain.planning.errors import InvalidProblem
from domain.planning.places import Matrix
from domain.planning.solution import Collect, Pause, Unload, Visit

_VISITS: dict[str, type] = {"collect": Collect, "unload": Unload, "pause": Pause}
_KINDS = {kind: name for name, kind in _VISITS.items()}
_Reader = Callable[[Any, str], Any]
"""Turns plain data into a value; the text says which field it is, for messages."""


@dataclass(frozen=True, kw_only=True)
class _Part:
    """A field: how it is read, and what it is if it is left out."""

    name: str
    reader: _Reader
    default: Any
    is_matrix: bool


def write(thing: Any) -> dict[str, Any]:
    """Return a dataclass as plain data for JSON."""
    kind: Any = type(thing)
    record: dict[str, Any] = {"kind": _KINDS[kind]} if kind in _KINDS else {}
    for part in _parts_of(kind):
        value = getattr(thing, part.name)
        if part.is_matrix:
            record[part.name] = [row.tolist() if hasattr(row, "tolist") else list(row) for row in value]
        elif part.default is MISSING or value != part.default:
            record[part.name] = _write_value(value)
    return record


def read(kind: Any, data: Any, where: str) -> Any:
    """Return the dataclass that `write` wrote.

    Raises
    ------
    InvalidProblem
        If a field is unknown, missing or of another type, or the values contradict each other.
    """
    _check_object(data, where)
    parts = {part.name: part for part in _parts_of(kind)}
    for name in data:
        require(name in parts, f"{where}: field {name} is unknown; known are {', '.join(sorted(parts))}")
    for name, part in parts.items():
        require(name in data or part.default is not MISSING, f"{where}: field {name} is missing")
    named = f"{where} {data['id']}" if isinstance(data.get("id"), str) else where
    return kind(**{name: parts[name].reader(value, f"{named}: {name}") for name, value in data.items()})


def _write_value(value: Any) -> Any:
    if is_dataclass(value):
        return write(value)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_write_value(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value


@cache
def _parts_of(kind: Any) -> tuple[_Part, ...]:
    hints = get_type_hints(kind)
    return tuple(
        _Part(
            name=field.name,
            reader=_reader_of(hints[field.name]),
            default=field.default,
            is_matrix=hints[field.name] == Matrix,
        )
        for field in fields(kind)
    )


def _reader_of(kind: Any) -> _Reader:
    origin, parts = get_origin(kind), get_args(kind)
    if kind == Visit:
        return _read_visit
    if kind == Matrix:
        return _read_matrix
    if kind is datetime:
        return _read_instant
    if origin is Literal:
        return _one_of(parts)
    if origin in (Union, UnionType):
        (other,) = (part for part in parts if part is not NoneType)
        return _or_none(_reader_of(other))
    if origin in (tuple, frozenset):
        return _many(origin, _reader_of(parts[0]))
    if is_dataclass(kind):
        return lambda data, where: read(kind, data, where)
    return _plain(kind)


def _plain(kind: type) -> _Reader:
    def read_plain(data: Any, where: str) -> Any:
        require(type(data) is kind, f"{where} must be of type {kind.__name__}, it is {_shown(data)}")
        return data

    return read_plain


def _one_of(values: Sequence[Any]) -> _Reader:
    def read_one(data: Any, where: str) -> Any:
        require(data in values, f"{where} must be one of {', '.join(values)}, it is {_shown(data)}")
        return data

    return read_one


def _or_none(reader: _Reader) -> _Reader:
    return lambda data, where: None if data is None else reader(data, where)


def _many(collection: type, reader: _Reader) -> _Reader:
    def read_all(data: Any, where: str) -> Any:
        require(isinstance(data, list | tuple), f"{where} must be a list, it is {_shown(data)}")
        return collection(reader(each, f"{where}[{index}]") for index, each in enumerate(data))

    return read_all


def _read_visit(data: Any, where: str) -> Any:
    _check_object(data, where)
    kind = data.get("kind")
    require(
        isinstance(kind, str) and kind in _VISITS,
        f"{where}: kind must be one of {', '.join(_VISITS)}, it is {_shown(kind)}",
    )
    return read(_VISITS[kind], {name: value for name, value in data.items() if name != "kind"}, where)


def _read_instant(data: Any, where: str) -> datetime:
    try:
        return datetime.fromisoformat(data)
    except (TypeError, ValueError):
        raise InvalidProblem(f"{where} must be an instant in ISO 8601, it is {_shown(data)}") from None


def _read_matrix(data: Any, where: str) -> Matrix:
    if hasattr(data, "dtype") and hasattr(data, "shape"):
        return cast(Matrix, data)  # an array of whole numbers, as a reader of files made it
    require(isinstance(data, list | tuple), f"{where} must be a list of rows, it is {_shown(data)}")
    for index, row in enumerate(data):
        try:
            array("q", row)
        except (TypeError, OverflowError):
            raise InvalidProblem(f"{where}[{index}] must be a list of whole numbers") from None
    return [list(row) for row in data]


def _check_object(data: Any, where: str) -> None:
    require(isinstance(data, Mapping), f"{where} must be an object, it is {_shown(data)}")


def _shown(data: Any) -> str:
    text = repr(data)
    return text if len(text) <= 60 else f"{text[:57]}…"
