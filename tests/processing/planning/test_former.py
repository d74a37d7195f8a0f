"""A day that has a plan already is planned again from it: a small change in the data is a small change in the plan."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.planning import Collect, PlanProblem, Unload, evaluate
from domain.planning.record import from_record
from processing.planning.draft import draft_plan
from processing.planning.former import PRICES, Former, FormerStop, begin_with
from processing.routing.sample import sample_problem
from processing.routing.stop import Stop
from tests.processing.planning.region import DAY, NOW, Place

STOP = Stop(iterations=300)
NO_SEARCH = Stop(iterations=0)


@pytest.fixture
def two_vehicles(place: Place) -> Place:
    """Another vehicle just like the first, each too small for all ten containers; the day has no plan yet."""
    place.connection.execute("UPDATE vehicle SET capacity_l = 6000")
    place.connection.execute("UPDATE shift SET begins = '06:00', ends = '07:20'")
    place.connection.execute(
        "INSERT INTO vehicle (organisation_id, depot_id, key, name, fractions, capacity_l, capacity_kg,"
        " fixed_cost_cents, cost_per_km_cents, cost_per_h_cents)"
        " SELECT organisation_id, depot_id, 'w', 'Second', fractions, capacity_l, capacity_kg, fixed_cost_cents,"
        " cost_per_km_cents, cost_per_h_cents FROM vehicle"
    )
    place.connection.execute(
        "INSERT INTO shift (organisation_id, vehicle_id, weekday, begins, ends)"
        " SELECT s.organisation_id, v.id, s.weekday, s.begins, s.ends FROM shift s, vehicle v WHERE v.key = 'w'"
    )
    for number in range(10):
        place.container(place.association, f"c{number}", 95)
    return place


def numbered() -> PlanProblem:
    """The sample problem with names as the database gives them, and one vehicle that has two shifts."""
    sample = sample_problem()
    shifts = enumerate(sample.vehicles, start=1)
    return replace(
        sample,
        facilities=tuple(replace(each, id="4") for each in sample.facilities),
        vehicles=tuple(replace(each, id=f"7/{n}", shift_begin_s=n * 15_000) for n, each in shifts),
        containers=tuple(replace(each, id=str(n)) for n, each in enumerate(sample.containers, start=1)),
    )


def tours(place: Place, plan: int) -> dict[int, list[int]]:
    """The containers of each vehicle in order."""
    found: dict[int, list[int]] = {}
    for stop in place.stops(plan):
        if stop["kind"] == "container":
            found.setdefault(stop["vehicle_id"], []).append(stop["thing_id"])
    return found


def drafted(place: Place, *, stop: Stop = STOP, seed: int = 1, publish: bool = False) -> int:
    """A new plan of the day."""
    plan = place.request(publish=publish)
    draft_plan(place.connection, plan_id=plan, stop=stop, seed=seed, now=NOW)
    return plan


def exchange_vehicles(place: Place, plan: int) -> None:
    """Let each vehicle drive the other one's tour, as a person might have it."""
    place.connection.execute(
        "UPDATE tour SET vehicle_id = (SELECT sum(id) FROM vehicle) - vehicle_id WHERE plan_id = %s", (plan,)
    )
    place.connection.commit()


def wish(place: Place, replanning: str) -> None:
    """What the organisation wants of former plans."""
    place.connection.execute(
        "UPDATE organisation SET replanning = %s WHERE id = %s", (replanning, place.association)
    )
    place.connection.commit()


def test_one_container_more_leaves_the_others_where_they_are(two_vehicles: Place) -> None:
    """By default who empties what, and in which order, stays as it was; the new container is put in between."""
    place = two_vehicles
    first = drafted(place)
    exchange_vehicles(place, first)
    before = tours(place, first)
    assert len(before) == 2
    new = place.beside(before[min(before)][0], "new")
    second = drafted(place, seed=9)
    after = tours(place, second)
    assert {vehicle: [each for each in names if each != new] for vehicle, names in after.items()} == before
    assert new in [each for names in after.values() for each in names]
    former = place.row(second)["summary"]["former"]
    assert (former["plan"], former["containers"], former["left"], former["other_vehicle"]) == (
        first,
        10,
        0,
        0,
    )
    assert former["other_order"] <= 1


def test_an_organisation_may_have_each_plan_made_anew(two_vehicles: Place) -> None:
    """With `anew` the former plan has no influence at all, and the summary names none."""
    place = two_vehicles
    wish(place, "anew")
    first = drafted(place)
    own = tours(place, first)
    exchange_vehicles(place, first)
    second = drafted(place)
    assert tours(place, second) == own != tours(place, first)
    assert "former" not in place.row(second)["summary"]


