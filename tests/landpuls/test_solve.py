"""`landpuls solve` keeps its promises as a process of its own: output, files, exit codes, signals, reproducibility."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from landpuls.commands.solve import Format
from processing.routing.formats import FORMATS
from tests.landpuls.conftest import COMMAND
from tests.processing.routing.formats import periodic, texts

ROOT = Path(__file__).parents[2]
MEMBERS = {"feasible", "cost", "seconds", "iterations", "iterations_per_s", "compile_s", "seed", "trace"}
BIG = 400


def spread(customers: int) -> str:
    """A CVRP text with so many customers scattered over a square."""
    rows = [(7919 * index % 1000, 104_729 * index % 997) for index in range(customers + 1)]
    places = "\n".join(f"{index} {x} {y}" for index, (x, y) in enumerate(rows, start=1))
    demands = "\n".join(f"{index} {index % 9 + 1 if index > 1 else 0}" for index in range(1, customers + 2))
    return (
        f"NAME : spread\nTYPE : CVRP\nDIMENSION : {customers + 1}\nEDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 100\n"
        f"NODE_COORD_SECTION\n{places}\nDEMAND_SECTION\n{demands}\nDEPOT_SECTION\n1\n-1\nEOF\n"
    )


def documented_problem() -> str:
    """The example of our own format in the documentation."""
    text = (ROOT / "docs" / "solve.md").read_text(encoding="utf-8")
    (found,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    return found


def test_formats_are_those_of_the_readers():
    """Each format that can be named has a reader, and the other way round."""
    assert {each.value for each in Format} == set(FORMATS)


def test_schema_is_printed_without_a_file(landpuls):
    """The schema of our own format is one line of JSON."""
    done = landpuls("solve", "--schema")
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    assert "PlanProblem" in json.loads(done.stdout)["$defs"]


def test_a_solution_is_printed_and_written(landpuls, kernels, tmp_path):
    """The result is one line of JSON; the file holds the routes and the same cost, and nothing else is left behind."""
    (tmp_path / "small.vrp").write_text(texts.CVRP)
    done = landpuls("solve", "small.vrp", "--iterations", "50", "--json", "--out", "small.sol", **kernels)
    assert (done.returncode, done.stdout.count("\n")) == (0, 1), done.stderr
    found = json.loads(done.stdout)
    assert set(found) >= MEMBERS
    assert (found["feasible"], found["cost"], found["iterations"], found["seed"]) == (True, 41, 50, 1)
    assert found["trace"][-1][1] == 41
    assert (tmp_path / "small.sol").read_text().splitlines()[-1] == "Cost 41"
    assert {path.name for path in tmp_path.iterdir()} <= {"small.vrp", "small.sol", "home"}


def test_a_person_reads_a_table(landpuls, kernels, tmp_path):
    """Without --json the figures come as a table, and progress goes to standard error."""
    (tmp_path / "small.vrp").write_text(texts.CVRP)
    done = landpuls("solve", "small.vrp", "--iterations", "50", "--progress", **kernels)
    assert (done.returncode, "cost" in done.stdout) == (0, True)
    assert "50 of 50 iterations" in done.stderr


def test_the_documented_problem_is_solved(landpuls, kernels, tmp_path):
    """The example in the documentation has a feasible solution that names its vehicle's route."""
    (tmp_path / "day.json").write_text(documented_problem(), encoding="utf-8")
    done = landpuls("solve", "day.json", "--iterations", "200", "--json", "--out", "day.sol", **kernels)
    found = json.loads(done.stdout)
    assert (done.returncode, found["feasible"], found["vehicles"]) == (0, True, 1), done.stderr
    route, cost = (tmp_path / "day.sol").read_text(encoding="utf-8").splitlines()
    assert route.startswith("Route #1: ")
    assert route.endswith("unload:sorting%20plant")
    assert cost == f"Cost {found['cost']}"


def test_a_solution_explains_itself(landpuls, kernels, tmp_path):
    """With --explain the JSON holds costs that add up, time lines, and why each optional container is in or out."""
    (tmp_path / "prizes.vrp").write_text(texts.PRIZES)
    arguments = ("solve", "prizes.vrp", "--iterations", "50", "--explain")
    found = json.loads(landpuls(*arguments, "--json", **kernels).stdout)
    explanation = found["explanation"]
    assert explanation["cost"]["total"] == found["cost"] == 260
    (tour,) = explanation["tours"]
    assert [step["kind"] for step in tour["steps"]] == ["depart", "collect", "unload", "return"]
    assert {item["id"]: item["served"] for item in explanation["items"]} == {"1": True, "2": False}
    shown = landpuls(*arguments, **kernels).stdout
    assert "depot 1" in shown
    assert "Optional and left" in shown


