"""``landpuls solve``: run the route optimiser on a file, without database or broker."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from domain.errors import InfeasiblePlan, UsageError
from landpuls.commands.options import Json
from landpuls.invocation import invocation_of
from landpuls.output import notes, print_json

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
    from landpuls.kernels import use_cache
    from landpuls.search_watch import StopWish, Watch, progress_bar
    from landpuls.solve_report import print_explanation, print_figures, report, why_infeasible

    _check_length(seconds, iterations, schedule)
    _check_out(out, file)
    use_cache(invocation_of(context).load().settings.home)
    from processing.routing.formats import read_instance
    from processing.routing.index import check_fractions
    from processing.routing.stop import Stop

    instance = read_instance(file, format.value if format else None)
    with _refusals(file):
        check_fractions(instance.problem)
    first = _start(instance, start) if start else None
    wish = StopWish()
    stop = Stop(seconds=seconds, iterations=iterations, schedule=schedule, requested=wish)
    with progress_bar(progress) as bar, wish.listening():
        watch = Watch(cost=instance.cost, bar=bar)
        solution, judged = _search(instance, stop, seed, watch, first)
    if out is not None:
        _write(out, instance.write_tours(solution.tours, judged.cost.total_ueur))
    found = report(instance, solution, judged, watch) | {"stopped": wish.wanted}
    explanation = _explain(instance, solution) if explain else None
    if as_json:
        print_json(found | ({"explanation": explanation.to_record()} if explanation else {}))
    else:
        print_figures(found)
        if explanation:
            print_explanation(explanation, instance.family)
    if not judged.feasible:
        raise InfeasiblePlan(why_infeasible(solution, judged))


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

    try:
        yield
    except InvalidProblem as error:
        raise UsageError(f"{path}: {error}.") from error


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


def _explain(instance: "Instance", solution: "PlanSolution") -> "Explanation":
    from domain.planning import explain

    return explain(instance.problem, solution)


def _check_out(out: Path | None, file: Path) -> None:
    """Refuse before the search what could not be written after it."""
    if out is None:
        return
    if not os.access(out.parent, os.W_OK):
        raise UsageError(f"Cannot write to {out.parent}; name another file with --out.")
    if out.exists() and out.samefile(file):
        raise UsageError("--out would overwrite the problem; name another file.")


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
