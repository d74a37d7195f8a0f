"""From bytes to words and numbers, with the place of every mistake."""

import gzip
import io
import math
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from processing.routing.formats.errors import BadInstance

GZIP = b"\x1f\x8b"
MOST_BYTES = 2_000_000_000
MOST_NUMBER = 1e15


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file's text and its name for messages."""

    name: str
    text: str

    def fail(self, where: str, problem: str, remedy: str) -> NoReturn:
        """Raise what is wrong in one sentence: file, place, problem, remedy."""
        raise BadInstance(f"{self.name}, {where}: {problem}; {remedy}.")

    def number(self, word: str, where: str, what: str) -> float:
        """Read a finite number of a sensible size."""
        value = self._parse(word, where, what)
        if abs(value) > MOST_NUMBER:
            self.fail(where, f"{what} is {_short(word)}, too large", f"give {MOST_NUMBER:.0f} at most")
        return value

    def integer(self, word: str, where: str, what: str, least: int = 0, most: int = 1 << 28) -> int:
        """Read a whole number between `least` and `most`; ``12.0`` is one."""
        value = self._parse(word, where, what)
        if not least <= value <= most:
            size = ", too large" if value > most else ""
            self.fail(where, f"{what} is {_short(word)}{size}", f"give a number from {least} to {most}")
        if value != int(value):
            self.fail(where, f"{what} is {_short(word)}", "give a whole number")
        return int(value)

    def _parse(self, word: str, where: str, what: str) -> float:
        """Any number; one beyond all bounds, such as 1e400, is infinite."""
        try:
            value = float(word)
        except ValueError:
            value = math.nan
        if math.isnan(value) or "inf" in word.lower():
            self.fail(where, f"{_short(word)} is not a number", f"give {what} as a plain number")
        return value


def read_source(path: Path) -> Source:
    """Read a text file, gzipped or not.

    Raises
    ------
    BadInstance
        If it is damaged or far too long.
    """
    data = path.read_bytes()
    if data.startswith(GZIP):
        try:
            with gzip.open(io.BytesIO(data)) as packed:
                data = packed.read(MOST_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise BadInstance(f"{path}: damaged gzip file ({error}); fetch it again.") from None
    if len(data) > MOST_BYTES:
        raise BadInstance(f"{path}: more than {MOST_BYTES} bytes are too many; split the problem.")
    return Source(name=str(path), text=data.decode("utf-8-sig", errors="replace"))


def _short(word: str) -> str:
    return repr(word if len(word) <= 40 else word[:37] + "...")
