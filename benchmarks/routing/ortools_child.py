"""OR-Tools' routing library in a process of its own: guided local search from the better of two first solutions.

`python -m benchmarks.routing.ortools_child INSTANCE …`
"""

import sys
from collections.abc import Sequence

import ortools
import pyvrp
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from benchmarks.routing.child import Answer, CannotState, Order, Search, serve, write_routes
from benchmarks.routing.instance_data import NO_LIMIT, is_one_fleet, numbered, read_data, useful_fleet

FIRST_SOLUTIONS = ("PARALLEL_CHEAPEST_INSERTION", "SAVINGS")
FOREVER_S = 1 << 20


class Model:
    """The instance in OR-Tools' words; a node is a client, and each vehicle's depots are its start and end."""

    def __init__(self, data: pyvrp.ProblemData) -> None:
        self.data = data
        self.depots = [depot.location for depot in data.depots()]
        self.clients = [client.location for client in data.clients()]
        self.fleet = useful_fleet(data)
        self.places = self.depots + self.clients
        types = data.vehicle_types()
        starts = [types[index].start_depot for index in self.fleet]
        ends = [types[index].end_depot for index in self.fleet]
        self.manager = pywrapcp.RoutingIndexManager(len(self.places), len(self.fleet), starts, ends)
        self.routing = pywrapcp.RoutingModel(self.manager)
        self._set_costs()
        self._set_loads()
        self._set_times()
        self._set_prizes()

    def _set_costs(self) -> None:
        metres = self.data.distance_matrix(0)[self.places][:, self.places]
        callbacks: dict[int, int] = {}
        for number, index in enumerate(self.fleet):
            vehicle = self.data.vehicle_types()[index]
            unit = vehicle.unit_distance_cost
            if unit not in callbacks:
                callbacks[unit] = self.routing.RegisterTransitMatrix((metres * unit).tolist())
            self.routing.SetArcCostEvaluatorOfVehicle(callbacks[unit], number)
            self.routing.SetFixedCostOfVehicle(vehicle.fixed_cost, number)

    def _set_loads(self) -> None:
        loads = [0] * len(self.depots) + [client.delivery[0] for client in self.data.clients()]
        callback = self.routing.RegisterUnaryTransitVector(loads)
        capacities = [self.data.vehicle_types()[index].capacity[0] for index in self.fleet]
        self.routing.AddDimensionWithVehicleCapacity(callback, 0, capacities, True, "load")

    def _set_times(self) -> None:
        types = self.data.vehicle_types()
        horizon = max(each.tw_late for each in types)
        if horizon >= NO_LIMIT:
            return
        service = [0] * len(self.depots) + [client.service_duration for client in self.data.clients()]
        seconds = self.data.duration_matrix(0)[self.places][:, self.places]
        transit = [[service[i] + int(way) for way in row] for i, row in enumerate(seconds)]
        callback = self.routing.RegisterTransitMatrix(transit)
        self.routing.AddDimension(callback, horizon, horizon, False, "time")
        time = self.routing.GetDimensionOrDie("time")
        for node, client in enumerate(self.data.clients(), start=len(self.depots)):
            time.CumulVar(self.manager.NodeToIndex(node)).SetRange(
                client.tw_early, min(client.tw_late, horizon)
            )
        for number, index in enumerate(self.fleet):
            vehicle = types[index]
            for place in (self.routing.Start(number), self.routing.End(number)):
                time.CumulVar(place).SetRange(vehicle.tw_early, vehicle.tw_late)
            if vehicle.shift_duration < horizon:
                time.SetSpanUpperBoundForVehicle(vehicle.shift_duration, number)

    def _set_prizes(self) -> None:
        for node, client in enumerate(self.data.clients(), start=len(self.depots)):
            if not client.required:
                self.routing.AddDisjunction([self.manager.NodeToIndex(node)], client.prize)

    def routes(self, assignment: pywrapcp.Assignment) -> list[tuple[int, list[int]]]:
        """Vehicle type and places of each used vehicle."""
        found = []
        for number, index in enumerate(self.fleet):
            places = []
            at = assignment.Value(self.routing.NextVar(self.routing.Start(number)))
            while not self.routing.IsEnd(at):
                places.append(self.places[self.manager.IndexToNode(at)])
                at = assignment.Value(self.routing.NextVar(at))
            if places:
                found.append((index, places))
        return found


def prepare(order: Order) -> Search:
    """Build the model, or say what OR-Tools cannot state."""
    data = read_data(order.instance, order.family)
    if any(client.release_time for client in data.clients()):
        raise CannotState("a trip that waits for the release of its last load")
    if any(each.reload_depots for each in data.vehicle_types()):
        raise CannotState("several trips of a vehicle")
    model = Model(data)

    def search() -> Answer:
        end = order.clock() + order.seconds
        model.routing.AddSearchMonitor(model.routing.solver().CustomLimit(lambda: order.clock() >= end))
        best = _first(model)
        if best is not None:
            best = model.routing.SolveFromAssignmentWithParameters(best, _parameters(None)) or best
        if best is None:
            return Answer(
                status="failed", reason="OR-Tools found no solution", version=str(ortools.__version__)
            )
        routes = numbered(data, model.routes(best))
        write_routes(order.routes, routes, unused=not is_one_fleet(data))
        return Answer(claimed_cost=float(best.ObjectiveValue()), version=str(ortools.__version__))

    return search


def _first(model: Model) -> pywrapcp.Assignment | None:
    found: Sequence[pywrapcp.Assignment] = [
        assignment
        for name in FIRST_SOLUTIONS
        if (assignment := model.routing.SolveWithParameters(_parameters(name))) is not None
    ]
    return min(found, key=lambda assignment: assignment.ObjectiveValue(), default=None)


def _parameters(first_solution: str | None) -> object:
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.time_limit.seconds = FOREVER_S
    if first_solution is not None:
        parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.Value.Value(
            first_solution
        )
        parameters.solution_limit = 1
    else:
        metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        parameters.local_search_metaheuristic = metaheuristic
    return parameters


if __name__ == "__main__":
    sys.exit(serve(prepare))
