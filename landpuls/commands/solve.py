"""``landpuls solve``: run the route optimiser on a file, without database or broker."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.errors import InfeasiblePlan, LandpulsError, UsageError
from landpuls.commands.options import Json
from landpuls.interrupt import leaving_at_once
from landpuls.invocation import invocation_of
from landpuls.kernels import use_cache
from landpuls.output import notes, print_json
from landpuls.write_file import check_target, write_whole

if TYPE_CHECKING:
    from domain.planning import Explanation, PlanEvaluation, PlanSolution
    from landpuls.search_watch import Watch
    from processing.routing.formats import Instance
    from processing.routing.stop import Stop


MOST_ITERATIONS = 2**53
MOST_SEED = 2**63 - 1
MOST_SECONDS = 1e9


class Format(StrEnum):
    """What a problem file may be."""

    VRPLIB = "vrplib"
    ORTEC = "ortec"
    KIM = "kim"
    PVRPIF = "pvrpif"
    LANDPULS = "landpuls"


def _schema(wanted: bool) -> None:
    if wanted:
        from processing.routing.formats.schema import problem_schema

        print_json(problem_schema())
        raise typer.Exit


def solve(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Problem file, gzipped or not.")],
    format: Annotated[  # noqa: A002
        Format | None, typer.Option(help="Format of the file; guessed from its content if not given.")
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            help="Time for the search, after reading and compiling; the iterations it reports reproduce it.",
        ),
    ] = None,
    iterations: Annotated[
        int | None,
        typer.Option(
            min=0, max=MOST_ITERATIONS, help="Length of the search; the same seed gives the same solution."
        ),
    ] = None,
    schedule: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=MOST_ITERATIONS,
            help="Iterations the search was laid out for, to reproduce one that was ended before them.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=MOST_SEED, help="Seed of the search.")] = 1,
    start: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Solution to start from; the result is no worse."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="Write the solution to this file, in the family's layout."),
    ] = None,
    progress: Annotated[
        bool, typer.Option("--progress", help="Show how the search goes on standard error.")
    ] = False,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Say what each tour does and costs, and why things are in or out."),
    ] = False,
    schema: Annotated[
        bool,
        typer.Option(
            "--schema",
            callback=_schema,
            is_eager=True,
            help="Print the JSON Schema of our own format and leave.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Solve the routing problem in FILE; exit 1 if no feasible solution was found.

    Needs --seconds or --iterations. Ctrl-C ends the search with the best found so far.
    """
    with leaving_at_once():
        from landpuls.search_watch import StopWish, Watch, progress_bar
        from landpuls.solve_report import report, why_infeasible
        from processing.routing.stop import Stop

        _check_length(seconds, iterations, schedule)
        target = _check_out(out, file)
        use_cache(invocation_of(context).load().settings.home)
        instance = _read(file, format, target)
        first = _start(instance, start) if start else None
    wish = StopWish()
    stop = Stop(seconds=seconds, iterations=iterations, schedule=schedule, requested=wish)
    with progress_bar(progress) as bar, wish.listening():
        watch = Watch(cost=instance.cost, bar=bar)
        solution, judged = _search(instance, stop, seed, watch, first)
    found = report(instance, solution, judged, watch) | {"stopped": wish.wanted}
    failures = []
    if target is not None:
        failures += _write(target, instance.write_tours(solution.tours, judged.cost.total_ueur), found)
    _print(found, instance, _explain(instance, solution, told=progress) if explain else None, as_json)
    if not judged.feasible:
        failures.append(InfeasiblePlan(why_infeasible(solution, judged)))
    _fail(failures)


def _check_length(seconds: float | None, iterations: int | None, schedule: int | None) -> None:
    """Refuse a search without an end, or whose cooling would not get to its own."""
    if seconds is None and iterations is None:
        raise UsageError("Say how long to search: --seconds 10 or --iterations 100000.")
    if seconds is not None and iterations is None and seconds > MOST_SECONDS:
        raise UsageError(f"--seconds is {seconds:g}; give {MOST_SECONDS:g} at most, or --iterations.")
    if schedule is not None and iterations is not None and schedule < iterations:
        raise UsageError(
            f"--schedule ({schedule}) is below --iterations ({iterations}); give at least as many, or leave it out."
        )


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    """What a file asks for and nobody can compute is wrong usage, and names the file."""
    from domain.planning import InvalidProblem
    from processing.routing.formats.errors import sentence

    try:
        yield
    except InvalidProblem as error:
        raise UsageError(sentence(f"{path}: {error}")) from error


