"""One decorator for all kernels, so that each is compiled alike and kept in the chosen cache folder."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from processing.routing.warm import ensure_cache

ensure_cache()

import numba  # noqa: E402 - the cache folder must be chosen before

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def kernel(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Compile at first call and keep the machine code; no fast-math, so results do not depend on the machine."""
    return cast("Callable[Parameters, Result]", numba.njit(cache=True, nogil=True)(function))
