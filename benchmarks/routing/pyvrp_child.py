"""PyVRP in a process of its own: `python -m benchmarks.routing.pyvrp_child INSTANCE …`."""

import sys
from importlib.metadata import version

import pyvrp

from benchmarks.routing.child import Answer, Order, Search, serve, write_routes
from benchmarks.routing.instance_data import is_one_fleet, numbered, read_data


class Budget:
    """Stops on the clock that the benchmark chose, counted from the call of the solver."""

    def __init__(self, order: Order) -> None:
        self.clock = order.clock
        self.end = order.clock() + order.seconds

    def __call__(self, best_cost: float) -> bool:
        return self.clock() >= self.end


def prepare(order: Order) -> Search:
    """Read the instance; PyVRP can state all families that it is asked about."""
    data = read_data(order.instance, order.family)

    def search() -> Answer:
        result = pyvrp.solve(data, Budget(order), seed=order.seed, collect_stats=False, display=False)
        routes = [(route.vehicle_type(), _places(data, route)) for route in result.best.routes()]
        write_routes(order.routes, numbered(data, routes), unused=not is_one_fleet(data))
        return Answer(
            status="ok" if result.is_feasible() else "infeasible",
            reason="" if result.is_feasible() else "PyVRP found no feasible solution",
            claimed_cost=float(result.cost()) if result.is_feasible() else None,
            iterations=result.num_iterations,
            version=version("pyvrp"),
        )

    return search


def _places(data: pyvrp.ProblemData, route: pyvrp.Route) -> list[int]:
    """Places between the route's depots, reloads included."""
    inner = list(route)[1:-1]
    return [
        data.client(each.idx).location if each.is_client() else data.depot(each.idx).location
        for each in inner
    ]


if __name__ == "__main__":
    sys.exit(serve(prepare))
