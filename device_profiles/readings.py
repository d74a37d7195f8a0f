"""From what a payload says to readings, passages and events of an installation, derived values included."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from device_profiles.decoded import Decoded, Value
from device_profiles.geometry import fill_percent
from device_profiles.profile import Derivation, DerivationKind, Profile, seconds
from domain.messages import Passage, Reading, StatusEvent, Uplink
from domain.quality import Quality
from domain.things import DatastreamKey, Installation
from domain.time import event_time

FLAGS = tuple(Quality(bits) for bits in range(2 * max(Quality)))
"""Every combination of flags by its number: looking one up is far cheaper than combining two."""
_IMPLAUSIBLE, _DERIVED, _CLIPPED = int(Quality.IMPLAUSIBLE), int(Quality.DERIVED), int(Quality.CLIPPED)


class MissingDatastream(Exception):
    """An installation lacks a datastream that its profile needs."""


@dataclass(kw_only=True, slots=True)
class Situation:
    """Where and when: the installation, the event's time, the network's, and the flags that all readings share."""

    profile: Profile
    installation: Installation
    time: datetime
    network_time: datetime
    flags: int

    @property
    def parameters(self) -> Mapping[str, float | str]:
        """The installation's parameters, completed with the profile's defaults."""
        return {**self.profile.defaults, **self.installation.parameters}


def readings_of(decoded: Decoded, uplink: Uplink, here: Situation) -> tuple[Reading, ...]:
    """Make the readings of a payload, derived ones and radio quality included.

    Raises
    ------
    MissingDatastream
        If the installation has no datastream for one of them.
    ProfileError
        If the installation's parameters describe no container.
    """
    parameters = here.parameters if here.profile.parameters else {}
    keys = here.profile.keys(parameters)
    found: list[Reading] = []
    for value in decoded.values:
        weight = None if value.field.weight is None else decoded.named(value.field.weight)
        if weight == 0:
            continue
        flags = here.flags if value.plausible else here.flags | _IMPLAUSIBLE
        period_s = seconds(value.field.period, parameters)
        found.append(_reading(here, keys[value.field.stream], value.value, flags, period_s, weight))
    for derivation in here.profile.derivations:
        if derivation.kind is DerivationKind.FILL_LEVEL:
            found += _fill_levels(derivation, decoded.values, keys, parameters, here)
        elif derivation.kind is DerivationKind.FLOW:
            found += _flows(derivation, decoded.values, keys, parameters, here)
    if here.profile.radio:
        found += _radio(uplink, here)
    return tuple(found)


def _reading(
    here: Situation,
    key: DatastreamKey,
    value: float,
    flags: int,
    period_s: int | None = None,
    weight: float | None = None,
) -> Reading:
    datastream_id = here.installation.datastreams.get(key)
    if datastream_id is None:
        raise MissingDatastream(f"{key.quantity} {key.qualifier}".strip())
    time = here.time if period_s is None else here.time - timedelta(seconds=period_s)
    return Reading(
        datastream_id=datastream_id,
        time=time,
        value=value,
        quality=FLAGS[flags],
        period_s=period_s,
        weight=weight,
    )


def _fill_levels(
    derivation: Derivation,
    values: list[Value],
    keys: tuple[DatastreamKey, ...],
    parameters: Mapping[str, float | str],
    here: Situation,
) -> list[Reading]:
    found = []
    for field, distance, plausible in values:
        target = derivation.targets.get(field.stream)
        if target is None:
            continue
        percent, limited = fill_percent(distance, parameters)
        flags = here.flags | _DERIVED | (_CLIPPED if limited else 0) | (0 if plausible else _IMPLAUSIBLE)
        found.append(_reading(here, keys[target], percent, flags))
    return found


def _flows(
    derivation: Derivation,
    values: list[Value],
    keys: tuple[DatastreamKey, ...],
    parameters: Mapping[str, float | str],
    here: Situation,
) -> list[Reading]:
    sums: dict[int, tuple[float, int, int]] = {}
    for field, count, plausible in values:
        target = derivation.targets.get(field.stream)
        period_s = seconds(field.period, parameters)
        if target is None or period_s is None:
            continue
        total, _, flags = sums.get(target, (0.0, 0, here.flags | _DERIVED))
        sums[target] = total + count, period_s, flags if plausible else flags | _IMPLAUSIBLE
    return [
        _reading(here, keys[target], total * 3600 / period_s, flags, period_s)
        for target, (total, period_s, flags) in sums.items()
    ]


_RSSI, _SNR = DatastreamKey(quantity="rssi"), DatastreamKey(quantity="snr")


def _radio(uplink: Uplink, here: Situation) -> list[Reading]:
    datastreams = here.installation.datastreams
    return [
        _reading(here, key, value, here.flags)
        for key, value in ((_RSSI, uplink.rssi_dbm), (_SNR, uplink.snr_db))
        if value is not None and key in datastreams
    ]


def passages_of(decoded: Decoded, here: Situation) -> tuple[Passage, ...]:
    """Make the passages of a payload; a vehicle's time is its own, or its age before the event's time."""
    found = []
    for ordinal, vehicle in enumerate(decoded.vehicles):
        time, replaced = here.time, False
        if vehicle.time is not None:
            time, replaced = event_time(vehicle.time, here.network_time)
        flags = (
            here.flags
            | (0 if vehicle.plausible else _IMPLAUSIBLE)
            | (int(Quality.TIME_REPLACED) if replaced else 0)
        )
        found.append(
            Passage(
                installation_id=here.installation.id,
                thing_id=here.installation.thing_id,
                time=time - timedelta(seconds=vehicle.age_s),
                ordinal=ordinal,
                direction=vehicle.direction,
                lane=vehicle.lane,
                vehicle_class=vehicle.vehicle_class,
                speed_kmh=vehicle.speed_kmh,
                length_m=vehicle.length_m,
                quality=FLAGS[flags],
            )
        )
    return tuple(found)


def events_of(decoded: Decoded, here: Situation) -> tuple[StatusEvent, ...]:
    """Make the status events of a payload."""
    return tuple(
        StatusEvent(thing_id=here.installation.thing_id, kind=kind, time=here.time) for kind in decoded.events
    )
