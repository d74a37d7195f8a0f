"""A solution explains itself: its figures agree with the evaluator's before and after a change."""

import json
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.planning import (
    BreakRules,
    Choice,
    Collect,
    Lunch,
    Pause,
    PlannedTour,
    PlanProblem,
    PlanSolution,
    Unload,
    evaluate,
    explain,
)
from tests.domain.line_problem import FACILITY, PATIENT, TIP, A, B, container, problem
from tests.domain.rich_problems import rich_problems, tours

COSTLY = replace(PATIENT, fixed_cost_ueur=1_000_000, cost_per_m_ueur=1_000, cost_per_s_ueur=0)


def optional(name: str, place: int, leaving_ueur: int) -> object:
    """A container that may be left at this cost."""
    return container(name, place, required=False, cost_of_leaving_ueur=leaving_ueur)


def plan_of(*visits: object) -> PlanSolution:
    """One tour of the truck."""
    return PlanSolution(tours=(PlannedTour(vehicle="truck", visits=visits),))  # type: ignore[arg-type]


def test_a_tour_accounts_for_its_time_and_load() -> None:
    """Driving, setting up, waiting, serving, unloading and pausing add up to the duration; the load has its curve."""
    given = problem(vehicles=(PATIENT,))
    explained = explain(given, plan_of(A, Pause(duration_s=30), B, TIP))
    (tour,) = explained.tours
    assert (tour.account.drive_s, tour.account.serve_s, tour.account.unload_s) == (1_200, 120, 100)
    assert (tour.account.pause_s, tour.account.wait_s, tour.account.setup_s) == (30, 0, 0)
    assert sum(vars(tour.account).values()) == tour.duration_s
    assert [(point.at_s, point.load_l) for point in tour.load] == [
        (1_000, 0),
        (1_260, 700),
        (1_550, 1_400),
        (1_850, 0),
    ]
    assert explained.items == ()


def test_what_a_served_container_costs() -> None:
    """Taking the only container out saves the whole tour, the vehicle's fixed cost included."""
    given = problem(vehicles=(COSTLY,), containers=(optional("a", 1, 2_000_000),))
    (item,) = explain(given, plan_of(A, TIP)).items
    assert (item.served, item.vehicles, item.saving_ueur) == (True, ("truck",), 1_000_000 + 600_000)
    assert item.constraint == "worth_serving"
    cheap = replace(given, containers=(optional("a", 1, 1_000_000),))
    assert explain(cheap, plan_of(A, TIP)).items[0].constraint == "cheaper_to_leave"
    fixed = replace(cheap, fixed=plan_of(A, TIP).tours)
    (item,) = explain(fixed, plan_of(A, TIP)).items
    assert item.constraint == "tour_fixed"
    assert item.sentence.endswith("the tour of truck is fixed")


def test_what_the_cheapest_insertion_would_cost() -> None:
    """A container left behind is put where the detour is smallest, and compared with leaving it."""
    far = [[100 * abs(i - j) if 2 not in (i, j) or i == j else 500 for j in range(4)] for i in range(4)]
    given = problem(
        vehicles=(COSTLY,), containers=(container("a", 1), optional("b", 2, 800_000)), distance_m=far
    )
    (item,) = explain(given, plan_of(A, TIP)).items
    assert item.insertion is not None
    assert item.insertion.added_ueur == 1_000 * (500 + 500 - 200)
    assert (item.insertion.vehicle, item.constraint) == ("truck", "cheaper_to_leave")
    dearer = replace(given, containers=(given.containers[0], optional("b", 2, 800_001)))
    assert explain(dearer, plan_of(A, TIP)).items[0].constraint == "cheaper_to_serve"


def test_an_insertion_brings_its_unloading() -> None:
    """What does not fit into a trip goes into one of its own, if the vehicle may make another."""
    full = replace(COSTLY, capacity_l=700)
    given = problem(vehicles=(full,), containers=(container("a", 1), optional("b", 2, 1)))
    (item,) = explain(given, plan_of(A, TIP)).items
    assert item.insertion is not None
    assert sum(isinstance(visit, Unload) for visit in item.insertion.tours[0].visits) == 2
    single = replace(given, vehicles=(replace(full, max_trips=1),))
    (item,) = explain(single, plan_of(A, TIP)).items
    assert (item.insertion, item.constraint) == (None, "trips")


def test_required_ones_are_explained_by_their_constraint() -> None:
    """A required container that is left has the constraint that stops it, or the place that was overlooked."""
    tasks = (container("a", 1, skills=frozenset({"crane"})), container("b", 2))
    first, second = explain(problem(vehicles=(COSTLY,), containers=tasks), PlanSolution(tours=())).items
    assert (first.id, first.constraint, first.leaving_ueur) == ("a", "vehicle_skills", None)
    assert (second.id, second.constraint) == ("b", "room_left")


