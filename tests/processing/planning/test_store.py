"""Whatever a tour's time line and a plan's cost consist of can be stored, and reads as it was."""

from dataclasses import replace
from itertools import pairwise
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from api.routes.tours import StopKind
from domain.planning import (
    Collect,
    Cost,
    Pause,
    PlanEvaluation,
    PlannedTour,
    PlanProblem,
    PlanSolution,
    StepKind,
    Unload,
    evaluate,
)
from processing.planning.assemble import Assembled, assemble
from processing.planning.region import read_region
from processing.planning.store import KINDS, cents_of, store_plan
from processing.roads.travel import GreatCircleTravel
from tests.processing.planning.region import DAY, NOW, Place

EXACT_UEUR = st.integers(0, 10**12)


def test_every_kind_of_step_has_a_name_that_is_read() -> None:
    """A kind that the domain gains must be given a name here, and the API must know each name."""
    assert set(KINDS) == set(get_args(StepKind))
    assert set(KINDS.values()) == set(get_args(StopKind))
    assert len(set(KINDS.values())) == len(KINDS)


def prepared(place: Place) -> Assembled:
    """The day of a vehicle that must clean its body between paper and glass, whose glass is released late."""
    assembled = assemble(
        read_region(place.connection, place.association, DAY, NOW), DAY, NOW, GreatCircleTravel()
    )
    problem = assembled.problem
    released = [
        replace(task, released_s=50_000) if task.fraction == "glass" else task for task in problem.containers
    ]
    both = [replace(each, fractions=frozenset({"paper", "glass"})) for each in problem.facilities]
    vehicles = [replace(each, cleaning_s=600) for each in problem.vehicles]
    changed = replace(problem, containers=tuple(released), facilities=tuple(both), vehicles=tuple(vehicles))
    return replace(assembled, problem=changed)


def stored(place: Place, assembled: Assembled, tours: tuple[PlannedTour, ...]) -> tuple[int, PlanEvaluation]:
    """Store a plan of these tours; return its number and what the evaluator says of it."""
    plan = place.request()
    solution = PlanSolution(tours=tours)
    judged = evaluate(assembled.problem, solution)
    store_plan(
        place.connection,
        plan_id=plan,
        organisation_id=place.association,
        assembled=assembled,
        solution=solution,
        judged=judged,
        now=NOW,
    )
    return plan, judged


def a_tour_of_all_kinds(problem: PlanProblem, paper: int, glass: int) -> PlannedTour:
    """Empty, pause, unload, clean, wait for the release, empty, unload."""
    unload = Unload(facility=problem.facilities[0].id)
    first, second = Collect(container=str(paper)), Collect(container=str(glass))
    visits = (first, Pause(duration_s=1_800), unload, second, unload)
    return PlannedTour(vehicle=problem.vehicles[0].id, visits=visits)


def test_time_line_is_stored_step_by_step(place: Place) -> None:
    """Every kind of step becomes a stop with its times; a vehicle that stays at home has no tour."""
    paper = place.container(place.association, "paper", 90)
    glass = place.container(place.association, "glass", 90, fraction="glass")
    assembled = prepared(place)
    problem = assembled.problem
    spare = replace(problem.vehicles[0], id="0/0")
    assembled = replace(assembled, problem=replace(problem, vehicles=(spare, *problem.vehicles)))
    at_home = PlannedTour(vehicle=spare.id, visits=())
    plan, judged = stored(place, assembled, (at_home, a_tour_of_all_kinds(problem, paper, glass)))
    steps, stops = judged.tours[1].steps, place.stops(plan)
    assert {stop["kind"] for stop in stops} == set(KINDS.values())
    assert [stop["kind"] for stop in stops] == [KINDS[step.kind] for step in steps]
    assert [(stop["departs_at"] - problem.day_start).total_seconds() for stop in stops] == [
        step.end_s for step in steps
    ]
    assert [stop["facility_id"] is not None for stop in stops] == [
        step.kind in ("unload", "clean") for step in steps
    ]
    assert place.row(plan)["summary"]["tours"] == 1


@given(
    first=st.builds(Cost, fixed_ueur=EXACT_UEUR, time_ueur=EXACT_UEUR, habits_ueur=EXACT_UEUR),
    second=st.builds(Cost, distance_ueur=EXACT_UEUR, leaving_ueur=EXACT_UEUR, serving_ueur=EXACT_UEUR),
)
def test_stored_components_add_up_to_the_total(first: Cost, second: Cost) -> None:
    """Each component is within a cent of what it is, one of nothing is nothing, and the sum is the rounded total."""
    cost = first + second
    cents = cents_of(cost)
    total = cents.pop("cost_cents")
    assert total == round(cost.total_ueur / 10_000) == sum(cents.values())
    assert {"serving_cents", "habits_cents", "overtime_cents", "leaving_cents"} <= cents.keys()
    for name, ueur in cost.components_ueur.items():
        assert abs(cents[f"{name}_cents"] - ueur / 10_000) <= 1
        assert ueur or not cents[f"{name}_cents"]


def test_summary_has_every_component(place: Place) -> None:
    """The summary of a stored plan holds the cost by component, and they add up."""
    place.container(place.association, "paper", 90)
    assembled = prepared(place)
    plan, judged = stored(place, assembled, ())
    summary = place.row(plan)["summary"]
    names = [f"{name}_cents" for name in judged.cost.components_ueur]
    assert summary["cost_cents"] == sum(summary[name] for name in names)


def test_containers_of_a_site_share_its_set_up(place: Place) -> None:
    """A site's set-up comes once after the arrival there; it is no part of the drive."""
    number = place.container(place.association, "first", 90)
    place.beside(number, "second")
    assembled = prepared(place)
    problem = assembled.problem
    (site,) = problem.sites
    names = [task.id for task in problem.containers]
    visits = (*(Collect(container=name) for name in names), Unload(facility=problem.facilities[0].id))
    plan, judged = stored(place, assembled, (PlannedTour(vehicle=problem.vehicles[0].id, visits=visits),))
    stops = [stop for stop in place.stops(plan) if stop["kind"] == "container"]
    assert [(stop["begins_at"] - stop["arrives_at"]).total_seconds() for stop in stops] == [site.setup_s, 0]
    row = place.connection.execute("SELECT drive_s FROM tour WHERE plan_id = %s", (plan,)).fetchone()
    ways = problem.duration_s
    places = [step.location for step in judged.tours[0].steps]
    assert row == (sum(ways[a][b] for a, b in pairwise(places)),)
