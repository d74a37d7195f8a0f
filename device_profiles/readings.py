"""From what a payload says to readings, passages and events of an installation.

Fill levels and flows follow from one message alone: they are readings of that message like any other, counted with it.
Quality.DERIVED is for what storage computes from several messages and restates.
"""

from datetime import datetime, timedelta

from device_profiles.binding import Binding, Target
from device_profiles.decoded import Decoded, Value
from device_profiles.geometry import fill_percent
from domain.messages import Passage, Reading, StatusEvent, Uplink
from domain.quality import Quality
from domain.time import event_time

FLAGS = tuple(Quality(bits) for bits in range(2 * max(Quality)))
"""Every combination of flags by its number: looking one up is far cheaper than combining two."""
IMPLAUSIBLE, CLIPPED = int(Quality.IMPLAUSIBLE), int(Quality.CLIPPED)
TIME_REPLACED, SIMULATED = int(Quality.TIME_REPLACED), int(Quality.SIMULATED)


class MissingDatastream(Exception):
    """An installation lacks a datastream that its profile needs; caught within this package."""


def readings_of(
    decoded: Decoded, uplink: Uplink, bound: Binding, time: datetime, flags: int
) -> list[Reading]:
    """Make the readings of a payload, derived ones and radio quality included.

    Parameters
    ----------
    time
        When it was: the end of intervals.
    flags
        Flags that all readings share.

    Raises
    ------
    MissingDatastream
        If the installation has no datastream for one of them.
    ProfileError
        If the installation's parameters describe no container.
    """
    found: list[Reading] = []
    counts = {one.field.name: one.value for one in decoded.values} if bound.weighted else {}
    for field, value, plausible in decoded.values:
        weight = counts.get(field.weight) if field.weight else None
        if weight != 0:
            own = flags if plausible else flags | IMPLAUSIBLE
            found.append(_reading(bound.targets[field.stream], value, time, own, weight))
    if bound.fill_levels:
        found += _fill_levels(decoded.values, bound, time, flags)
    if bound.flows:
        found += _flows(decoded.values, bound, time, flags)
    for of_snr, datastream_id in bound.radio:
        radio = uplink.snr_db if of_snr else uplink.rssi_dbm
        if radio is not None:
            found.append(Reading(datastream_id=datastream_id, time=time, value=radio, quality=FLAGS[flags]))
    return found


def _reading(
    target: Target, value: float, time: datetime, flags: int, weight: float | None = None
) -> Reading:
    if target.datastream_id is None:
        raise MissingDatastream(f"{target.key.quantity} {target.key.qualifier}".strip())
    return Reading(
        datastream_id=target.datastream_id,
        time=time if target.period_s is None else time - target.period,
        value=value,
        quality=FLAGS[flags],
        period_s=target.period_s,
        weight=weight,
    )


def _fill_levels(values: list[Value], bound: Binding, time: datetime, flags: int) -> list[Reading]:
    found = []
    for derivation in bound.fill_levels:
        for field, distance, plausible in values:
            target = derivation.targets.get(field.stream)
            if target is not None:
                percent, limited = fill_percent(distance, bound.parameters)
                own = flags | (CLIPPED if limited else 0) | (0 if plausible else IMPLAUSIBLE)
                found.append(_reading(bound.targets[target], percent, time, own))
    return found


def _flows(values: list[Value], bound: Binding, time: datetime, flags: int) -> list[Reading]:
    found = []
    for derivation in bound.flows:
        sums: dict[int, tuple[float, int]] = {}
        for field, count, plausible in values:
            target = derivation.targets.get(field.stream)
            if target is not None:
                total, own = sums.get(target, (0.0, flags))
                sums[target] = total + count, own if plausible else own | IMPLAUSIBLE
        for target, (total, own) in sums.items():
            to = bound.targets[target]
            found.append(_reading(to, total * 3600 / (to.period_s or 3600), time, own))
    return found


def passages_of(
    decoded: Decoded, bound: Binding, time: datetime, network_time: datetime, flags: int
) -> list[Passage]:
    """Make the passages of a payload; a vehicle's time is its own, or its age before the event's time."""
    found = []
    for ordinal, vehicle in enumerate(decoded.vehicles):
        at, replaced = time, False
        if vehicle.time is not None:
            at, replaced = event_time(vehicle.time, network_time)
        own = flags | (0 if vehicle.plausible else IMPLAUSIBLE) | (TIME_REPLACED if replaced else 0)
        found.append(
            Passage(
                installation_id=bound.installation.id,
                thing_id=bound.installation.thing_id,
                time=at - timedelta(seconds=vehicle.age_s),
                ordinal=ordinal,
                direction=vehicle.direction,
                lane=vehicle.lane,
                vehicle_class=vehicle.vehicle_class,
                speed_kmh=vehicle.speed_kmh,
                length_m=vehicle.length_m,
                quality=FLAGS[own],
            )
        )
    return found


def events_of(decoded: Decoded, bound: Binding, time: datetime) -> list[StatusEvent]:
    """Make the status events of a payload."""
    thing_id = bound.installation.thing_id
    return [StatusEvent(thing_id=thing_id, kind=kind, time=time) for kind in decoded.events]
