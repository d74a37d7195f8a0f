"""What the simulated fleet says of itself: how much it has published, and whether the past is replayed."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class FleetTally:
    """`published`: messages that the broker acknowledged in this run of the fleet."""

    published: int = 0
    history_done: bool = False


def read_tally(file: Path) -> FleetTally:
    """Read the tally; an empty one if the fleet has not written any yet."""
    try:
        tally = json.loads(file.read_text(encoding="utf-8"))
        return FleetTally(published=int(tally["published"]), history_done=bool(tally["history_done"]))
    except (OSError, ValueError, KeyError, TypeError):
        return FleetTally()
