"""Whom a vehicle may serve, sites' set-ups, profiles, limits, the latest departure, and tours under way."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.planning import (
    BreakRules,
    Collect,
    ContainerTask,
    Load,
    Lunch,
    Pause,
    PlannedTour,
    Site,
    TimeWindow,
    TravelProfile,
    Underway,
    Visit,
)
from tests.domain.line_problem import (
    PATIENT,
    TIP,
    TRUCK,
    A,
    B,
    container,
    drive,
    line,
    names,
    plan,
    problem,
    times,
)

BOTH = (container("a", 1), container("b", 2))


def first(**changes: object) -> tuple[ContainerTask, ...]:
    """Both containers, the first of them changed."""
    return (container("a", 1, **changes), BOTH[1])


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("vehicle_skills", {"skills": frozenset({"crane"})}),
        ("vehicle_forbidden", {"vehicles": frozenset({"other"})}),
        ("vehicle_forbidden", {"vehicles": frozenset()}),
        ("vehicle_forbidden", {"forbidden_vehicles": frozenset({"truck"})}),
        ("wrong_day", {"days": frozenset({1})}),
    ],
)
def test_a_vehicle_serves_only_what_it_may(name: str, changes: dict[str, object]) -> None:
    """Skills, pinned and forbidden vehicles and days are named with the container that they concern."""
    fleet = (TRUCK, replace(TRUCK, id="other", skills=frozenset({"crane"}), day=1))
    given = problem(vehicles=fleet, containers=first(**changes))
    (found,) = drive(given, A, B, TIP).violations
    assert (found.name, found.vehicle, found.subjects) == (name, "truck", ("a",))
    if changes != {"vehicles": frozenset()}:
        assert not drive(given, A, B, TIP, vehicle="other").violations


def test_set_up_is_spent_on_arrival_at_another_site_or_place() -> None:
    """Containers of one site share its set-up, whatever pauses lie between; the window waits for it."""
    tasks = (
        container("a", 1, site="yard"),
        container("b", 1, site="yard", windows=(TimeWindow(open_s=1_500, close_s=1_600),)),
        container("c", 2, site="yard"),
    )
    given = problem(vehicles=(PATIENT,), containers=tasks, sites=(Site(id="yard", setup_s=50),))
    c = Collect(container="c")
    steps = drive(given, A, Pause(duration_s=10), B, c, TIP).steps
    assert [(step.kind, step.arrival_s, step.setup_s, step.wait_s, step.begin_s) for step in steps] == [
        ("depart", 1_000, 0, 0, 1_000),
        ("collect", 1_200, 50, 0, 1_250),
        ("pause", 1_310, 0, 0, 1_310),
        ("collect", 1_320, 0, 180, 1_500),
        ("collect", 1_760, 50, 0, 1_810),
        ("unload", 2_070, 0, 0, 2_070),
        ("return", 2_770, 0, 0, 2_770),
    ]
    assert drive(given, A, TIP, B, TIP).steps[3].setup_s == 50


def test_service_begins_within_the_window_after_the_set_up() -> None:
    """Arriving in time is not enough if the set-up lasts beyond the window's close; the message says how long."""
    tasks = first(windows=(TimeWindow(open_s=0, close_s=1_249),))
    given = problem(containers=tasks, sites=(Site(id="a", setup_s=50),))
    (found,) = drive(given, A, B, TIP).violations
    assert found.name == "time_window"
    assert "1 s after" in found.message


def test_a_vehicle_drives_by_its_profile() -> None:
    """Metres and seconds are those of the vehicle's own matrices."""
    slow = TravelProfile(name="slow", **line(300, 400))
    given = problem(profiles=(slow,), vehicles=(replace(PATIENT, profile="slow"),))
    tour = drive(given, A, B, TIP)
    assert (tour.distance_m, tour.duration_s) == (1_800, 2_620)


