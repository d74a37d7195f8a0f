"""Checksums at the end of payloads."""


def _table(polynomial: int) -> bytes:
    rows = bytearray()
    for value in range(256):
        for _ in range(8):
            value = (value << 1) ^ (polynomial if value & 0x80 else 0)
            value &= 0xFF
        rows.append(value)
    return bytes(rows)


_CRC8 = _table(0x07)


def crc8(data: bytes) -> int:
    """CRC-8 with polynomial x⁸ + x² + x + 1, start 0 (CRC-8/SMBUS)."""
    value = 0
    for byte in data:
        value = _CRC8[value ^ byte]
    return value
