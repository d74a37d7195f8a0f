"""What a problem's whole numbers mean in the file they come from: so many of them make one of a unit."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Measure:
    """``per`` of the problem's numbers make one ``unit``, which is empty where the file has no name for it."""

    unit: str = ""
    per: int = 1

    def of(self, value: int) -> float:
        """The number as the file would have it; an int where it counts in whole numbers."""
        return int(value) if self.per == 1 else round(int(value) / self.per, 4)


@dataclass(frozen=True, kw_only=True)
class Measures:
    """Distances, times and loads of a family.

    Attributes
    ----------
    weight : Measure or None
        None where the file knows one sort of load only.
    on_a_clock : bool
        Whether times, then in seconds, are those of a clock that begins at midnight.
    """

    distance: Measure = field(default_factory=Measure)
    time: Measure = field(default_factory=Measure)
    load: Measure = field(default_factory=Measure)
    weight: Measure | None = None
    on_a_clock: bool = False


OWN = Measures(
    distance=Measure(unit="m"),
    time=Measure(unit="s"),
    load=Measure(unit="l"),
    weight=Measure(unit="kg"),
    on_a_clock=True,
)
