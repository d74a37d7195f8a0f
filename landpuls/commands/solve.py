"""``landpuls solve``: run the route optimiser on a file, without database or broker."""

import os
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.errors import InfeasiblePlan, UsageError
from landpuls.commands.options import Json
from landpuls.invocation import invocation_of
from landpuls.output import print_json, print_table

if TYPE_CHECKING:
    from domain.planning import PlanEvaluation, PlanSolution
    from landpuls.search_watch import Watch
    from processing.routing.formats import Instance
    from processing.routing.stop import Stop

MOST_NAMED = 5


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
        float | None, typer.Option(min=0.0, help="Time for the search, after reading and compiling.")
    ] = None,
    iterations: Annotated[
        int | None, typer.Option(min=0, help="Length of the search; the same seed gives the same solution.")
    ] = None,
    schedule: Annotated[
        int | None,
        typer.Option(min=0, help="Iterations that the search was laid out for, if it ended before them."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the search.")] = 1,
    out: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="Write the solution to this file, in the family's layout."),
    ] = None,
    progress: Annotated[
        bool, typer.Option("--progress", help="Show how the search goes on standard error.")
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

    if seconds is None and iterations is None:
        raise UsageError("Say how long to search: --seconds 10 or --iterations 100000.")
    _check_out(out, file)
    use_cache(invocation_of(context).load().settings.home)
    from processing.routing.formats import read_instance
    from processing.routing.stop import Stop

    instance = read_instance(file, format.value if format else None)
    wish = StopWish()
    stop = Stop(seconds=seconds, iterations=iterations, schedule=schedule, requested=wish)
    with progress_bar(progress) as bar, wish.listening():
        watch = Watch(cost=instance.cost, bar=bar)
        solution, judged = _search(instance, stop, seed, watch)
    if out is not None:
        _write(out, instance.write_tours(solution.tours, judged.cost.total_ueur))
    found = _report(instance, solution, judged, watch) | {"stopped": wish.wanted}
    if as_json:
        print_json(found)
    else:
        _print(found)
    if not judged.feasible:
        raise InfeasiblePlan(_why(solution, judged))


def _search(
    instance: "Instance", stop: "Stop", seed: int, watch: "Watch"
) -> tuple["PlanSolution", "PlanEvaluation"]:
    from domain.planning import evaluate
    from processing.routing.solve import solve as search

    solution = search(instance.problem, stop, seed, watch)
    return solution, evaluate(instance.problem, solution)


def _report(
    instance: "Instance", solution: "PlanSolution", judged: "PlanEvaluation", watch: "Watch"
) -> dict[str, Any]:
    cost = instance.cost(judged.cost.total_ueur)
    trace = [list(each) for each in watch.trace]
    if judged.feasible and (not trace or trace[-1][1] != cost):
        trace.append([round(watch.seconds, 3), cost])
    best = instance.best_known
    return {
        "feasible": judged.feasible,
        "cost": cost,
        "seconds": round(watch.seconds, 3),
        "iterations": solution.iterations,
        "iterations_per_s": round(solution.iterations / watch.seconds, 1) if watch.seconds else 0.0,
        "compile_s": round(watch.compile_s or 0.0, 3),
        "seed": solution.seed,
        "schedule": solution.schedule,
        "name": instance.name,
        "family": instance.family,
        "vehicles": sum(bool(tour.visits) for tour in solution.tours),
        "best_known": best,
        "gap_percent": round(100 * (cost - best) / best, 3) if best else None,
        "unserved": [each.container for each in solution.unserved],
        "trace": trace,
    }


def _print(found: dict[str, Any]) -> None:
    names = ("feasible", "cost", "best_known", "gap_percent", "vehicles", "seconds", "iterations", "schedule")
    rows = [[name, found[name]] for name in (*names, "seed") if found[name] is not None]
    print_table(("figure", "value"), rows, title=f"{found['family']} {found['name']}")


def _why(solution: "PlanSolution", judged: "PlanEvaluation") -> str:
    reasons = [f"{each.container}: {each.explanation}" for each in solution.unserved_required]
    reasons = reasons or [each.message for each in judged.violations]
    more = f"; and {len(reasons) - MOST_NAMED} more" if len(reasons) > MOST_NAMED else ""
    return f"No feasible solution was found. {'; '.join(reasons[:MOST_NAMED])}{more}."


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
