"""How large the numbers of a problem may be, so that whoever computes with them in 32 or 64 bits cannot overflow."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from domain.planning.checks import require
from domain.planning.fleet import Vehicle
from domain.planning.places import Matrix
from domain.planning.tasks import Choice, ContainerTask

if TYPE_CHECKING:
    from domain.planning.problem import PlanProblem

MOST_LEG = 10_000_000
"""Metres or seconds between two places at most."""
MOST_TIME_S = 1 << 28
"""No time lies further from the day's start, and nothing takes longer."""
MOST_AMOUNT = 1 << 40
"""Capacities, limits and counts at most."""
MOST_DAY = 1_000
"""The last day of a plan at most."""
MOST_PRICE_UEUR = 10**12
"""A million euros: for a vehicle, a metre, a second or a container at most."""
MOST_COST_UEUR = 1 << 62
"""All tours and all that is left cost less, even if each required thing left counts as much as the whole plan."""

_VEHICLE_TIMES = ("shift_begin_s", "regular_end_s", "latest_end_s")
_VEHICLE_PRICES = ("fixed_cost_ueur", "cost_per_m_ueur", "cost_per_s_ueur", "overtime_cost_per_s_ueur")
_VEHICLE_AMOUNTS = (
    "capacity_l",
    "capacity_kg",
    "day_capacity_l",
    "day_capacity_kg",
    "max_trips",
    "max_stops",
)
_VEHICLE_LIMITS = ("max_distance_m", "max_duration_s")
_UNDERWAY_TIMES = ("departed_s", "ready_s")
_UNDERWAY_SPANS = ("driven_s", "worked_s", "total_worked_s", "paused_s")
_UNDERWAY_AMOUNTS = ("driven_m", "stops", "unloadings", "collected_l", "collected_kg")
_LUNCH_TIMES = ("earliest_begin_s", "latest_begin_s")
_HABIT_PRICES = ("other_vehicle_ueur", "other_order_ueur", "shift_per_s_ueur")


def check_sizes(problem: "PlanProblem", leg_m: int, leg_s: int) -> None:
    """Refuse what is too large to be computed with; the message names it.

    ``leg_m`` and ``leg_s`` are the longest ways.

    Raises
    ------
    InvalidProblem
    """
    for vehicle in problem.vehicles:
        _check_vehicle(vehicle)
    _check_facilities(problem)
    _check_containers(problem)
    _check_habits(problem)
    for sequence in problem.sequences:
        _check_sequence(problem, sequence)
    # A search adds up a penalty above any plan's cost for each required thing, and that cost itself.
    things: tuple[ContainerTask | Choice, ...] = (*problem.containers, *problem.choices)
    bound = (sum(each.required for each in things) + 1) * above_any_cost_ueur(problem, leg_m, leg_s)
    require(
        bound < MOST_COST_UEUR,
        f"all costs together could reach {bound} µ€, beyond what can be counted ({MOST_COST_UEUR} µ€): lower the "
        "highest prices, or end shifts sooner where time is paid",
    )


def check_matrix(name: str, matrix: Matrix, size: int) -> int:
    """Refuse a matrix that is not (size, size), or has an entry that is no way; return the largest entry."""
    largest = 0
    require(
        len(matrix) == size,
        f"{name} has {len(matrix)} rows, distance_m has {size}: give both the same places",
    )
    for index, row in enumerate(matrix):
        require(len(row) == size, f"{name}[{index}] has {len(row)} entries instead of {size}")
        least, most = _extremes(row)
        require(least >= 0, f"{name}[{index}] has a negative entry")
        require(most <= MOST_LEG, f"{name}[{index}] has an entry above {MOST_LEG}: is the unit right?")
        largest = max(largest, most)
    return largest


def above_any_cost_ueur(problem: "PlanProblem", leg_m: int, leg_s: int) -> int:
    """More than any plan, and all that it leaves, can cost; ``leg_m`` and ``leg_s`` are the longest ways."""
    things: tuple[ContainerTask | Choice, ...] = (*problem.containers, *problem.choices)
    return 1 + sum(each.cost_of_leaving_ueur for each in things) + _most_tours_ueur(problem, leg_m, leg_s)


def _most_tours_ueur(problem: "PlanProblem", leg_m: int, leg_s: int) -> int:
    """More than all tours together can cost."""
    vehicles, containers, habits = problem.vehicles, problem.containers, problem.habits
    beyond_s = leg_s + max((site.setup_s for site in problem.sites), default=0)
    beyond_s += max((task.service_s for task in containers), default=0)
    beyond_s += max((facility.service_s for facility in problem.facilities), default=0)
    fixed = sorted(vehicle.fixed_cost_ueur for vehicle in vehicles)
    per_m = max((vehicle.cost_per_m_ueur for vehicle in vehicles), default=0)
    total = sum(fixed[-len(containers) :]) + 2 * (len(containers) + len(vehicles)) * leg_m * per_m
    for vehicle in vehicles:
        paid_s = vehicle.latest_end_s - _earliest_s(vehicle) + beyond_s
        total += max(0, paid_s) * (vehicle.cost_per_s_ueur + vehicle.overtime_cost_per_s_ueur)
    first_s = min((_earliest_s(vehicle) for vehicle in vehicles), default=0)
    last_s = max((vehicle.latest_end_s for vehicle in vehicles), default=0) + beyond_s
    for visit in habits.visits:
        shift_s = max(last_s - visit.arrival_s, visit.arrival_s - first_s, 0)
        total += habits.other_vehicle_ueur + habits.other_order_ueur + shift_s * habits.shift_per_s_ueur
    return total + sum(task.serving_cost_ueur for task in containers)


