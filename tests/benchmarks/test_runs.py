"""Finished runs survive whatever ends a benchmark."""

from pathlib import Path

from benchmarks.routing.families import Case
from benchmarks.routing.runs import RunLog, missing
from benchmarks.routing.schedule import schedule


def test_what_is_appended_is_read(tmp_path: Path, outcome) -> None:
    """Outcomes come back as they were, of a repeated run the latest."""
    log = RunLog(tmp_path / "deep" / "runs.jsonl")
    first, again = outcome("landpuls", "a", 110.0), outcome("landpuls", "a", 105.0)
    other = outcome("pyvrp", "a", 120.0, first_feasible_s=0.25, reason="–")
    for each in (first, other, again):
        log.append(each)
    assert log.read() == [again, other]


def test_line_cut_off_by_a_kill_counts_as_not_run(tmp_path: Path, outcome) -> None:
    """After a torn last line the earlier runs are there, and the next one is appended on a line of its own."""
    log = RunLog(tmp_path / "runs.jsonl")
    first, second = outcome("landpuls", "a", 110.0), outcome("landpuls", "b", 111.0)
    log.append(first)
    whole = log.path.read_bytes()
    log.path.write_bytes(whole + whole[: len(whole) // 2])
    assert log.read() == [first]
    log.append(second)
    assert log.read() == [first, second]


def test_only_what_is_missing_failed_or_wanted_again_is_run(outcome) -> None:
    """Finished runs are left out, infeasible ones too; failed ones and those of a named solver are repeated."""
    ours, theirs = outcome("landpuls", "a", 110.0), outcome("pyvrp", "a", None, status="infeasible")
    failed, fresh = outcome("vroom", "a", None, status="failed"), outcome("ortools", "a", 1.0)
    wanted = [each.run for each in (ours, theirs, failed, fresh)]
    finished = [ours, theirs, failed]
    assert missing(wanted, finished) == [failed.run, fresh.run]
    assert missing(wanted, finished, ["landpuls"]) == [ours.run, failed.run, fresh.run]


def test_solvers_take_turns(tmp_path: Path) -> None:
    """Each solver has every seed, the first one changes, and one without a seed has the first seed only."""
    case = Case(family="CVRP", name="a", path=tmp_path / "a.vrp")
    solvers = ["landpuls", "pyvrp", "vroom"]
    runs = [run for _, run in schedule([case], solvers, [1, 2], [10.0], "wall")]
    assert [(run.solver, run.seed) for run in runs] == [
        ("landpuls", 1),
        ("pyvrp", 1),
        ("vroom", 1),
        ("pyvrp", 2),
        ("landpuls", 2),
    ]
    assert len(set(runs)) == len(runs)


def test_peers_are_not_asked_about_what_none_can_state(tmp_path: Path) -> None:
    """A rich day is for ours alone."""
    case = Case(family="rich-day", name="rich-day-1", path=tmp_path / "rich-day-1")
    runs = [run for _, run in schedule([case], ["pyvrp", "landpuls"], [1], [2.0], "cpu")]
    assert [run.solver for run in runs] == ["landpuls"]
