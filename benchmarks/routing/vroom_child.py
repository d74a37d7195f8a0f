"""VROOM in a process of its own, exploring as deeply as it can: `python -m benchmarks.routing.vroom_child INSTANCE …`.

VROOM takes no seed and ends by itself; the budget only ends it earlier, on the wall clock.
"""

import sys
from datetime import timedelta
from importlib.metadata import version

import numpy as np
import pyvrp
import vroom

from benchmarks.routing.child import Answer, CannotState, Order, Search, serve, write_routes
from benchmarks.routing.instance_data import NO_LIMIT, is_one_fleet, numbered, read_data, useful_fleet

DEEPEST = 5
MOST_LEG = 1_000_000


def prepare(order: Order) -> Search:
    """Build the input, or say what VROOM cannot state."""
    data = read_data(order.instance, order.family)
    _check(data)
    fleet = useful_fleet(data)
    problem = _problem(data, fleet)

    def search() -> Answer:
        solution = problem.solve(
            exploration_level=DEEPEST, nb_threads=1, timeout=timedelta(seconds=order.seconds)
        )
        by_vehicle: dict[int, list[int]] = {}
        frame = solution.routes
        for vehicle, kind, place in zip(
            frame["vehicle_id"], frame["type"], frame["location_index"], strict=True
        ):
            if kind == "job":
                by_vehicle.setdefault(int(vehicle), []).append(int(place))
        routes = [(fleet[vehicle], places) for vehicle, places in by_vehicle.items()]
        write_routes(order.routes, numbered(data, routes), unused=not is_one_fleet(data))
        left = len(solution.unassigned)
        return Answer(
            status="infeasible" if left else "ok",
            reason=f"VROOM left {left} clients out" if left else "",
            claimed_cost=float(solution.summary.cost) * _scale(data),
            version=version("pyvroom"),
        )

    return search


def _check(data: pyvrp.ProblemData) -> None:
    if not all(client.required for client in data.clients()):
        raise CannotState("prizes of optional clients")
    if any(client.release_time for client in data.clients()):
        raise CannotState("release times")
    if any(each.reload_depots for each in data.vehicle_types()):
        raise CannotState("several trips of a vehicle")
    if any(each.shift_duration < NO_LIMIT for each in data.vehicle_types()):
        raise CannotState("a maximum duration of tours that may begin at any time")


def _scale(data: pyvrp.ProblemData) -> int:
    """VROOM refuses sums that might overflow: where a way costs more than a million, this is the unit."""
    dearest = max(int(each.unit_distance_cost) for each in data.vehicle_types())
    return max(1, -(-int(data.distance_matrix(0).max()) * dearest // MOST_LEG))


def _problem(data: pyvrp.ProblemData, fleet: list[int]) -> vroom.Input:
    problem = vroom.Input()
    metres = data.distance_matrix(0)
    scale = _scale(data)
    for index, each in enumerate(data.vehicle_types()):
        problem.set_durations_matrix(str(index), data.duration_matrix(0))
        problem.set_costs_matrix(str(index), np.rint(metres * (each.unit_distance_cost / scale)))
    for client in data.clients():
        late = client.tw_late < NO_LIMIT
        problem.add_job(
            vroom.Job(
                id=client.location,
                location=client.location,
                default_service=client.service_duration,
                delivery=[client.delivery[0]],
                time_windows=[vroom.TimeWindow(client.tw_early, client.tw_late)] if late else (),
            )
        )
    for number, index in enumerate(fleet):
        each = data.vehicle_types()[index]
        window = vroom.TimeWindow(each.tw_early, each.tw_late) if each.tw_late < NO_LIMIT else None
        problem.add_vehicle(
            vroom.Vehicle(
                id=number,
                start=data.depots()[each.start_depot].location,
                end=data.depots()[each.end_depot].location,
                profile=str(index),
                capacity=[each.capacity[0]],
                time_window=window,
                costs=vroom.VehicleCosts(fixed=each.fixed_cost // scale),
            )
        )
    return problem


if __name__ == "__main__":
    sys.exit(serve(prepare))
