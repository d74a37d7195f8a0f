"""How each VRPLIB family turns coordinates and numbers into the integers that its costs are counted in.

Distances are Euclidean, then: CVRP rounds to the nearest integer (Uchoa et al. 2017); VRPTW, PCVRPTW and MTVRPTWR count
tenths, cut off (the DIMACS challenge's rule); MDVRPTW and HFVRP thousandths, rounded. Times, prizes and fixed costs are
multiplied likewise. An explicit matrix (ORTEC) is taken as it stands.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.routing.formats.instance import Scale
from processing.routing.formats.sections import MOST_NODES, Sections

IntMatrix = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Convention:
    """Multiply by ``factor``, then round or cut off; state costs divided by ``scale``."""

    factor: int = 1
    cut: bool = False
    scale: Scale

    def integers(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """The numbers that are computed with."""
        scaled = values * self.factor
        return (np.floor(scaled) if self.cut else np.floor(scaled + 0.5)).astype(np.int64)


LENGTH = "the file's unit of distance"
TENTHS = Convention(factor=10, cut=True, scale=Scale(unit=f"tenths of {LENGTH}"))
THOUSANDTHS = Scale(unit="thousandths of the file's unit of cost")
CONVENTIONS = {
    "CVRP": Convention(scale=Scale(unit=LENGTH)),
    "VRPTW": Convention(factor=10, cut=True, scale=Scale(divisor=10, decimals=1, unit=LENGTH)),
    "PCVRPTW": TENTHS,
    "MTVRPTWR": TENTHS,
    "MDVRPTW": Convention(factor=1000, scale=Scale(unit=f"thousandths of {LENGTH}")),
    "HFVRP": Convention(factor=1000, scale=THOUSANDTHS),
}
HUNDREDTHS = Scale(divisor=100_000, decimals=2, unit="hundreds of the file's unit of cost")
"""HFVRP where the ``.sol`` is a decimal number: thousandths of costs that are times 100 already."""
AS_IT_STANDS = Convention(scale=Scale(unit="the unit of the file's matrix"))


def family_of(file: Sections) -> str:
    """The family by the file's TYPE and kind of matrix."""
    kind = file.word("TYPE").upper()
    if kind not in CONVENTIONS:
        file.source.fail("header, TYPE", f"{kind[:40]} is not known", f"use one of {', '.join(CONVENTIONS)}")
    explicit = file.header.get("EDGE_WEIGHT_TYPE", "EUC_2D").upper() == "EXPLICIT"
    return "ORTEC" if explicit and kind == "VRPTW" else kind


def convention_of(file: Sections) -> Convention:
    """How the file's numbers are to be taken."""
    if file.header.get("EDGE_WEIGHT_TYPE", "EUC_2D").upper() == "EXPLICIT":
        return AS_IT_STANDS
    return CONVENTIONS[family_of(file)]


def node_count(file: Sections) -> int:
    """How many nodes the file has, depots included."""
    return file.integer("DIMENSION", 2, MOST_NODES)


def matrix_of(file: Sections, convention: Convention) -> IntMatrix:
    """Ways between all nodes, (n, n)."""
    kind = file.header.get("EDGE_WEIGHT_TYPE", "EUC_2D").upper()
    if kind == "EXPLICIT":
        return _explicit(file, node_count(file))
    if kind != "EUC_2D":
        file.source.fail("header, EDGE_WEIGHT_TYPE", f"{kind[:40]} is not known", "use EUC_2D or EXPLICIT")
    places = file.table("NODE_COORD_SECTION", node_count(file), 2)
    ways = np.empty((len(places), len(places)), dtype=np.int64)
    for i, place in enumerate(places):
        away = places - place
        ways[i] = convention.integers(np.sqrt((away * away).sum(axis=1)))
    return ways


def _explicit(file: Sections, n: int) -> IntMatrix:
    layout = file.word("EDGE_WEIGHT_FORMAT").upper()
    numbers = file.numbers("EDGE_WEIGHT_SECTION")
    if (numbers != np.floor(numbers)).any() or (np.abs(numbers) > 1 << 28).any():
        file.source.fail(
            "EDGE_WEIGHT_SECTION", "an entry is no whole number", "give whole numbers below 2^28"
        )
    shapes = {"FULL_MATRIX": n * n, "LOWER_ROW": n * (n - 1) // 2, "LOWER_DIAG_ROW": n * (n + 1) // 2}
    if layout not in shapes:
        file.source.fail(
            "header, EDGE_WEIGHT_FORMAT", f"{layout[:40]} is not known", f"use {', '.join(shapes)}"
        )
    if len(numbers) != shapes[layout]:
        problem = f"{len(numbers)} entries are given, {layout} of {n} nodes has {shapes[layout]}"
        file.source.fail("EDGE_WEIGHT_SECTION", problem, "give all of them or mend DIMENSION")
    whole = numbers.astype(np.int64)
    if layout == "FULL_MATRIX":
        return whole.reshape(n, n)
    ways = np.zeros((n, n), dtype=np.int64)
    ways[np.tril_indices(n, -1 if layout == "LOWER_ROW" else 0)] = whole
    return np.maximum(ways, ways.T)
