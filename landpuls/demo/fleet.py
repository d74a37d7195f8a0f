"""What the simulated fleet says of itself: how much it has published, and whether the past is replayed."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class FleetTally:
    """`published`: messages that the broker has acknowledged to the fleet, in all of its runs.

    `resent`: those of the present run that were sent again after a lost connection; the broker may have them twice.
    """

    published: int = 0
    resent: int = 0
    history_done: bool = False
    progress: float = 0.0


def read_tally(file: Path, *, since: float = 0.0) -> FleetTally:
    """Read the tally; an empty one if the fleet has not written any since an instant (seconds since 1970)."""
    try:
        if file.stat().st_mtime < since:
            return FleetTally()
        tally = json.loads(file.read_bytes())
        return FleetTally(
            published=int(tally["published_total"]),
            resent=int(tally.get("resent", 0)),
            history_done=bool(tally["history_done"]),
            progress=float(tally["progress"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return FleetTally()