@pytest.mark.parametrize("replanning", ["start", "keep", "keep_hours"])
def test_the_former_plan_is_where_the_search_begins(two_vehicles: Place, replanning: str) -> None:
    """Without any search the plan is the former one, at the same cost, whatever the price of changes."""
    place = two_vehicles
    wish(place, replanning)
    first = drafted(place)
    exchange_vehicles(place, first)
    second = drafted(place, stop=NO_SEARCH)
    assert tours(place, second) == tours(place, first)
    costs = [place.row(plan)["summary"] for plan in (first, second)]
    assert costs[0]["cost_cents"] == costs[1]["cost_cents"]
    assert costs[1]["habits_cents"] == 0
    habits = from_record(place.row(second)["problem"]).habits
    assert len(habits.visits) == 10
    wanted = PRICES[replanning]
    assert wanted is not None
    assert habits.other_vehicle_ueur == wanted.other_vehicle_ueur
    assert habits.shift_per_s_ueur == wanted.shift_per_s_ueur


def test_a_plan_in_force_counts_more_than_a_later_draft(two_vehicles: Place) -> None:
    """What crews were told is where the next plan begins, not a draft that nobody has seen."""
    place = two_vehicles
    in_force = drafted(place, publish=True)
    draft = drafted(place)
    exchange_vehicles(place, draft)
    third = drafted(place)
    assert place.row(third)["summary"]["former"]["plan"] == in_force
    assert tours(place, third) == tours(place, in_force)


def test_a_draft_computed_again_begins_with_itself(two_vehicles: Place) -> None:
    """The tours that the plan's own row has, edited or not, come before those of another draft."""
    place = two_vehicles
    first = drafted(place)
    drafted(place)
    exchange_vehicles(place, first)
    before = tours(place, first)
    draft_plan(place.connection, plan_id=first, stop=STOP, seed=1, now=NOW)
    assert place.row(first)["summary"]["former"]["plan"] == first
    assert tours(place, first) == before


def test_what_is_gone_is_no_obstacle(two_vehicles: Place) -> None:
    """A retired vehicle, a container emptied meanwhile and plans of other days are passed over."""
    place = two_vehicles
    first = drafted(place)
    before = tours(place, first)
    retired, stays = sorted(before)
    gone = before[stays][0]
    place.connection.execute("UPDATE vehicle SET retired_at = now() WHERE id = %s", (retired,))
    place.connection.execute("UPDATE shift SET ends = '15:00'")
    place.connection.execute("UPDATE container_state SET fill_percent = 1 WHERE thing_id = %s", (gone,))
    other = place.request()
    place.connection.execute("UPDATE plan SET day = %s WHERE id = %s", (DAY + timedelta(days=7), other))
    draft_plan(place.connection, plan_id=other, stop=STOP, seed=1, now=NOW)
    assert "former" not in place.row(other)["summary"]
    second = drafted(place)
    (now,) = tours(place, second).values()
    assert set(now) == {each for names in before.values() for each in names} - {gone}
    former = place.row(second)["summary"]["former"]
    assert (former["plan"], former["containers"]) == (first, len(before[stays]) - 1)
    row = place.row(second)
    assert row["status"] == "draft"
    assert row["summary"]["unserved_mandatory"] == 0


def test_former_stops_become_visits_and_habits() -> None:
    """Unloadings of nothing and a container's second visit are dropped; what came before is what is still there."""
    problem = numbered()
    stops = tuple(
        FormerStop(
            tour_id=1,
            vehicle_id=7,
            tour_begins_at=problem.day_start + timedelta(hours=8),
            thing_id=thing,
            facility_id=unload,
            begins_at=problem.day_start + timedelta(seconds=minute * 60),
        )
        for minute, (thing, unload) in enumerate(
            [(None, 4), (1, None), (99, None), (2, None), (None, 4), (None, 4), (1, None), (3, None)]
        )
    )
    prices = PRICES["keep"]
    assert prices is not None
    asked, start = begin_with(Former(plan_id=1, stops=stops, prices=prices), problem)
    (tour,) = start.tours
    assert tour.vehicle == "7/2"
    assert tour.visits == (
        Collect(container="1"),
        Collect(container="2"),
        Unload(facility="4"),
        Collect(container="3"),
    )
    assert [(each.container, each.after, each.arrival_s) for each in asked.habits.visits] == [
        ("1", None, 60),
        ("2", "1", 180),
        ("3", None, 420),
    ]
    assert evaluate(asked, start).cost.habits_ueur == 0
