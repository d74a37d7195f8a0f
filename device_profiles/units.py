"""The closed list of units that devices send, and how each becomes the unit that the system keeps.

Conversions are exact fractions, `system = (raw * numerator + offset) / denominator`: 2116 mm are 2.116 m and not
2.1160000000000001, because integers are multiplied and divided once.
"""

from dataclasses import dataclass
from fractions import Fraction

from domain.errors import ProfileError

_UNITS: dict[str, tuple[str, str, str]] = {
    # raw unit: system unit, factor, offset (in the system unit)
    "m": ("m", "1", "0"),
    "dm": ("m", "1/10", "0"),
    "cm": ("m", "1/100", "0"),
    "mm": ("m", "1/1000", "0"),
    "%": ("%", "1", "0"),
    "0.1 %": ("%", "1/10", "0"),
    "0.5 %": ("%", "1/2", "0"),
    "1": ("1", "1", "0"),
    "Cel": ("Cel", "1", "0"),
    "0.1 Cel": ("Cel", "1/10", "0"),
    "0.01 Cel": ("Cel", "1/100", "0"),
    "K": ("Cel", "1", "-273.15"),
    "[degF]": ("Cel", "5/9", "-160/9"),
    "deg": ("deg", "1", "0"),
    "V": ("V", "1", "0"),
    "0.1 V": ("V", "1/10", "0"),
    "mV": ("V", "1/1000", "0"),
    "A": ("A", "1", "0"),
    "mA": ("A", "1/1000", "0"),
    "W": ("W", "1", "0"),
    "kW": ("W", "1000", "0"),
    "kW.h": ("kW.h", "1", "0"),
    "W.h": ("kW.h", "1/1000", "0"),
    "MJ": ("kW.h", "1/3.6", "0"),
    "km/h": ("km/h", "1", "0"),
    "m/s": ("km/h", "18/5", "0"),
    "[mi_i]/h": ("km/h", "1.609344", "0"),
    "{vehicle}": ("{vehicle}", "1", "0"),
    "{vehicle}/h": ("{vehicle}/h", "1", "0"),
    "dB[mW]": ("dB[mW]", "1", "0"),
    "dB": ("dB", "1", "0"),
    "s": ("s", "1", "0"),
    "ms": ("s", "1/1000", "0"),
    "min": ("s", "60", "0"),
}

RAW_UNITS = tuple(_UNITS)
"""Every unit that a profile may name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversion:
    """`system = (raw * numerator + offset) / denominator`, all three integers."""

    numerator: int = 1
    offset: int = 0
    denominator: int = 1

    def forward(self, raw: float) -> float:
        """From the device's number to the system's unit."""
        return (raw * self.numerator + self.offset) / self.denominator

    def backward(self, value: float) -> float:
        """From the system's unit to the device's number, not yet rounded to its resolution."""
        return (value * self.denominator - self.offset) / self.numerator

    @property
    def resolution(self) -> float:
        """The step in the system's unit that one step of an integer raw value makes."""
        return abs(self.numerator / self.denominator)


SAME = Conversion()
"""The raw number is in the system's unit."""


def _fraction(text: str) -> Fraction:
    above, _, below = text.partition("/")
    return Fraction(above) / Fraction(below or "1")


def conversion(raw_unit: str, system_unit: str, *, factor: float = 1, add: float = 0) -> Conversion:
    """Make the conversion of `raw * factor + add` (in `raw_unit`) to `system_unit`.

    Raises
    ------
    ProfileError
        If the unit is unknown or measures something else.
    """
    if raw_unit not in _UNITS:
        raise ProfileError(f"the unit {raw_unit!r} is unknown; use one of {', '.join(RAW_UNITS)}")
    unit, scale_text, offset_text = _UNITS[raw_unit]
    if unit != system_unit:
        fitting = ", ".join(raw for raw, (target, _, _) in _UNITS.items() if target == system_unit)
        raise ProfileError(f"{raw_unit!r} cannot become {system_unit!r}; use one of {fitting}")
    if not factor:
        raise ProfileError("a factor of 0 loses the value; leave the field out instead")
    scale, offset = _fraction(scale_text), _fraction(offset_text)
    slope = Fraction(str(factor)) * scale
    shift = Fraction(str(add)) * scale + offset
    denominator = slope.denominator * shift.denominator
    return Conversion(
        numerator=int(slope * denominator), offset=int(shift * denominator), denominator=denominator
    )
