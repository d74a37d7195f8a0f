"""Many rows to the server at once: packed by NumPy into one COPY, or as arrays that the server unnests.

COPY is the fast way; `unnest` serves servers and poolers that pass no COPY. Both are tested to store the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from psycopg import sql

from domain.time import from_micros
from storage.database import Connection

Staging = Literal["copy", "unnest"]
Values: TypeAlias = NDArray[Any] | Sequence[Any]

POSTGRES_EPOCH_US = 946_684_800_000_000
"""2000-01-01 in microseconds since 1970; the server's binary times count from there."""

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
PACKED = {"int2": ">i2", "int4": ">i4", "int8": ">i8", "float4": ">f4", "float8": ">f8", "bool": ">i1"}
PACKED |= {"timestamptz": ">i8", "uuid": "V16"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column to be written: `values` is an array of the type's own dtype, or a list of Python values.

    Times in arrays are int64 microseconds since 1970; UUIDs in arrays are 16 raw bytes each (dtype V16).
    """

    name: str
    type: str
    values: Values


def write(connection: Connection, table: str, columns: Sequence[Column], staging: Staging) -> None:
    """Append rows to a table."""
    if not len(columns[0].values):
        return
    if staging == "unnest":
        _unnest(connection, table, columns)
    elif all(isinstance(column.values, np.ndarray) for column in columns):
        _copy_packed(connection, table, columns)
    else:
        _copy_rows(connection, table, columns)


def _copy_packed(connection: Connection, table: str, columns: Sequence[Column]) -> None:
    command = _copy_command(table, columns) + sql.SQL(" WITH (FORMAT binary)")
    with connection.cursor().copy(command) as copy:
        copy.write(HEADER + pack(columns).tobytes() + TRAILER)


def pack(columns: Sequence[Column]) -> NDArray[np.void]:
    """Rows in the format of a binary COPY: field count, then length and big-endian value of each field."""
    layout: list[tuple[str, str]] = [("fields", ">i2")]
    for number, column in enumerate(columns):
        layout += [(f"length{number}", ">i4"), (f"value{number}", PACKED[column.type])]
    rows = np.empty(len(columns[0].values), dtype=np.dtype(layout))
    rows["fields"] = len(columns)
    for number, column in enumerate(columns):
        values = np.asarray(column.values)
        rows[f"length{number}"] = np.dtype(PACKED[column.type]).itemsize
        rows[f"value{number}"] = values - POSTGRES_EPOCH_US if column.type == "timestamptz" else values
    return rows


def _copy_rows(connection: Connection, table: str, columns: Sequence[Column]) -> None:
    with connection.cursor().copy(_copy_command(table, columns)) as copy:
        for row in zip(*(python_values(column) for column in columns), strict=True):
            copy.write_row(row)


def _copy_command(table: str, columns: Sequence[Column]) -> sql.Composed:
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)


def _unnest(connection: Connection, table: str, columns: Sequence[Column]) -> None:
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    arrays = sql.SQL(", ").join(sql.SQL("%s::{}[]").format(sql.SQL(column.type)) for column in columns)
    command = sql.SQL("INSERT INTO {} ({}) SELECT * FROM unnest({})").format(
        sql.Identifier(table), names, arrays
    )
    connection.execute(command, [python_values(column) for column in columns])


def python_values(column: Column) -> list[Any]:
    """The values as Python objects that the driver understands."""
    values = column.values
    if not isinstance(values, np.ndarray):
        return list(values)
    if column.type == "timestamptz":
        return [from_micros(micros) for micros in values.tolist()]
    if column.type == "uuid":
        return [raw.hex() for raw in values.tolist()]
    if column.type == "bool":
        values = values.astype(bool)
    plain: list[Any] = values.tolist()
    return plain


def micros(times: Sequence[datetime]) -> NDArray[np.int64]:
    """Microseconds since 1970 of aware instants; exact until 2242, as far as doubles hold microseconds."""
    seconds = np.fromiter((time.timestamp() for time in times), np.float64, len(times))
    return np.rint(seconds * 1e6).astype(np.int64)
