"""From a message to its outcome: the one way by which bytes become readings, shared by ingest and preview.

    envelope → device → installation at the event's time → profile → values → readings, passages, events

Whatever the bytes are, `interpret` returns an outcome: stored, ignored, or quarantined with a reason and a sentence
that says how to mend it. Only a directory that cannot answer (the database is away) makes it raise.
"""

from datetime import UTC, datetime
from typing import Any

from device_profiles.binding import Binding
from device_profiles.decoded import Decoded
from device_profiles.envelopes import parse
from device_profiles.keys import key_of
from device_profiles.profile import Profile
from device_profiles.readings import (
    SIMULATED,
    TIME_REPLACED,
    MissingDatastream,
    events_of,
    passages_of,
    readings_of,
)
from device_profiles.registry import Profiles
from domain.errors import DecodeError, EnvelopeError, ProfileError, StorageError
from domain.messages import Message, Outcome, OutcomeKind, Reading, Reason, Uplink
from domain.things import Directory, Installation, KnownDevice
from domain.time import MAX_DEVICE_LEAD, event_time

IGNORED = (Reason.NOT_AN_UPLINK, Reason.NO_READINGS)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""Clocks that say less were never set."""
MAX_DETAIL = 500


class _Aside(Exception):
    """The message is not stored, for this reason."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def interpret(message: Message, directory: Directory, profiles: Profiles) -> Outcome:
    """Say what a message means.

    Raises
    ------
    StorageError
        If the directory cannot answer now; nothing else, whatever the message holds.
    """
    known: dict[str, Any] = {"message": message}
    try:
        return _stored(message, directory, profiles, known)
    except _Aside as aside:
        return _set_aside(known, aside.reason, aside.detail)
    except StorageError:
        raise
    except Exception as error:
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        place = "" if where is None else f" in {where.tb_frame.f_code.co_name}, line {where.tb_lineno}"
        cause = f"{type(error).__name__}{place}"
        detail = f"Landpuls failed on it ({cause}); please report it; the message is kept with its payload"
        return _set_aside(known, Reason.CODEC_FAILED, detail)


def _set_aside(known: dict[str, Any], reason: Reason, detail: str) -> Outcome:
    kind = OutcomeKind.IGNORED if reason in IGNORED else OutcomeKind.QUARANTINED
    known.setdefault("key", key_of(known["message"]))
    return Outcome(**known, kind=kind, reason=reason, detail=detail.replace("\0", " ")[:MAX_DETAIL])


def _stored(message: Message, directory: Directory, profiles: Profiles, known: dict[str, Any]) -> Outcome:
    uplink = _uplink(message, known)
    device = _device(uplink, directory, known)
    network_time, flags = _network_time(uplink, message)
    known["network_time"] = network_time
    time, network_time, flags = _event_time(uplink, message, network_time, flags)
    bound = _bound(_installation(device, time, known), profiles, known)
    decoded = _decoded(bound, uplink)
    if decoded.time is not None:
        time, replaced = event_time(decoded.time, network_time)
        flags |= TIME_REPLACED if replaced else 0
        if not bound.installation.holds_at(time):
            bound = _bound(_installation(device, time, known), profiles, known)
    return Outcome(
        **known,
        kind=OutcomeKind.STORED,
        readings=_readings(decoded, uplink, bound, time, flags),
        passages=tuple(passages_of(decoded, bound, time, network_time, flags)) if decoded.vehicles else (),
        events=tuple(events_of(decoded, bound, time)) if decoded.events else (),
        detail=_left_out(decoded),
    )


def _uplink(message: Message, known: dict[str, Any]) -> Uplink:
    try:
        uplink = parse(message)
    except EnvelopeError as error:
        raise _Aside(error.data["reason"], str(error)) from None
    known |= {
        "key": key_of(message, uplink),
        "envelope": uplink.envelope,
        "device_key": uplink.device_key,
        "f_cnt": uplink.f_cnt,
    }
    return uplink


