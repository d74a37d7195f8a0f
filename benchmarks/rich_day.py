"""A rich district day, from a seed: everything that a real day has at once, and nobody's data.

300 sites with 900 containers of three fractions, eight vehicles with skills and crews that must pause, three
facilities with opening hours and daily capacities, windows at a part of the sites, containers that may be left at a
cost.
"""

import random
from datetime import UTC, datetime

from benchmarks.road_network import RoadNetwork, road_network
from domain.planning import (
    UEUR_PER_EURO,
    BreakRules,
    ContainerTask,
    Depot,
    DisposalFacility,
    Lunch,
    PlanProblem,
    Site,
    TimeWindow,
    Vehicle,
)

SITES = 300
CONTAINERS = 900
VEHICLES = 8
CROSSINGS = 34
SPACING_M = 700.0
TOWNS = 9
HOUR = 3600

RESIDUAL, PAPER, GLASS = "residual", "paper", "glass"
FRACTIONS = (RESIDUAL, PAPER, GLASS)
KG_PER_L = {RESIDUAL: 0.11, PAPER: 0.06, GLASS: 0.28}
SKILL = {RESIDUAL: "rear_loader", PAPER: "rear_loader", GLASS: "crane"}
NARROW_SHARE, WINDOW_SHARE, OPTIONAL_SHARE = 0.08, 0.25, 0.4
SITE_WINDOWS = (
    (TimeWindow(open_s=6 * HOUR, close_s=10 * HOUR),),
    (TimeWindow(open_s=9 * HOUR, close_s=12 * HOUR),),
    (
        TimeWindow(open_s=6 * HOUR, close_s=7 * HOUR + 1800),
        TimeWindow(open_s=12 * HOUR, close_s=15 * HOUR),
    ),
)
CREW = BreakRules(
    driving="unless_door_to_door",
    working_time=True,
    lunch=Lunch(earliest_begin_s=11 * HOUR, latest_begin_s=13 * HOUR, duration_s=1800),
)


def rich_day(seed: int, sites: int = SITES, containers: int = CONTAINERS) -> PlanProblem:
    """Make the day; fewer sites and containers make a small one for tests."""
    rng = random.Random(seed)
    network = road_network(rng, CROSSINGS, SPACING_M)
    places = _places(rng, network, sites)
    distance_m, duration_s = _matrices(network, places)
    first_site = len(places) - sites
    return PlanProblem(
        day_start=datetime(2026, 3, 2, 23, tzinfo=UTC),
        depots=(Depot(id="depot", location=0),),
        facilities=_facilities(),
        vehicles=tuple(_vehicle(number) for number in range(VEHICLES)),
        containers=_containers(rng, sites, containers, first_site),
        distance_m=distance_m,
        duration_s=duration_s,
        sites=tuple(Site(id=_site(number), setup_s=rng.randrange(15, 60)) for number in range(sites)),
    )


def _places(rng: random.Random, network: RoadNetwork, sites: int) -> list[int]:
    """Crossings of the depot, the three facilities and the sites, most of which lie in towns."""
    count = len(network.places_m)
    towns = [rng.randrange(count) for _ in range(TOWNS)]
    depot = towns[0]
    facilities = rng.sample(range(count), 3)
    chosen = []
    for _ in range(sites):
        if rng.random() < 0.25:
            chosen.append(rng.randrange(count))
            continue
        row, column = divmod(rng.choice(towns), CROSSINGS)
        row = min(CROSSINGS - 1, max(0, round(rng.gauss(row, 2.0))))
        column = min(CROSSINGS - 1, max(0, round(rng.gauss(column, 2.0))))
        chosen.append(row * CROSSINGS + column)
    return [depot, *facilities, *chosen]


def _matrices(network: RoadNetwork, places: list[int]) -> tuple[list[list[int]], list[list[int]]]:
    ways = {start: network.ways_from(start) for start in set(places)}
    distance_m = [[ways[start][0][end] for end in places] for start in places]
    duration_s = [[ways[start][1][end] for end in places] for start in places]
    return distance_m, duration_s


