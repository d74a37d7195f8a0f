"""Random draws that belong to a moment, not to a sequence: the same for a seed however time is cut into steps.

A stream of draws is named (seed, device, purpose); its n-th draw is a keyed BLAKE2b of n. Nothing has to be stored to
go on after a restart, no draw depends on how many were made before, and every machine computes the same.
"""

from hashlib import blake2b
from math import exp, log, sqrt
from struct import Struct

_EIGHT = Struct("<8Q")
_SCALE = 2.0**-64

Uniforms = tuple[float, float, float, float, float, float, float, float]


class Draws:
    """One named stream of draws."""

    __slots__ = ("_key",)

    def __init__(self, seed: int, *name: str) -> None:
        self._key = blake2b("/".join((str(seed), *name)).encode(), digest_size=32).digest()

    def at(self, number: int) -> Uniforms:
        """Eight independent uniform numbers in [0, 1) for a (possibly negative) whole number."""
        digest = blake2b(number.to_bytes(8, "little", signed=True), key=self._key, digest_size=64).digest()
        a, b, c, d, e, f, g, h = _EIGHT.unpack(digest)
        return (
            a * _SCALE,
            b * _SCALE,
            c * _SCALE,
            d * _SCALE,
            e * _SCALE,
            f * _SCALE,
            g * _SCALE,
            h * _SCALE,
        )

    def one(self, number: int) -> float:
        """The first of the eight, where one is enough."""
        digest = blake2b(number.to_bytes(8, "little", signed=True), key=self._key, digest_size=64).digest()
        return int.from_bytes(digest[:8], "little") * _SCALE

    def hex(self, number: int = 0) -> str:
        """Sixteen hexadecimal digits, for names of sessions and the like."""
        return blake2b(number.to_bytes(8, "little", signed=True), key=self._key, digest_size=8).hexdigest()


def normal(a: float, b: float, c: float, d: float) -> float:
    """Make a bell-shaped draw of mean 0 and deviation 1 from four uniform ones (their sum; never beyond ±3.5)."""
    return (a + b + c + d - 2.0) * 1.7320508075688772


def exponential(u: float) -> float:
    """Make an exponential draw of mean 1 from a uniform one."""
    return -log(1.0 - u) if u < 1.0 else 36.0


def poisson(mean: float, u: float, bell: float) -> int:
    """Make a Poisson draw: by inversion of `u` for small means, rounded from the bell-shaped `bell` for large ones."""
    if mean > 40.0:
        return max(0, round(mean + sqrt(mean) * bell))
    term = exp(-mean)
    total, count = term, 0
    while u > total and count < 200:
        count += 1
        term *= mean / count
        total += term
    return count
