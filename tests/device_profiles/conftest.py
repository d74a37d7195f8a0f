"""A small town: one device of each wanted profile, installed since 2026-01-01, and a directory that knows them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings

from device_profiles.interpret import interpret
from device_profiles.profile import Profile
from device_profiles.registry import Profiles
from domain.messages import Message, Outcome
from domain.things import DatastreamKey, Installation, KnownDevice

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

NOW = datetime(2026, 5, 4, 6, 15, tzinfo=UTC)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
ORGANISATION = "120660000000"


@dataclass
class Town:
    """Registered devices by key; a `domain.things.Directory`."""

    devices: dict[str, KnownDevice] = field(default_factory=dict)
    profiles: Profiles = field(default_factory=Profiles.load)

    def find(self, device_key: str, organisation_key: str | None = None) -> KnownDevice | None:
        device = self.devices.get(device_key)
        return device if device and organisation_key in (None, device.organisation_key) else None

    def install(
        self,
        key: str,
        profile: Profile,
        parameters: Mapping[str, float | str] | None = None,
        since: datetime = SINCE,
        until: datetime | None = None,
    ) -> Installation:
        number = len(self.devices) + 1
        specs = profile.datastreams(parameters)
        installation = Installation(
            id=number,
            organisation_id=7,
            organisation_key=ORGANISATION,
            device_id=100 + number,
            device_key=key,
            thing_id=200 + number,
            profile_key=profile.key,
            parameters=dict(parameters or {}),
            datastreams={spec.key: 1000 * number + at for at, spec in enumerate(specs)},
            valid_from=since,
            valid_until=until,
        )
        self.devices[key] = KnownDevice(
            id=100 + number,
            organisation_id=7,
            organisation_key=ORGANISATION,
            key=key,
            profile_key=profile.key,
            installations=(installation,),
        )
        return installation

    def interpret(self, topic: str, payload: bytes, received_at: datetime = NOW) -> Outcome:
        return interpret(Message(topic=topic, payload=payload, received_at=received_at), self, self.profiles)

    def values(self, outcome: Outcome) -> dict[tuple[str, str], float]:
        """Readings of an outcome by quantity and qualifier."""
        device = self.devices[outcome.device_key or ""]
        names: dict[int, DatastreamKey] = {ds: key for key, ds in device.installations[0].datastreams.items()}
        return {
            (names[one.datastream_id].quantity, names[one.datastream_id].qualifier): one.value
            for one in outcome.readings
        }


@pytest.fixture
def town() -> Town:
    """An empty town."""
    return Town()


@pytest.fixture
def now() -> datetime:
    """When messages are received."""
    return NOW


@pytest.fixture
def bin_sensor(town: Town) -> Installation:
    """A DF702 at a container."""
    return town.install("A84041000181B3C2", town.profiles["dingtek/df702"])


@pytest.fixture
def ago() -> Callable[..., datetime]:
    """An instant so long before now."""
    return lambda **delta: NOW - timedelta(**delta)
