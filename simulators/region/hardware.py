"""Which device hangs at which thing: profile, installation parameters, key and envelope.

Keys are DevEUIs with the bit set that marks them as locally administered, so that no bought device ever has the same;
organisations that use our own envelope name their devices themselves.
"""

from random import Random

from simulators.region.model import (
    Container,
    Counter,
    Device,
    EnvelopeKind,
    Meter,
    Organisation,
    ParkingBay,
    RoadKind,
    Thing,
)

BIN_DINGTEK = "dingtek/df702"
BIN_MILESIGHT = "milesight/em310-udl"
RADAR_COUNTER = "parametric/tcr"
SINGLE_COUNTER = "swarm/crossing-line"
ENERGY_METER = "emu/professional-ii"
PARKING = "bosch/tps110"

_OWN_NAMES = {
    BIN_DINGTEK: "bin",
    BIN_MILESIGHT: "bin",
    RADAR_COUNTER: "radar",
    SINGLE_COUNTER: "camera",
    ENERGY_METER: "meter",
    PARKING: "bay",
}


def devices(
    organisations: tuple[Organisation, ...], things: tuple[Thing, ...], random: Random
) -> tuple[Device, ...]:
    """One device at each thing, in the order of the things."""
    envelopes = {organisation.key: organisation.envelope for organisation in organisations}
    return tuple(
        _device(thing, number, envelopes[thing.organisation_key], random)
        for number, thing in enumerate(things, start=1)
    )


def _device(thing: Thing, number: int, envelope: EnvelopeKind, random: Random) -> Device:
    profile_key = _profile(thing, random)
    if profile_key == SINGLE_COUNTER:
        envelope = EnvelopeKind.LANDPULS  # it speaks MQTT itself, in JSON, which LoRaWAN servers do not carry
    own_name = envelope is EnvelopeKind.LANDPULS
    return Device(
        organisation_key=thing.organisation_key,
        key=f"{_OWN_NAMES[profile_key]}-{number:04d}" if own_name else f"fe12066000{number:06x}",
        name=f"{profile_key.split('/')[1].upper()} {thing.name}",
        profile_key=profile_key,
        thing_key=thing.key,
        envelope=envelope,
        parameters=_parameters(thing),
    )


def _profile(thing: Thing, random: Random) -> str:
    match thing:
        case Container():
            return random.choice((BIN_DINGTEK, BIN_MILESIGHT))
        case Counter(single_vehicle=True):
            return SINGLE_COUNTER
        case Counter():
            return RADAR_COUNTER
        case Meter():
            return ENERGY_METER
        case ParkingBay():
            return PARKING


def _parameters(thing: Thing) -> dict[str, float | str]:
    match thing:
        case Container():
            return {
                "empty_distance_m": round(thing.height_m + thing.full_distance_m, 3),
                "full_distance_m": thing.full_distance_m,
                "shape": "tapered" if thing.bottom_ratio < 1 else "straight",
                "bottom_ratio": thing.bottom_ratio,
            }
        case Counter(single_vehicle=False):
            small = "motorcycle" if thing.road_kind is RoadKind.MOTORWAY else "bicycle"
            return {"interval_s": float(thing.interval_s), "class_0": small}
        case _:
            return {}
