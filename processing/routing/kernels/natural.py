"""Numbers as the compiler likes them: of 64 bits, and known not to be negative.

An index that might be negative costs a comparison and a choice at every access, as Python counts it from the end. A
number that comes from 32 bits without a sign cannot be: the compiler then leaves that out. And each new type of
argument, a constant or a number of 32 bits, makes the compiler start afresh for the same kernel.
"""

import numpy as np

from processing.routing.kernels.compile import inlined


@inlined
def natural(number: int) -> int:
    """The same number, from 0 to 2**32 - 1."""
    return int(np.int64(np.uint32(number)))


@inlined
def whole(number: int) -> int:
    """The same number in 64 bits."""
    return int(np.int64(number))
