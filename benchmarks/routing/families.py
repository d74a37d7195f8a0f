"""The families of instances that the routing benchmark knows, and where their files lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from domain.errors import UsageError

RICH_DAY = "rich-day"
PEER_FAMILIES = ("CVRP", "ORTEC", "VRPTW", "PCVRPTW", "MDVRPTW", "HFVRP", "MTVRPTWR")
FAMILIES = (*PEER_FAMILIES, "Kim2006", "PVRPIF-Udine", RICH_DAY)
RICH_DAYS = 3
PATTERNS = {"ORTEC": "*.txt.gz", "Kim2006": "*_stop.txt", "PVRPIF-Udine": "*.geojson"}
SUFFIXES = (".gz", ".vrp", ".txt", ".geojson")


@dataclass(frozen=True, kw_only=True)
class Case:
    """One instance of a family: a file, or the number from which a rich day is made."""

    family: str
    name: str
    path: Path

    @property
    def best_known_path(self) -> Path:
        """Where its best-known solution lies, if there is one."""
        return self.path.with_name(f"{self.name}.sol")


def cases(data: Path, families: Sequence[str], only: str = "*") -> list[Case]:
    """Instances of the families in order; ``only`` is a pattern for their names.

    Raises
    ------
    UsageError
        If a family is unknown.
    """
    unknown = sorted(set(families) - set(FAMILIES))
    if unknown:
        raise UsageError(f"unknown family {unknown[0]}; there are {', '.join(FAMILIES)}")
    found = [case for family in families for case in _of(data, family)]
    return [case for case in found if fnmatch(case.name, only)]


def _of(data: Path, family: str) -> list[Case]:
    if family == RICH_DAY:
        return [
            Case(family=family, name=f"rich-day-{seed}", path=Path(f"rich-day-{seed}"))
            for seed in range(1, RICH_DAYS + 1)
        ]
    paths = (data / "routing" / family).glob(PATTERNS.get(family, "*.vrp"))
    found = [Case(family=family, name=name_of(path), path=path) for path in paths]
    return sorted(found, key=lambda case: _numbers_as_such(case.name))


def name_of(path: Path) -> str:
    """Return the file's name without what says its format."""
    name = path.name
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name.removesuffix("_stop")


def _numbers_as_such(name: str) -> tuple[tuple[int, int, str], ...]:
    words: list[str] = []
    for letter in name:
        if words and words[-1][-1].isdigit() == letter.isdigit():
            words[-1] += letter
        else:
            words.append(letter)
    return tuple((0, int(word), "") if word.isdigit() else (1, 0, word) for word in words)
