"""Kim's text becomes a problem in hundredths of seconds and tenths of feet, and costs are miles."""

from pathlib import Path

import pytest

from domain.planning import (
    Collect,
    Cost,
    Lunch,
    Pause,
    PlannedTour,
    PlanSolution,
    TimeWindow,
    Unload,
    evaluate,
)
from processing.routing.formats import BadInstance, Instance, read_instance
from tests.processing.routing.formats.periodic import KIM


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    """The small set."""
    path = tmp_path / "3_stop.txt"
    path.write_text(KIM)
    return read_instance(path)


def test_figures_keep_their_meaning(instance: Instance) -> None:
    """Capacities, lunch, hours, service and load are those of the file."""
    vehicle = instance.problem.vehicles[0]
    assert (instance.name, instance.family) == ("3_stop", "Kim")
    assert (vehicle.capacity_l, vehicle.day_capacity_l, vehicle.max_stops) == (1000, 1500, 5)
    assert (vehicle.shift_begin_s, vehicle.latest_end_s) == (4 * 360_000, 15 * 360_000)
    assert vehicle.breaks.lunch == Lunch(
        earliest_begin_s=11 * 360_000, latest_begin_s=12 * 360_000, duration_s=360_000
    )
    task = instance.problem.containers[1]
    assert (task.id, task.demand_l, task.service_s) == ("12", 600, 3000)
    assert task.windows == (TimeWindow(open_s=7 * 360_000, close_s=12 * 360_000),)


def test_minutes_above_59_are_minutes(instance: Instance) -> None:
    """1675 is a quarter past five, until when service may begin, so the site is open for one service longer."""
    (site,) = instance.problem.facilities
    assert site.opening == (TimeWindow(open_s=6 * 360_000, close_s=17 * 360_000 + 15 * 6000 + 2000),)


def test_cost_is_miles_and_vehicles_come_first(instance: Instance) -> None:
    """A mile north and back, and the disposal site four miles east; another vehicle costs more than any distance."""
    routes = "Route #1: 13 9\nRoute #2: 11 lunch:360000 9\n"
    tours = instance.read_solution(routes)
    assert tours[1].visits == (
        Collect(container="11"),
        Pause(duration_s=360_000, lunch=True),
        Unload(facility="9"),
    )
    judged = evaluate(instance.problem, PlanSolution(tours=tours))
    assert instance.cost(judged.cost.total_ueur) == 8 + 10
    fixed = instance.problem.vehicles[0].fixed_cost_ueur
    assert fixed > sum(tour.cost.distance_ueur for tour in judged.tours)
    assert len(instance.problem.vehicles) == 3
    assert instance.write_tours(tours, judged.cost.total_ueur) == f"{routes}Cost 18.0\n"


def test_parts_of_the_cost_are_miles(instance: Instance) -> None:
    """The price that makes vehicles count first is none of the parts, and a difference names the vehicles apart."""
    fixed = instance.problem.vehicles[0].fixed_cost_ueur
    parts = instance.scale.parts(Cost(fixed_ueur=2 * fixed, distance_ueur=18 * 52_800))
    assert (parts["distance"], sum(parts.values()), "fixed" in parts) == (18.0, 18.0, False)
    assert instance.scale.words(fixed + 52_800) == "1 vehicle and 1.0 miles"
    assert instance.scale.words(-52_800) == "-1.0 miles"


def test_lunch_is_owed_only_over_noon(instance: Instance) -> None:
    """A tour that is home before twelve needs no lunch."""
    (tour,) = instance.read_solution("Route #1: 13 9")
    assert isinstance(tour, PlannedTour)
    judged = evaluate(instance.problem, PlanSolution(tours=(tour,)))
    assert {violation.name for violation in judged.violations} == {"required_unserved"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("10.0 ", "ten ", "line 1: 'ten' is not a number"),
        ("40  ", "0  ", "line 5: the speed is 0"),
        ("9   2", "11   2", "stop 11 is given twice"),
        ("9999 2", "9999 1", "there is no disposal site"),
        ("9999.00 0", "9999.00 1", "there are 0 depots"),
        ("0600 1675", "0600 0500", "line 8: the window closes (0500) before it opens (0600)"),
        ("0600 1675", "0600 9999", "line 8: a time (HHMM) is '9999'"),
        ("12 1000 3280", "12 1000", "line 10: the stop has 7 entries"),
        ("6280", "9e9", "they lie more than 75 miles apart"),
    ],
)
def test_mistakes_are_named_with_their_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    """A mistake is one sentence with file, line and remedy."""
    path = tmp_path / "x.txt"
    path.write_text(KIM.replace(old, new, 1))
    with pytest.raises(BadInstance, match=r"x\.txt") as caught:
        read_instance(path)
    assert said in str(caught.value)
