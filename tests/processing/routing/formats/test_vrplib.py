"""VRPLIB files become problems whose costs are the family's."""

import gzip
from pathlib import Path

import pytest

from domain.planning import Collect, Cost, PlannedTour, PlanSolution, TimeWindow, Unload, evaluate
from processing.routing.formats import BadInstance, Instance, read_instance
from tests.processing.routing.formats import texts


@pytest.fixture
def read(tmp_path: Path):
    """Read a text as a file."""

    def read_text(text: str, name: str = "x.vrp", **others: str) -> Instance:
        path = tmp_path / name
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        for suffix, content in others.items():
            (tmp_path / f"x.{suffix}").write_text(content)
        return read_instance(path)

    return read_text


def cost(instance: Instance, routes: str) -> float:
    """What the evaluator says these routes cost, in the family's scale."""
    tours = instance.read_solution(routes)
    judged = evaluate(instance.problem, PlanSolution(tours=tours))
    assert judged.violations == ()
    return instance.cost(judged.cost.total_ueur)


def test_cvrp_distances_are_rounded(read) -> None:
    """The classic family counts rounded Euclidean distances."""
    instance = read(texts.CVRP)
    assert (instance.name, instance.family) == ("small", "CVRP")
    assert cost(instance, "Route #1: 1 2\nRoute #2: 3 4\nCost 42\n") == 42
    assert [[int(x) for x in row] for row in instance.problem.distance_m][1] == [5, 0, 5, 3, 8]


def test_vehicles_without_a_number_suffice(read) -> None:
    """Where a file states no fleet, there are as many vehicles as an optimal solution could use."""
    assert len(read(texts.CVRP).problem.vehicles) == 4
    assert len(read(texts.CVRP.replace("CAPACITY : 10", "CAPACITY : 100")).problem.vehicles) == 1


def test_gzip_and_best_known_are_read(read) -> None:
    """A gzipped instance is read as it is, with the cost that the .sol beside it states."""
    instance = read(texts.MATRIX, "x.txt.gz", sol="Route 1 : 1 2\nCost 17\n")
    assert (instance.family, instance.best_known) == ("ORTEC", 17)


def test_explicit_matrix_is_taken_as_it_stands(read) -> None:
    """An asymmetric matrix gives distances and durations, and costs are whole numbers."""
    instance = read(texts.MATRIX)
    assert cost(instance, "Route #1: 1 2\nCost 17\n") == 17
    assert cost(instance, "Route #1: 2 1\nCost 18\n") == 18


def test_ortec_is_no_other_family(tmp_path: Path) -> None:
    """Named as ORTEC's, a file of theirs is read, and one of another family is refused."""
    path = tmp_path / "x.vrp"
    path.write_text(texts.MATRIX)
    assert read_instance(path, "ortec").family == "ORTEC"
    for text in (texts.CVRP, texts.MATRIX.replace("VRPTW", "CVRP")):
        path.write_text(text)
        with pytest.raises(BadInstance, match=r"header: this is a CVRP, .* read it as vrplib"):
            read_instance(path, "ortec")


def test_lower_row_is_symmetric(read) -> None:
    """A lower triangle stands for both directions."""
    text = texts.MATRIX.replace("FULL_MATRIX", "LOWER_ROW").replace("0 5 9\n6 0 4\n8 3 0", "5\n9 4")
    assert cost(read(text), "Route #1: 2 1\n") == 18


def test_reloading_needs_no_new_vehicle(read) -> None:
    """A zero in a route is a return to the depot for more; releases and windows are in tenths."""
    instance = read(texts.TIMED)
    first, _, last = instance.problem.containers
    assert (first.windows, first.service_s, first.released_s) == (
        (TimeWindow(open_s=0, close_s=500),),
        70,
        30,
    )
    assert last.released_s == 200
    (tour,) = instance.read_solution("Route #1: 1 2 0 3")
    home = Unload(facility="depot 1")
    one, two, three = (Collect(container=name) for name in "123")
    assert tour == PlannedTour(vehicle="vehicle 1", visits=(one, two, home, three, home))
    assert cost(instance, "Route #1: 1 2 0 3") == 14 + 10 + 22 + 70 + 70


def test_fleet_has_own_capacities_and_costs(read) -> None:
    """Each vehicle has its capacity, fixed cost and cost of distance; costs are thousandths."""
    instance = read(texts.FLEET)
    assert [vehicle.capacity_l for vehicle in instance.problem.vehicles] == [5, 8, 8]
    assert cost(instance, "Route #1: 3\nRoute #2:\nRoute #3: 1 2\nCost: 590000") == 590_000


def test_decimal_solution_sets_the_scale(read) -> None:
    """Where the family's .sol is a decimal number, costs are stated like it."""
    instance = read(texts.FLEET, sol="Route #1: 3\nRoute #3: 1 2\nCost: 5.90\n")
    assert instance.best_known == 5.9
    assert cost(instance, "Route #1: 3\nRoute #3: 1 2") == 5.9


def test_the_scale_of_costs_is_said(read) -> None:
    """Each way to state the costs of a fleet has its unit, and a remark where nothing shows which is meant."""
    alone = read(texts.FLEET)
    assert alone.scale.unit == "thousandths of the file's unit of cost"
    (remark,) = alone.remarks
    assert "no best-known solution such as x.sol" in remark
    assert remark.endswith("they are thousandths of the file's unit of cost.")
    decimal = read(texts.FLEET, sol="Cost: 5.90\n")
    assert (decimal.scale.unit, decimal.remarks) == ("hundreds of the file's unit of cost", ())


