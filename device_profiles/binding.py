"""A profile bound to an installation: datastream ids, periods and geometry looked up once, not for every uplink."""

from collections.abc import Mapping
from datetime import timedelta

from device_profiles.decode import decoder_of
from device_profiles.profile import Derivation, DerivationKind, Profile, seconds
from domain.things import DatastreamKey, Installation


class Target:
    """Where a value goes: the datastream's id (None if the installation lacks it), and its interval."""

    __slots__ = ("datastream_id", "key", "period", "period_s")

    def __init__(self, key: DatastreamKey, datastream_id: int | None, period_s: int | None) -> None:
        self.key = key
        self.datastream_id = datastream_id
        self.period_s = period_s
        self.period = timedelta(seconds=period_s or 0)


class Binding:
    """What of an installation and its profile is the same for all its uplinks."""

    def __init__(self, profile: Profile, installation: Installation) -> None:
        self.profile = profile
        self.installation = installation
        self.decoder = decoder_of(profile)
        self.parameters: Mapping[str, float | str] = {**profile.defaults, **installation.parameters}
        keys = profile.keys(self.parameters)
        self.targets = [
            Target(key, installation.datastreams.get(key), seconds(stream.period, self.parameters))
            for key, stream in zip(keys, profile.streams, strict=True)
        ]
        self.weighted = any(stream.weight is not None for stream in profile.streams)
        self.fill_levels = self._derivations(DerivationKind.FILL_LEVEL)
        self.flows = self._derivations(DerivationKind.FLOW)
        self.radio = [
            (of_snr, installation.datastreams[key])
            for of_snr, key in ((False, _RSSI), (True, _SNR))
            if profile.radio and key in installation.datastreams
        ]

    def _derivations(self, kind: DerivationKind) -> list[Derivation]:
        return [one for one in self.profile.derivations if one.kind is kind]


_RSSI, _SNR = DatastreamKey(quantity="rssi"), DatastreamKey(quantity="snr")
