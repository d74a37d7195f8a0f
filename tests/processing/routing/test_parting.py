"""Tours are parted into trips where that costs least, as trying every placement of unloadings shows."""

from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.planning import (
    Collect,
    ContainerTask,
    Depot,
    DisposalFacility,
    PlannedTour,
    PlanProblem,
    PlanSolution,
    Unload,
    Vehicle,
    Visit,
    evaluate,
    evaluate_tour,
)
from domain.planning.fleet import Chamber, Load, Underway
from domain.planning.habits import Habits, UsualVisit
from processing.routing.search import Search
from tests.processing.routing.problems import DAY, matrices

FRACTIONS = ("glass", "paper")


@st.composite
def one_tour(draw: st.DrawFn) -> PlanProblem:
    """A problem without windows and with one vehicle; where it has chambers, it unloads all of them at once."""
    count, facilities = draw(st.integers(1, 5)), draw(st.integers(1, 2))
    places = 1 + count + facilities
    metres, seconds = draw(matrices(places))
    names = [f"facility {f}" for f in range(facilities)]
    tasks = tuple(
        ContainerTask(
            id=f"container {i}",
            site=f"container {i}",
            location=1 + i,
            fraction=draw(st.sampled_from(FRACTIONS)),
            demand_l=draw(st.integers(1, 3)),
            demand_kg=draw(st.integers(1, 3)),
            service_s=draw(st.integers(0, 300)),
        )
        for i in range(count)
    )
    aboard = Load(fraction="glass", volume_l=1, weight_kg=1)
    divided = draw(st.booleans())
    chambers = tuple(
        Chamber(fractions=frozenset({name}), capacity_l=draw(st.integers(3, 6)), capacity_kg=9)
        for name in FRACTIONS
    )
    vehicle = Vehicle(
        id="vehicle",
        start_depot="depot",
        end_depot="depot",
        shift_begin_s=0,
        regular_end_s=10**7,
        latest_end_s=10**7,
        capacity_l=draw(st.integers(3, 9)),
        capacity_kg=draw(st.integers(3, 9)),
        chambers=chambers if divided else (),
        max_trips=draw(st.integers(1, count + 1)),
        cost_per_m_ueur=draw(st.integers(0, 20)),
        cost_per_s_ueur=draw(st.integers(0, 20)),
        cleaning_s=draw(st.sampled_from((0, 900))),
        underway=draw(
            st.sampled_from((None, Underway(location=0, departed_s=0, ready_s=0, on_board=(aboard,))))
        ),
    )
    usual = [None, *(task.id for task in tasks)]
    return PlanProblem(
        day_start=DAY,
        depots=(Depot(id="depot", location=0),),
        facilities=tuple(
            DisposalFacility(
                id=name,
                location=draw(st.sampled_from((1 + count + f, 1 + count + f, 0))),
                service_s=draw(st.integers(0, 900)),
                fractions=draw(st.frozensets(st.sampled_from(FRACTIONS), min_size=2 if divided else 1)),
            )
            for f, name in enumerate(names)
        ),
        vehicles=(vehicle,),
        containers=tasks,
        distance_m=metres,
        duration_s=seconds,
        habits=Habits(
            visits=tuple(
                UsualVisit(
                    container=task.id,
                    vehicle="vehicle",
                    after=draw(st.sampled_from([name for name in usual if name != task.id])),
                    arrival_s=0,
                )
                for task in tasks
                if draw(st.booleans())
            ),
            other_order_ueur=5_000,
        ),
    )


def with_unloads(problem: PlanProblem, chosen: list[str | None]) -> PlannedTour:
    """The tour of all containers in order, with these unloadings at the start, if it has a load, and after each."""
    visits: list[Visit] = []
    loaded = problem.vehicles[0].underway is not None
    for number, name in enumerate(chosen):
        if number > 0:
            visits.append(Collect(container=problem.containers[number - 1].id))
        if name is not None and (loaded or number > 0):
            visits.append(Unload(facility=name))
    return PlannedTour(vehicle="vehicle", visits=tuple(visits))


def lawful_tours(problem: PlanProblem) -> list[tuple[int, PlannedTour]]:
    """Each lawful placement of unloadings, with what it costs."""
    names = [None, *(facility.id for facility in problem.facilities)]
    chosen = product(names, repeat=len(problem.containers) + 1)
    judged = {
        tour: evaluate_tour(problem, tour) for tour in (with_unloads(problem, list(row)) for row in chosen)
    }
    return [(each.cost.total_ueur, tour) for tour, each in judged.items() if not each.violations]


@settings(max_examples=60, deadline=None)
@given(problem=one_tour(), number=st.integers(0, 10_000))
def test_no_other_placement_of_unloadings_is_cheaper(problem: PlanProblem, number: int) -> None:
    """A tour to start with gets the unloadings, and keeps the order, that cost least as the evaluator counts it."""
    possible = lawful_tours(problem)
    assume(possible)
    _, tour = possible[number % len(possible)]
    search = Search(problem, 1, PlanSolution(tours=(tour,)))
    search.start()
    (found,) = search.tours()
    assert found.containers == tour.containers
    assert not evaluate(problem, PlanSolution(tours=(found,))).violations
    cost_ueur = evaluate_tour(problem, found).cost.total_ueur
    assert search.cost_ueur == cost_ueur == min(cost for cost, _ in possible)
    assert search.recount() == search.current_objective
