"""Hand tables over by reference.

A named tuple of arrays is handed over as some hundred numbers, each array as ten; for a small kernel that takes longer
than its own work, and the compiler's time as well. A reference is one number: the kernel fetches what it needs.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from processing.routing.warm import ensure_cache

ensure_cache()

import llvmlite.ir as ir  # type: ignore[import-untyped]  # noqa: E402 - the cache folder must be chosen before
import numba  # noqa: E402
from numba import extending  # noqa: E402
from numba.core import cgutils  # noqa: E402
from numba.core.typing import templates  # noqa: E402

_types: Any = numba.types
_extending: Any = extending
_templates: Any = templates
_utils: Any = cgutils
Table = TypeVar("Table")


class Reference(_types.Type):  # type: ignore[misc]
    """The type of a reference to a named tuple."""

    def __init__(self, table: Any) -> None:
        self.table = table
        super().__init__(name=f"Reference({table.name})")


@_extending.register_model(Reference)
class _ReferenceModel(_extending.models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: Reference) -> None:
        super().__init__(manager, kind, manager.lookup(kind.table).get_value_type().as_pointer())


@_extending.infer_getattr
class _ReferenceFields(_templates.AttributeTemplate):  # type: ignore[misc]
    key = Reference

    def generic_resolve(self, kind: Reference, field: str) -> Any:
        if field in kind.table.fields:
            return kind.table.types[kind.table.fields.index(field)]
        return None


@_extending.lower_getattr_generic(Reference)
def _fetch(_context: Any, builder: Any, kind: Reference, value: Any, field: str) -> Any:
    number = kind.table.fields.index(field)
    return _load(builder, _utils.gep_inbounds(builder, value, 0, number))


def _load(builder: Any, pointer: Any) -> Any:
    """Load number by number what stands at a pointer, so that the compiler drops what is not needed."""
    kind = pointer.type.pointee
    if not isinstance(kind, ir.Aggregate):
        return builder.load(pointer)
    whole = ir.Constant(kind, ir.Undefined)
    for number in range(len(kind)):
        part = _load(builder, _utils.gep_inbounds(builder, pointer, 0, number))
        whole = builder.insert_value(whole, part, number)
    return whole


def _refer(_typing: object, table: Any) -> tuple[Any, Callable[..., Any]]:
    def generate(_context: Any, builder: Any, _signature: Any, values: Sequence[Any]) -> Any:
        return _utils.alloca_once_value(builder, values[0])

    return Reference(table)(table), generate


refer = cast("Callable[[Table], Table]", _extending.intrinsic(_refer))
"""A reference to a named tuple, good until the kernel that makes it returns."""
