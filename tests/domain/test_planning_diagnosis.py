"""Why a plan cannot be: constraint and containers by name."""

from dataclasses import replace

import pytest

from domain.planning import PlanProblem, TimeWindow, explain_container, explain_infeasible
from processing.routing.sample import sample_problem


def test_nothing_to_explain_where_all_can_be_served() -> None:
    """A problem that can be served has no diagnosis."""
    assert explain_infeasible(sample_problem()) == ()


def impossible(name: str) -> PlanProblem:
    """The sample problem with one thing made impossible for container 0."""
    base = sample_problem()
    first, *others = base.containers
    facility, vehicle = base.facilities[0], base.vehicles[0]
    return {
        "facility_fraction": replace(base, containers=(replace(first, fraction="tar"), *others)),
        "capacity_volume": replace(base, containers=(replace(first, demand_l=9_999), *others)),
        "capacity_weight": replace(base, containers=(replace(first, demand_kg=9_999), *others)),
        "vehicle_fraction": replace(base, vehicles=(replace(vehicle, fractions=frozenset({"glass"})),)),
        "shift_end": replace(base, vehicles=(replace(vehicle, latest_end_s=500),)),
        "time_window": replace(
            base, containers=(replace(first, windows=(TimeWindow(open_s=0, close_s=80),)), *others)
        ),
        "facility_closed": replace(
            base, facilities=(replace(facility, opening=(TimeWindow(open_s=0, close_s=600),)),)
        ),
    }[name]


@pytest.mark.parametrize(
    "name",
    [
        "facility_fraction",
        "capacity_volume",
        "capacity_weight",
        "vehicle_fraction",
        "shift_end",
        "time_window",
        "facility_closed",
    ],
)
def test_impossible_container_is_named_with_its_constraint(name: str) -> None:
    """A container that nobody can serve is named together with the constraint that stops it."""
    problem = impossible(name)
    found = {each.constraint: each.containers for each in explain_infeasible(problem)}
    assert "container 0" in found[name]
    assert explain_container(problem, problem.containers[0]) is not None


def test_fleet_too_small_for_the_day_is_explained() -> None:
    """Containers that could each be served, but not all of them, are explained by the fleet's limits."""
    base = sample_problem()
    single = (replace(base.vehicles[0], max_trips=1, capacity_l=1_000, capacity_kg=100),)
    found = {each.constraint: each for each in explain_infeasible(replace(base, vehicles=single))}
    assert set(found) == {"fleet_volume", "fleet_weight"}
    assert found["fleet_volume"].containers == ("container 0", "container 2")
    busy = tuple(replace(task, service_s=15_000) for task in base.containers)
    patient = replace(base, containers=busy, vehicles=(replace(base.vehicles[0], latest_end_s=40_000),))
    names = {each.constraint for each in explain_infeasible(patient)}
    assert "fleet_time" in names
