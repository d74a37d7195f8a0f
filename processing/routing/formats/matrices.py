"""Matrices in a JSON text, straight to arrays: as lists of Python's numbers those of 5,000 places take gigabytes."""

import json
import re
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.int64]

LONG = 10_000
"""Characters from which on it is worth it."""
_STRING_OR_MATRIX = re.compile(r'"(?:[^"\\]|\\.)*"|\[\s*\[[\d,\s\[\]]*\]\s*\]', re.ASCII)
_ROW = re.compile(r"\s*\[([\d,\s]*)\]\s*", re.ASCII)


def loads(text: str) -> Any:
    """As `json.loads`, but long matrices of whole numbers are (L, L) int64 arrays.

    Raises
    ------
    ValueError
        If it is no JSON.
    RecursionError
        If it is nested too deeply.
    """
    key = "matrix"
    while f'"{key}"' in text:
        key += "_"
    found: list[Table] = []

    def put_aside(match: re.Match[str]) -> str:
        table = _table(match[0]) if match[0][0] == "[" and len(match[0]) >= LONG else None
        if table is None:
            return match[0]
        found.append(table)
        return f'{{"{key}": {len(found) - 1}}}'

    short = _STRING_OR_MATRIX.sub(put_aside, text)
    if not found:
        return json.loads(text)
    try:
        return json.loads(short, object_hook=lambda each: found[each[key]] if key in each else each)
    except ValueError:
        return json.loads(text)  # says where in the text it is wrong


def _table(text: str) -> Table | None:
    """The matrix that this is, if it is one."""
    rows: list[Table] = []
    at, end = text.index("[") + 1, text.rindex("]")
    while match := _ROW.match(text, at, end):
        row = _numbers(match[1])
        if row is None or (rows and row.size != rows[0].size):
            return None
        rows.append(row)
        at = match.end()
        if at == end:
            return np.stack(rows) if rows[0].size == len(rows) else None
        if text[at] != ",":
            return None
        at += 1
    return None


def _numbers(text: str) -> Table | None:
    """The whole numbers between commas; None where there is anything else."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        try:
            row: Table = np.fromstring(text, dtype=np.int64, sep=",")
        except (DeprecationWarning, ValueError):
            return None
    complete = row.size == text.count(",") + 1 and text.rstrip()[-1:].isdigit()
    return row if complete else None