def _facilities() -> tuple[DisposalFacility, ...]:
    return (
        DisposalFacility(
            id="incinerator",
            location=1,
            service_s=900,
            fractions=frozenset({RESIDUAL}),
            opening=(TimeWindow(open_s=6 * HOUR, close_s=16 * HOUR),),
            capacity_kg=60_000,
        ),
        DisposalFacility(
            id="recycling-yard",
            location=2,
            service_s=900,
            fractions=frozenset({PAPER, GLASS}),
            opening=(
                TimeWindow(open_s=7 * HOUR, close_s=12 * HOUR),
                TimeWindow(open_s=13 * HOUR, close_s=17 * HOUR),
            ),
            capacity_kg=70_000,
        ),
        DisposalFacility(
            id="transfer-station",
            location=3,
            service_s=1200,
            fractions=frozenset(FRACTIONS),
            opening=(TimeWindow(open_s=8 * HOUR, close_s=16 * HOUR),),
            capacity_kg=40_000,
        ),
    )


def _vehicle(number: int) -> Vehicle:
    """Six rear loaders, two of them narrow, and two cranes, one of them narrow."""
    crane = number >= 6
    skills = {"crane"} if crane else {"rear_loader"}
    narrow = number % 3 == 0
    begin_s = 6 * HOUR if number % 2 == 0 else 5 * HOUR + 1800
    return Vehicle(
        id=f"vehicle-{number + 1}",
        start_depot="depot",
        end_depot="depot",
        shift_begin_s=begin_s,
        regular_end_s=begin_s + 8 * HOUR + 1800,
        latest_end_s=begin_s + 10 * HOUR,
        capacity_l=60_000 if narrow else 90_000,
        capacity_kg=6_500 if narrow else 10_500,
        max_trips=4,
        fixed_cost_ueur=150 * UEUR_PER_EURO,
        cost_per_m_ueur=1_150,
        cost_per_s_ueur=14_000,
        overtime_cost_per_s_ueur=6_000,
        fractions=frozenset({GLASS}) if crane else frozenset({RESIDUAL, PAPER}),
        skills=frozenset(skills | ({"narrow"} if narrow else set())),
        cleaning_s=0 if crane else 600,
        breaks=CREW,
    )


def _containers(
    rng: random.Random, sites: int, containers: int, first_site: int
) -> tuple[ContainerTask, ...]:
    narrow = [rng.random() < NARROW_SHARE for _ in range(sites)]
    windows = [rng.choice(SITE_WINDOWS) if rng.random() < WINDOW_SHARE else () for _ in range(sites)]
    door_to_door = [rng.random() < 0.4 for _ in range(sites)]
    tasks = []
    for number in range(containers):
        site = number if number < sites else rng.randrange(sites)
        fraction = RESIDUAL if door_to_door[site] else rng.choices(FRACTIONS, (45, 35, 20))[0]
        litres = rng.choice((660, 1100, 1100, 2500 if fraction == GLASS else 1100))
        fill = rng.uniform(0.35, 1.0)
        optional = rng.random() < OPTIONAL_SHARE
        tasks.append(
            ContainerTask(
                id=f"container-{number + 1}",
                site=_site(site),
                location=first_site + site,
                fraction=fraction,
                demand_l=round(litres * fill),
                demand_kg=round(litres * fill * KG_PER_L[fraction]),
                service_s=rng.randrange(40, 100) if fraction != GLASS else rng.randrange(150, 260),
                required=not optional,
                cost_of_leaving_ueur=rng.randrange(1, 26) * UEUR_PER_EURO if optional else 0,
                windows=windows[site],
                skills=frozenset({SKILL[fraction]} | ({"narrow"} if narrow[site] else set())),
                door_to_door=door_to_door[site],
            )
        )
    return tuple(tasks)


def _site(number: int) -> str:
    return f"site-{number + 1}"
