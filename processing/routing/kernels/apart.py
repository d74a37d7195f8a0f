"""Call a kernel by its address.

Whatever a kernel calls is optimised again as a part of it, and of all that call it in turn. What is large and called
from deep within is therefore compiled apart, once, and only for problems that need it.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

from processing.routing.kernels.compile import APART
from processing.routing.kernels.model import Int32, Int64

# The cache folder must be chosen before, by `compile`.
import llvmlite.ir as ir  # type: ignore[import-untyped]  # isort: skip
import numba  # isort: skip
from numba.extending import intrinsic  # isort: skip

_numba: Any = numba
_types = _numba.types
table_of = _numba.carray
"""The table, of a shape, that begins at an entry."""
TABLES = _types.void(_types.CPointer(_types.int64), _types.int64, _types.CPointer(_types.int32), _types.int64)
"""Two tables, each by its first entry and its number of rows."""


def apart(function: Callable[..., None]) -> Callable[[], int]:
    """Compile at the first call of what is returned, which returns the address of the machine code."""
    compiled: list[Any] = []

    def address() -> int:
        if not compiled:
            compiled.append(_numba.cfunc(TABLES, **APART)(function))
        return int(compiled[0].address)

    return address


def _call_at(_typing: object, address: Any, p: Any, window: Any) -> tuple[Any, Callable[..., Any]]:
    def generate(context: Any, builder: Any, signature: Any, values: Sequence[Any]) -> Any:
        byte, count = ir.IntType(8).as_pointer(), ir.IntType(64)
        tables = []
        for kind, value in zip(signature.args[1:], values[1:], strict=True):
            array = context.make_array(kind)(context, builder, value)
            tables += [builder.bitcast(array.data, byte), builder.extract_value(array.shape, 0)]
        code = ir.FunctionType(ir.VoidType(), [byte, count, byte, count]).as_pointer()
        builder.call(builder.inttoptr(values[0], code), tables)
        return context.get_dummy_value()

    return _types.void(address, p, window), generate


call_at = cast("Callable[[int, Int64, Int32], None]", intrinsic(_call_at))
"""Run the machine code at an address on two tables."""
