"""Why a plan cannot be: constraint and containers by name."""

from dataclasses import replace
from typing import Any

import pytest

from domain.planning import (
    BreakRules,
    Chamber,
    Choice,
    Collect,
    Load,
    Lunch,
    PlannedTour,
    PlanProblem,
    TimeWindow,
    Underway,
    Unload,
    explain_container,
    explain_infeasible,
)
from processing.routing.sample import sample_problem
from tests.domain.line_problem import FACILITY, PATIENT, container, line
from tests.domain.line_problem import problem as line_problem


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


def on_the_line(**changes: object) -> PlanProblem:
    """Container a of the line problem changed by ``container``, the truck by ``vehicle``, the rest by its name."""
    task = container("a", 1, **changes.pop("container", {}))  # type: ignore[arg-type]
    truck = replace(PATIENT, **changes.pop("vehicle", {}))  # type: ignore[arg-type]
    return line_problem(containers=(task,), vehicles=(truck,), **changes)


BODY = {"chambers": (Chamber(fractions=frozenset({"paper"}), capacity_l=699, capacity_kg=99),)}


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("vehicle_skills", {"container": {"skills": frozenset({"crane"})}}),
        ("vehicle_forbidden", {"container": {"forbidden_vehicles": frozenset({"truck"})}}),
        ("vehicle_forbidden", {"container": {"vehicles": frozenset()}}),
        ("wrong_day", {"container": {"days": frozenset({3})}}),
        ("fixed_changed", {"fixed": (PlannedTour(vehicle="truck", visits=()),)}),
        ("chamber_volume", {"vehicle": BODY}),
        ("chamber_weight", {"vehicle": BODY, "container": {"demand_l": 1}}),
        ("day_volume", {"vehicle": {"day_capacity_l": 699}}),
        ("day_weight", {"vehicle": {"day_capacity_kg": 99}}),
        ("facility_volume", {"facilities": (replace(FACILITY, capacity_l=699),)}),
        ("facility_weight", {"facilities": (replace(FACILITY, capacity_kg=99),)}),
        ("max_distance", {"vehicle": {"max_distance_m": 599}}),
        ("max_duration", {"vehicle": {"max_duration_s": 1_359}}),
        ("max_stops", {"vehicle": {"max_stops": 0}}),
        ("break_driving", {"vehicle": {"breaks": BreakRules(driving="always")}, **line(step_s=16_201)}),
        (
            "break_work",
            {"vehicle": {"breaks": BreakRules(working_time=True)}, "container": {"service_s": 21_601}},
        ),
        ("shift_end", {"container": {"released_s": 300_000}}),
    ],
)
def test_new_constraints_are_named_for_a_container_alone(name: str, changes: dict[str, Any]) -> None:
    """What keeps a container from everyone is named, with a sentence, and concerns it alone."""
    given = on_the_line(**changes)
    (found,) = explain_infeasible(given)
    assert (found.constraint, found.containers) == (name, ("a",))
    assert len(found.message) > 20


@pytest.mark.parametrize(
    "changes",
    [
        {"vehicle": {"breaks": BreakRules(driving="always", working_time=True)}, **line(step_s=5_000)},
        {
            "vehicle": {
                "breaks": BreakRules(lunch=Lunch(earliest_begin_s=1_100, latest_begin_s=1_500, duration_s=60))
            }
        },
        {
            "vehicle": {
                "breaks": BreakRules(
                    driving="always", lunch=Lunch(earliest_begin_s=1_100, latest_begin_s=4_000, duration_s=60)
                )
            },
            **line(step_s=5_000),
        },
        {
            "vehicle": {
                "underway": Underway(
                    location=1,
                    departed_s=0,
                    ready_s=0,
                    on_board=(Load(fraction="glass", volume_l=1, weight_kg=1),),
                )
            },
            "facilities": (FACILITY, replace(FACILITY, id="works", fractions=frozenset({"glass"}))),
        },
        {"fixed": (PlannedTour(vehicle="truck", visits=(Collect(container="a"), Unload(facility="tip"))),)},
    ],
)
def test_what_a_break_or_an_unloading_cures_is_not_blamed(changes: dict[str, Any]) -> None:
    """A container that can be served with a pause, after unloading, or by a fixed tour has no diagnosis."""
    assert explain_infeasible(on_the_line(**changes)) == ()


def test_a_choice_is_infeasible_with_all_its_options() -> None:
    """A required choice is named if every option has a container that nobody can serve; one that can is enough."""
    tasks = (container("a", 1, skills=frozenset({"crane"})), container("b", 2, days=frozenset({7})))
    choice = Choice(id="weekly", options=(("a",), ("b",)))
    given = line_problem(containers=tasks, choices=(choice,))
    (found,) = explain_infeasible(given)
    assert (found.constraint, found.containers) == ("choice_unserved", ("a", "b"))
    better = replace(given, containers=(tasks[0], container("b", 2)))
    assert explain_infeasible(better) == ()
    assert explain_infeasible(replace(given, choices=(replace(choice, required=False),))) == ()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("fleet_volume", {"vehicles": (replace(PATIENT, day_capacity_l=1_399),)}),
        ("fleet_weight", {"vehicles": (replace(PATIENT, day_capacity_kg=199),)}),
        ("fleet_stops", {"vehicles": (replace(PATIENT, max_stops=1),)}),
        ("facility_volume", {"facilities": (replace(FACILITY, capacity_l=1_399),)}),
        ("facility_weight", {"facilities": (replace(FACILITY, capacity_kg=199),)}),
    ],
)
def test_what_the_day_lacks_in_all_is_named(name: str, changes: dict[str, Any]) -> None:
    """Containers that fit one by one but not together are named with the limit that they share."""
    (found,) = explain_infeasible(line_problem(**({"vehicles": (PATIENT,)} | changes)))
    assert (found.constraint, found.containers) == (name, ("a", "b"))


def test_groups_compare_with_the_vehicles_that_may_serve_them() -> None:
    """What only one small vehicle may serve is not saved by a large one."""
    small = replace(PATIENT, id="small", max_stops=1, skills=frozenset({"crane"}))
    tasks = tuple(container(name, 1, skills=frozenset({"crane"})) for name in "ab")
    found = explain_infeasible(line_problem(containers=tasks, vehicles=(PATIENT, small)))
    assert [(each.constraint, each.containers) for each in found] == [("fleet_stops", ("a", "b"))]
    assert "crane" in found[0].message or "paper" in found[0].message
