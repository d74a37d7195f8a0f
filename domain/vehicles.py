"""Vehicle classes as counters tell them apart, and which of them count as heavy or as motor traffic.

The names follow TLS 8+1 (Technische Lieferbedingungen für Streckenstationen) as far as the bundled counters reach.
"""

from enum import StrEnum


class VehicleClass(StrEnum):
    """One class of road users; the value stands in qualifiers (`class=lorry`) and in passages."""

    PEDESTRIAN = "pedestrian"
    BICYCLE = "bicycle"
    MOTORCYCLE = "motorcycle"
    CAR = "car"
    VAN = "van"
    BUS = "bus"
    LORRY = "lorry"
    TRUCK_TRAILER = "truck_trailer"
    OTHER = "other"


HEAVY = frozenset({VehicleClass.BUS, VehicleClass.LORRY, VehicleClass.TRUCK_TRAILER})
"""Schwerverkehr: what the heavy share counts."""

NOT_MOTOR = frozenset({VehicleClass.PEDESTRIAN, VehicleClass.BICYCLE})
"""Counted, but no part of a road's flow in vehicles an hour."""
