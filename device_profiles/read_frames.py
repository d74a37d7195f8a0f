"""Reads the frames of a profile: kinds of messages, how they are told apart, repetitions, single vehicles, elements."""

from dataclasses import replace
from typing import Any

from device_profiles.frame import Element, Field, Frame, Match, Method, PassageLayout
from device_profiles.read_fields import FieldReader, path_of, qualifier_of
from device_profiles.table import Table
from domain.errors import ProfileError

CHECKSUMS = ("crc8",)


def read_frame(table: Table, fields: FieldReader) -> Frame:
    """Read one [[frame]]."""
    binary = fields.method is not Method.JSON
    frame = Frame(
        name=table.text("name"),
        ports=_ports(table),
        match=tuple(_match(one, binary) for one in table.tables("match")),
        ignore=table.flag("ignore"),
        fields=(*(fields.read(one) for one in table.tables("field")), *_groups(table, fields)),
        passages=_passages(table, fields, binary),
        elements=tuple(_element(one, fields) for one in table.tables("element"))
        if fields.method is Method.TLV
        else (),
        header_length=table.integer("header_length", 0, high=255) if fields.method is Method.TLV else 0,
        checksum=table.choice("checksum", CHECKSUMS) if "checksum" in table else None,
    )
    frame = _with_lengths(table, frame) if binary else frame
    table.finish()
    _check(table, frame, fields.method)
    return frame


def _ports(table: Table) -> frozenset[int] | None:
    ports = table.maybe_entries("ports")
    if ports is None:
        return None
    if not ports or not all(isinstance(port, int) and 0 <= port <= 255 for port in ports):
        raise table.wrong("ports", "must be a list of ports between 0 and 255")
    return frozenset(ports)


def _match(table: Table, binary: bool) -> Match:
    equals = table.raw("equals", None)
    values = None if equals is None else tuple(equals if isinstance(equals, list) else [equals])
    if binary:
        match = Match(offset=table.integer("offset", high=4096), equals=values)
        if values is None or not all(isinstance(value, int) and 0 <= value <= 255 for value in values):
            raise table.wrong("equals", "must be a byte (0 to 255) or a list of bytes")
    else:
        match = Match(path=path_of(table.text("path")), equals=values)
    table.finish()
    return match


def _groups(table: Table, fields: FieldReader) -> list[Field]:
    """Expand repetitions: the same fields once for each entry of `each`, `stride` bytes apart."""
    found: list[Field] = []
    for group in table.tables("group"):
        offset, stride = group.integer("offset", 0, high=4096), group.integer("stride", low=1, high=4096)
        names = frozenset(one.text("name", "") for one in group.tables("field"))
        for number, entry in enumerate(group.tables("each")):
            prefix = entry.text("name") + "_"
            parts = qualifier_of(entry, "qualifier", fields.parameters)
            entry.finish()
            found += [
                fields.read(one, base=offset + number * stride, prefix=prefix, siblings=names, **parts)
                for one in group.tables("field")
            ]
        group.finish()
    return found


def _passages(table: Table, fields: FieldReader, binary: bool) -> PassageLayout | None:
    if "passages" not in table:
        return None
    inner = table.table("passages")
    count: Any = inner.raw("count", None)
    if count == "rest":
        count = None
    place: dict[str, Any] = (
        {
            "offset": inner.integer("offset", high=4096),
            "stride": inner.integer("stride", low=1, high=255),
            "count": count,
        }
        if binary
        else {"path": path_of(inner.text("path")), "many": inner.flag("many")}
    )
    classes = [(one.number("below_m"), one.text("class")) for one in inner.tables("class_by_length")]
    layout = PassageLayout(
        fields=tuple(fields.passage(one) for one in inner.tables("field")),
        classes_by_length=tuple(sorted(classes)),
        **place,
    )
    inner.finish()
    if not layout.fields:
        raise inner.wrong("field", "is missing; a passage needs at least one [[frame.passages.field]]")
    for field in layout.fields:
        if field.slot is not None and field.slot.offset + field.slot.size > layout.stride:
            raise inner.wrong("stride", f"{field.name} does not lie within {layout.stride} bytes")
    return layout


def _element(table: Table, fields: FieldReader) -> Element:
    key = table.entries("key")
    if not key or not all(isinstance(byte, int) and 0 <= byte <= 255 for byte in key):
        raise table.wrong("key", "must be the list of its bytes, such as [0x03, 0x82]")
    element = Element(
        name=table.text("name"),
        key=bytes(key),
        length=table.integer("length", high=255),
        fields=tuple(fields.read(one) for one in table.tables("field")),
    )
    table.finish()
    for field in element.fields:
        if field.slot is not None and field.slot.offset + field.slot.size > element.length:
            raise table.wrong("length", f"{field.name} does not lie within {element.length} bytes")
    return element


def _extent(frame: Frame) -> int:
    """Bytes that the fixed part of a frame needs."""
    ends = [field.slot.offset + field.slot.size for field in frame.fields if field.slot is not None]
    ends += [match.offset + 1 for match in frame.match]
    if frame.passages is not None:
        fixed = frame.passages.count if isinstance(frame.passages.count, int) else 0
        ends.append(frame.passages.offset + fixed * frame.passages.stride)
    if frame.elements:
        ends.append(frame.header_length)
    return max(ends, default=0) + (1 if frame.checksum else 0)


def _with_lengths(table: Table, frame: Frame) -> Frame:
    extent = _extent(frame)
    if "length" in table:
        length = table.integer("length", high=4096)
        low: int = length
        high: int | None = length
    else:
        grows = frame.elements or (frame.passages is not None and not isinstance(frame.passages.count, int))
        low = table.integer("min_length", extent, high=4096)
        high = table.maybe_integer("max_length", high=4096)
        if high is None and not grows and not frame.ignore and "min_length" not in table:
            high = low
    if low < extent:
        raise table.wrong("length", f"{low} bytes do not hold its fields, which reach to byte {extent}")
    return replace(frame, min_length=low, max_length=high)


def _check(table: Table, frame: Frame, method: Method) -> None:
    names = [field.name for field in (*frame.fields, *(f for e in frame.elements for f in e.fields))]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise table.wrong("field", f"the name {doubled[0]!r} is used twice; give each field its own name")
    for field in frame.fields:
        if field.weight is not None and field.weight not in names:
            raise table.wrong("weight", f"{field.weight!r} is no field of this frame")
    if (
        frame.passages is not None
        and isinstance(frame.passages.count, str)
        and frame.passages.count not in names
    ):
        raise table.wrong("passages: count", f"{frame.passages.count!r} is no field of this frame")
    if len({len(element.key) for element in frame.elements}) > 1:
        raise table.wrong("element", "all keys of a frame must have the same number of bytes")
    if len({element.key for element in frame.elements}) < len(frame.elements):
        raise table.wrong("element", "two elements have the same key; leave one out")
    if method is Method.TLV and not frame.elements and not frame.ignore:
        raise table.wrong("element", "is missing; a tlv frame needs [[frame.element]] or ignore = true")
    if not frame.ignore and not names and frame.passages is None:
        raise ProfileError(f"{table.where}: holds no field; add [[frame.field]] or ignore = true")