@pytest.mark.parametrize(
    ("routes", "remark"),
    [
        ("Route #1: 1 3\nRoute #2: 4 2\n", ""),
        ("Route #1: 1 2 3 4\n", "start.sol is no feasible start: 13 l on board"),
    ],
)
def test_the_result_is_never_worse_than_the_start(landpuls, kernels, tmp_path, routes, remark):
    """A start solution is kept where the search finds nothing better; one that is not feasible is named."""
    (tmp_path / "small.vrp").write_text(texts.CVRP)
    (tmp_path / "start.sol").write_text(routes)
    done = landpuls("solve", "small.vrp", "--iterations", "0", "--start", "start.sol", "--json", **kernels)
    assert done.returncode == 0
    assert json.loads(done.stdout)["cost"] <= (100 if remark else 41)
    assert remark in done.stderr
    assert bool(remark) == bool(done.stderr)


@pytest.mark.slow
def test_iterations_reproduce_what_seconds_found(landpuls, kernels, tmp_path):
    """The reported seed and iterations give the same file on this and any other run."""
    (tmp_path / "x.vrp").write_text(spread(60))
    found = json.loads(
        landpuls(
            "solve", "x.vrp", "--seconds", "1", "--seed", "5", "--json", "--out", "a.sol", **kernels
        ).stdout
    )
    again = ("--iterations", str(found["iterations"]), "--seed", "5")
    second = json.loads(landpuls("solve", "x.vrp", *again, "--json", "--out", "b.sol", **kernels).stdout)
    assert (tmp_path / "a.sol").read_text() == (tmp_path / "b.sol").read_text()
    assert (second["cost"], second["iterations"]) == (found["cost"], found["iterations"])
    costs = [cost for _, cost in found["trace"]]
    assert costs == sorted(costs, reverse=True)


