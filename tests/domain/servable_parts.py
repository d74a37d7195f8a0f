"""What random problems that can be served are made of, before anything is limited.

See `tests.domain.servable_problems`.
"""

from dataclasses import dataclass, replace
from typing import Any, TypeVar

from hypothesis import strategies as st

from domain.planning import (
    BreakRules,
    Chamber,
    Choice,
    ContainerTask,
    DisposalFacility,
    Load,
    Lunch,
    TimeWindow,
    TravelProfile,
    Underway,
    Vehicle,
)
from tests.processing.routing.problems import FRACTIONS

SOMETIMES = st.sampled_from((False, False, True))
SKILLS = ("crane", "narrow", "rear_loader")
DAY_S = 86_400
PLENTY = 1 << 26
"""Stands for a limit that is still to be drawn."""
LONG_AGO = TimeWindow(open_s=-2 * DAY_S, close_s=-DAY_S)
NOT_PLAIN = frozenset(
    {"trips", "releases", "tonnage", "overtime", "flexible", "other_end", "pauses", "arrivals"}
)
"""Features that are off where ``plain`` is on: one trip for each vehicle, unloaded at home, and time costs nothing."""
ONLY_IN_CHAMBERS = frozenset({"fractions", "cleaning"})
Drawn = TypeVar("Drawn")


class Dice:
    """Draws, some of them only if a feature is on; ``on`` says which are."""

    def __init__(self, draw: st.DrawFn, features: tuple[str, ...]) -> None:
        self.draw = draw
        on = frozenset(name for name in features if draw(SOMETIMES))
        if "plain" in on:
            on = on - NOT_PLAIN - (frozenset() if "chambers" in on else ONLY_IN_CHAMBERS) | {"home"}
        self.on = on

    def if_on(self, feature: str, strategy: st.SearchStrategy[Drawn], otherwise: Drawn) -> Drawn:
        """What the strategy gives if the feature is on."""
        return self.draw(strategy) if feature in self.on else otherwise

    def number(self, feature: str, low: int, high: int, otherwise: int = 0) -> int:
        """A number between these if the feature is on."""
        return self.if_on(feature, st.integers(low, high), otherwise)

    def sometimes(self, feature: str) -> bool:
        """By chance, and only if the feature is on."""
        return self.if_on(feature, SOMETIMES, False)


