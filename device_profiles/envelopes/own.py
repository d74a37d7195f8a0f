"""Our own envelope, for devices and gateways that speak MQTT themselves: `landpuls/v1/{organisation}/{device}/up`.

`docs/schemas/uplink.schema.json` is its JSON Schema. The organisation of the topic owns the device; the broker's access
rules see to it that nobody else publishes there.
"""

import re
from typing import Any

import orjson

from device_profiles.envelopes import tree
from domain.messages import Message, Reason, Uplink

NAME = "landpuls"
KEYS = (
    "id",
    "session",
    "f_cnt",
    "f_port",
    "time",
    "network_time",
    "received_at",
    "payload_hex",
    "payload_base64",
    "values",
    "rssi",
    "snr",
    "simulated",
    "meta",
)
_PAYLOADS = ("payload_hex", "payload_base64", "values")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}\Z")


def parse(message: Message, steps: list[str]) -> Uplink:
    """Read an uplink; see `device_profiles.envelopes.parse`."""
    organisation, device, event = steps[2:]
    if event != "up":
        raise tree.fail(Reason.UNEXPECTED_TOPIC, f"the topic ends with {event[:60]!a}; uplinks end with up")
    for name, value in (("organisation", organisation), ("device", device)):
        if not _KEY.match(value):
            raise tree.fail(
                Reason.UNEXPECTED_TOPIC,
                f"the {name} {value[:80]!a} of the topic must be 1 to 64 letters, digits or . _ : -",
            )
    content = tree.load(message)
    for key in content:
        if key not in KEYS:
            raise tree.bad(f"{ascii(key)[:60]} means nothing here; put what is your own under meta")
    device_time = tree.instant(content, "time")
    network_time = tree.instant(content, "network_time") or tree.instant(content, "received_at")
    if device_time is None and network_time is None:
        raise tree.fail(
            Reason.NO_TIME, "the message has neither time nor network_time nor received_at; send one"
        )
    f_cnt = tree.whole(content, "f_cnt")
    return Uplink(
        envelope=NAME,
        device_key=device,
        organisation_key=organisation,
        payload=_payload(content),
        f_port=tree.whole(content, "f_port", 255),
        f_cnt=f_cnt,
        dedup=_identity(content, f_cnt),
        device_time=device_time,
        network_time=network_time,
        rssi_dbm=tree.number(content, "rssi"),
        snr_db=tree.number(content, "snr"),
        simulated=content.get("simulated") is True,
    )


def _identity(content: Any, f_cnt: int | None) -> str | None:
    name, session = tree.text(content, "id", 128), tree.text(content, "session", 128)
    if name is not None:
        return f"id/{name}"
    return f"{session}/{f_cnt}" if session is not None and f_cnt is not None else None


def _payload(content: Any) -> Any:
    given = [key for key in _PAYLOADS if key in content]
    if len(given) != 1:
        raise tree.bad(
            f"exactly one of {', '.join(_PAYLOADS)} must be there, not {' and '.join(given) or 'none'}"
        )
    if given == ["values"]:
        return tree.branch(content, "values")
    if given == ["payload_base64"]:
        return tree.base64(content, "payload_base64") or b""
    digits = content["payload_hex"]
    try:
        return bytes.fromhex(digits)
    except (TypeError, ValueError):
        raise tree.bad("payload_hex must be hexadecimal digits, two for each byte") from None


def wrap(uplink: Uplink, *, session: str | None = None) -> tuple[str, bytes]:
    """Write the uplink as a device of ours publishes it."""
    binary = isinstance(uplink.payload, bytes)
    content: dict[str, Any] = {
        "id": uplink.dedup.removeprefix("id/") if uplink.dedup and session is None else None,
        "session": session,
        "f_cnt": uplink.f_cnt,
        "f_port": uplink.f_port,
        "time": uplink.device_time,
        "network_time": uplink.network_time,
        "payload_hex": uplink.payload.hex() if isinstance(uplink.payload, bytes) else None,
        "values": None if binary else uplink.payload,
        "rssi": uplink.rssi_dbm,
        "snr": uplink.snr_db,
        "simulated": uplink.simulated or None,
    }
    topic = f"landpuls/v1/{uplink.organisation_key}/{uplink.device_key}/up"
    return topic, orjson.dumps({key: value for key, value in content.items() if value is not None})