def test_infeasible_is_exit_1_with_the_reason(landpuls, kernels, tmp_path):
    """Where not everything can be served, the exit code is 1, and the message names what is left and why."""
    (tmp_path / "big.vrp").write_text(texts.CVRP.replace("2 4\n", "2 11\n"))
    done = landpuls("solve", "big.vrp", "--iterations", "20", "--json", **kernels)
    assert (done.returncode, json.loads(done.stdout)["feasible"]) == (1, False)
    assert done.stderr.startswith("landpuls: No feasible solution was found. 1: ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("bad.vrp", "--seconds", "1"), "bad.vrp, header: DIMENSION is missing"),
        (("small.vrp",), "Say how long to search"),
        (("small.vrp", "--format", "kim", "--seconds", "1"), "line 1: the vehicle's capacity is not stated"),
        (("small.vrp", "--format", "ortec", "--seconds", "1"), "this is a CVRP, ORTEC's are VRPTW"),
        (("small.vrp", "--format", "excel", "--seconds", "1"), "Invalid value for '--format'"),
        (("none.vrp", "--seconds", "1"), "does not exist"),
        (("small.vrp", "--seconds", "inf"), "--seconds is inf; give 1e+09 at most, or --iterations."),
        (("small.vrp", "--seconds", "1e300"), "--seconds is 1e+300; give 1e+09 at most"),
        (("small.vrp", "--seconds", "nan", "--iterations", "1"), "Invalid value for '--seconds'"),
        (("small.vrp", "--iterations", str(10**20)), "Invalid value for '--iterations'"),
        (("small.vrp", "--seconds", "1", "--seed", str(10**23)), "Invalid value for '--seed'"),
        (("small.vrp", "--iterations", "0", "--schedule", "0"), "Invalid value for '--schedule'"),
        (("small.vrp", "--iterations", "9", "--schedule", "8"), "--schedule (8) is below --iterations (9)"),
        (("huge.json", "--seconds", "1"), "capacity_l must be at most 1099511627776"),
        (("small.vrp", "--seconds", "1", "--out", "none/x.sol"), "Cannot write to none"),
        (("small.vrp", "--seconds", "1", "--out", "small.vrp/x.sol"), "Cannot write to small.vrp"),
        (("small.vrp", "--seconds", "1", "--out", f"{'x' * 300}.sol"), "File name too long"),
        (("small.vrp", "--seconds", "1", "--out", "round.sol"), "levels of symbolic links"),
        (("small.vrp", "--seconds", "1", "--out", "pipe"), "pipe is no regular file"),
        (("small.vrp", "--seconds", "1", "--out", "/dev/null"), "/dev/null is no regular file"),
        (("far.vrp", "--seconds", "1"), "is the unit right?"),
        (("small.vrp", "--seconds", "1", "--out", "small.vrp"), "--out would overwrite the problem"),
        (("small.vrp", "--seconds", "1", "--out", "."), "Invalid value for '--out'"),
        (("small.vrp", "--seconds", "1", "--start", "none.sol"), "Invalid value for '--start'"),
        (("small.vrp", "--seconds", "-1"), "Invalid value for '--seconds'"),
        ((".", "--seconds", "1"), "is a directory"),
    ],
)
def test_what_is_wrong_is_said_before_any_search(landpuls, tmp_path, arguments, said):
    """A wrong file or option ends with exit code 2, a sentence, and nothing on standard output."""
    (tmp_path / "small.vrp").write_text(texts.CVRP)
    (tmp_path / "huge.json").write_text(documented_problem().replace("20000", str(10**30)))
    (tmp_path / "bad.vrp").write_text(texts.CVRP.replace("DIMENSION : 5\n", ""))
    (tmp_path / "far.vrp").write_text(texts.CVRP.replace("3 6 8", "3 6 1e12"))
    (tmp_path / "round.sol").symlink_to("round.sol")
    os.mkfifo(tmp_path / "pipe")
    done = landpuls("solve", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in " ".join(done.stderr.replace("│", " ").split())
    assert "?." not in done.stderr
    assert (tmp_path / "small.vrp").read_text() == texts.CVRP


def changed_problem(change: Callable[[dict], object]) -> str:
    """The documented problem after a change to its record."""
    record = json.loads(documented_problem())
    change(record)
    return json.dumps(record)


def many_fractions(record: dict) -> None:
    """One container of each of 32 fractions."""
    first = record["containers"][1]
    record["containers"] += [first | {"id": f"more {n}", "fraction": f"fraction {n}"} for n in range(31)]


REFUSED = {
    "empty file": ("x.vrp", "", "the content looks like no known format"),
    "damaged gzip": ("x.vrp", b"\x1f\x8b\x08\x00", "damaged gzip file"),
    "broken JSON": ("x.json", "{", "it cannot be read"),
    "a list": ("x.json", "[]", "the content looks like no known format"),
    "a field unknown": ("x.json", lambda day: day.update(colour="red"), "field colour is unknown"),
    "a field missing": ("x.json", lambda day: day.pop("vehicles"), "vehicles"),
    "no time zone": (
        "x.json",
        lambda day: day.update(day_start="2026-03-02T00:00:00"),
        "it has no time zone",
    ),
    "a way negative": ("x.json", lambda day: day["distance_m"][0].__setitem__(1, -1), "negative entry"),
    "a way too long": ("x.json", lambda day: day["distance_m"][0].__setitem__(1, 10**30), "distance_m[0]"),
    "a way of no number": ("x.json", lambda day: day["distance_m"][0].__setitem__(1, "far"), "whole numbers"),
    "no place": ("x.json", lambda day: day["containers"][0].update(location=9), "location 9 is not in"),
    "a name twice": ("x.json", lambda day: day["containers"][1].update(id="market 1"), "is given twice"),
    "no depot": ("x.json", lambda day: day["vehicles"][0].update(end_depot="x"), "is not among the depots"),
    "32 fractions": ("x.json", many_fractions, "x.json: containers: 32 waste fractions in one plan"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_input_that_cannot_be_used_is_wrong_usage(landpuls, tmp_path, case):
    """Whatever is wrong with the file: exit code 2, one sentence that names the file, no result, no traceback."""
    name, content, said = REFUSED[case]
    text = changed_problem(content) if callable(content) else content
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    done = landpuls("solve", name, "--iterations", "1", "--out", "x.sol")
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr.startswith(f"landpuls: {name}")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "x.sol").exists()


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("Route #1: 1 7\n", "7"),
        ("".join(f"Route #{n}: {n}\n" for n in range(1, 99)), "start.sol"),
        ("Route #1: 1\nRoute #1: 2\n", "route 1 is given twice"),
        ("Route #1: 1 2 3 4\nRoute two: 5\n", "this is no route"),
    ],
)
def test_a_start_that_cannot_be_used_is_wrong_usage(landpuls, tmp_path, start, said):
    """Routes of customers or vehicles that there are not, or of none, are refused by the start's name."""
    (tmp_path / "small.vrp").write_text(texts.CVRP)
    (tmp_path / "start.sol").write_text(start)
    done = landpuls("solve", "small.vrp", "--iterations", "1", "--start", "start.sol")
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr.startswith("landpuls: start.sol")
    assert said in done.stderr


