"""What `landpuls solve` says of a solution: figures for programs, tables for people, a reason where there is none."""

from typing import TYPE_CHECKING, Any

from landpuls.output import print_table

if TYPE_CHECKING:
    from domain.planning import PlanEvaluation, PlanSolution
    from landpuls.search_watch import Watch
    from processing.routing.formats import Instance

MOST_NAMED = 5
FIGURES = (
    "feasible",
    "cost",
    "cost_unit",
    "best_known",
    "gap_percent",
    "vehicles",
    "seconds",
    "iterations",
    "schedule",
    "seed",
)


def report(
    instance: "Instance", solution: "PlanSolution", judged: "PlanEvaluation", watch: "Watch"
) -> dict[str, Any]:
    """Return the figures of a search; docs/solve.md says what each means."""
    cost = instance.cost(judged.cost.total_ueur)
    trace = [list(each) for each in watch.trace]
    if judged.feasible and (not trace or trace[-1][1] != cost):
        trace.append([round(watch.seconds, 3), cost])
    best = instance.best_known
    return {
        "feasible": judged.feasible,
        "cost": cost,
        "cost_unit": instance.scale.unit,
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


def print_figures(found: dict[str, Any]) -> None:
    """Write the figures as a table."""
    rows = [[name, found[name]] for name in FIGURES if found[name] is not None]
    print_table(("figure", "value"), rows, title=f"{found['family']} {found['name']}")


def why_infeasible(solution: "PlanSolution", judged: "PlanEvaluation") -> str:
    """One sentence with the first few reasons."""
    reasons = [f"{each.container}: {each.explanation}" for each in solution.unserved_required]
    reasons = [reason.rstrip(".") for reason in reasons or [each.message for each in judged.violations]]
    more = f"; and {len(reasons) - MOST_NAMED} more" if len(reasons) > MOST_NAMED else ""
    return f"No feasible solution was found. {'; '.join(reasons[:MOST_NAMED])}{more}."