def _device(uplink: Uplink, directory: Directory, known: dict[str, Any]) -> KnownDevice:
    device = directory.find(uplink.device_key, uplink.organisation_key)
    if device is not None and uplink.organisation_key in (None, device.organisation_key):
        known |= {"device_id": device.id, "organisation_id": device.organisation_id}
        return device
    name = ascii(uplink.device_key)
    if uplink.organisation_key is not None and (
        device is not None or directory.find(uplink.device_key) is not None
    ):
        raise _Aside(
            Reason.WRONG_ORGANISATION,
            f"the device {name} is not registered with {uplink.organisation_key!a} but with another organisation; "
            "correct the topic, or move the device",
        )
    raise _Aside(
        Reason.UNKNOWN_DEVICE,
        f"no device {name} is registered; register it; this message is kept with its payload",
    )


def _network_time(uplink: Uplink, message: Message) -> tuple[datetime | None, int]:
    flags = SIMULATED if uplink.simulated else 0
    time = uplink.network_time
    if time is None or time < EARLIEST:
        return None, flags
    if time > message.received_at + MAX_DEVICE_LEAD:
        return message.received_at, flags | TIME_REPLACED
    return time, flags


def _event_time(
    uplink: Uplink, message: Message, network_time: datetime | None, flags: int
) -> tuple[datetime, datetime, int]:
    """The event's time, the time that device clocks are held against, and the flags."""
    device_time = uplink.device_time if uplink.device_time and uplink.device_time >= EARLIEST else None
    if network_time is None and device_time is None:
        raise _Aside(
            Reason.NO_TIME,
            "it carries no usable time (none, or before 2000); set the clock of the gateway or network server",
        )
    reference = network_time or message.received_at
    time, replaced = event_time(uplink.device_time, reference)
    return time, reference, flags | (TIME_REPLACED if replaced else 0)


def _installation(device: KnownDevice, time: datetime, known: dict[str, Any]) -> Installation:
    installation = device.installation_at(time)
    if installation is None:
        raise _Aside(
            Reason.NOT_INSTALLED,
            f"the device {device.key!a} was installed nowhere at {time:%Y-%m-%d %H:%M} UTC; "
            "install it from then on; this message is kept with its payload",
        )
    known["installation_id"] = installation.id
    return installation


def _bound(installation: Installation, profiles: Profiles, known: dict[str, Any]) -> Binding:
    known["profile_key"] = installation.profile_key
    bound = profiles.bind(installation)
    if bound is None:
        raise _Aside(
            Reason.UNKNOWN_PROFILE,
            f"there is no profile {installation.profile_key!a}; "
            "add its file to the profiles folder; this message is kept with its payload",
        )
    known["profile_version"] = bound.profile.version
    return bound


def _decoded(bound: Binding, uplink: Uplink) -> Decoded:
    if uplink.payload == b"" and not uplink.f_port:
        raise _Aside(Reason.NO_READINGS, "the uplink carries no payload, only the network's own commands")
    try:
        decoded = bound.decoder.decode(uplink.payload, uplink.f_port)
    except DecodeError as error:
        raise _Aside(Reason.UNDECODABLE, str(error)) from None
    if decoded.ignored:
        raise _Aside(Reason.NO_READINGS, f"{bound.profile.key} sent a message that holds no readings")
    if not (decoded.values or decoded.vehicles or decoded.events):
        raise _nothing(bound.profile, decoded)
    return decoded


def _nothing(profile: Profile, decoded: Decoded) -> _Aside:
    if decoded.unusable:
        names = ", ".join(decoded.unusable)
        return _Aside(
            Reason.UNDECODABLE, f"{names} of {profile.key} is no finite number, and there is nothing else"
        )
    names = ", ".join(decoded.without_value) or "nothing"
    return _Aside(Reason.NO_READINGS, f"{profile.key} reported no value for {names}")


def _readings(
    decoded: Decoded, uplink: Uplink, bound: Binding, time: datetime, flags: int
) -> tuple[Reading, ...]:
    try:
        return tuple(readings_of(decoded, uplink, bound, time, flags))
    except MissingDatastream as missing:
        raise _Aside(
            Reason.NO_DATASTREAM,
            f"the installation has no datastream {missing}; "
            f"update it to the current profile {bound.profile.key}; "
            "this message is kept with its payload",
        ) from None
    except ProfileError as error:
        raise _Aside(Reason.UNDECODABLE, str(error)) from None


def _left_out(decoded: Decoded) -> str | None:
    names = [*decoded.without_value, *decoded.unusable]
    return f"no value: {', '.join(names)}"[:MAX_DETAIL] if names else None
