"""The identity of a message, by which a second delivery is known as such."""

from hashlib import blake2b
from uuid import UUID

from domain.messages import Message, MessageKey, Uplink


def _hash(*parts: bytes) -> UUID:
    """Of each part with its length, so that parts cannot be shifted against each other."""
    lengths = b"".join([len(part).to_bytes(4, "big") for part in parts])
    return UUID(bytes=blake2b(lengths + b"".join(parts), digest_size=16).digest())


def key_of(message: Message, uplink: Uplink | None = None) -> MessageKey:
    """BLAKE2b-128 of envelope, organisation, device and the uplink's own identity; of the content where it has none."""
    uncut = (message.uncut_digest,) if message.uncut_digest else ()
    content = _hash(message.topic.encode("utf-8", "surrogatepass"), message.payload, *uncut)
    if uplink is None or uplink.dedup is None:
        return MessageKey(key=content, payload_hash=content, weak=True)
    parts = (uplink.envelope, uplink.organisation_key or "", uplink.device_key, uplink.dedup)
    return MessageKey(
        key=_hash(*(part.encode("utf-8", "surrogatepass") for part in parts)), payload_hash=content
    )
