"""The demonstration region: a real district's places, and an invented fleet that stands in them."""

from simulators.region.build import oberspreewald_lausitz
from simulators.region.model import Region

__all__ = ["Region", "oberspreewald_lausitz"]
