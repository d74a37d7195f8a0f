"""A counter's state from one interval's counts: flow, mean speed and heavy share over all lanes and directions.

Flow is that of motor vehicles. A counter may report totals beside its classes; then only the classes count, or every
vehicle would count twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.things import qualifier_parts
from domain.vehicles import HEAVY, NOT_MOTOR, VehicleClass

HOUR_S = 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Aggregate:
    """One datastream's rollup over the interval: sum of value times weight, weight, and the seconds it covers."""

    quantity: str
    qualifier: str
    sum: float
    weight: float
    covered_s: float


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowState:
    """Traffic through a counting cross-section; None where the counter does not say."""

    flow_per_h: float | None
    speed_kmh: float | None
    heavy_share_percent: float | None


def flow_state(aggregates: Iterable[Aggregate]) -> FlowState:
    """Sum up one counter's aggregates of one interval."""
    rows = list(aggregates)
    counts = _motor([row for row in rows if row.quantity == "vehicle_count" and row.covered_s > 0])
    speeds = _motor([row for row in rows if row.quantity == "speed" and row.weight > 0])
    flow = sum(_per_hour(row) for row in counts) if counts else None
    heavy = sum(_per_hour(row) for row in counts if _class(row) in HEAVY)
    weight = sum(row.weight for row in speeds)
    classified = any(_class(row) for row in counts)
    return FlowState(
        flow_per_h=flow,
        speed_kmh=sum(row.sum for row in speeds) / weight if weight else None,
        heavy_share_percent=100 * heavy / flow if flow and classified else None,
    )


def _motor(rows: Sequence[Aggregate]) -> list[Aggregate]:
    """Rows of motor traffic: those by class where there are any, else the totals."""
    by_class = [row for row in rows if _class(row)]
    return [row for row in by_class or rows if _class(row) not in NOT_MOTOR]


def _class(row: Aggregate) -> VehicleClass | None:
    name = qualifier_parts(row.qualifier).get("class")
    if name is None:
        return None
    return VehicleClass(name) if name in set(VehicleClass) else VehicleClass.OTHER


def _per_hour(row: Aggregate) -> float:
    return row.sum * HOUR_S / row.covered_s
