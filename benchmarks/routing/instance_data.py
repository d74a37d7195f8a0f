"""An instance as PyVRP's own reader understands it, from which every peer states its problem.

The peers' side thus knows nothing of our reader; what their routes cost is found out by our evaluator alone, and
a misreading on either side shows as a difference between its cost and the one that the peer claims.
"""

import gzip
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyvrp
from numpy.typing import NDArray


def whole(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Values that are integers in the file, as such."""
    return np.asarray(np.rint(values), dtype=np.int64)


NO_LIMIT = 1 << 50
"""Times beyond mean that there is no limit."""

ROUNDING = {
    "CVRP": "round",
    "ORTEC": whole,
    "VRPTW": "dimacs",
    "PCVRPTW": "dimacs",
    "MTVRPTWR": "dimacs",
    "MDVRPTW": "exact",
    "HFVRP": "exact",
}


def read_data(path: Path, family: str) -> pyvrp.ProblemData:
    """Read an instance, compressed or not, with its family's rounding."""
    rounding = ROUNDING[family]
    if path.suffix != ".gz":
        return pyvrp.read(path, rounding)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "instance.vrp"
        plain.write_bytes(gzip.decompress(path.read_bytes()))
        return pyvrp.read(plain, rounding)


def vehicles_of(vehicle_type: pyvrp.VehicleType) -> list[int]:
    """Numbers, from 0, of the file's vehicles that this type stands for."""
    return [int(word) for word in vehicle_type.name.split(",")]


def numbered(data: pyvrp.ProblemData, routes: Sequence[tuple[int, list[int]]]) -> list[list[int]]:
    """Give each route (vehicle type, places) a vehicle of the file; the others stay empty."""
    free = [vehicles_of(vehicle_type) for vehicle_type in data.vehicle_types()]
    places: list[list[int]] = [[] for _ in range(data.num_vehicles)]
    for vehicle_type, visits in routes:
        places[free[vehicle_type].pop(0)] = visits
    return places


def is_one_fleet(data: pyvrp.ProblemData) -> bool:
    """Whether all vehicles are alike, so that it does not matter which one drives a route."""
    return len(data.vehicle_types()) == 1


def useful_fleet(data: pyvrp.ProblemData) -> list[int]:
    """Vehicle type of each vehicle that a solution could need, for solvers that slow down with every idle one.

    Files that mean an unlimited fleet hold hundreds of vehicles; a tenth more than carry everything are kept, unless
    windows may ask for more.
    """
    total = sum(client.delivery[0] for client in data.clients())
    fleet = []
    for index, each in enumerate(data.vehicle_types()):
        enough = math.ceil(1.1 * total / each.capacity[0]) + 3
        timed = each.tw_late < NO_LIMIT
        fleet += [index] * (each.num_available if timed else min(each.num_available, enough))
    return fleet
