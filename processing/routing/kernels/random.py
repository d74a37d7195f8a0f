"""Pseudo-random numbers of our own (xorshift64*), so that a seed means the same with every version of every library."""

import numpy as np

from processing.routing.kernels.compile import inlined
from processing.routing.kernels.model import UInt64


@inlined
def next_bits(state: UInt64) -> int:
    """The next 32 random bits; ``state`` is one uint64 other than zero."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return int(np.int64((x * np.uint64(2685821657736338717)) >> np.uint64(32)))


@inlined
def below(state: UInt64, limit: int) -> int:
    """A whole number from 0 to ``limit`` - 1."""
    return (next_bits(state) * limit) >> 32


@inlined
def fraction(state: UInt64) -> float:
    """A number from 0 up to, not including, 1."""
    return next_bits(state) / 4294967296.0
