"""The breaks that a crew owes, by hand and against a simulation minute by minute."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.planning import (
    BreakRules,
    Collect,
    DisposalFacility,
    Lunch,
    Pause,
    PlanProblem,
    TimeWindow,
    Underway,
    Vehicle,
    Visit,
)
from domain.planning.breaks import spans_of
from tests.domain.line_problem import PATIENT, TIP, container, drive, names, problem

H, MIN = 3_600, 60
RULES = {"break_driving", "break_work", "break_work_total"}
EVERYTHING = BreakRules(driving="always", working_time=True)


def ring(
    legs_min: list[int], services_min: list[int], rules: BreakRules = EVERYTHING, **changes: object
) -> tuple[PlanProblem, list[Visit]]:
    """Containers 0, 1, … in a row: so many minutes to each, so many there; the last leg leads home, unloading free."""
    count = len(services_min)
    places = count + 1
    seconds = [[0] * places for _ in range(places)]
    for index, leg_min in enumerate(legs_min):
        seconds[index][(index + 1) % places] = leg_min * MIN
    tasks = tuple(
        container(str(index), index + 1, service_s=service_min * MIN, demand_l=0, demand_kg=0)
        for index, service_min in enumerate(services_min)
    )
    here = DisposalFacility(id="tip", location=count, service_s=0, fractions=frozenset({"paper"}))
    truck = replace(PATIENT, shift_begin_s=0, breaks=rules, **changes)
    given = problem(
        containers=tasks,
        facilities=(here,),
        vehicles=(truck,),
        distance_m=[[0] * places] * places,
        duration_s=seconds,
    )
    return given, [Collect(container=task.id) for task in tasks]


def rest(minutes: int, *, at_next: bool = False) -> Pause:
    """A pause of so many minutes."""
    return Pause(duration_s=minutes * MIN, at_next=at_next)


def broken(
    legs_min: list[int], services_min: list[int], *pauses: tuple[int, Pause], **changes: object
) -> set[str]:
    """Names of what is broken when each pause is taken before the container of that number."""
    given, visits = ring(legs_min, services_min, **changes)
    for index, pause in sorted(pauses, key=lambda each: -each[0]):
        visits.insert(index, pause)
    return names(drive(given, *visits, TIP))


DRIVING: dict[str, object] = {"rules": BreakRules(driving="always")}
WORKING: dict[str, object] = {"rules": BreakRules(working_time=True)}


@pytest.mark.parametrize(
    ("legs_min", "pauses", "expected"),
    [
        ([135, 135], [], set()),
        ([135, 136], [], {"break_driving"}),
        ([135, 136], [(1, rest(45))], set()),
        ([135, 136], [(1, rest(44))], {"break_driving"}),
        ([90, 90, 91], [(1, rest(15)), (2, rest(30))], set()),
        ([90, 90, 91], [(1, rest(30)), (2, rest(15))], {"break_driving"}),
        ([90, 90, 91], [(1, rest(14)), (2, rest(30))], {"break_driving"}),
        ([90, 90, 91], [(1, rest(30)), (2, rest(30))], set()),
        ([90, 90, 91], [(2, rest(20)), (2, rest(25))], set()),
        ([30, 30, 200, 200], [(1, rest(15)), (2, rest(30)), (3, rest(30))], {"break_driving"}),
        ([30, 30, 200, 200], [(2, rest(30)), (3, rest(30))], set()),
    ],
)
def test_driving_is_interrupted_by_45_minutes_or_15_and_30(
    legs_min: list[int], pauses: list[tuple[int, Pause]], expected: set[str]
) -> None:
    """After 4.5 h of driving all begins anew with a whole break or its second part, and with nothing less."""
    assert broken(legs_min, [10] * (len(legs_min) - 1), *pauses, **DRIVING) == expected


@pytest.mark.parametrize(
    ("services_min", "pauses", "expected"),
    [
        ([180, 180], [], set()),
        ([180, 181], [], {"break_work", "break_work_total"}),
        ([180, 181], [(1, rest(15))], {"break_work_total"}),
        ([180, 181], [(1, rest(14))], {"break_work", "break_work_total"}),
        ([180, 181], [(1, rest(30))], set()),
        ([180, 100, 81], [(1, rest(15)), (2, rest(15))], set()),
        ([180, 181], [(0, rest(15)), (1, rest(15))], {"break_work_total"}),
        ([180, 181], [(1, rest(15)), (2, rest(15))], {"break_work_total"}),
        ([270, 270], [(1, rest(30))], set()),
        ([270, 271], [(1, rest(30))], {"break_work_total"}),
        ([270, 271], [(1, rest(45))], set()),
        ([100, 361], [(1, rest(45))], {"break_work"}),
    ],
)
def test_work_is_interrupted_by_30_and_45_minutes(
    services_min: list[int], pauses: list[tuple[int, Pause]], expected: set[str]
) -> None:
    """More than 6 h and 9 h of work need 30 and 45 min within the work, never more than 6 h go on end."""
    legs_min = [0] * (len(services_min) + 1)
    assert broken(legs_min, services_min, *pauses, **WORKING) == expected


def test_the_message_says_by_how_much() -> None:
    """A missing break is told with the stop where it is missed and the excess."""
    given, visits = ring([135, 136, 10], [0, 0], rules=BreakRules(driving="always"))
    (found,) = drive(given, *visits, TIP).violations
    assert (found.vehicle, found.subjects) == ("truck", ("1",))
    assert "660 s more than 4.5 h" in found.message


def test_the_regulation_concerns_tours_to_bring_sites() -> None:
    """Household refuse door to door is exempt where the rule says so; one other container suffices to lose that."""
    given, visits = ring([135, 136], [0], rules=BreakRules(driving="unless_door_to_door"))
    assert names(drive(given, *visits, TIP)) == {"break_driving"}
    exempt = replace(given, containers=tuple(replace(each, door_to_door=True) for each in given.containers))
    assert names(drive(exempt, *visits, TIP)) == set()
    truck = replace(exempt.vehicles[0], breaks=BreakRules(driving="always"))
    assert names(drive(replace(exempt, vehicles=(truck,)), *visits, TIP)) == {"break_driving"}


@pytest.mark.parametrize(
    ("counts", "opens_min", "kept"), [(True, 165, True), (True, 164, False), (False, 165, False)]
)
def test_waiting_may_be_a_break(counts: bool, opens_min: int, kept: bool) -> None:
    """A wait of at least 15 min before a window is a break where that is agreed, and work otherwise."""
    rules = BreakRules(working_time=True, waiting_counts=counts)
    given, visits = ring([150, 0, 0], [100, 150], rules=rules)
    late = TimeWindow(open_s=opens_min * MIN, close_s=9 * H)
    tasks = (replace(given.containers[0], windows=(late,)), given.containers[1])
    got = names(drive(replace(given, containers=tasks), visits[0], rest(15), visits[1], TIP))
    assert got == (set() if kept else {"break_work_total"})


def test_a_pause_is_taken_before_driving_on_or_on_arrival() -> None:
    """The way belongs to the pause at the next stop, and nothing of it is lost."""
    given = problem(vehicles=(PATIENT,))
    here = drive(given, Collect(container="a"), Pause(duration_s=600), Collect(container="b"), TIP)
    there = drive(
        given, Collect(container="a"), Pause(duration_s=600, at_next=True), Collect(container="b"), TIP
    )
    line_of = [(step.kind, step.location, step.leg_m, step.arrival_s, step.end_s) for step in here.steps[2:4]]
    assert line_of == [("pause", 1, 0, 1_260, 1_860), ("collect", 2, 100, 2_060, 2_120)]
    line_of = [
        (step.kind, step.location, step.leg_m, step.arrival_s, step.end_s) for step in there.steps[2:4]
    ]
    assert line_of == [("pause", 2, 100, 1_460, 2_060), ("collect", 2, 0, 2_060, 2_120)]
    assert here.cost == there.cost


LUNCH = Lunch(earliest_begin_s=1_500, latest_begin_s=2_000, duration_s=300)


def lunch_names(*visits: Visit, **changes: object) -> set[str]:
    """What a tour of these visits breaks for a crew that has lunch."""
    truck: Vehicle = replace(PATIENT, breaks=BreakRules(lunch=LUNCH), **changes)
    return names(drive(problem(vehicles=(truck,)), *visits))


def test_lunch_is_taken_in_its_time() -> None:
    """The crew waits for the lunch to begin; one that is missing, too late or too short is named."""
    a, b = Collect(container="a"), Collect(container="b")
    meal = Pause(duration_s=300, lunch=True)
    assert lunch_names(a, meal, b, TIP) == set()
    truck = replace(PATIENT, breaks=BreakRules(lunch=LUNCH))
    step = drive(problem(vehicles=(truck,)), a, meal, b, TIP).steps[2]
    assert (step.subject, step.arrival_s, step.wait_s, step.begin_s, step.end_s) == (
        "lunch",
        1_260,
        240,
        1_500,
        1_800,
    )
    assert lunch_names(a, b, TIP) == {"lunch_missing"}
    assert lunch_names(a, Pause(duration_s=300), b, TIP) == {"lunch_missing"}
    assert lunch_names(a, replace(meal, duration_s=299), b, TIP) == {"lunch_short"}
    assert lunch_names(a, Pause(duration_s=741), meal, b, TIP) == {"lunch_late"}
    assert lunch_names(a, Pause(duration_s=740), meal, b, TIP) == set()


def test_lunch_is_owed_by_tours_around_it() -> None:
    """Who departs after its latest begin, returns before, or has had it, owes none."""
    a = Collect(container="a")
    assert lunch_names(a, TIP, shift_begin_s=2_000) == set()
    early = Lunch(earliest_begin_s=9_000, latest_begin_s=9_001, duration_s=300)
    truck = replace(PATIENT, breaks=BreakRules(lunch=early))
    assert names(drive(problem(vehicles=(truck,)), a, TIP)) == set()
    state = Underway(location=0, departed_s=1_000, ready_s=2_100)
    assert lunch_names(a, TIP, underway=state) == {"lunch_missing"}
    assert lunch_names(a, TIP, underway=replace(state, lunch_taken=True)) == set()


def test_a_tour_under_way_brings_its_hours_along() -> None:
    """Driving, work and breaks of the past count on."""
    state = Underway(
        location=0,
        departed_s=0,
        ready_s=6 * H,
        driven_s=4 * H,
        worked_s=5 * H,
        total_worked_s=8 * H,
        paused_s=15 * MIN,
        split_taken=True,
    )
    assert broken([30, 0], [30], underway=state) == {"break_work_total"}
    assert broken([31, 0], [30], underway=state) == {"break_driving", "break_work", "break_work_total"}
    assert broken([31, 0], [30], (0, rest(30)), underway=state) == set()
    whole = replace(state, split_taken=False)
    assert broken([31, 0], [30], (0, rest(30)), underway=whole) == {"break_driving"}


def by_the_minute(minutes: str) -> set[str]:
    """The three rules on a day written with a letter a minute: d driving, w work, b break."""
    found = set()
    groups = []
    for letter in minutes:
        if groups and groups[-1][0] == letter:
            groups[-1] += letter
        else:
            groups.append(letter)
    driven, split, on_end = 0, False, 0
    for group in groups:
        for letter in group:
            driven += letter == "d"
            on_end += letter != "b"
            if driven > 270 and letter == "d":
                found.add("break_driving")
            if on_end > 360:
                found.add("break_work")
        if group[0] == "b" and len(group) >= 15:
            on_end = 0
            if len(group) >= 45 or (split and len(group) >= 30):
                driven, split = 0, False
            else:
                split = True
    inner = [group for group in minutes.strip("b").replace("d", "w").split("w") if len(group) >= 15]
    work, rested = len(minutes) - minutes.count("b"), sum(len(group) for group in inner)
    if rested < (45 if work > 540 else 30 if work > 360 else 0):
        found.add("break_work_total")
    return found


SHORT = st.integers(0, 150)


@settings(deadline=None, max_examples=400)
@given(
    legs=st.lists(SHORT, min_size=2, max_size=9),
    services=st.lists(SHORT, min_size=8, max_size=8),
    pauses=st.lists(
        st.tuples(st.integers(0, 8), st.sampled_from([5, 15, 20, 30, 45, 60]), st.booleans()), max_size=6
    ),
)
def test_rules_agree_with_a_day_lived_minute_by_minute(
    legs: list[int], services: list[int], pauses: list[tuple[int, int, bool]]
) -> None:
    """The sums of the evaluator find what counting single minutes finds, on the time line and on the visits."""
    services = services[: len(legs) - 1]
    given, visits = ring(legs, services)
    day = ""
    planned: list[Visit] = []
    for index, leg in enumerate(legs):
        mine = [each for each in pauses if each[0] == index]
        here, there = [each for each in mine if not each[2]], [each for each in mine if each[2]]
        planned += [rest(minutes, at_next=at_next) for _, minutes, at_next in mine]
        planned += [visits[index]] if index < len(services) else []
        day += "b" * sum(each[1] for each in here) + "d" * leg + "b" * sum(each[1] for each in there)
        day += "w" * services[index] if index < len(services) else ""
    tour = drive(
        given, *planned[: planned.index(visits[-1]) + 1], TIP, *planned[planned.index(visits[-1]) + 1 :]
    )
    spans = spans_of(tour.steps, waiting_counts=False)
    assert "".join(span.activity[0] * (span.duration_s // MIN) for span in spans) == day
    assert names(tour) & RULES == by_the_minute(day)


@settings(deadline=None, max_examples=200)
@given(data=st.data(), legs=st.lists(SHORT, min_size=2, max_size=7), service=SHORT)
def test_removing_a_pause_cures_nothing(data: st.DataObject, legs: list[int], service: int) -> None:
    """Whatever rule a tour breaks with a whole pause, it breaks without that pause too."""
    given, visits = ring(legs, [service] * (len(legs) - 1))
    where = data.draw(st.lists(st.integers(0, len(visits) - 1), min_size=1, max_size=4))
    planned: list[Visit] = list(visits)
    for index in where:
        planned.insert(index, rest(data.draw(st.sampled_from([45, 60]))))
    pauses = [index for index, visit in enumerate(planned) if isinstance(visit, Pause)]
    gone = data.draw(st.sampled_from(pauses))
    fewer = [visit for index, visit in enumerate(planned) if index != gone]
    assert names(drive(given, *planned, TIP)) <= names(drive(given, *fewer, TIP))
