"""A small part of the region, so that tests take seconds, and its devices as ingest would know them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from device_profiles.registry import Profiles
from domain.things import Installation, KnownDevice
from simulators.fleet.fleet import Fleet
from simulators.fleet.impairments import Impairments
from simulators.region import Region, oberspreewald_lausitz
from simulators.region.hardware import (
    BIN_DINGTEK,
    BIN_MILESIGHT,
    ENERGY_METER,
    PARKING,
    RADAR_COUNTER,
    SINGLE_COUNTER,
)

NOW = datetime(2026, 6, 10, 12, 7, 31, tzinfo=UTC)
"""A Wednesday, in summer time."""

HOW_MANY = {
    BIN_DINGTEK: 10,
    BIN_MILESIGHT: 10,
    RADAR_COUNTER: 2,
    SINGLE_COUNTER: 1,
    ENERGY_METER: 2,
    PARKING: 2,
}


@pytest.fixture(scope="session")
def region() -> Region:
    """The region of seed 1."""
    return oberspreewald_lausitz(1)


@pytest.fixture(scope="session")
def small(region: Region) -> Region:
    """The region with a few devices of each kind, the last ones, so that all envelopes are there."""
    kept = [
        device
        for key, number in HOW_MANY.items()
        for device in [one for one in region.devices if one.profile_key == key][:: -1 if number > 1 else 1][
            :number
        ]
    ]
    return replace(region, devices=tuple(kept))


@pytest.fixture(scope="session")
def profiles() -> Profiles:
    """The bundled profiles."""
    return Profiles.load()


@pytest.fixture
def fleet_of(small: Region, profiles: Profiles) -> Callable[..., Fleet]:
    """Makes a fleet of the small region that was born some hours before now."""

    def make(hours: float = 24, **more) -> Fleet:
        given = {"seed": 1, "born": NOW - timedelta(hours=hours), "now": NOW} | more
        return Fleet(given.pop("region", small), profiles, **given)

    return make


def every(**shares: float) -> Impairments:
    """Impairments of the given shares and none beside them."""
    none = dict.fromkeys(Impairments.__dataclass_fields__, 0.0)
    return Impairments(**(none | shares))


class RegionDirectory:
    """The devices of a region as ingest would find them after the region was registered."""

    def __init__(self, region: Region, profiles: Profiles) -> None:
        self._known = {}
        self._things = {}
        for number, device in enumerate(region.devices, start=1):
            profile = profiles[device.profile_key]
            parameters = profile.complete(device.parameters)
            streams = {
                one.key: number * 100 + index for index, one in enumerate(profile.datastreams(parameters))
            }
            installation = Installation(
                id=number,
                organisation_id=1,
                organisation_key=device.organisation_key,
                device_id=number,
                device_key=device.key,
                thing_id=number,
                profile_key=device.profile_key,
                parameters=parameters,
                datastreams=streams,
                valid_from=datetime(2020, 1, 1, tzinfo=UTC),
            )
            self._things[number] = device.thing_key
            self._known[device.key] = KnownDevice(
                id=number,
                organisation_id=1,
                organisation_key=device.organisation_key,
                key=device.key,
                profile_key=device.profile_key,
                installations=(installation,),
            )

    def find(self, device_key: str, organisation_key: str | None = None) -> KnownDevice | None:
        """See `domain.things.Directory`."""
        return self._known.get(device_key.lower() if organisation_key is None else device_key)

    def thing_key(self, device_id: int) -> str:
        """The key of the thing that a device hangs at."""
        return self._things[device_id]


@pytest.fixture(scope="session")
def directory(region: Region, profiles: Profiles) -> RegionDirectory:
    """Every device of the region."""
    return RegionDirectory(region, profiles)
