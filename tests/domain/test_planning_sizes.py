"""Numbers that are too large to be computed with are refused by name, whichever field they stand in."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.planning import (
    BreakRules,
    Chamber,
    Choice,
    ContainerTask,
    Depot,
    DisposalFacility,
    Habits,
    InvalidProblem,
    Load,
    Lunch,
    PlanProblem,
    Site,
    TimeWindow,
    TravelProfile,
    Underway,
    UsualVisit,
    Vehicle,
)
from domain.planning.sizes import MOST_AMOUNT, MOST_COST_UEUR, MOST_DAY, MOST_PRICE_UEUR, MOST_TIME_S

HUGE = 10**30
GLASS = frozenset({"glass"})
WAYS = [[0, 10], [10, 0]]
WINDOW = TimeWindow(open_s=0, close_s=9_000)


def container(name: str, **changes: Any) -> ContainerTask:
    """A container at the second place."""
    task = ContainerTask(
        id=name, site="market", location=1, fraction="glass", demand_l=1, demand_kg=1, service_s=1
    )
    return replace(task, **changes)


PROBLEM = PlanProblem(
    day_start=datetime(2026, 1, 1, tzinfo=UTC),
    depots=(Depot(id="depot", location=0),),
    facilities=(
        DisposalFacility(
            id="tip",
            location=0,
            service_s=1,
            fractions=GLASS,
            opening=(WINDOW,),
            capacity_l=1_000,
            capacity_kg=1_000,
        ),
    ),
    vehicles=(
        Vehicle(
            id="truck",
            start_depot="depot",
            end_depot="depot",
            shift_begin_s=0,
            regular_end_s=9_000,
            latest_end_s=9_000,
            capacity_l=1_000,
            capacity_kg=1_000,
            max_trips=2,
            chambers=(Chamber(fractions=GLASS, capacity_l=9, capacity_kg=9),),
            breaks=BreakRules(lunch=Lunch(earliest_begin_s=1_000, latest_begin_s=2_000, duration_s=100)),
            underway=Underway(
                location=0,
                departed_s=0,
                ready_s=5,
                on_board=(Load(fraction="glass", volume_l=1, weight_kg=1),),
            ),
        ),
    ),
    containers=(container("a", windows=(WINDOW,), released_s=0), container("b"), container("c")),
    distance_m=WAYS,
    duration_s=WAYS,
    profiles=(TravelProfile(name="narrow", distance_m=WAYS, duration_s=WAYS),),
    sites=(Site(id="market", setup_s=1),),
    choices=(Choice(id="or", options=(("a",), ("b",))),),
    sequences=(("b", "c"),),
    habits=Habits(visits=(UsualVisit(container="c", vehicle="truck", after=None, arrival_s=0),)),
)


def with_number(thing: Any, path: tuple[str | int, ...], number: int) -> Any:
    """The same with another number in one place."""
    key, *rest = path
    if isinstance(key, int):
        changed = with_number(thing[key], tuple(rest), number)
        return (*thing[:key], changed, *thing[key + 1 :])
    return replace(thing, **{key: with_number(getattr(thing, key), tuple(rest), number) if rest else number})


def numbers_of(thing: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where whole numbers stand, and where they could."""
    if isinstance(thing, tuple):
        for index, each in enumerate(thing[:1]):
            yield from numbers_of(each, (*path, index))
    elif is_dataclass(thing):
        for field in fields(thing):
            if field.type in (int, int | None):
                yield (*path, field.name)
            yield from numbers_of(getattr(thing, field.name), (*path, field.name))


PATHS = list(numbers_of(PROBLEM))


def test_the_numbers_are_found() -> None:
    """The paths reach into every part of a problem."""
    assert ("vehicles", 0, "underway", "on_board", 0, "volume_l") in PATHS
    assert ("habits", "visits", 0, "arrival_s") in PATHS
    assert ("vehicles", 0, "max_stops") in PATHS
    assert len(PATHS) > 50


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ".".join(map(str, path)))
@pytest.mark.parametrize("number", [HUGE, -HUGE])
def test_no_number_may_be_huge(path: tuple[str | int, ...], number: int) -> None:
    """A number far out of range is refused, in whichever field."""
    with pytest.raises(InvalidProblem):
        with_number(PROBLEM, path, number)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        (("vehicles", 0, "cost_per_m_ueur"), MOST_PRICE_UEUR),
        (("vehicles", 0, "cost_per_s_ueur"), MOST_PRICE_UEUR),
        (("vehicles", 0, "fixed_cost_ueur"), MOST_PRICE_UEUR),
        (("vehicles", 0, "capacity_l"), MOST_AMOUNT),
        (("vehicles", 0, "max_duration_s"), MOST_AMOUNT),
        (("vehicles", 0, "day"), MOST_DAY),
        (("vehicles", 0, "cleaning_s"), MOST_TIME_S),
        (("vehicles", 0, "regular_end_s"), MOST_TIME_S),
        (("vehicles", 0, "breaks", "lunch", "duration_s"), MOST_TIME_S),
        (("containers", 0, "released_s"), MOST_TIME_S),
        (("facilities", 0, "service_s"), MOST_TIME_S),
        (("choices", 0, "cost_of_leaving_ueur"), MOST_PRICE_UEUR),
        (("habits", "visits", 0, "arrival_s"), MOST_TIME_S),
    ],
    ids=lambda value: str(value[-1]) if isinstance(value, tuple) else "",
)
def test_bounds_are_included(path: tuple[str | int, ...], most: int) -> None:
    """The largest number stated is accepted, the next one is not, and the message says how many there may be."""
    with_number(PROBLEM, path, most)
    with pytest.raises(InvalidProblem, match=rf"{path[-1]}.*{most}"):
        with_number(PROBLEM, path, most + 1)


def test_all_costs_together_are_bounded() -> None:
    """Prices that are fine one by one are refused where the search's sums could not hold them."""
    way = [[0, 10_000_000], [10_000_000, 0]]
    dear = with_number(PROBLEM, ("vehicles", 0, "cost_per_m_ueur"), 10**9)
    replace(dear, distance_m=way)
    with pytest.raises(InvalidProblem, match=f"beyond what can be counted \\({MOST_COST_UEUR} µ€\\): lower"):
        replace(with_number(dear, ("vehicles", 0, "cost_per_m_ueur"), 10**12), distance_m=way)


def test_a_locked_sequence_must_fit_into_time() -> None:
    """What a sequence takes from first to last is bounded as any time is."""
    half = MOST_TIME_S // 2
    given = with_number(PROBLEM, ("sites", 0, "setup_s"), half - 10)
    with pytest.raises(InvalidProblem, match="sequence from b to c: seconds adds up to"):
        with_number(given, ("sites", 0, "setup_s"), half)
