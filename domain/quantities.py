"""The observed quantities: the closed list of what a datastream may measure, with unit and aggregation."""

from dataclasses import dataclass
from enum import StrEnum


class Aggregation(StrEnum):
    """How readings of a datastream are summarised over an interval."""

    SUM = "sum"
    MEAN = "mean"
    WEIGHTED_MEAN = "weighted_mean"
    LAST = "last"
    MAX = "max"


@dataclass(frozen=True, kw_only=True, slots=True)
class Quantity:
    """One observable property; `unit` is UCUM and fixed for the whole system."""

    key: str
    unit: str
    aggregation: Aggregation
    german: str
    english: str


def _table(*rows: tuple[str, str, Aggregation, str, str]) -> dict[str, Quantity]:
    return {
        key: Quantity(key=key, unit=unit, aggregation=aggregation, german=german, english=english)
        for key, unit, aggregation, german, english in rows
    }


QUANTITIES = _table(
    ("distance", "m", Aggregation.LAST, "Abstand", "Distance"),
    ("fill_level", "%", Aggregation.LAST, "Füllstand", "Fill level"),
    ("temperature", "Cel", Aggregation.MEAN, "Temperatur", "Temperature"),
    ("humidity", "%", Aggregation.MEAN, "Luftfeuchte", "Humidity"),
    ("tilt", "deg", Aggregation.MAX, "Neigung", "Tilt"),
    ("battery_voltage", "V", Aggregation.LAST, "Batteriespannung", "Battery voltage"),
    ("battery_level", "%", Aggregation.LAST, "Batteriestand", "Battery level"),
    ("vehicle_count", "{vehicle}", Aggregation.SUM, "Fahrzeuge", "Vehicles"),
    ("flow", "{vehicle}/h", Aggregation.MEAN, "Verkehrsstärke", "Flow"),
    ("speed", "km/h", Aggregation.WEIGHTED_MEAN, "Geschwindigkeit", "Speed"),
    ("energy_total", "kW.h", Aggregation.LAST, "Zählerstand", "Meter reading"),
    ("energy", "kW.h", Aggregation.SUM, "Energie", "Energy"),
    ("power", "W", Aggregation.MEAN, "Leistung", "Power"),
    ("voltage", "V", Aggregation.MEAN, "Spannung", "Voltage"),
    ("current", "A", Aggregation.MEAN, "Strom", "Current"),
    ("occupancy", "1", Aggregation.LAST, "Belegung", "Occupancy"),
    ("rssi", "dB[mW]", Aggregation.LAST, "Empfangspegel", "Signal strength"),
    ("snr", "dB", Aggregation.LAST, "Signal-Rausch-Abstand", "Signal-to-noise ratio"),
)
"""Every quantity by its key."""
