"""Random tours of one vehicle whose crew owes pauses, as problems and as the kernels see them."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from hypothesis import strategies as st

from domain.planning import (
    ContainerTask,
    Depot,
    DisposalFacility,
    PlannedTour,
    PlanProblem,
    Site,
    TimeWindow,
    Vehicle,
)
from domain.planning.fleet import BreakRules, Load, Lunch, Underway
from domain.planning.habits import Habits, UsualVisit
from processing.routing.arrays import build_model
from processing.routing.index import Index
from processing.routing.kernels.anneal import find_pauses
from processing.routing.kernels.model import BY_LABELS, COST, EXACT, PRED, SUCC
from processing.routing.pauses import pauses_of
from processing.routing.tours import empty_best, empty_tours

HOUR = 3_600


@dataclass(frozen=True, kw_only=True)
class Driven:
    """What the kernels make of the tour with these stops (numbers of nodes)."""

    fits: bool
    cost_ueur: int
    tour: PlannedTour


def drive_through(problem: PlanProblem, stops: list[int], *, by_labels: bool = False) -> Driven:
    """Have the kernels place pauses in the tour of the only vehicle, ``by_labels`` alone if wanted."""
    index = Index(problem)
    model = build_model(index)
    if by_labels:
        model.vehicle[:, EXACT] = np.minimum(model.vehicle[:, EXACT], BY_LABELS)
    tours = empty_tours(model)
    count = len(index.units)
    slot, before = count + 2, count
    for stop in [*stops, None]:
        x = count + 1
        if stop is not None:
            x = stop
            if stop >= count:
                x, slot = slot, slot + 1
                tours.at[x] = stop
        tours.stop[before, SUCC], tours.stop[x, PRED] = x, before
        before = x
    fits = find_pauses(model, tours, 0) >= 0
    best = empty_best(tours)
    (tour,) = index.read_tours(best, pauses_of(model, best))
    return Driven(fits=fits, cost_ueur=int(tours.tour[0, COST]), tour=tour)


@st.composite
def rules(draw: st.DrawFn) -> BreakRules:
    """Any combination of rules."""
    first = draw(st.integers(0, 60)) * 600
    lunch = Lunch(
        earliest_begin_s=first,
        latest_begin_s=first + draw(st.integers(0, 12)) * 900,
        duration_s=draw(st.sampled_from((600, 1_800, 2_700, 3_600))),
    )
    return BreakRules(
        driving=draw(st.sampled_from(("never", "always", "unless_door_to_door"))),
        working_time=draw(st.booleans()),
        lunch=draw(st.sampled_from((None, lunch))),
        waiting_counts=draw(st.booleans()),
    )


@st.composite
def past(draw: st.DrawFn, location: int) -> Underway:
    """A tour under way."""
    departed = draw(st.integers(0, 2)) * HOUR
    worked = draw(st.integers(0, 5)) * HOUR
    return Underway(
        location=location,
        departed_s=departed,
        ready_s=departed + worked + HOUR,
        on_board=draw(st.sampled_from(((), (Load(fraction="glass", volume_l=10, weight_kg=10),)))),
        driven_s=draw(st.integers(0, worked)),
        worked_s=worked,
        total_worked_s=worked + draw(st.integers(0, 2)) * HOUR,
        paused_s=draw(st.sampled_from((0, 900, 1_800))),
        split_taken=draw(st.booleans()),
        lunch_taken=draw(st.booleans()),
    )


def opening(draw: st.DrawFn) -> tuple[TimeWindow, ...]:
    """No, one or two windows."""
    count = draw(st.sampled_from((0, 0, 0, 1, 2)))
    first = draw(st.integers(0, 60)) * 600
    length = draw(st.integers(0, 20)) * 900
    both = (
        TimeWindow(open_s=first, close_s=first + length),
        TimeWindow(open_s=first + length + 3_000, close_s=first + length + 40_000),
    )
    return both[:count]


@st.composite
def tours(draw: st.DrawFn, most: int = 6) -> tuple[PlanProblem, list[int]]:
    """A problem and the stops of its only vehicle."""
    count = draw(st.integers(1, most))
    places = count + 2
    step = draw(st.sampled_from((1, 300, 900)))
    leg = st.integers(0, 9_000 // step).map(lambda number: number * step)
    seconds = [[draw(leg) if a != b else 0 for b in range(places)] for a in range(places)]
    facility = DisposalFacility(
        id="facility",
        location=count + 1,
        service_s=draw(st.sampled_from((0, 600))),
        fractions=frozenset({"glass", "paper"}),
    )
    wayward = draw(st.booleans())
    containers = tuple(
        ContainerTask(
            id=f"c{i}",
            site=draw(st.sampled_from(("near", "far", "none"))),
            location=draw(st.sampled_from((i + 1, i + 1, 1))),
            fraction="glass",
            demand_l=1,
            demand_kg=1,
            service_s=draw(st.sampled_from((0, 300, 1_800, 7_200))),
            windows=opening(draw),
            door_to_door=draw(st.booleans()),
            released_s=draw(st.sampled_from((None, None, 5_000, 20_000))),
        )
        for i in range(count)
    )
    begin = draw(st.sampled_from((0, 2 * HOUR)))
    vehicle = Vehicle(
        id="v",
        start_depot="depot",
        end_depot="depot",
        shift_begin_s=begin,
        regular_end_s=30_000,
        latest_end_s=draw(st.sampled_from((50_000, 90_000))),
        capacity_l=100,
        capacity_kg=100,
        max_trips=4,
        fixed_cost_ueur=5,
        cost_per_m_ueur=1,
        cost_per_s_ueur=7,
        overtime_cost_per_s_ueur=3,
        cleaning_s=draw(st.sampled_from((0, 1_200))),
        flexible_begin=draw(st.booleans()),
        breaks=draw(rules()),
        underway=draw(st.none() | st.none() | past(0)),
    )
    visits = tuple(
        UsualVisit(container=each.id, vehicle="v", after=None, arrival_s=draw(st.integers(0, 30_000)))
        for each in containers
        if wayward
    )
    problem = PlanProblem(
        day_start=datetime(2026, 3, 2, tzinfo=UTC),
        depots=(Depot(id="depot", location=0),),
        facilities=(facility,),
        vehicles=(vehicle,),
        containers=containers,
        sites=(Site(id="near", setup_s=300), Site(id="far", setup_s=0)),
        distance_m=seconds,
        duration_s=seconds,
        habits=Habits(visits=visits, shift_free_s=600, shift_per_s_ueur=11),
    )
    stops = list(range(count))
    if draw(st.booleans()):
        stops.insert(draw(st.integers(1, count)), count)
    if stops[-1] != count:
        stops.append(count)
    return problem, stops
