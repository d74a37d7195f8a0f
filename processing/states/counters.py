"""Keeps each counter's state: the newest quarter hour and hour that are over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from domain.flow import Aggregate, FlowState, flow_state
from processing.states.sql import STATES
from storage.database import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class _Interval:
    begins_at: datetime
    state: FlowState


def update_counters(connection: Connection, things: Sequence[int], now: datetime) -> None:
    """Bring the states of the given counters up to date, in the caller's transaction."""
    quarters = _newest(connection, "newest_quarter", things, now)
    hours = _newest(connection, "newest_hour", things, now)
    known = sorted(quarters.keys() | hours.keys())
    if known:
        columns = _columns("q", [quarters.get(thing) for thing in known]) | _columns(
            "h", [hours.get(thing) for thing in known]
        )
        connection.execute(STATES["upsert_counters"], columns | {"things": known, "now": now})


def _newest(connection: Connection, query: str, things: Sequence[int], now: datetime) -> dict[int, _Interval]:
    rows = connection.execute(STATES[query], {"things": list(things), "now": now}).fetchall()
    return {
        thing_id: _Interval(begins_at=begins_at, state=flow_state(_aggregate(row) for row in group))
        for (thing_id, begins_at), group in groupby(rows, key=itemgetter(0, 1))
    }


def _aggregate(row: tuple[object, ...]) -> Aggregate:
    _, _, quantity, qualifier, total, weight, covered_s = row
    return Aggregate(
        quantity=str(quantity),
        qualifier=str(qualifier),
        sum=float(total or 0),  # type: ignore[arg-type]  # a column of the query
        weight=float(weight or 0),  # type: ignore[arg-type]
        covered_s=float(covered_s or 0),  # type: ignore[arg-type]
    )


def _columns(prefix: str, intervals: Sequence[_Interval | None]) -> dict[str, object]:
    states = [interval and interval.state for interval in intervals]
    return {
        f"{prefix}_begins": [interval and interval.begins_at for interval in intervals],
        f"{prefix}_flow": [state and state.flow_per_h for state in states],
        f"{prefix}_speed": [state and state.speed_kmh for state in states],
        f"{prefix}_heavy": [state and state.heavy_share_percent for state in states],
    }
