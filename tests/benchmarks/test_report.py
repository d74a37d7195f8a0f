"""The published figures are what the runs say."""

import pytest

from benchmarks.published import KIM, udine_best_known
from benchmarks.routing.markdown import BEGIN, END, publish, render
from benchmarks.routing.report import report
from domain.errors import UsageError

HOST = {"date": "2026-01-02", "processor": "a processor", "system": "Linux", "python": "3.11"}


def test_gap_of_a_family_is_the_mean_over_instances_of_the_mean_over_seeds(outcome) -> None:
    """An instance with more seeds weighs no more than another."""
    runs = [
        outcome("landpuls", "a", 101.0),
        outcome("landpuls", "a", 103.0, seed=2),
        outcome("landpuls", "b", 104.0),
    ]
    (family,) = report(runs, HOST)["families"]
    assert family["solvers"]["landpuls"]["gap_percent"] == pytest.approx(3.0)


def test_ratio_is_over_instances_that_both_solved(outcome) -> None:
    """What only one of them solved does not count."""
    runs = [
        outcome("landpuls", "a", 101.0),
        outcome("landpuls", "b", 150.0),
        outcome("pyvrp", "a", 104.0),
        outcome("pyvrp", "b", None, status="infeasible", reason="time_window: late"),
    ]
    found = report(runs, HOST)
    assert found["families"][0]["ratio_to"] == {"pyvrp": pytest.approx(0.25)}
    assert "4.00 (1 of 2)" in render(found)
    assert "time_window: late" in render(found)


def test_solvers_that_did_not_take_turns_are_told(outcome) -> None:
    """Figures of different hours are marked: the machine may have been another one then."""
    runs = [
        outcome("landpuls", "a", 101.0, finished_at="2026-01-02T08:00:00+00:00"),
        outcome("pyvrp", "a", 104.0, finished_at="2026-01-02T08:01:00+00:00"),
    ]
    assert "| 1 |" in render(report(runs, HOST))
    later = outcome("vroom", "a", 104.0, finished_at="2026-01-02T09:01:00+00:00")
    shown = render(report([*runs, later], HOST))
    assert "| 1 * |" in shown
    assert "did not take turns" in shown


def test_solver_that_claims_another_cost_is_shown_up(outcome) -> None:
    """The evaluator's cost counts, and the difference stands in the report."""
    runs = [
        outcome("pyvrp", "a", 104.0, claimed_cost=99.0),
        outcome("vroom", "a", 104.0, claimed_cost=104.001),
    ]
    found = report(runs, HOST)
    assert [each["solver"] for each in found["disagreements"]] == ["pyvrp"]
    assert "claims 99, the evaluator counts 104" in render(found)


def test_solver_without_words_for_a_problem_is_named(outcome) -> None:
    """The table says why there is no figure."""
    runs = [
        outcome("vroom", "a", None, status="cannot_state", reason="prizes"),
        outcome("landpuls", "a", 101.0),
    ]
    assert "cannot state: prizes" in render(report(runs, HOST))


def test_without_a_published_value_the_best_seen_is_compared_with(outcome) -> None:
    """The longest run of a rich day is its own best known."""
    runs = [
        outcome("landpuls", "rich-day-1", 202.0, family="rich-day", best_known=None, seconds=20.0),
        outcome("landpuls", "rich-day-1", 200.0, family="rich-day", best_known=None, seconds=600.0),
    ]
    gaps = [each["solvers"]["landpuls"]["gap_percent"] for each in report(runs, HOST)["families"]]
    assert gaps == [pytest.approx(1.0), 0.0]


def test_best_known_routes_that_cost_otherwise_are_shown_up(outcome) -> None:
    """A reader that misunderstands a family would show here."""
    runs = [outcome("best-known", "a", 100.0), outcome("best-known", "b", 100.5)]
    found = report(runs, HOST)
    assert [each["agrees"] for each in found["best_known"]] == [True, False]
    assert "b: best-known states 100, the evaluator counts 100.5" in render(found)


def test_kim_is_reached_with_no_more_vehicles_and_fewer_miles(outcome) -> None:
    """Both count: a shorter plan with another vehicle does not."""
    runs = [
        outcome("landpuls", "335", 180.0, family="Kim2006", vehicles=6),
        outcome("landpuls", "335", 170.0, family="Kim2006", vehicles=7, seed=2),
    ]
    found = report(runs, HOST)
    assert [each["reached"] for each in found["kim"]] == [True, False]
    assert "6 / 182.1" in render(found)
    assert KIM["1051"].fewest_miles == 2250.5


def test_best_upper_bounds_are_read_from_the_readme(tmp_path) -> None:
    """Of the six columns the fifth counts, with or without the mark of proven optimality."""
    cells = "".join(f"<td>{value}</td>\n" for value in ("1.0", "2.0", "3.0", "4", "562*", "6.0"))
    readme = tmp_path / "README.md"
    readme.write_text(f"<tr>\n<th></th><th>MIP</th></tr><tr>\n <th>Milano_020_4_0</th>\n{cells}</tr>")
    assert udine_best_known(readme) == {"Milano_020_4_0": 562.0}
    assert udine_best_known(tmp_path / "absent.md") == {}


def test_nothing_run_renders_too() -> None:
    """An empty report is a report."""
    assert render(report([], HOST)).startswith("# Routing benchmark")


def test_latest_figures_are_published_between_the_marks_of_a_document(outcome) -> None:
    """What stands around the marks stays, what was between them goes, and again gives the same."""
    found = report([outcome("landpuls", "a", 101.0)], HOST)
    once = publish(f"before\n{BEGIN}\nold\n{END}\nafter\n", found)
    assert once.startswith(f"before\n{BEGIN}\n")
    assert once.endswith(f"{END}\nafter\n")
    assert "| CVRP | 10 s | 1 | 1.00 |" in once
    assert "old" not in once
    assert publish(once, found) == once
    with pytest.raises(UsageError, match="latest figures"):
        publish("no marks", found)