@dataclass(frozen=True, kw_only=True)
class Unit:
    """Containers that stay together, and the vehicle that serves them in the plan."""

    owner: Vehicle
    tasks: tuple[ContainerTask, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the containers."""
        return tuple(task.id for task in self.tasks)


def ways(dice: Dice, places: int) -> tuple[list[list[int]], list[list[int]]]:
    """Metres and seconds on a plane; ``one_way`` makes climbing long and a few ways odd, ``far`` takes hours."""
    spot = st.tuples(st.integers(0, 9_000), st.integers(0, 9_000), st.integers(0, 2_000))
    spots = dice.draw(st.lists(spot, min_size=places, max_size=places))
    climbs = "one_way" in dice.on
    metres = [
        [abs(a[0] - b[0]) + abs(a[1] - b[1]) + (max(0, b[2] - a[2]) if climbs else 0) for b in spots]
        for a in spots
    ]
    slow = dice.number("far", 1, 4)
    seconds = [[each * slow // 5 + each // 9 for each in row] for row in metres]
    place = st.integers(0, places - 1)
    odd = st.lists(st.tuples(place, place, st.integers(0, 9_000), st.integers(0, 1_500)), max_size=3)
    for start, end, metres_there, seconds_there in dice.if_on("one_way", odd, []):
        if start != end:
            metres[start][end], seconds[start][end] = metres_there, seconds_there
    return metres, seconds


def profiles(dice: Dice, metres: list[list[int]], seconds: list[list[int]]) -> tuple[TravelProfile, ...]:
    """A second kind of vehicle that is slower and drives detours."""
    if "profiles" not in dice.on:
        return ()
    percent, detour_m = dice.draw(st.integers(90, 180)), dice.draw(st.integers(0, 800))
    return (
        TravelProfile(
            name="heavy",
            distance_m=[[each + detour_m if each else 0 for each in row] for row in metres],
            duration_s=[[each * percent // 100 for each in row] for row in seconds],
        ),
    )


def vehicle(dice: Dice, number: int, day: int, depots: tuple[str, ...], heavy: bool, places: int) -> Vehicle:
    """A vehicle without limits."""
    begin_s = day * DAY_S + dice.number("fleet", 0, 3_600)
    fractions = _some(FRACTIONS)
    found = Vehicle(
        id=f"truck {number}",
        start_depot=depots[0],
        end_depot=dice.if_on("other_end", st.sampled_from(depots), depots[0]),
        shift_begin_s=begin_s,
        regular_end_s=PLENTY,
        latest_end_s=PLENTY,
        capacity_l=PLENTY,
        capacity_kg=PLENTY,
        max_trips=99,
        fixed_cost_ueur=dice.number("fleet", 0, 80_000_000, otherwise=50_000_000),
        cost_per_m_ueur=dice.number("fleet", 0, 1_500, otherwise=900),
        cost_per_s_ueur=0
        if dice.on & {"plain", "unpaid"}
        else dice.number("fleet", 0, 10_000, otherwise=5_000),
        overtime_cost_per_s_ueur=dice.number("overtime", 0, 5_000),
        fractions=dice.if_on("specialists", st.none() | fractions, None),
        skills=dice.if_on("skills", st.frozensets(st.sampled_from(SKILLS)), frozenset()),
        profile="heavy" if heavy and dice.draw(st.booleans()) else None,
        day=day,
        cleaning_s=dice.number("cleaning", 0, 1_200),
        breaks=dice.if_on("pauses", break_rules(begin_s), BreakRules()),
    )
    if dice.sometimes("chambers") or {"chambers", "plain"} <= dice.on:
        found = replace(found, chambers=dice.draw(chambers(found)))
    if dice.sometimes("underway"):
        carried = [each for each in FRACTIONS if found.carries(each)]
        found = replace(found, underway=dice.draw(underways(found, carried, places)))
    return found


@st.composite
def break_rules(draw: st.DrawFn, begin_s: int) -> BreakRules:
    """Pauses that the crew owes, lunch somewhere in the third to sixth hour."""
    earliest_s = begin_s + draw(st.integers(3_600, 14_400))
    lunch = Lunch(
        earliest_begin_s=earliest_s,
        latest_begin_s=earliest_s + draw(st.integers(900, 7_200)),
        duration_s=draw(st.integers(900, 3_600)),
    )
    return BreakRules(
        driving=draw(st.sampled_from(("never", "always", "unless_door_to_door"))),
        working_time=draw(st.booleans()),
        lunch=draw(st.sampled_from((None, lunch))),
        waiting_counts=draw(st.booleans()),
    )


@st.composite
def chambers(draw: st.DrawFn, vehicle: Vehicle) -> tuple[Chamber, ...]:
    """One or two chambers for what the vehicle may collect."""
    goes = {each: draw(st.integers(0, 1)) for each in sorted(vehicle.fractions or FRACTIONS)}
    parts = [frozenset(each for each in goes if goes[each] == part) for part in (0, 1)]
    return tuple(Chamber(fractions=part, capacity_l=PLENTY, capacity_kg=PLENTY) for part in parts if part)


@st.composite
def underways(draw: st.DrawFn, vehicle: Vehicle, carried: list[str], places: int) -> Underway:
    """A tour some way into its day, with something on board by chance."""
    loaded = draw(st.lists(st.sampled_from(carried), unique=True, max_size=2 if vehicle.chambers else 1))
    litres, kilograms = draw(st.integers(1, 2_000)), draw(st.integers(1, 400))
    departed_s = vehicle.shift_begin_s
    small = st.integers(0, 3_600)
    return Underway(
        location=draw(st.integers(0, places - 1)),
        departed_s=departed_s,
        ready_s=departed_s + draw(small),
        on_board=tuple(Load(fraction=each, volume_l=litres, weight_kg=kilograms) for each in loaded),
        driven_m=draw(small),
        stops=draw(st.integers(0, 5)),
        unloadings=draw(st.integers(0, 2)),
        collected_l=litres + draw(small),
        collected_kg=kilograms + draw(small),
        driven_s=draw(small),
        worked_s=draw(small),
        total_worked_s=draw(small),
        paused_s=draw(small),
        split_taken=draw(st.booleans()),
        lunch_taken=draw(st.booleans()),
    )


def facilities(dice: Dice, home: int, places: int) -> tuple[DisposalFacility, ...]:
    """Facilities that together take every fraction; with ``home`` on, one takes anything at the depot for nothing."""
    found = []
    for number in range(dice.draw(st.integers(1, 3))):
        at_home = number == 0 and "home" in dice.on
        found.append(
            DisposalFacility(
                id=f"facility {number}",
                location=home if at_home else dice.draw(st.integers(0, places - 1)),
                service_s=0 if at_home else dice.number("unloading", 0, 1_200),
                fractions=frozenset(FRACTIONS) if at_home else dice.if_on("accepted", _some(FRACTIONS), _ALL),
            )
        )
    refused = _ALL.difference(*(each.fractions for each in found))
    return (replace(found[0], fractions=found[0].fractions | refused), *found[1:])


_ALL = frozenset(FRACTIONS)


def units(dice: Dice, fleet: tuple[Vehicle, ...], places: int) -> list[Unit]:
    """Containers, each with a vehicle that may serve it; some in sequences."""
    found: list[Unit] = []
    for number in range(dice.draw(st.integers(4, 12))):
        last = found[-1] if found else None
        if last is not None and len(last.tasks) < 3 and dice.sometimes("sequences"):
            fraction = None if last.owner.chambers else last.tasks[0].fraction
            task = container(dice, number, last.owner, fleet, places, fraction)
            found[-1] = replace(last, tasks=(*last.tasks, task))
        else:
            owner = dice.draw(st.sampled_from(fleet))
            found.append(Unit(owner=owner, tasks=(container(dice, number, owner, fleet, places, None),)))
    return found


def container(
    dice: Dice, number: int, owner: Vehicle, fleet: tuple[Vehicle, ...], places: int, fraction: str | None
) -> ContainerTask:
    """A container that its owner may serve."""
    usual = "residual" if owner.carries("residual") else _first_carried(owner)
    carried = st.sampled_from([each for each in FRACTIONS if owner.carries(each)])
    names = frozenset(each.id for each in fleet)
    some = st.frozensets(st.sampled_from(sorted(names)))
    days = st.frozensets(st.integers(0, 2), max_size=1)
    allowed = dice.if_on("pinned", st.none() | some, None)
    limits: dict[str, Any] = {
        "skills": dice.if_on("skills", _some_of(owner.skills), frozenset()),
        "vehicles": None if allowed is None else allowed | {owner.id},
        "forbidden_vehicles": dice.if_on("forbidden", some, frozenset[str]()) - {owner.id},
        "days": frozenset({owner.day}) | dice.draw(days) if dice.sometimes("days") else None,
    }
    begin_s = owner.shift_begin_s
    released = st.none() | st.integers(begin_s, begin_s + 7_200)
    return ContainerTask(
        id=f"container {number}",
        site=f"site {dice.number('sites', 0, 3, otherwise=number)}",
        location=dice.draw(st.integers(0, places - 1)),
        fraction=fraction or dice.if_on("fractions", carried, usual),
        demand_l=dice.draw(st.integers(0, 1_500)),
        demand_kg=dice.number("weights", 0, 300),
        service_s=dice.draw(st.integers(0, 600))
        + dice.number("far", 0, 3_600)
        + dice.number("pauses", 0, 2_400),
        required=not dice.if_on("optional", st.booleans(), False),
        cost_of_leaving_ueur=dice.number("optional", 0, 60_000_000),
        serving_cost_ueur=dice.number("serving", 0, 5_000_000),
        released_s=dice.if_on("releases", released, None),
        door_to_door=dice.if_on("pauses", st.booleans(), False),
        **limits,
    )


def choices(dice: Dice, given: list[Unit]) -> tuple[Choice, ...]:
    """Some units put into choices, by alternatives or by patterns; the first option is the plan's."""
    found: list[Choice] = []
    rest = list(given)
    while rest:
        alternatives, patterns = dice.sometimes("choices"), dice.sometimes("patterns")
        size = dice.draw(st.integers(1, 3)) if alternatives or patterns else 1
        members, rest = rest[:size], rest[size:]
        if alternatives:
            picks = [[each] for each in members]
        elif patterns:
            pick = st.lists(st.sampled_from(members), min_size=1, unique_by=lambda each: each.names)
            picks = dice.draw(st.lists(pick, min_size=1, max_size=3))
        else:
            continue
        found.append(
            Choice(
                id=f"choice {len(found)}",
                options=tuple(tuple(name for each in pick for name in each.names) for pick in picks),
                required=not dice.if_on("optional", st.booleans(), False),
                cost_of_leaving_ueur=dice.number("optional", 0, 60_000_000),
            )
        )
    return tuple(found)


def _first_carried(vehicle: Vehicle) -> str:
    return next(each for each in FRACTIONS if vehicle.carries(each))


def _some(things: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(things), min_size=1)


def _some_of(things: frozenset[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(sorted(things))) if things else st.just(frozenset[str]())
