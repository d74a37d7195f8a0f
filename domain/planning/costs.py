"""What one tour costs, by component; of a tour under way only what is still to come, and nothing fixed."""

from collections.abc import Iterator, Sequence

from domain.planning.evaluation import Cost, Step
from domain.planning.fleet import Vehicle
from domain.planning.habits import Habits
from domain.planning.lookup import Lookup


def cost_of_tour(lookup: Lookup, habits: Habits, vehicle: Vehicle, steps: Sequence[Step]) -> Cost:
    """Cost of the vehicle and its crew for this time line, and of the way its containers are served."""
    begin_s, end_s = steps[0].arrival_s, steps[-1].end_s
    distance_m = sum(step.leg_m for step in steps)
    collects = [step for step in steps if step.kind == "collect"]
    return Cost(
        fixed_ueur=0 if vehicle.underway else vehicle.fixed_cost_ueur,
        distance_ueur=distance_m * vehicle.cost_per_m_ueur,
        time_ueur=(end_s - begin_s) * vehicle.cost_per_s_ueur,
        overtime_ueur=overtime_s(vehicle, begin_s, end_s) * vehicle.overtime_cost_per_s_ueur,
        serving_ueur=sum(lookup.containers[step.subject].serving_cost_ueur for step in collects),
        habits_ueur=sum(_habit_costs(lookup, habits, vehicle, steps)),
    )


def overtime_s(vehicle: Vehicle, begin_s: int, end_s: int) -> int:
    """Seconds of this time beyond the regular end; what lies before ``begin_s`` is past and paid for."""
    regular_s = vehicle.regular_end_s
    return max(0, end_s - (max(regular_s, begin_s) if vehicle.underway else regular_s))


def _habit_costs(lookup: Lookup, habits: Habits, vehicle: Vehicle, steps: Sequence[Step]) -> Iterator[int]:
    """The price of each departure from yesterday's plan."""
    before: str | None = None
    for step in steps:
        if step.kind == "unload":
            before = None
        if step.kind != "collect":
            continue
        usual = lookup.usual.get(step.subject)
        if usual is not None:
            yield habits.other_vehicle_ueur * (usual.vehicle != vehicle.id)
            yield habits.other_order_ueur * (usual.after != before)
            shift_s = max(0, abs(step.begin_s - usual.arrival_s) - habits.shift_free_s)
            yield habits.shift_per_s_ueur * shift_s
        before = step.subject