def _start(instance: "Instance", path: Path) -> "PlanSolution":
    """The tours to start from, with a remark if they break something."""
    from domain.planning import PlanSolution, evaluate
    from processing.routing.formats.text import read_source
    from processing.routing.start import check_start

    start = PlanSolution(tours=instance.read_solution(read_source(path).text, str(path)))
    with _refusals(path):
        check_start(instance.problem, start)
    judged = evaluate(instance.problem, start)
    if not judged.feasible:
        remark = f"{path} is no feasible start: {judged.violations[0].message}; what fits of it is used."
        notes().print(remark, markup=False)
    return start


def _search(
    instance: "Instance",
    stop: "Stop",
    seed: int,
    watch: "Watch",
    start: "PlanSolution | None",
) -> tuple["PlanSolution", "PlanEvaluation"]:
    """What the search finds, and what the evaluator says to it."""
    from domain.planning import evaluate
    from processing.routing.solve import solve as search

    solution = search(instance.problem, stop, seed, watch, start=start)
    return solution, evaluate(instance.problem, solution)


def _check_out(out: Path | None, file: Path) -> Path | None:
    """Refuse before the search what could not be written after it; return the file that is meant."""
    if out is None:
        return None
    target = check_target(out, "--out")
    if target.exists() and target.samefile(file):
        raise UsageError("--out would overwrite the problem; name another file.")
    return target


def _read(file: Path, format: Format | None, target: Path | None) -> "Instance":  # noqa: A002
    """The problem, with remarks on what its file leaves open, if what is written spares its best-known solution."""
    from processing.routing.formats import read_instance
    from processing.routing.index import check_fractions

    instance = read_instance(file, format.value if format else None)
    with _refusals(file):
        check_fractions(instance.problem)
    remarks = [*instance.remarks, *_remark_on_target(instance, target)]
    for remark in remarks:
        notes().print(remark, markup=False)
    return instance


def _remark_on_target(instance: "Instance", target: Path | None) -> Iterator[str]:
    known = instance.best_known_path
    if target is None or known is None:
        return
    if known.exists():
        if target.exists() and target.samefile(known):
            raise UsageError(
                f"--out would overwrite {known}, the problem's best-known solution; "
                f"name another file, such as {known.stem}.found.sol."
            )
    elif target == known.resolve():
        yield f"{known} is where the best-known solution is looked for: later runs will take this one for it."


def _explain(instance: "Instance", solution: "PlanSolution", *, told: bool) -> "tuple[Explanation, float]":
    """What the solution says about itself, and in how many seconds."""
    from domain.planning import explain
    from domain.planning.item import euros
    from landpuls.search_watch import StopWish

    began = time.monotonic()
    wish = StopWish("Stopping with what is explained so far.")
    if told:
        notes().print("Explaining the solution, which takes some seconds at most.")
    with wish.listening():
        own = instance.family == "Landpuls"
        money = euros if own else instance.scale.words
        explanation = explain(instance.problem, solution, ended=wish, money=money)
    return explanation, round(time.monotonic() - began, 3)


def _print(
    found: dict[str, Any], instance: "Instance", explained: "tuple[Explanation, float] | None", as_json: bool
) -> None:
    from landpuls.solve_explanation import explanation_record, print_explanation
    from landpuls.solve_report import print_figures

    if as_json:
        if explained:
            explanation, seconds = explained
            found["explanation"] = {"seconds": seconds} | explanation_record(explanation, instance)
        print_json(found)
        return
    print_figures(found)
    if explained:
        print_explanation(explained[0], instance)


def _write(target: Path, text: str, found: dict[str, Any]) -> list[LandpulsError]:
    """Write the solution; a failure is told after the figures, with which it can be had again."""
    try:
        write_whole(target, text)
    except OSError as error:
        again = f"--iterations {found['iterations']} --seed {found['seed']}"
        if found["schedule"] != found["iterations"]:
            again += f" --schedule {found['schedule']}"
        return [LandpulsError(f"Cannot write {target}: {error.strerror}; {again} finds the solution again.")]
    return []


def _fail(failures: list[LandpulsError]) -> None:
    if len(failures) == 1:
        raise failures[0]
    if failures:
        raise LandpulsError(" ".join(str(failure) for failure in failures))
