"""An instance by its family: read from its file, or made if it is a rich day."""

from pathlib import Path

from benchmarks.rich_day import rich_day
from benchmarks.routing.families import RICH_DAY
from processing.routing.formats import Instance, read_instance
from processing.routing.formats.instance import Scale
from processing.routing.formats.routes import RouteLayout, numbered


def load(family: str, path: Path) -> Instance:
    """Return the instance with its way of counting costs and of writing routes."""
    if family != RICH_DAY:
        return read_instance(path)
    problem = rich_day(int(path.name.rpartition("-")[2]))
    layout = RouteLayout(
        vehicles=tuple(vehicle.id for vehicle in problem.vehicles),
        words=numbered(
            {task.id: task.id for task in problem.containers},
            {facility.id: facility.id for facility in problem.facilities},
        ),
        every_vehicle=True,
    )
    euros = Scale(divisor=1_000_000, decimals=2)
    return Instance(name=path.name, family=RICH_DAY, problem=problem, layout=layout, scale=euros)
