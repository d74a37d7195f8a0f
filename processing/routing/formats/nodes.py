"""What a VRPLIB file says of its nodes: depots, customers, demands, times and prizes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.routing.formats.conventions import Convention, node_count
from processing.routing.formats.sections import Sections


@dataclass(frozen=True, kw_only=True)
class Nodes:
    """What the sections say of all nodes, in the integers of the family's convention."""

    depots: tuple[int, ...]
    clients: tuple[int, ...]
    demand: NDArray[np.int64]
    service: NDArray[np.int64]
    windows: NDArray[np.int64] | None
    prize: NDArray[np.int64] | None
    release: NDArray[np.int64] | None


def nodes_of(file: Sections, convention: Convention) -> Nodes:
    """Read the sections of nodes, one value for each node."""
    n = node_count(file)
    depots = _depots(file, n)

    def column(name: str) -> NDArray[np.int64] | None:
        return convention.integers(file.column(name, n)) if name in file.sections else None

    windows = None
    if "TIME_WINDOW_SECTION" in file.sections:
        windows = convention.integers(file.table("TIME_WINDOW_SECTION", n, 2))
        early = np.flatnonzero(windows[:, 0] > windows[:, 1])
        if len(early):
            node = early[0] + 1
            file.source.fail(
                "TIME_WINDOW_SECTION",
                f"the window of {node} closes before it opens",
                "give 'node open close'",
            )
    service = column("SERVICE_TIME_SECTION")
    if service is None:
        every = file.number("SERVICE_TIME") if "SERVICE_TIME" in file.header else 0.0
        service = convention.integers(np.full(n, every))
        service[list(depots)] = 0
    demand = file.column("DEMAND_SECTION", n)
    if (demand != np.floor(demand)).any():
        file.source.fail("DEMAND_SECTION", "a demand is no whole number", "give whole numbers")
    return Nodes(
        depots=depots,
        clients=tuple(node for node in range(n) if node not in set(depots)),
        demand=demand.astype(np.int64),
        service=service,
        windows=windows,
        prize=column("PRIZE_SECTION"),
        release=column("RELEASE_TIME_SECTION"),
    )


def _depots(file: Sections, n: int) -> tuple[int, ...]:
    section = file.section("DEPOT_SECTION")
    found: list[int] = []
    for line, row in enumerate(section.rows, start=section.line + 1):
        for word in row.split():
            if word == "-1":
                break
            found.append(file.source.integer(word, f"line {line}, DEPOT_SECTION", "a depot", 1, n) - 1)
    if not found or len(set(found)) < len(found):
        file.source.fail("DEPOT_SECTION", "no depot, or one twice", "name each depot's node once")
    return tuple(found)
