"""A plan is drafted on a real database: from levels and grants to stored tours."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import NotFound
from domain.planning import Collect, PlannedTour, PlanSolution, Unload, evaluate
from domain.planning.record import from_record
from processing.planning.draft import draft_plan
from processing.routing.stop import Stop
from storage.database import Connection
from tests.processing.planning.region import NOW, Place

STOP = Stop(iterations=200)


def test_plan_serves_what_is_full_where_it_may(place: Place) -> None:
    """Full containers of the association and of those that granted are served; those of others are not."""
    own = place.container(place.association, "own", 90)
    granted = place.container(place.granting, "granted", 50, rate=40)
    place.container(place.silent, "silent", 99)
    place.container(place.association, "empty", 1)
    place.container(place.association, "unknown", None)
    plan = place.request()
    draft_plan(place.connection, plan_id=plan, stop=STOP, seed=1, now=NOW)
    row = place.row(plan)
    assert (row["status"], row["feasible"], row["progress"]) == ("draft", True, 1.0)
    assert {stop["thing_id"] for stop in place.stops(plan) if stop["kind"] == "container"} == {own, granted}
    summary = row["summary"]
    assert (summary["required"], summary["unserved_mandatory"]) == (2, 0)
    assert (summary["without_level"], summary["not_due"]) == (1, 1)


def test_stored_tours_stand_up_to_the_stored_problem(place: Place) -> None:
    """Stops, times, loads and costs are those that the evaluator finds with the problem kept in the plan."""
    for number in range(9):
        place.container(place.granting, f"c{number}", 70 + 4 * number)
    plan = place.request()
    draft_plan(place.connection, plan_id=plan, stop=STOP, seed=1, now=NOW)
    row, stops = place.row(plan), place.stops(plan)
    problem = from_record(row["problem"])
    visits = tuple(
        Collect(container=str(stop["thing_id"]))
        if stop["kind"] == "container"
        else Unload(facility=str(stop["facility_id"]))
        for stop in stops
        if stop["kind"] in ("container", "unload")
    )
    tour = PlannedTour(vehicle=problem.vehicles[0].id, visits=visits)
    judged = evaluate(problem, PlanSolution(tours=(tour,)))
    assert judged.feasible
    steps = judged.tours[0].steps
    assert [stop["departs_at"] for stop in stops] == [
        problem.day_start + timedelta(seconds=step.end_s) for step in steps
    ]
    assert [(stop["load_l"], stop["load_kg"]) for stop in stops] == [
        (step.load_l, step.load_kg) for step in steps
    ]
    assert stops[0]["tour_begins_at"] == datetime(2026, 3, 3, 5, tzinfo=UTC)
    assert stops[0]["tour_m"] == sum(stop["distance_m"] for stop in stops)
    assert row["summary"]["cost_cents"] == round(judged.cost.total_ueur / 10_000)
    assert all(stop["arrives_at"] <= stop["begins_at"] <= stop["departs_at"] for stop in stops)


def test_infeasible_plan_names_constraint_and_containers(place: Place) -> None:
    """What no facility accepts is named with its constraint; the rest is planned, nothing is published."""
    glass = place.container(place.association, "Glass at the mill", 95, fraction="glass")
    paper = place.container(place.association, "paper", 95)
    plan = place.request(publish=True)
    draft_plan(place.connection, plan_id=plan, stop=STOP, seed=1, now=NOW)
    row = place.row(plan)
    assert (row["status"], row["feasible"], row["published_at"]) == ("infeasible", False, None)
    (diagnosis,) = row["diagnosis"]
    assert (diagnosis["constraint"], diagnosis["containers"]) == ("facility_fraction", [glass])
    assert "Glass at the mill" in diagnosis["detail"]
    assert (diagnosis["names"], diagnosis["fractions"]) == (["Glass at the mill"], ["glass"])
    assert [stop["thing_id"] for stop in place.stops(plan) if stop["kind"] == "container"] == [paper]


def test_day_without_shifts_says_so(place: Place) -> None:
    """Without a vehicle on the day the plan is infeasible for want of one, not an error."""
    full = place.container(place.association, "full", 95)
    place.connection.execute("DELETE FROM shift")
    plan = place.request()
    draft_plan(place.connection, plan_id=plan, stop=STOP, seed=1, now=NOW)
    (diagnosis,) = place.row(plan)["diagnosis"]
    assert (diagnosis["constraint"], diagnosis["containers"]) == ("no_vehicle", [full])


def test_published_plan_supersedes_the_former(place: Place) -> None:
    """Publishing takes the former plan of the day out of force; a plan being driven stays in force."""
    place.container(place.association, "full", 95)
    first, second, third = (place.request(publish=True) for _ in range(3))
    for plan in (first, second):
        draft_plan(place.connection, plan_id=plan, stop=STOP, seed=1, now=NOW)
    assert (place.row(first)["status"], place.row(second)["status"]) == ("superseded", "published")
    place.connection.execute("UPDATE plan SET status = 'in_progress' WHERE id = %s", (second,))
    draft_plan(place.connection, plan_id=third, stop=STOP, seed=1, now=NOW)
    assert (place.row(second)["status"], place.row(third)["status"]) == ("in_progress", "draft")


def test_computing_again_replaces_the_tours(place: Place) -> None:
    """A draft computed again has the new tours only, and the same seed gives the same ones."""
    for number in range(4):
        place.container(place.association, f"c{number}", 90)
    plan = place.request()
    draft_plan(place.connection, plan_id=plan, stop=STOP, seed=1, now=NOW)
    first = [(stop["kind"], stop["thing_id"], stop["departs_at"]) for stop in place.stops(plan)]
    draft_plan(place.connection, plan_id=plan, stop=STOP, seed=1, now=NOW)
    assert [(stop["kind"], stop["thing_id"], stop["departs_at"]) for stop in place.stops(plan)] == first


def test_collected_container_counts_as_empty(place: Place) -> None:
    """A container collected after its last reading is not sent for again."""
    thing = place.container(place.association, "full", 95)
    place.connection.execute(
        "INSERT INTO collection (organisation_id, collector_id, thing_id, collected_at, outcome, idempotency_key)"
        " VALUES (%s, %s, %s, %s, 'served', gen_random_uuid())",
        (place.association, place.association, thing, NOW - timedelta(minutes=5)),
    )
    plan = place.request()
    draft_plan(place.connection, plan_id=plan, stop=STOP, seed=1, now=NOW)
    assert place.stops(plan) == []
    assert place.row(plan)["status"] == "draft"


@pytest.mark.parametrize(("hour", "past"), [(4, False), (11, True), (20, True)])
def test_plan_made_during_the_shift_covers_all_of_it_and_says_so(place: Place, hour: int, past: bool) -> None:
    """Shifts are planned from their begin whenever the plan is asked for; one that began before is marked."""
    place.container(place.association, "full", 95)
    plan = place.request()
    now = NOW.replace(hour=hour)
    draft_plan(place.connection, plan_id=plan, stop=STOP, seed=1, now=now)
    row, stops = place.row(plan), place.stops(plan)
    assert (row["status"], row["summary"]["starts_in_the_past"]) == ("draft", past)
    assert stops[0]["tour_begins_at"] == datetime(2026, 3, 3, 5, tzinfo=UTC)


def test_worker_role_may_do_all_of_it(place: Place, worker: Connection) -> None:
    """The worker's rights suffice from reading the region to publishing."""
    place.container(place.granting, "full", 95)
    plan = place.request(publish=True)
    draft_plan(worker, plan_id=plan, stop=STOP, seed=1, now=NOW)
    place.connection.rollback()
    assert place.row(plan)["status"] == "published"


def test_plan_that_is_not_there_is_refused(place: Place) -> None:
    """An unknown plan is an error of ours that names it."""
    with pytest.raises(NotFound, match="4711"):
        draft_plan(place.connection, plan_id=4711, stop=STOP, seed=1, now=NOW)


def test_failure_is_kept_in_the_plan(place: Place) -> None:
    """When the computation breaks off, the plan says so instead of waiting for ever."""
    place.container(place.association, "full", 95)
    plan = place.request()

    class Broken:
        def matrix(self, points: object) -> None:
            raise OSError("no map")

    with pytest.raises(OSError, match="no map"):
        draft_plan(place.connection, plan_id=plan, stop=STOP, seed=1, now=NOW, travel=Broken())
    row = place.row(plan)
    assert (row["status"], row["diagnosis"][0]["detail"]) == ("failed", "no map")
