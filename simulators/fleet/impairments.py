"""What goes wrong between a sensor and the broker, and how often: shares of messages, or of days of a device."""

from dataclasses import dataclass, fields

from domain.errors import UsageError


@dataclass(frozen=True, kw_only=True, slots=True)
class Impairments:
    """Shares from 0 to 1; every one is drawn from the seed."""

    lost: float = 0.008
    """Messages that no gateway heard: their frame counter is missing."""
    duplicated: float = 0.006
    """Messages published twice, as two gateways or servers would."""
    late: float = 0.004
    """Messages that a gateway kept back, for minutes up to six hours."""
    disordered: float = 0.01
    """Messages overtaken by later ones, by seconds."""
    spiking: float = 0.001
    """Bin reports with a senseless distance, or no echo at all."""
    truncated: float = 0.0003
    """Payloads cut off in the middle."""
    stuck_days: float = 0.003
    """Days on which a bin sensor repeats one distance."""
    wrong_clock_days: float = 0.004
    """Days on which a device's own clock stands in 1970 or next year; only devices that send their time."""

    def __post_init__(self) -> None:
        for field in fields(self):
            share = getattr(self, field.name)
            if not 0 <= share <= 1:
                raise UsageError(f"{field.name} must lie between 0 and 1, not {share}")


NONE = Impairments(
    lost=0,
    duplicated=0,
    late=0,
    disordered=0,
    spiking=0,
    truncated=0,
    stuck_days=0,
    wrong_clock_days=0,
)
"""A fleet without any fault."""
