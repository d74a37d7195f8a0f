"""The JSON Schema of our own problem files, made from the model itself: fields, types, and what its docstrings say."""

import inspect
import re
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from domain.planning import Collect, Matrix, Pause, PlanProblem, Unload, Visit
from domain.planning.sizes import MOST_LEG

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    Matrix: {
        "type": "array",
        "items": {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": MOST_LEG}},
    },
}
_VISITS: dict[type, str] = {Collect: "collect", Unload: "unload", Pause: "pause"}
_ATTRIBUTE = re.compile(r"^(\w+(?:, \w+)*) : .*$")


def problem_schema() -> dict[str, Any]:
    """Return the schema of a problem file; each object is a dataclass of `domain.planning`."""
    definitions: dict[str, Any] = {}
    _define(PlanProblem, definitions)
    return {
        "$schema": DIALECT,
        "title": "A collection problem for `landpuls solve`",
        "$ref": "#/$defs/PlanProblem",
        "$defs": dict(sorted(definitions.items())),
    }


def _define(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if kind.__name__ not in definitions:
        definition: dict[str, Any] = {}
        definitions[kind.__name__] = definition
        hints, texts = get_type_hints(kind), _attributes(kind)
        properties = {} if kind not in _VISITS else {"kind": {"const": _VISITS[kind]}}
        properties |= {
            field.name: _of(hints[field.name], definitions)
            | ({"description": texts[field.name]} if field.name in texts else {})
            for field in fields(kind)
        }
        needed = [field.name for field in fields(kind) if field.default is MISSING]
        definition |= {
            "description": _summary(kind),
            "type": "object",
            "properties": properties,
            "required": (["kind"] if kind in _VISITS else []) + needed,
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _of(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, parts = get_origin(kind), get_args(kind)
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    if kind == Visit:
        return {"oneOf": [_define(each, definitions) for each in _VISITS]}
    if origin is Literal:
        return {"enum": list(parts)}
    if origin in (Union, UnionType):
        return {"anyOf": [{"type": "null"} if each is NoneType else _of(each, definitions) for each in parts]}
    if origin in (tuple, frozenset):
        return {"type": "array", "items": _of(parts[0], definitions)}
    assert is_dataclass(kind), kind
    return _define(kind, definitions)


def _summary(kind: Any) -> str:
    """The docstring without its sections."""
    return re.split(r"\n\w+\n-{3,}\n", inspect.getdoc(kind) or "")[0].strip()


def _attributes(kind: Any) -> dict[str, str]:
    """What the docstring's section on attributes says about each."""
    _, _, section = (inspect.getdoc(kind) or "").partition("\nAttributes\n----------\n")
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in section.splitlines():
        match = _ATTRIBUTE.match(line)
        if match:
            current = []
            found.update(dict.fromkeys(match[1].split(", "), current))
        elif line.startswith("    "):
            current.append(line.strip())
        elif line.strip():
            break
    return {name: " ".join(lines) for name, lines in found.items()}
