"""One decorator for all kernels, so that each is compiled alike and kept in the chosen cache folder."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from processing.routing.warm import ensure_cache

ensure_cache()

import numba  # noqa: E402 - the cache folder must be chosen before

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
# Kernels make no arrays; without counting references to those handed over they compile in two thirds of the time.
_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
APART: dict[str, Any] = {"cache": True, "error_model": "numpy"}
"""Options of machine code that is called by its address."""
_INNER: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def kernel(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Compile for other kernels to call; no fast-math, so results do not depend on the machine.

    It cannot be called from Python: what that needs takes the compiler longer than the kernel itself.
    """
    return cast("Callable[Parameters, Result]", numba.njit(**_OPTIONS, **_INNER)(function))


def inlined(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Compile into each kernel that calls it: handing over tables costs more than a small kernel's own work."""
    return cast("Callable[Parameters, Result]", numba.njit(forceinline=True, **_OPTIONS, **_INNER)(function))


def merged(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Make the kernel a part of its only caller before anything is compiled: what calls is compiled once, not twice."""
    return cast("Callable[Parameters, Result]", numba.njit(inline="always", **_OPTIONS, **_INNER)(function))


def entry(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Compile at the first call from Python, and keep the machine code of it and of all that it calls."""
    return cast("Callable[Parameters, Result]", numba.njit(**_OPTIONS)(function))
