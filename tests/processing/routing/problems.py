"""Random rich planning problems for property tests: small, often tight, sometimes impossible."""

from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import strategies as st

from domain.planning import ContainerTask, Depot, DisposalFacility, PlanProblem, TimeWindow, Vehicle

DAY = datetime(2026, 3, 2, 23, tzinfo=UTC)
ENDLESS_S = 500_000
"""A shift within which all can be done."""
FRACTIONS = ("glass", "paper", "residual")


@st.composite
def windows(draw: st.DrawFn, at_most: int = 2) -> tuple[TimeWindow, ...]:
    """Up to so many windows in order, apart from each other."""
    count = draw(st.integers(0, at_most))
    edges = sorted(draw(st.sets(st.integers(0, 20_000), min_size=2 * count, max_size=2 * count)))
    return tuple(
        TimeWindow(open_s=first, close_s=last)
        for index, (first, last) in enumerate(pairwise(edges))
        if index % 2 == 0
    )


@st.composite
def matrices(draw: st.DrawFn, places: int) -> tuple[list[list[int]], list[list[int]]]:
    """Metres and seconds: on a plane with one-way detours, or without any sense of geometry."""
    number = st.integers(0, 5_000)
    if draw(st.booleans()):
        points = draw(st.lists(st.tuples(number, number), min_size=places, max_size=places))
        metres = [[abs(a[0] - b[0]) + abs(a[1] - b[1]) for b in points] for a in points]
        slow = draw(st.integers(1, 3))
        return metres, [[each * slow // 8 for each in row] for row in metres]
    row = st.lists(number, min_size=places, max_size=places)
    table = st.lists(row, min_size=places, max_size=places)
    return draw(table), [[each // 8 for each in line] for line in draw(table)]


@st.composite
def vehicles(draw: st.DrawFn, name: str, depots: tuple[Depot, ...], plain: bool, timed: bool) -> Vehicle:
    """A vehicle, possibly too small or too late for anything; if ``plain``, for one trip whose time costs nothing."""
    begin = draw(st.integers(0, 5_000))
    lasts = draw(st.integers(0, 30_000)) if timed else ENDLESS_S
    depot = st.sampled_from([depot.id for depot in depots])
    return Vehicle(
        id=name,
        start_depot=draw(depot),
        end_depot=draw(depot),
        shift_begin_s=begin,
        regular_end_s=begin + (lasts if plain else lasts // 2),
        latest_end_s=begin + lasts,
        capacity_l=draw(st.integers(0, 3_000)),
        capacity_kg=draw(st.integers(100, 900)),
        max_trips=1 if plain else draw(st.integers(1, 4)),
        fixed_cost_ueur=draw(st.integers(0, 50_000_000)),
        cost_per_m_ueur=draw(st.integers(0, 1_500)),
        cost_per_s_ueur=0 if plain else draw(st.just(0) | st.integers(0, 10_000)),
        overtime_cost_per_s_ueur=draw(st.just(0) | st.integers(0, 5_000)) if timed else 0,
        fractions=draw(st.none() | st.frozensets(st.sampled_from(FRACTIONS), min_size=1)),
    )


@st.composite
def containers(draw: st.DrawFn, name: str, places: int, plain: bool, timed: bool) -> ContainerTask:
    """A container, required or optional; of one fraction if ``plain``."""
    return ContainerTask(
        id=name,
        site=name,
        location=draw(st.integers(0, places - 1)),
        fraction=FRACTIONS[0] if plain else draw(st.sampled_from(FRACTIONS)),
        demand_l=draw(st.integers(0, 1_500)),
        demand_kg=draw(st.integers(0, 300)),
        service_s=draw(st.integers(0, 400)),
        required=draw(st.booleans()),
        cost_of_leaving_ueur=draw(st.integers(0, 60_000_000)),
        windows=draw(windows()) if timed else (),
    )


@st.composite
def facilities(draw: st.DrawFn, name: str, places: int, timed: bool) -> DisposalFacility:
    """A facility that takes some fractions."""
    return DisposalFacility(
        id=name,
        location=draw(st.integers(0, places - 1)),
        service_s=draw(st.integers(0, 900)),
        fractions=draw(st.frozensets(st.sampled_from(FRACTIONS), min_size=1)),
        opening=draw(windows()) if timed else (),
    )


def at_home(depot: Depot) -> DisposalFacility:
    """A facility at a depot that takes everything at once."""
    return DisposalFacility(
        id=f"home {depot.id}", location=depot.location, service_s=0, fractions=frozenset(FRACTIONS)
    )


@st.composite
def problems(draw: st.DrawFn) -> PlanProblem:
    """A whole problem; half of them are plain: one trip of one fraction, to a facility at each depot.

    Of half of those nothing depends on time.
    """
    plain = draw(st.booleans())
    timed = not plain or draw(st.booleans())
    places = draw(st.integers(1, 8))
    metres, seconds = draw(matrices(places))
    for place in range(places if plain else 0):
        metres[place][place] = seconds[place][place] = 0
    depots = tuple(
        Depot(id=f"depot {number}", location=draw(st.integers(0, places - 1)))
        for number in range(draw(st.integers(1, 2)))
    )
    return PlanProblem(
        day_start=DAY,
        depots=depots,
        facilities=(
            *(draw(facilities(f"facility {i}", places, timed)) for i in range(draw(st.integers(0, 3)))),
            *(at_home(each) for each in depots if plain),
        ),
        vehicles=tuple(
            draw(vehicles(f"vehicle {i}", depots, plain, timed)) for i in range(draw(st.integers(0, 3)))
        ),
        containers=tuple(
            draw(containers(f"container {i}", places, plain, timed)) for i in range(draw(st.integers(0, 12)))
        ),
        distance_m=metres,
        duration_s=seconds,
    )


def district(sites: int, containers_at_each: int, fleet: int, seed: int) -> PlanProblem:
    """A plausible day of a rural district, drawn with ``seed``; places on a plane of 60 × 40 km."""
    import numpy as np

    rng = np.random.default_rng(seed)
    places = rng.uniform((0, 0), (60_000, 40_000), size=(sites + 5, 2))
    metres = np.rint(1.3 * np.linalg.norm(places[:, None] - places[None], axis=2)).astype(int)
    seconds = np.rint(metres / (40 / 3.6)).astype(int)
    depots = (Depot(id="north", location=sites), Depot(id="south", location=sites + 1))
    opening = (TimeWindow(open_s=6 * 3600, close_s=18 * 3600),)
    accepted = ({"glass", "paper"}, {"residual"}, {"glass", "paper", "residual"})
    return PlanProblem(
        day_start=DAY,
        depots=depots,
        facilities=tuple(
            DisposalFacility(
                id=f"facility {i}",
                location=sites + 2 + i,
                service_s=900,
                fractions=frozenset(accepted[i]),
                opening=opening,
            )
            for i in range(3)
        ),
        vehicles=tuple(
            Vehicle(
                id=f"vehicle {i}",
                start_depot=depots[i % 2].id,
                end_depot=depots[i % 2].id,
                shift_begin_s=6 * 3600,
                regular_end_s=14 * 3600,
                latest_end_s=16 * 3600,
                capacity_l=60_000 + 20_000 * (i % 2),
                capacity_kg=9_000,
                max_trips=4,
                fixed_cost_ueur=80_000_000,
                cost_per_m_ueur=900,
                cost_per_s_ueur=15_000,
                overtime_cost_per_s_ueur=5_000,
            )
            for i in range(fleet)
        ),
        containers=tuple(
            ContainerTask(
                id=f"container {s}.{i}",
                site=f"site {s}",
                location=s,
                fraction=FRACTIONS[i % 3],
                demand_l=int(rng.integers(200, 1_100)),
                demand_kg=int(rng.integers(20, 110)),
                service_s=90,
                required=bool(rng.random() < 0.4),
                cost_of_leaving_ueur=int(rng.integers(0, 12_000_000)),
                windows=opening if s % 5 == 0 else (),
            )
            for s in range(sites)
            for i in range(containers_at_each)
        ),
        distance_m=metres.tolist(),
        duration_s=seconds.tolist(),
    )