def _earliest_s(vehicle: Vehicle) -> int:
    return min(
        vehicle.shift_begin_s, vehicle.underway.departed_s if vehicle.underway else vehicle.shift_begin_s
    )


def _check_vehicle(vehicle: Vehicle) -> None:
    owner = f"vehicle {vehicle.id}"
    _check_times(owner, vehicle, _VEHICLE_TIMES)
    _check_most(owner, vehicle, _VEHICLE_PRICES, MOST_PRICE_UEUR)
    _check_most(owner, vehicle, (*_VEHICLE_AMOUNTS, *_VEHICLE_LIMITS), MOST_AMOUNT)
    _check_most(owner, vehicle, ("cleaning_s",), MOST_TIME_S)
    _check_most(owner, vehicle, ("day",), MOST_DAY)
    for chamber in vehicle.chambers:
        _check_most(f"{owner}: chamber", chamber, ("capacity_l", "capacity_kg"), MOST_AMOUNT)
    if vehicle.breaks.lunch is not None:
        _check_times(f"{owner}: lunch", vehicle.breaks.lunch, _LUNCH_TIMES)
        _check_most(f"{owner}: lunch", vehicle.breaks.lunch, ("duration_s",), MOST_TIME_S)
    if vehicle.underway is not None:
        _check_times(f"{owner}: underway", vehicle.underway, _UNDERWAY_TIMES)
        _check_most(f"{owner}: underway", vehicle.underway, _UNDERWAY_SPANS, MOST_TIME_S)
        _check_most(f"{owner}: underway", vehicle.underway, _UNDERWAY_AMOUNTS, MOST_AMOUNT)
        for name in ("volume_l", "weight_kg"):
            _check_total(
                f"{owner}: {name} on board", (getattr(each, name) for each in vehicle.underway.on_board)
            )


def _check_facilities(problem: "PlanProblem") -> None:
    for facility in problem.facilities:
        owner = f"facility {facility.id}"
        _check_most(owner, facility, ("service_s",), MOST_TIME_S)
        _check_most(owner, facility, ("capacity_l", "capacity_kg"), MOST_AMOUNT)
        for window in facility.opening:
            _check_times(owner, window, ("open_s", "close_s"))
    for site in problem.sites:
        _check_most(f"site {site.id}", site, ("setup_s",), MOST_TIME_S)


def _check_containers(problem: "PlanProblem") -> None:
    for task in problem.containers:
        owner = f"container {task.id}"
        _check_times(owner, task, ("released_s",))
        _check_most(owner, task, ("cost_of_leaving_ueur", "serving_cost_ueur"), MOST_PRICE_UEUR)
        for window in task.windows:
            _check_times(owner, window, ("open_s", "close_s"))
    for choice in problem.choices:
        _check_most(f"choice {choice.id}", choice, ("cost_of_leaving_ueur",), MOST_PRICE_UEUR)
    for name in ("demand_l", "demand_kg", "service_s"):
        _check_total(f"{name} of all containers", (getattr(task, name) for task in problem.containers))


def _check_habits(problem: "PlanProblem") -> None:
    _check_most("habits", problem.habits, _HABIT_PRICES, MOST_PRICE_UEUR)
    _check_most("habits", problem.habits, ("shift_free_s",), MOST_TIME_S)
    for visit in problem.habits.visits:
        _check_times(f"habit of {visit.container}", visit, ("arrival_s",))


def _check_sequence(problem: "PlanProblem", sequence: Sequence[str]) -> None:
    """Bound what a locked sequence takes from its first container to its last."""
    tasks = [problem.lookup.containers[name] for name in sequence]
    sites = {site.id: site.setup_s for site in problem.sites}
    stays_s = sum(task.service_s for task in tasks) + sum(sites.get(task.site, 0) for task in tasks)
    for metres, seconds in (
        (problem.distance_m, problem.duration_s),
        *((each.distance_m, each.duration_s) for each in problem.profiles),
    ):
        legs = [(before.location, after.location) for before, after in pairwise(tasks)]
        name = f"sequence from {sequence[0]} to {sequence[-1]}" if sequence else "sequence"
        _check_total(f"{name}: seconds", (stays_s, *(int(seconds[i][j]) for i, j in legs)))
        _check_total(f"{name}: metres", (int(metres[i][j]) for i, j in legs))


def _check_times(owner: str, thing: Any, names: Sequence[str]) -> None:
    for name in names:
        value = getattr(thing, name)
        require(
            value is None or -MOST_TIME_S <= value <= MOST_TIME_S,
            f"{owner}: {name} is {value}; times must lie within {MOST_TIME_S} s of the day's start: "
            "are they seconds from day_start?",
        )


def _check_most(owner: str, thing: Any, names: Sequence[str], most: int) -> None:
    for name in names:
        value = getattr(thing, name)
        require(
            value is None or value <= most,
            f"{owner}: {name} must be at most {most}, it is {value}: is the unit right?",
        )


def _check_total(what: str, values: Iterator[int] | Sequence[int]) -> None:
    total = sum(values)
    require(total <= MOST_TIME_S, f"{what} adds up to {total}, {MOST_TIME_S} at most: is the unit right?")


def _extremes(row: Sequence[int]) -> tuple[int, int]:
    """Least and most of a row; by its own methods where it is an array, which is far faster."""
    if hasattr(row, "min") and hasattr(row, "max"):
        return int(row.min()), int(row.max())
    return min(row), max(row)
