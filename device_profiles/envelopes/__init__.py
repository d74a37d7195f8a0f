"""Envelopes: what network servers and gateways wrap around a device's payload, read and written.

The topic tells the envelope:

    v3/{application}@{tenant}/devices/{device}/up            The Things Stack v3
    application/{id}/device/{devEui}/event/up                ChirpStack v4
    landpuls/v1/{organisation}/{device}/up                   our own

Whatever else these servers publish there (joins, acknowledgements, status) is ignored, and said to be.
`docs/envelopes.md` shows an example of each with its identity and its event time.
"""

from types import ModuleType
from typing import Any

from device_profiles.envelopes import chirpstack, own, things_stack
from device_profiles.envelopes.tree import fail
from domain.messages import MAX_PAYLOAD_BYTES, Message, Reason, Uplink

ENVELOPES: dict[str, ModuleType] = {one.NAME: one for one in (things_stack, chirpstack, own)}
"""Envelopes by name; each has `parse(message, steps)` and `wrap(uplink, …)`."""
MAX_TOPIC_CHARACTERS = 1024


def parse(message: Message) -> Uplink:
    """Read a message's envelope.

    Raises
    ------
    EnvelopeError
        With `data["reason"]`, a `domain.messages.Reason`; NOT_AN_UPLINK for what is well-formed and no uplink.
    """
    topic = message.topic
    if len(topic) > MAX_TOPIC_CHARACTERS:
        raise fail(
            Reason.UNEXPECTED_TOPIC,
            f"the topic has {len(topic)} characters; {MAX_TOPIC_CHARACTERS} are allowed",
        )
    match topic.split("/"):
        case ["v3", _, "devices", _, *_] as steps:
            parser = things_stack.parse
        case ["application", _, "device", _, "event", _] as steps:
            parser = chirpstack.parse
        case ["landpuls", "v1", _, _, _] as steps:
            parser = own.parse
        case _:
            raise fail(
                Reason.UNEXPECTED_TOPIC,
                f"no envelope belongs to the topic {topic[:120]!a}; "
                "check the subscription, or publish to landpuls/v1/{organisation}/{device}/up",
            )
    if len(message.payload) > MAX_PAYLOAD_BYTES:
        raise fail(
            Reason.TOO_LARGE,
            f"the message has {message.uncut_bytes or len(message.payload)} bytes; "
            f"at most {MAX_PAYLOAD_BYTES} are read",
        )
    return parser(message, steps)


def wrap(envelope: str, uplink: Uplink, **where: Any) -> tuple[str, bytes]:
    """Write topic and payload of an uplink as a server would publish it; see the `wrap` of each envelope."""
    written: tuple[str, bytes] = ENVELOPES[envelope].wrap(uplink, **where)
    return written