@pytest.mark.parametrize(
    ("name", "limit", "kept"),
    [
        ("max_distance", "max_distance_m", 600),
        ("max_duration", "max_duration_s", 1_420),
        ("max_stops", "max_stops", 2),
    ],
)
def test_limits_of_a_tour(name: str, limit: str, kept: int) -> None:
    """A limit that is just kept is fine, one less is named."""
    assert names(drive(problem(vehicles=(replace(TRUCK, **{limit: kept}),)), A, B, TIP)) == set()
    assert names(drive(problem(vehicles=(replace(TRUCK, **{limit: kept - 1}),)), A, B, TIP)) == {name}


def test_a_flexible_crew_departs_as_late_as_it_can() -> None:
    """It waits at home instead of on the way, but misses no window by that, and its time costs from there."""
    flexible = replace(TRUCK, flexible_begin=True)
    late = container("b", 2, windows=(TimeWindow(open_s=1_760, close_s=1_800),))
    tour = drive(problem(vehicles=(flexible,), containers=(BOTH[0], late)), A, B, TIP)
    assert times(tour)[0] == ("depart", 1_300, 1_300)
    assert times(tour)[-1] == ("return", 2_720, 2_720)
    assert (tour.duration_s, tour.cost.time_ueur) == (1_420, 3 * 1_420)
    early = container("a", 1, windows=(TimeWindow(open_s=0, close_s=1_300),))
    tour = drive(problem(vehicles=(flexible,), containers=(early, late)), A, B, TIP)
    assert times(tour)[0] == ("depart", 1_100, 1_100)
    assert not tour.violations


def test_a_flexible_crew_may_use_a_later_window() -> None:
    """If a later window of an early stop does not delay the return, the crew departs for that one."""
    early = container(
        "a", 1, windows=(TimeWindow(open_s=0, close_s=1_300), TimeWindow(open_s=1_400, close_s=1_450))
    )
    late = container("b", 2, windows=(TimeWindow(open_s=1_710, close_s=1_800),))
    tour = drive(
        problem(vehicles=(replace(TRUCK, flexible_begin=True),), containers=(early, late)), A, B, TIP
    )
    assert times(tour)[:3] == [("depart", 1_250, 1_250), ("collect", 1_450, 1_510), ("collect", 1_710, 1_770)]


def test_a_trip_departs_when_all_its_containers_are_released() -> None:
    """The vehicle waits where the trip begins: at the depot, or at the unloading before; a flexible crew at home."""
    tasks = (container("a", 1, released_s=1_100), container("b", 2, released_s=2_500))
    given = problem(vehicles=(PATIENT,), containers=tasks)
    assert times(drive(given, A, TIP, B, TIP)) == [
        ("depart", 1_000, 1_000),
        ("wait", 1_100, 1_100),
        ("collect", 1_300, 1_360),
        ("unload", 1_760, 1_860),
        ("wait", 2_500, 2_500),
        ("collect", 2_700, 2_760),
        ("unload", 2_960, 3_060),
        ("return", 3_660, 3_660),
    ]
    flexible = replace(given, vehicles=(replace(PATIENT, flexible_begin=True),))
    assert times(drive(flexible, A, TIP, B, TIP))[:4] == [
        ("depart", 1_740, 1_740),
        ("collect", 1_940, 2_000),
        ("unload", 2_400, 2_500),
        ("collect", 2_700, 2_760),
    ]


def test_a_tour_under_way_costs_what_is_still_to_come() -> None:
    """It goes on from where it stands with what is on board; the limits count the past, the cost does not."""
    state = Underway(
        location=2,
        departed_s=1_000,
        ready_s=1_500,
        on_board=(Load(fraction="paper", volume_l=700, weight_kg=100),),
        driven_m=200,
        stops=1,
        collected_l=700,
    )
    truck = replace(
        TRUCK, underway=state, regular_end_s=1_200, max_distance_m=700, max_duration_s=1_560, max_stops=2
    )
    given = problem(containers=first(), vehicles=(replace(truck, day_capacity_l=1_400),))
    tour = drive(given, A, TIP)
    assert times(tour) == [
        ("depart", 1_500, 1_500),
        ("collect", 1_700, 1_760),
        ("unload", 2_160, 2_260),
        ("return", 2_860, 2_860),
    ]
    assert [step.load_l for step in tour.steps] == [700, 1_400, 0, 0]
    assert (tour.distance_m, tour.duration_s, tour.overtime_s) == (600, 1_360, 1_360)
    assert (tour.cost.fixed_ueur, tour.cost.distance_ueur, tour.cost.time_ueur) == (0, 1_200, 4_080)
    assert names(tour) == {"max_distance", "max_duration"}
    tight = replace(truck, max_distance_m=None, max_duration_s=None, max_stops=1, day_capacity_l=1_399)
    assert names(drive(problem(vehicles=(tight,)), A, TIP)) == {"max_stops", "day_volume"}


