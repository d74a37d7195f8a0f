"""Published figures that benchmarks are compared with: typed in with their source, or read from the data's own README.

Kim's sets: B.-I. Kim, S. Kim, S. Sahoo: Waste collection vehicle routing problem with time windows, Computers &
Operations Research 33 (2006); A. M. Benjamin, J. E. Beasley: Metaheuristics for the waste collection vehicle routing
problem with time windows, driver rest period and multiple disposal facilities, ibid. 37 (2010); K. Buhrkal,
A. Larsen, S. Ropke: The waste collection vehicle routing problem with time windows in a city logistics context,
Procedia Social and Behavioral Sciences 39 (2012).
"""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class KimFigures:
    """Vehicles and miles of a set, by paper; `buhrkal` is that paper's best."""

    kim: tuple[int, float]
    benjamin: tuple[int, float]
    buhrkal: tuple[int, float]

    @property
    def fewest_miles(self) -> float:
        """The shortest of the three, whatever vehicles it takes."""
        return min(self.kim[1], self.benjamin[1], self.buhrkal[1])

    @property
    def vehicles(self) -> int:
        """How many vehicles Buhrkal et al. use."""
        return self.buhrkal[0]


def _kim(kim: tuple[int, float], benjamin: tuple[int, float], buhrkal: tuple[int, float]) -> KimFigures:
    return KimFigures(kim=kim, benjamin=benjamin, buhrkal=buhrkal)


KIM = {
    "102": _kim((3, 205.1), (3, 183.5), (3, 174.5)),
    "277": _kim((3, 527.3), (3, 464.5), (3, 447.6)),
    "335": _kim((6, 205.0), (6, 204.5), (6, 182.1)),
    "444": _kim((11, 87.0), (11, 89.1), (11, 78.3)),
    "804": _kim((5, 769.5), (5, 725.6), (5, 586.2)),
    "1051": _kim((18, 2370.4), (17, 2250.5), (17, 2295.2)),
    "1351": _kim((7, 1039.7), (8, 915.1), (8, 828.1)),
    "1599": _kim((13, 1459.2), (13, 1364.7), (13, 1170.2)),
    "1932": _kim((17, 1395.3), (16, 1262.8), (16, 1128.7)),
    "2100": _kim((16, 1833.8), (16, 1749.0), (16, 1594.2)),
}

_ROW = re.compile(r"<tr>\s*<th>([A-Z][a-z]+(?:_\d+)+)</th>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<td>\s*([\d.]+)\*?\s*</td>")
_BEST_UPPER = 4


def udine_best_known(readme: Path) -> dict[str, float]:
    """Best upper bounds by instance: the fifth column of the table in the data's README."""
    if not readme.exists():
        return {}
    rows = {name: _CELL.findall(cells) for name, cells in _ROW.findall(readme.read_text())}
    return {name: float(cells[_BEST_UPPER]) for name, cells in rows.items() if len(cells) > _BEST_UPPER}


def best_known(family: str, name: str, path: Path) -> float | None:
    """The published value to compare with where no solution file states one."""
    if family == "Kim2006" and name in KIM:
        return KIM[name].fewest_miles
    if family == "PVRPIF-Udine":
        return udine_best_known(path.with_name("README.md")).get(name)
    return None
