"""Solve a day with very many stops and print what that took; arguments: stops, vehicles, seconds."""

import json
import resource
import sys
import time
from datetime import UTC, datetime
from itertools import count

import numpy as np

from domain.planning import (
    ContainerTask,
    Depot,
    DisposalFacility,
    PlanProblem,
    TimeWindow,
    Vehicle,
    evaluate,
)
from processing.routing.search import Search
from processing.routing.solve import solve
from processing.routing.stop import Stop


def large(stops: int, fleet: int) -> PlanProblem:
    """Places on a square of 60 km, every third with a window of some hours; one facility, trips of up to 100 stops."""
    rng = np.random.default_rng(1)
    spots = rng.integers(0, 60_000, (stops + 2, 2)).astype(np.float32)
    metres = np.stack([np.hypot(*(spots - each).T).astype(np.int32) for each in spots])
    opens = [int(each) for each in rng.integers(0, 20_000, stops)]
    return PlanProblem(
        day_start=datetime(2026, 1, 1, tzinfo=UTC),
        depots=(Depot(id="depot", location=stops),),
        facilities=(
            DisposalFacility(
                id="tip",
                location=stops + 1,
                service_s=600,
                fractions=frozenset({"glass"}),
                opening=(TimeWindow(open_s=0, close_s=60_000),),
            ),
        ),
        vehicles=tuple(_vehicle(number) for number in range(fleet)),
        containers=tuple(_container(number, opens[number]) for number in range(stops)),
        distance_m=metres,
        duration_s=metres // 14,
    )


def _vehicle(number: int) -> Vehicle:
    return Vehicle(
        id=f"truck {number}",
        start_depot="depot",
        end_depot="depot",
        shift_begin_s=0,
        regular_end_s=30_000,
        latest_end_s=36_000,
        capacity_l=100_000,
        capacity_kg=10_000,
        max_trips=4,
        fixed_cost_ueur=50_000_000,
        cost_per_m_ueur=900,
        cost_per_s_ueur=5_000,
    )


def _container(number: int, opens: int) -> ContainerTask:
    return ContainerTask(
        id=f"container {number}",
        site=f"site {number}",
        location=number,
        fraction="glass",
        demand_l=1_000,
        demand_kg=50 + number % 100,
        service_s=120,
        windows=(TimeWindow(open_s=opens, close_s=opens + 12_000),) if number % 3 == 0 else (),
    )


def main(stops: int, fleet: int, seconds: float) -> None:
    """Print figures as a line of JSON; with 0 seconds the clock of the search ticks at each look instead."""
    problem = large(stops, fleet)
    ticks = count()
    Search.compile()
    begin = time.monotonic()
    solution = solve(
        problem,
        Stop(seconds=seconds or 5),
        clock=time.monotonic if seconds else lambda: next(ticks),
    )
    elapsed = time.monotonic() - begin
    judged = evaluate(problem, solution)
    print(
        json.dumps(
            {
                "seconds": round(elapsed, 2),
                "iterations": solution.iterations,
                "served": sum(len(tour.containers) for tour in solution.tours),
                "unserved": len(solution.unserved),
                "violations": sorted({each.name for each in judged.violations}),
                "memory_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