def test_a_best_known_solution_that_cannot_be_used_is_a_remark(landpuls, kernels, tmp_path):
    """What is wrong with the file beside the problem is said, and the problem is solved without it."""
    (tmp_path / "small.vrp").write_text(texts.CVRP)
    (tmp_path / "small.sol").write_text("Route #1: 1 2 3 4\n")
    done = landpuls("solve", "small.vrp", "--iterations", "1", "--json", **kernels)
    found = json.loads(done.stdout)
    assert (done.returncode, found["best_known"], found["gap_percent"]) == (0, None, None)
    assert "small.sol, last line: no cost is stated" in done.stderr


def test_a_fleet_without_known_scale_says_what_it_counts_in(landpuls, kernels, tmp_path):
    """Where only a best-known solution would show the scale of costs, a remark and the JSON say which is used."""
    (tmp_path / "fleet.vrp").write_text(texts.FLEET)
    done = landpuls("solve", "fleet.vrp", "--iterations", "1", "--json", **kernels)
    assert json.loads(done.stdout)["cost_unit"] == "thousandths of the file's unit of cost"
    assert "they are thousandths of the file's unit of cost" in done.stderr


@pytest.mark.parametrize("out", ["small.sol", "link.sol", "./small.sol"])
def test_the_best_known_solution_is_never_overwritten(landpuls, tmp_path, out):
    """Under whichever name, --out refuses the published solution beside the problem, and names another."""
    (tmp_path / "small.vrp").write_text(texts.CVRP)
    (tmp_path / "small.sol").write_text("Cost 41\n")
    (tmp_path / "link.sol").symlink_to("small.sol")
    done = landpuls("solve", "small.vrp", "--iterations", "1", "--out", out)
    assert (done.returncode, done.stdout) == (2, "")
    assert "the problem's best-known solution; name another file, such as small.found.sol" in done.stderr
    assert (tmp_path / "small.sol").read_text() == "Cost 41\n"


def test_a_solution_of_our_own_may_be_written_again(landpuls, kernels, tmp_path):
    """Nothing is published of our own problems, so that the solution beside one is replaced and never compared with."""
    (tmp_path / "day.json").write_text(documented_problem(), encoding="utf-8")
    (tmp_path / "day.sol").write_text("Cost 1\n")
    done = landpuls("solve", "day.json", "--iterations", "1", "--json", "--out", "day.sol", **kernels)
    found = json.loads(done.stdout)
    assert (done.returncode, done.stderr, found["best_known"]) == (0, "", None)
    assert (tmp_path / "day.sol").read_text().endswith(f"Cost {found['cost']}\n")


def test_what_a_link_points_to_is_written(landpuls, kernels, tmp_path):
    """A symbolic link stays one; the file behind it holds the solution and keeps its rights."""
    (tmp_path / "small.vrp").write_text(texts.CVRP)
    (tmp_path / "far").mkdir()
    target = tmp_path / "far" / "target.sol"
    target.touch(mode=0o640)
    (tmp_path / "link.sol").symlink_to(target)
    done = landpuls("solve", "small.vrp", "--iterations", "1", "--out", "link.sol", **kernels)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "link.sol").is_symlink()
    assert target.read_text().endswith("Cost 41\n")
    assert target.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in target.parent.iterdir()] == ["target.sol"]


