"""Keeps each container's state: reads the levels of those touched, writes what changed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter

import numpy as np

from processing.states.fill import FillState, fill_state
from processing.states.sql import STATES
from storage.database import Connection

WINDOW = timedelta(days=14)
"""Whole weeks, so that every weekday weighs the same in the rate."""


def update_containers(connection: Connection, things: Sequence[int], now: datetime) -> None:
    """Bring the states of the given containers up to date, in the caller's transaction."""
    rows = connection.execute(
        STATES["levels"], {"things": list(things), "since": now - WINDOW, "now": now}
    ).fetchall()
    states = {
        thing_id: state
        for thing_id, group in groupby(rows, key=itemgetter(0))
        if (state := _state_of(np.array([row[1:] for row in group], dtype=np.float64))) is not None
    }
    if states:
        connection.execute(STATES["upsert_containers"], _columns(states) | {"now": now})


def _state_of(series: np.ndarray) -> FillState | None:
    return fill_state(series[:, 0], series[:, 1])


def _columns(states: dict[int, FillState]) -> dict[str, object]:
    return {
        "things": list(states),
        "fill": [state.fill_percent for state in states.values()],
        "fill_time": [_instant(state.fill_time_s) for state in states.values()],
        "rate": [state.rate_percent_per_day for state in states.values()],
        "full_at": [_instant(state.full_at_s) for state in states.values()],
        "emptied_at": [_instant(state.emptied_at_s) for state in states.values()],
    }


def _instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
