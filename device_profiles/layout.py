"""Binary reads and writes: compiles the slots of fields to as few `struct` calls as they allow."""

from collections.abc import Sequence
from struct import Struct

from device_profiles.frame import TYPES, Slot


class Layout:
    """Reads the raw numbers of slots, in their order, from a payload at a base offset.

    Slots that do not overlap and share a byte order are read by one `Struct`, which is several times faster than one
    call for each.
    """

    def __init__(self, slots: Sequence[Slot]) -> None:
        places = sorted({(slot.offset, slot.type, slot.little) for slot in slots})
        self._groups: list[tuple[Struct, int]] = []
        index: dict[tuple[int, str, bool], int] = {}
        while places:
            group = _compatible(places)
            places = [place for place in places if place not in group]
            for place in group:
                index[place] = len(index)
            self._groups.append((_struct(group), group[0][0]))
        self.index = [index[slot.offset, slot.type, slot.little] for slot in slots]
        self._threes = [
            (at, "little" if little else "big", kind[0] == "i")
            for (_, kind, little), at in index.items()
            if kind.endswith("24")
        ]

    def read(self, data: bytes, base: int = 0) -> Sequence[int | float]:
        """Read all distinct places; `index` says which of them belongs to which slot."""
        groups = self._groups
        if len(groups) == 1:
            raws: Sequence[int | float] = groups[0][0].unpack_from(data, base + groups[0][1])
        else:
            raws = [raw for struct, start in groups for raw in struct.unpack_from(data, base + start)]
        return self._join(raws) if self._threes else raws

    def _join(self, raws: Sequence[int | float]) -> list[int | float]:
        numbers = list(raws)
        for at, order, signed in self._threes:
            numbers[at] = int.from_bytes(numbers[at], order, signed=signed)  # type: ignore[arg-type]
        return numbers


def _compatible(places: list[tuple[int, str, bool]]) -> list[tuple[int, str, bool]]:
    """The longest run of places from the first on that neither overlap nor mix byte orders."""
    group: list[tuple[int, str, bool]] = []
    end = 0
    for place in places:
        offset, _, little = place
        if group and (offset < end or little != group[0][2]):
            continue
        group.append(place)
        end = offset + TYPES[place[1]][0]
    return group


def _struct(group: list[tuple[int, str, bool]]) -> Struct:
    code, end = "<" if group[0][2] else ">", group[0][0]
    for offset, kind, _ in group:
        size, letter = TYPES[kind]
        code += f"{offset - end}x" if offset > end else ""
        code += letter or "3s"
        end = offset + size
    return Struct(code)


def write(buffer: bytearray, slot: Slot, raw: int | float, base: int = 0) -> None:
    """Write a raw number into a slot; parts of a number leave its other bits as they are."""
    start, order = base + slot.offset, "little" if slot.little else "big"
    if slot.is_float:
        Struct(("<" if slot.little else ">") + TYPES[slot.type][1]).pack_into(buffer, start, raw)
        return
    signed = slot.type[0] == "i"
    number = int(raw)
    if slot.bits is not None:
        whole = int.from_bytes(buffer[start : start + slot.size], order)  # type: ignore[arg-type]
        mask = (1 << slot.bits) - 1 << slot.bit
        number, signed = whole & ~mask | number << slot.bit, False
    buffer[start : start + slot.size] = number.to_bytes(slot.size, order, signed=signed)  # type: ignore[arg-type]
