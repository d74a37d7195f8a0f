"""Draft a plan that was asked for: read, decide, solve, store, and publish if that was asked as well."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from psycopg.types.json import Jsonb

from domain.errors import NotFound
from domain.planning import evaluate
from processing.planning.assemble import assemble
from processing.planning.former import begin_with, read_former
from processing.planning.region import PLANNING, read_region
from processing.planning.store import store_plan
from processing.roads.travel import GreatCircleTravel, TravelModel
from processing.routing.stop import Progress, Stop
from storage.database import Connection

TELL_EVERY_S = 0.5
"""Progress is written at most so often."""


def draft_plan(
    connection: Connection,
    *,
    plan_id: int,
    stop: Stop,
    seed: int,
    progress: Callable[[Progress], None] | None = None,
    now: datetime | None = None,
    travel: TravelModel | None = None,
) -> None:
    """Compute the plan of this row and store its tours; status becomes draft, published, infeasible or failed.

    Transactions are committed here: the search must not keep one open.

    Raises
    ------
    NotFound
        If there is no such plan to compute.
    """
    now = now or datetime.now(UTC)
    organisation_id, day, publish = _start(connection, plan_id)
    try:
        feasible = _compute(
            connection,
            plan_id,
            organisation_id,
            day,
            stop,
            seed,
            progress,
            now,
            travel or GreatCircleTravel(),
        )
        if publish and feasible:
            _publish(connection, plan_id, organisation_id, day, now)
        connection.execute(PLANNING["hint"])
        connection.commit()
    except Exception as error:
        connection.rollback()
        _fail(connection, plan_id, error, now)
        raise


def _start(connection: Connection, plan_id: int) -> tuple[int, date, bool]:
    row = connection.execute(PLANNING["start"], {"plan": plan_id}).fetchone()
    if row is None:
        connection.rollback()
        raise NotFound(f"plan {plan_id} does not exist or is in force already")
    connection.execute(PLANNING["hint"])
    connection.commit()
    return row[0], row[1], row[2]


def _compute(
    connection: Connection,
    plan_id: int,
    organisation_id: int,
    day: date,
    stop: Stop,
    seed: int,
    progress: Callable[[Progress], None] | None,
    now: datetime,
    travel: TravelModel,
) -> bool:
    from processing.routing.solve import solve

    region = read_region(connection, organisation_id, day, now)
    former = read_former(connection, plan_id=plan_id, organisation_id=organisation_id, day=day)
    connection.commit()
    assembled = assemble(region, day, now, travel)
    start = None
    if former is not None:
        problem, start = begin_with(former, assembled.problem)
        assembled = replace(assembled, problem=problem)
    tell = _Teller(connection, plan_id, progress)
    solution = solve(assembled.problem, stop, seed, tell, start=start)
    return store_plan(
        connection,
        plan_id=plan_id,
        organisation_id=organisation_id,
        assembled=assembled,
        solution=solution,
        judged=evaluate(assembled.problem, solution),
        now=now,
        former=former,
    )


class _Teller:
    """Writes how far the search is into the plan's row, now and then."""

    def __init__(self, connection: Connection, plan_id: int, also: Callable[[Progress], None] | None) -> None:
        self._connection = connection
        self._plan_id = plan_id
        self._also = also
        self._told_s = -TELL_EVERY_S

    def __call__(self, progress: Progress) -> None:
        if self._also is not None:
            self._also(progress)
        if time.monotonic() - self._told_s < TELL_EVERY_S:
            return
        self._told_s = time.monotonic()
        share = progress.iterations / max(1, progress.planned_iterations)
        values = {"plan": self._plan_id, "progress": min(0.99, share)}
        self._connection.execute(PLANNING["progress"], values)
        self._connection.execute(PLANNING["hint"])
        self._connection.commit()


def _publish(connection: Connection, plan_id: int, organisation_id: int, day: date, now: datetime) -> None:
    """Put the plan into force unless one is being driven already; then it stays a draft."""
    wanted: dict[str, Any] = {"plan": plan_id, "organisation": organisation_id, "day": day, "now": now}
    for former_id, status in connection.execute(PLANNING["in_force"], wanted).fetchall():
        if status == "in_progress":
            return
        connection.execute(PLANNING["supersede"], {"id": former_id})
    connection.execute(PLANNING["publish"], wanted)


def _fail(connection: Connection, plan_id: int, error: Exception, now: datetime) -> None:
    detail = str(error) or type(error).__name__
    diagnosis = Jsonb([{"constraint": "failure", "containers": [], "detail": detail}])
    connection.execute(PLANNING["fail"], {"plan": plan_id, "diagnosis": diagnosis, "now": now})
    connection.execute(PLANNING["hint"])
    connection.commit()