def test_figures_survive_a_full_disk(kernels, tmp_path):
    """If the solution cannot be written after all, the figures are printed, the error says so, and nothing is left."""
    (tmp_path / "small.vrp").write_text(texts.CVRP)
    done = subprocess.run(
        [*COMMAND, "solve", "small.vrp", "--iterations", "1", "--json", "--out", "x.sol"],
        cwd=tmp_path,
        env=os.environ | {"LANDPULS_HOME": str(tmp_path / "home")} | kernels,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, json.loads(done.stdout)["cost"]) == (1, 41), done.stderr
    assert "x.sol: File too large; --iterations 1 --seed 1 finds the solution again." in done.stderr
    assert {path.name for path in tmp_path.iterdir()} <= {"small.vrp", "home"}


@pytest.mark.parametrize("family", ["KIM", "FLEET", "TIMED", "PRIZES"])
def test_the_parts_of_a_cost_add_up_to_it(landpuls, kernels, tmp_path, family):
    """Whatever a family counts in, the explanation's components sum up to the cost printed, and name their unit."""
    (tmp_path / "x.txt").write_text(getattr(texts, family, periodic.KIM))
    done = landpuls("solve", "x.txt", "--iterations", "50", "--explain", "--json", **kernels)
    found = json.loads(done.stdout)
    explained = found["explanation"]
    total = explained["cost"].pop("total")
    assert total == found["cost"] == pytest.approx(sum(explained["cost"].values()), abs=1e-9)
    assert explained["units"]["cost"] == found["cost_unit"]
    assert not any(f'_{unit}"' in json.dumps(explained) for unit in ("ueur", "s", "m", "l", "kg"))


def test_an_explanation_has_the_familys_units(landpuls, kernels, tmp_path):
    """Kim's are miles, yards and a clock, not the whole numbers that they are computed with."""
    (tmp_path / "3_stop.txt").write_text(periodic.KIM)
    done = landpuls("solve", "3_stop.txt", "--iterations", "50", "--explain", **kernels)
    assert re.search(r"component +miles\n", done.stdout)
    assert "fixed" not in done.stdout
    assert re.search(r"vehicle 1: [\d.]+ miles, driving", done.stdout)
    assert re.search(r"depart +\d+ +04:00:00 +04:00:00", done.stdout)
    assert "yards" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "importing"),
    [
        (("solve", "--help"), "landpuls.cli"),
        (("solve", "small.vrp", "--iterations", "1"), "processing.routing.formats"),
        (("solve", "small.vrp", "--iterations", "1"), "landpuls.solve_explanation"),
        (("doctor",), "landpuls.doctor"),
    ],
)
def test_interrupted_amid_imports_it_ends_with_one_line(kernels, tmp_path, arguments, importing):
    """Ctrl-C while the command imports what it needs is exit code 130 and one line, not a traceback."""
    with_interrupts = (
        "import os, signal, sys\n"
        "from landpuls.__main__ import main\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {importing!r}:\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Finder())\n"
        f"sys.argv[1:] = {list(arguments)!r}\n"
        "main()\n"
    )
    (tmp_path / "small.vrp").write_text(texts.CVRP)
    done = subprocess.run(
        [sys.executable, "-c", with_interrupts],
        cwd=tmp_path,
        env=os.environ | {"LANDPULS_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)} | kernels,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "landpuls: interrupted.\n")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_with_the_best_found(kernels, tmp_path, number):
    """Ctrl-C in a long search ends it soon, with a feasible solution printed and written."""
    (tmp_path / "x.vrp").write_text(spread(BIG))
    environment = os.environ | {"LANDPULS_HOME": str(tmp_path / "home"), "COLUMNS": "200"} | kernels
    arguments = ["solve", "x.vrp", "--iterations", "1000000000", "--json", "--out", "x.sol", "--progress"]
    with subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=tmp_path,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        asked = ask_to_end(child, number)
    assert asked
    output, _ = asked
    found = json.loads(output)
    assert (child.returncode, found["feasible"], found["stopped"]) == (0, True, True)
    assert found["iterations"] < found["schedule"]
    assert (tmp_path / "x.sol").read_text().splitlines()[-1] == f"Cost {found['cost']}"


def ask_to_end(child, number):
    """Send the signal once the command listens: Python alone catches SIGINT, but not SIGTERM."""
    status = Path(f"/proc/{child.pid}/status")
    while child.poll() is None:
        caught = re.search(r"SigCgt:\s*([0-9a-f]+)", status.read_text())
        if caught and int(caught[1], 16) & (1 << (signal.SIGTERM - 1)):
            child.send_signal(number)
            return child.communicate(timeout=300)
        time.sleep(0.05)
    return None
