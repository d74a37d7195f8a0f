"""Chambers, partial unloadings, cleaning, and what a vehicle and a facility take in a day."""

from dataclasses import replace

import pytest

from domain.planning import Chamber, DisposalFacility, PlanProblem, Unload
from tests.domain.line_problem import (
    FACILITY,
    PATIENT,
    TIP,
    TRUCK,
    A,
    B,
    container,
    drive,
    names,
    plan,
    problem,
    times,
)

GLASS = container("a", 1, fraction="glass")
PAPER = container("b", 2)
WORKS = DisposalFacility(id="works", location=3, service_s=100, fractions=frozenset({"glass"}))
BOTH_SORTS = replace(FACILITY, fractions=frozenset({"paper", "glass"}))


def body(*chambers: tuple[str, int, int]) -> PlanProblem:
    """Glass at a, paper at b, a facility for each, a truck with these chambers."""
    parts = tuple(
        Chamber(fractions=frozenset(fractions.split()), capacity_l=litres, capacity_kg=kilograms)
        for fractions, litres, kilograms in chambers
    )
    return problem(
        containers=(GLASS, PAPER), facilities=(FACILITY, WORKS), vehicles=(replace(PATIENT, chambers=parts),)
    )


def test_chambers_carry_several_fractions_and_unload_apart() -> None:
    """Each facility takes its fraction, the rest stays on board, and the trip ends when nothing is left."""
    tour = drive(body(("glass", 700, 100), ("paper", 700, 100)), A, B, TIP, Unload(facility="works"))
    assert not tour.violations
    assert [step.load_l for step in tour.steps] == [0, 700, 1_400, 700, 0, 0]
    assert tour.trips == 1
    assert [(each.facility, each.volume_l, each.weight_kg) for each in tour.deliveries] == [
        ("tip", 700, 100),
        ("works", 700, 100),
    ]


def test_what_no_facility_took_is_on_board_at_the_end() -> None:
    """Unloading at the wrong facility empties nothing and ends no trip."""
    tour = drive(body(("glass", 700, 100), ("paper", 700, 100)), A, TIP)
    (found,) = tour.violations
    assert (found.name, found.subjects) == ("not_empty_at_end", ("a",))


@pytest.mark.parametrize(
    ("chambers", "expected"),
    [
        ([("glass", 699, 100), ("paper", 700, 100)], {"chamber_volume"}),
        ([("glass", 700, 100), ("paper", 700, 99)], {"chamber_weight"}),
        ([("glass paper", 1_399, 200), ("paper", 700, 100)], {"chamber_volume"}),
        ([("glass", 700, 100)], {"vehicle_fraction"}),
    ],
)
def test_a_fraction_goes_into_the_first_chamber_that_takes_it(
    chambers: list[tuple[str, int, int]], expected: set[str]
) -> None:
    """A chamber's capacities hold for all that is in it; what none takes is not collected."""
    assert names(drive(body(*chambers), A, B, TIP, Unload(facility="works"))) == expected


def test_the_vehicle_as_a_whole_holds_less_than_its_chambers() -> None:
    """The vehicle's own capacities hold beside those of its chambers."""
    given = body(("glass", 9_000, 900), ("paper", 9_000, 900))
    small = replace(given, vehicles=(replace(given.vehicles[0], capacity_l=1_399),))
    assert names(drive(small, A, B, TIP, Unload(facility="works"))) == {"capacity_volume"}


def test_the_body_is_cleaned_before_another_fraction() -> None:
    """Cleaning follows the unloading directly if the next trip carries another fraction, and only then."""
    truck = replace(PATIENT, cleaning_s=500)
    given = problem(containers=(GLASS, PAPER), facilities=(BOTH_SORTS,), vehicles=(truck,))
    assert times(drive(given, A, TIP, B, TIP))[2:5] == [
        ("unload", 1_660, 1_760),
        ("clean", 1_760, 2_260),
        ("collect", 2_460, 2_520),
    ]
    same = replace(given, containers=(replace(GLASS, fraction="paper"), PAPER))
    assert "clean" not in {step.kind for step in drive(same, A, TIP, B, TIP).steps}
    assert [step.kind for step in drive(given, A, TIP, TIP, B, TIP).steps][2:6] == [
        "unload",
        "unload",
        "clean",
        "collect",
    ]


def test_capacities_of_the_day() -> None:
    """All trips together stay within the vehicle's day."""
    truck = replace(PATIENT, day_capacity_l=1_400, day_capacity_kg=200)
    assert names(drive(problem(vehicles=(truck,)), A, TIP, B, TIP)) == set()
    less = replace(truck, day_capacity_l=1_399, day_capacity_kg=199)
    assert names(drive(problem(vehicles=(less,)), A, TIP, B, TIP)) == {"day_volume", "day_weight"}


def test_a_facility_takes_so_much_a_day() -> None:
    """Deliveries of all vehicles of a day add up; another day begins anew."""
    tip = replace(FACILITY, capacity_l=1_399, capacity_kg=199)
    other = replace(TRUCK, id="other")
    given = problem(facilities=(tip,), vehicles=(TRUCK, other))
    judged = plan(given, truck=(A, TIP), other=(B, TIP))
    assert names(judged) == {"facility_volume", "facility_weight"}
    assert judged.violations[0].subjects == ("tip",)
    assert "1400 l" in judged.violations[0].message
    next_day = replace(given, vehicles=(TRUCK, replace(other, day=1)))
    assert plan(next_day, truck=(A, TIP), other=(B, TIP)).feasible