def test_a_new_tour_gets_the_breaks_it_owes() -> None:
    """A crew that has lunch can still be put to work."""
    lunch = Lunch(earliest_begin_s=1_100, latest_begin_s=1_500, duration_s=60)
    truck = replace(COSTLY, breaks=BreakRules(lunch=lunch))
    given = problem(vehicles=(truck,), containers=(optional("a", 1, 1),))
    (item,) = explain(given, PlanSolution(tours=())).items
    assert item.insertion is not None
    assert any(isinstance(visit, Pause) for visit in item.insertion.tours[0].visits)


def test_choices_are_explained_as_a_whole() -> None:
    """The cheapest option of a choice that is left counts; one that is served names its vehicles."""
    choice = Choice(id="weekly", options=(("b",), ("a",)), required=False, cost_of_leaving_ueur=5_000_000)
    given = problem(vehicles=(COSTLY,), choices=(choice,))
    (left,) = explain(given, PlanSolution(tours=())).items
    assert (left.kind, left.id, left.served, left.constraint) == (
        "choice",
        "weekly",
        False,
        "cheaper_to_serve",
    )
    (served,) = explain(given, plan_of(Collect(container="b"), TIP)).items
    assert (served.vehicles, served.saving_ueur) == (("truck",), 1_600_000)


def test_the_work_is_bounded() -> None:
    """With no trials granted nothing is tried, and it is said so."""
    tasks = (container("a", 1), optional("b", 2, 7), container("c", 2))
    given = problem(vehicles=(COSTLY,), containers=tasks, facilities=(FACILITY,))
    items = explain(given, plan_of(A, TIP), stops=0).items
    assert {(item.id, item.constraint) for item in items} == {("b", "not_tried"), ("c", "not_tried")}
    asked_to_end = explain(given, plan_of(A, TIP), ended=lambda: True).items
    assert {(item.id, item.constraint) for item in asked_to_end} == {("b", "not_tried"), ("c", "not_tried")}


def test_what_is_served_gets_its_share_of_the_work() -> None:
    """Many that are left do not keep the served ones from being explained, nor the other way round."""
    many = tuple(optional(f"left {n}", 2, n) for n in range(40))
    given = problem(vehicles=(COSTLY,), containers=(optional("a", 1, 5_000_000), *many))
    found = {item.id: item.constraint for item in explain(given, plan_of(A, TIP), stops=12).items}
    assert found["a"] == "worth_serving"
    assert found["left 39"] != "not_tried"
    assert found["left 0"] == "not_tried"


def test_money_is_put_into_the_words_asked_for() -> None:
    """A problem whose money is not euros is explained in its own words."""
    given = problem(vehicles=(COSTLY,), containers=(optional("a", 1, 2_000_000),))
    (item,) = explain(given, plan_of(A, TIP), money=lambda ueur: f"{ueur} points").items
    assert item.sentence == "serving it costs 1600000 points, leaving it 2000000 points"


def test_the_record_is_plain_data() -> None:
    """An explanation is written to JSON with totals, the insertion by its place."""
    given = problem(vehicles=(COSTLY,), containers=(container("a", 1), optional("b", 2, 7)))
    record = json.loads(json.dumps(explain(given, plan_of(A, TIP)).to_record()))
    assert record["cost"]["total_ueur"] == 1_600_007
    assert record["tours"][0]["steps"][0]["kind"] == "depart"
    assert record["items"][0]["insertion"] == {"added_ueur": 0, "vehicle": "truck", "after": "a"}


@st.composite
def plans(draw: st.DrawFn) -> tuple[PlanProblem, PlanSolution]:
    """A rich problem and some solution of it."""
    given = draw(rich_problems())
    return given, PlanSolution(tours=draw(tours(given, at_most=2)))


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=40)
@given(case=plans())
def test_what_is_promised_holds_when_it_is_done(case: tuple[PlanProblem, PlanSolution]) -> None:
    """An insertion carried out costs what was said and breaks nothing that was not broken before."""
    given, solution = case
    before = evaluate(given, solution)
    for item in explain(given, solution, tries=4).items:
        if item.insertion is None:
            continue
        changed = {tour.vehicle: tour for tour in solution.tours}
        changed |= {tour.vehicle: tour for tour in item.insertion.tours}
        after = evaluate(given, replace(solution, tours=tuple(changed.values())))
        saved_ueur = before.cost.leaving_ueur - after.cost.leaving_ueur
        assert saved_ueur == (item.leaving_ueur or 0)
        assert after.cost.total_ueur == before.cost.total_ueur + item.insertion.added_ueur - saved_ueur
        assert {each.name for each in after.violations} <= {each.name for each in before.violations}
