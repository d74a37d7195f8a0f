"""``landpuls plan``: a day's tours from the command line, computed here and now without the job queue."""

import threading
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from domain.errors import InfeasiblePlan, PlanningError, UsageError
from domain.time import berlin_day
from landpuls.commands.options import Json
from landpuls.invocation import invocation_of
from landpuls.output import notes, print_json, print_table


def plan(
    context: typer.Context,
    day: Annotated[
        datetime | None,
        typer.Argument(formats=["%Y-%m-%d"], help="Day to plan, in Berlin; today if not given."),
    ] = None,
    organisation: Annotated[
        str | None, typer.Option(help="Key of the organisation that plans; needed if several have vehicles.")
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Publish the tours if the plan is feasible.")
    ] = False,
    seconds: Annotated[float | None, typer.Option(min=0.1, max=86_400, help="Time for the search.")] = None,
    iterations: Annotated[
        int | None,
        typer.Option(min=1, max=2**53, help="Length of the search; makes it independent of the machine."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Seed of the search.")] = 1,
    as_json: Json = False,
) -> None:
    """Plan the collection tours of a day; exit 1 if no feasible plan exists."""
    from landpuls import logs
    from landpuls.database import database
    from landpuls.kernels import use_cache

    settings = invocation_of(context).load().settings
    logs.configure(settings.log, service="plan")
    use_cache(settings.home)
    wish = {
        "day": day.date() if day else berlin_day(datetime.now(UTC)),
        "publish": publish,
        "seconds": seconds if seconds or iterations else settings.planning.seconds,
        "iterations": iterations,
        "seed": seed,
    }
    with database(settings) as url, notes().status("Planning"):
        found = _plan(url, organisation, wish)
    if as_json:
        print_json(found)
    else:
        columns = ("number", "vehicle", "begins_at", "ends_at", "stops", "distance_m")
        print_table(
            columns, [[tour[name] for name in columns] for tour in found["tours"]], title=_headline(found)
        )
    if found["status"] == "infeasible" or found["feasible"] is False:
        raise InfeasiblePlan("; ".join(str(one.get("detail", one)) for one in found["diagnosis"]) or None)
    if found["status"] == "failed":
        raise PlanningError("The plan could not be computed; the log above says why.")


def _plan(url: str, organisation: str | None, wish: dict[str, Any]) -> dict[str, Any]:
    from psycopg.rows import dict_row

    from processing.worker.jobs import draft_requested
    from storage.database import connect, translated
    from storage.queries import Queries

    queries = Queries("plan.sql", "landpuls.commands")
    with translated(), connect(url, "worker") as connection:
        rows = connection.cursor(row_factory=dict_row)
        planners = rows.execute(queries["planners"], {"key": organisation}).fetchall()
        if len(planners) != 1:
            raise UsageError(_which(organisation, [planner["key"] for planner in planners]))
        wish |= {"organisation_id": planners[0]["id"]}
        requested = rows.execute(queries["request"], wish).fetchone()
        assert requested is not None
        connection.commit()
        draft_requested(url, requested["id"], threading.Event())
        result = rows.execute(queries["result"], requested).fetchone()
        assert result is not None
        return dict(result)


def _which(organisation: str | None, known: list[str]) -> str:
    if organisation:
        return f"No organisation {organisation} has vehicles to plan with."
    if known:
        return (
            f"Several organisations have vehicles; say which plans with --organisation: {', '.join(known)}."
        )
    return "No organisation has vehicles to plan with."


def _headline(found: dict[str, Any]) -> str:
    return f"Plan {found['id']} of {found['day']}: {found['status']}, {len(found['tours'])} tours"