def test_a_tour_under_way_drives_home_even_without_visits() -> None:
    """A vehicle on the road comes back, whether the plan says so or not, and must do so empty."""
    state = Underway(location=1, departed_s=1_000, ready_s=1_500)
    optional = tuple(replace(task, required=False) for task in BOTH)
    given = problem(containers=optional, vehicles=(replace(TRUCK, underway=state),))
    for judged in (plan(given), plan(given, truck=())):
        assert judged.feasible
        assert [step.kind for step in judged.tours[0].steps] == ["depart", "return"]
        assert judged.cost.distance_ueur == 200
    full = replace(state, on_board=(Load(fraction="paper", volume_l=1, weight_kg=1),))
    assert names(plan(replace(given, vehicles=(replace(TRUCK, underway=full),)))) == {"not_empty_at_end"}


def test_trips_made_before_count() -> None:
    """Unloadings that a tour under way has made are among its trips."""
    state = Underway(location=1, departed_s=1_000, ready_s=1_000, unloadings=1)
    given = problem(vehicles=(replace(TRUCK, underway=state),))
    assert names(drive(given, A, B, TIP)) == {"trips"}
    assert PlannedTour(vehicle="truck", visits=(A, B, TIP)).containers == ("a", "b")


@settings(deadline=None, max_examples=40)
@given(
    windows=st.lists(st.sets(st.integers(0, 150), min_size=4, max_size=4), min_size=2, max_size=2),
    released_s=st.none() | st.integers(0, 150),
    lunch_s=st.none() | st.integers(0, 150),
)
def test_the_latest_departure_is_the_one_that_trying_all_would_find(
    windows: list[set[int]], released_s: int | None, lunch_s: int | None
) -> None:
    """Of all departures that return as early as possible and miss nothing they need not, the last is taken."""
    tasks = []
    for name, place, edges in zip("ab", (1, 2), windows, strict=True):
        first, second, third, fourth = sorted(edges)
        open_s = (TimeWindow(open_s=first, close_s=second), TimeWindow(open_s=third, close_s=fourth))
        tasks.append(container(name, place, windows=open_s, service_s=6, released_s=released_s))
    meal = (
        None
        if lunch_s is None
        else Lunch(earliest_begin_s=lunch_s, latest_begin_s=lunch_s + 60, duration_s=9)
    )
    truck = replace(PATIENT, shift_begin_s=0, breaks=BreakRules(lunch=meal))
    base = problem(vehicles=(truck,), containers=tuple(tasks), **line(step_s=20))
    visits: tuple[Visit, ...] = (A, Pause(duration_s=9, lunch=True), B, TIP)

    def depart(begin_s: int) -> tuple[int, int]:
        tour = drive(replace(base, vehicles=(replace(truck, shift_begin_s=begin_s),)), *visits)
        late = sum(each.name == "time_window" for each in tour.violations)
        meals = [step.begin_s for step in tour.steps if step.subject == "lunch"]
        return tour.steps[-1].end_s, late + (lunch_s is not None and meals[0] > lunch_s + 60)

    return_s, missed = depart(0)
    latest_s = max(
        each for each in range(return_s + 1) if depart(each)[0] <= return_s and depart(each)[1] <= missed
    )
    flexible = replace(base, vehicles=(replace(truck, flexible_begin=True),))
    assert drive(flexible, *visits).steps[0].begin_s == latest_s
