"""Where containers stand in one place, the gaps behind those that are served there are looked at first."""

from dataclasses import replace

from domain.planning import (
    Collect,
    PlannedTour,
    PlanProblem,
    PlanSolution,
    TimeWindow,
    Unload,
    evaluate,
)
from processing.routing.kernels.model import PLAIN
from processing.routing.search import Search
from tests.processing.routing.road import TRUCK, box, road

LATE = (TimeWindow(open_s=20_000, close_s=30_000),)
"""Who serves this waits, so that what is served on the way costs no time."""


def completed(problem: PlanProblem, **tours: str) -> dict[str, tuple[str, ...]]:
    """The containers of these tours, to which those that are in none were added where that seemed cheapest."""
    planned = tuple(
        PlannedTour(
            vehicle=vehicle,
            visits=(*(Collect(container=name) for name in names.split()), Unload(facility="tip")),
        )
        for vehicle, names in tours.items()
    )
    search = Search(problem, 1, PlanSolution(tours=planned))
    search.style = search.style._replace(blink=0)
    search.start()
    assert not search.model.rule[PLAIN]
    found = PlanSolution(tours=search.tours())
    assert evaluate(problem, found).feasible
    assert search.recount() == search.current_objective
    return {tour.vehicle: tour.containers for tour in found.tours}


def test_place_behind_a_container_beside_is_taken_at_once() -> None:
    """It costs the time of the service, and is taken though another tour, which waits later, has that for nothing."""
    fleet = tuple(replace(TRUCK, id=name) for name in ("here", "waiting"))
    far, late = box("far", 4), box("late", 2, windows=LATE)
    twins = (box("first", 1), box("second", 1))
    given = road(fleet, (*twins, far, late))
    assert completed(given, here="first far", waiting="late")["here"] == ("first", "second", "far")
    alone = replace(given, containers=(box("first", 3), twins[1], far, late))
    assert completed(alone, here="first far", waiting="late")["waiting"] == ("second", "late")


def test_cheapest_of_the_places_beside_is_taken() -> None:
    """Of three tours that serve containers there the one whose time costs least gets one more, wherever it stands."""
    prices = {"one": 5_000, "two": 4_000, "three": 3_000}
    for _ in range(3):
        fleet = tuple(replace(TRUCK, id=name, cost_per_s_ueur=each) for name, each in prices.items())
        names = [f"box of {name}" for name in prices]
        given = road(fleet, tuple(box(name.replace(" ", "-"), 2) for name in (*names, "more")))
        tours = completed(given, **{name: f"box-of-{name}" for name in prices})
        assert tours["three"] == ("box-of-three", "more")
        first, *others = prices.items()
        prices = dict([*others, first])


def test_place_beside_that_is_dear_does_not_keep_others_from_being_looked_at() -> None:
    """Where the only place there needs an unloading of its own, a tour that drives by with room is found instead."""
    fleet = (replace(TRUCK, id="full", capacity_l=2), replace(TRUCK, id="by"))
    full = (box("large", 1, demand_l=2), box("more", 1), box("far", 3))
    tours = completed(road(fleet, full), full="large", by="far")
    assert tours["full"] == ("large",)
    assert set(tours["by"]) == {"more", "far"}
