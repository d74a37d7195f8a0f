"""Careful access to JSON from outside: every step checks type and size, every complaint names the place."""

import binascii
import re
from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from typing import Any

import orjson

from domain.errors import EnvelopeError
from domain.messages import Message, Reason
from domain.time import parse_instant

MAX_TEXT = 256
MAX_COUNTER = 2**32 - 1
_DEV_EUI = re.compile(r"[0-9A-Fa-f]{16}\Z")


def fail(reason: Reason, detail: str) -> EnvelopeError:
    """Make the error of a message that is not what its topic promises."""
    return EnvelopeError(detail, reason=reason)


def bad(detail: str) -> EnvelopeError:
    """Make the error of an envelope that is JSON, and not as it should be."""
    return fail(Reason.BAD_ENVELOPE, detail)


def load(message: Message) -> Mapping[str, Any]:
    """Read the JSON object of a message."""
    try:
        tree = orjson.loads(message.payload)
    except orjson.JSONDecodeError as error:
        raise _not_json(message.payload, error) from None
    if not isinstance(tree, dict):
        raise bad(f"the message is a JSON {_kind(tree)}; it must be an object")
    return tree


def _not_json(payload: bytes, error: orjson.JSONDecodeError) -> EnvelopeError:
    try:
        payload.decode()
    except UnicodeDecodeError as broken:
        return fail(
            Reason.NOT_UTF8,
            f"byte {broken.start} of the message is no UTF-8; check what the device publishes",
        )
    return fail(Reason.NOT_JSON, f"the message is no JSON: {str(error)[:160]}")


def _kind(value: Any) -> str:
    names = {dict: "object", list: "list", str: "text", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")


def branch(tree: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The object under a key; empty where there is none."""
    value = tree.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise bad(f"{key} must be an object, not a {_kind(value)}")
    return value


def text(tree: Mapping[str, Any], key: str, limit: int = MAX_TEXT) -> str | None:
    """A text of bounded length, or None."""
    value = tree.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise bad(f"{key} must be a text, not a {_kind(value)}")
    if len(value) > limit:
        raise bad(f"{key} has {len(value)} characters; {limit} are allowed")
    return value


def whole(tree: Mapping[str, Any], key: str, high: int = MAX_COUNTER) -> int | None:
    """A whole number from 0 to `high`, or None."""
    value = tree.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= high:
        raise bad(f"{key} must be a whole number from 0 to {high}, not {ascii(value)[:40]}")
    return value


def number(tree: Mapping[str, Any], key: str) -> float | None:
    """A finite number, or None for anything else: radio quality is never worth losing a reading."""
    value = tree.get(key)
    if (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and isfinite(value)
        and abs(value) <= 1000
    ):
        return float(value)
    return None


def instant(tree: Mapping[str, Any], key: str) -> datetime | None:
    """An RFC 3339 instant with its time zone, or None."""
    value = text(tree, key, 64)
    if value is None:
        return None
    try:
        return parse_instant(value)
    except (ValueError, OverflowError):
        raise bad(
            f"{key} is {value!a}; write an instant with its zone, such as 2026-05-04T06:15:00Z"
        ) from None


def base64(tree: Mapping[str, Any], key: str) -> bytes | None:
    """Bytes from base64, or None."""
    value = tree.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise bad(f"{key} must be base64 text, not a {_kind(value)}")
    try:
        return binascii.a2b_base64(value.encode("ascii"), strict_mode=True) if value else b""
    except ValueError:
        raise bad(f"{key} is no base64") from None


def dev_eui(value: str | None, place: str) -> str:
    """A DevEUI as 16 capital hexadecimal digits, the way it is printed on devices."""
    if value is None or not _DEV_EUI.match(value):
        raise bad(f"{place} must be a DevEUI of 16 hexadecimal digits, not {ascii(value)[:40]}")
    return value.upper()


def radio(entries: Any) -> tuple[float | None, float | None]:
    """RSSI in dBm and SNR in dB at the gateway that heard best; servers leave out what is 0."""
    best_dbm: float | None = None
    best: Mapping[str, Any] = {}
    for entry in entries if isinstance(entries, list) else ():
        rssi_dbm = number(entry, "rssi") if isinstance(entry, dict) else None
        if rssi_dbm is not None and (best_dbm is None or rssi_dbm > best_dbm):
            best_dbm, best = rssi_dbm, entry
    if best_dbm is None:
        return None, None
    return best_dbm, number(best, "snr") if "snr" in best else 0.0