@pytest.mark.parametrize("text", ["Route #1: 1 2 3 4\n", "Cost 1e400\n", ""])
def test_a_best_known_solution_that_cannot_be_used_is_passed_over(read, text: str) -> None:
    """A remark names the file and what is wrong; only where the scale of costs hangs on it, the problem is refused."""
    instance = read(texts.CVRP, sol=text)
    assert instance.best_known is None
    (remark,) = instance.remarks
    assert "x.sol, last line" in remark
    with pytest.raises(BadInstance, match=r"x\.sol, last line"):
        read(texts.FLEET, sol=text)


def test_parts_add_up_to_the_stated_cost(read) -> None:
    """However each would be rounded, the parts' sum is the cost that is shown."""
    scale = read(texts.FLEET, sol="Cost: 5.90\n").scale
    parts = scale.parts(Cost(fixed_ueur=400_499, distance_ueur=190_499, time_ueur=499))
    assert (parts["fixed"], parts["distance"], parts["time"]) == (4.01, 1.9, 0.0)
    assert round(sum(parts.values()), 2) == scale.stated(591_497) == 5.91
    whole = read(texts.CVRP).scale.parts(Cost(distance_ueur=41))
    assert (whole["distance"], sum(whole.values())) == (41, 41)


def test_each_depot_has_its_vehicles(read) -> None:
    """Vehicles belong to depots, and their longest duration counts from a late departure."""
    instance = read(texts.DEPOTS)
    one, two = instance.problem.vehicles
    assert (one.start_depot, two.end_depot) == ("depot 1", "depot 2")
    assert (one.max_duration_s, one.flexible_begin) == (30_000, True)
    assert (
        instance.write_tours(instance.read_solution("Route #2: 3 4"), 5)
        == "Route #1:\nRoute #2: 3 4\nCost 5\n"
    )


def test_prizes_are_costs_of_leaving(read) -> None:
    """A customer that is left costs its prize, in tenths."""
    instance = read(texts.PRIZES)
    assert cost(instance, "Route #1: 1") == 60 + 200
    assert cost(instance, "") == 310


@pytest.mark.parametrize("name", texts.TEXTS)
def test_written_solutions_are_read_again(read, name: str) -> None:
    """What is written for a solution is read as the same tours."""
    instance = read(texts.TEXTS[name])
    routes = [" ".join(task.id for task in instance.problem.containers[:2])]
    tours = instance.read_solution("\n".join(f"Route #1: {words}" for words in routes))
    text = instance.write_solution(PlanSolution(tours=tours, cost_ueur=12_000))
    assert text.splitlines()[-1] == f"Cost {instance.cost(12_000)}"
    assert instance.read_solution(text) == tours


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("DIMENSION : 5", "DIMENSION : 6", "DEMAND_SECTION: row 6 is missing"),
        ("DIMENSION : 5\n", "", "header: DIMENSION is missing"),
        ("TYPE : CVRP", "TYPE : TSP", "header, TYPE: TSP is not known; use one of CVRP"),
        ("3 6 8", "3 6 eight", "line 10, NODE_COORD_SECTION: 'eight' is not a number"),
        ("3 6 8", "3 6 inf", "line 10, NODE_COORD_SECTION: 'inf' is not a number"),
        ("3 6 8", "3 6 1e300", "each value is '1e300', too large; give 1000000000000000 at most."),
        ("3 6 8", "3 6 1e12", "is the unit right?"),
        ("CAPACITY : 10", f"CAPACITY : {'9' * 400}", "9...', too large; give a number from 0 to 268435456."),
        ("3 6 8", "3 6", "line 10, NODE_COORD_SECTION: the row has 2 entries"),
        ("3 6 8", "2 6 8", "line 10, NODE_COORD_SECTION: row 2 is given twice"),
        ("1\n-1", "9\n-1", "line 20, DEPOT_SECTION: a depot is '9'"),
        ("2 4\n", "2 -4\n", "demand_l must not be negative"),
        ("CAPACITY : 10", "DISTANCE : 10", "header: 'DISTANCE' is not understood"),
        ("DEMAND_SECTION", "LINEHAUL_SECTION", "sections: 'LINEHAUL_SECTION' is not understood"),
    ],
)
def test_mistakes_are_named_with_their_place(read, old: str, new: str, said: str) -> None:
    """A mistake is one sentence with file, place and remedy."""
    with pytest.raises(BadInstance, match=r"x\.vrp") as caught:
        read(texts.CVRP.replace(old, new, 1))
    assert said in str(caught.value)
    assert not str(caught.value).endswith("?.")


@pytest.mark.parametrize(
    ("routes", "said"),
    [
        ("Route #1: 9", "'9' is neither a stop nor a facility"),
        ("Route #7: 1", "there is no vehicle 7; use 1 to 4"),
        ("Route #1: 1\nRoute #1: 2", "line 2: route 1 is given twice"),
        ("1 2 3", "line 1: this is no route"),
        ("Route 1 2 3\nCost 4", "line 1: this is no route"),
    ],
)
def test_mistakes_in_solutions_are_named(read, routes: str, said: str) -> None:
    """A solution that names what is unknown is refused with the line."""
    with pytest.raises(BadInstance) as caught:
        read(texts.CVRP).read_solution(routes)
    assert said in str(caught.value)
