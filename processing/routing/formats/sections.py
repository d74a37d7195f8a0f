"""VRPLIB text taken apart: a header of ``KEY : value`` lines, then sections of numbers (TSPLIB's way)."""

import warnings
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from processing.routing.formats.text import Source

MOST_NODES = 12_000


@dataclass(frozen=True, kw_only=True)
class Section:
    """Rows of one section with the number of the line that names it."""

    name: str
    line: int
    rows: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Sections:
    """All of a file, with access that says what is missing."""

    source: Source
    header: dict[str, str]
    sections: dict[str, Section]

    def word(self, key: str) -> str:
        """The value of a header line that must be there."""
        if key not in self.header:
            self.source.fail("header", f"{key} is missing", f"add a line such as '{key} : …'")
        return self.header[key]

    def number(self, key: str) -> float:
        """A header line's number."""
        return self.source.number(self.word(key), f"header, {key}", key)

    def integer(self, key: str, least: int = 0, most: int = 1 << 28) -> int:
        """A header line's whole number."""
        return self.source.integer(self.word(key), f"header, {key}", key, least, most)

    def column(self, name: str, count: int) -> NDArray[np.float64]:
        """One number for each node or vehicle, see `table`."""
        found: NDArray[np.float64] = self.table(name, count, 1)[:, 0]
        return found

    def table(self, name: str, count: int, width: int) -> NDArray[np.float64]:
        """The rows ``index value …`` of a section by ascending index, which runs from 1 to ``count``.

        Returns
        -------
        (count, width) float64
        """
        section = self.section(name)
        table = np.full((count, width), np.nan)
        for line, row in enumerate(section.rows, start=section.line + 1):
            where = f"line {line}, {name}"
            words = row.split()
            if not words:
                continue
            if len(words) != width + 1:
                expected = "its number and " + ("one value" if width == 1 else f"{width} values")
                self.source.fail(where, f"the row has {len(words)} entries", f"give {expected}")
            index = self.source.integer(words[0], where, "the row's number", 1, count)
            if not np.isnan(table[index - 1, 0]):
                self.source.fail(where, f"row {index} is given twice", "number each row once")
            table[index - 1] = [self.source.number(word, where, "each value") for word in words[1:]]
        missing = np.flatnonzero(np.isnan(table[:, 0]))
        if len(missing):
            self.source.fail(name, f"row {missing[0] + 1} is missing", f"give rows 1 to {count}")
        return table

    def numbers(self, name: str) -> NDArray[np.float64]:
        """All numbers of a section in one row; fast, for matrices."""
        section = self.section(name)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                found = np.fromstring("\n".join(section.rows), dtype=np.float64, sep=" ")
            except (DeprecationWarning, ValueError):
                found = np.array([np.nan])
        if not np.isfinite(found).all():
            self._fail_at_word(section)
        return found

    def _fail_at_word(self, section: Section) -> None:
        for line, row in enumerate(section.rows, start=section.line + 1):
            for word in row.split():
                self.source.number(word, f"line {line}, {section.name}", "each entry")
        self.source.fail(section.name, "an entry is not a number", "give numbers only")

    def section(self, name: str) -> Section:
        """A section that must be there."""
        if name not in self.sections:
            self.source.fail("sections", f"{name} is missing", "add it")
        return self.sections[name]


def split_sections(source: Source) -> Sections:
    """Take a VRPLIB text apart.

    Raises
    ------
    BadInstance
        If a line belongs to no section, or a section comes twice.
    """
    header: dict[str, str] = {}
    sections: dict[str, Section] = {}
    current: Section | None = None
    for number, line in enumerate(source.text.splitlines(), start=1):
        word = line.strip().rstrip(":").rstrip()
        if word == "EOF":
            break
        if word.endswith("_SECTION"):
            if word in sections:
                source.fail(f"line {number}", f"{word} is given twice", "keep one of them")
            current = sections[word] = Section(name=word, line=number)
        elif ":" in line:
            key, _, value = line.partition(":")
            if key.strip() in header:
                source.fail(f"line {number}", f"{key.strip()} is given twice", "keep one of them")
            header[key.strip()] = value.strip()
            current = None
        elif current is not None:
            current.rows.append(line)
        elif word:
            source.fail(
                f"line {number}", f"{word[:40]!r} belongs to no section", "begin with 'KEY : value' lines"
            )
    return Sections(source=source, header=header, sections=sections)
