"""Write a computed plan: tours with their stops, what is left and why, the problem that was solved."""

from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from domain.planning import Cost, PlanEvaluation, PlanSolution, Step, StepKind, TourEvaluation
from domain.planning.record import to_record
from processing.planning.assemble import UEUR_PER_CENT, Assembled
from processing.planning.diagnosis import diagnose
from processing.planning.former import Former, changes
from processing.planning.region import PLANNING
from storage.database import Connection

KINDS: dict[StepKind, str] = {
    "depart": "start",
    "collect": "container",
    "unload": "unload",
    "clean": "clean",
    "wait": "wait",
    "pause": "pause",
    "return": "end",
}
"""What a stop is called in the database, for each kind of step on a time line."""


def store_plan(
    connection: Connection,
    *,
    plan_id: int,
    organisation_id: int,
    assembled: Assembled,
    solution: PlanSolution,
    judged: PlanEvaluation,
    now: datetime,
    former: Former | None = None,
) -> bool:
    """Write everything in the caller's transaction; return whether all required containers are served."""
    connection.execute(PLANNING["clear"], {"plan": plan_id})
    driven = (tour for tour in judged.tours if tour.steps)
    for number, tour in enumerate(driven, start=1):
        _store_tour(connection, plan_id, organisation_id, number, tour, assembled)
    diagnosis = diagnose(assembled, solution, judged)
    since = {"former": changes(former, assembled.problem, solution.tours)} if former is not None else {}
    values = {
        "plan": plan_id,
        "status": "draft" if judged.feasible else "infeasible",
        "feasible": judged.feasible,
        "summary": Jsonb(_summary(assembled, solution, judged, now) | since),
        "diagnosis": Jsonb(diagnosis),
        "problem": Jsonb(to_record(assembled.problem) | {"points": assembled.points}),
        "iterations": solution.iterations,
        "now": now,
    }
    connection.execute(PLANNING["finish"], values)
    return judged.feasible


def _store_tour(
    connection: Connection,
    plan_id: int,
    organisation_id: int,
    number: int,
    tour: TourEvaluation,
    assembled: Assembled,
) -> None:
    start = assembled.problem.day_start
    values = {
        "organisation": organisation_id,
        "plan": plan_id,
        "vehicle": int(tour.vehicle.split("/")[0]),
        "number": number,
        "begins_at": start + timedelta(seconds=tour.steps[0].begin_s),
        "ends_at": start + timedelta(seconds=tour.steps[-1].end_s),
        "distance_m": tour.distance_m,
        "drive_s": sum(step.leg_s for step in tour.steps),
        "cost_cents": round(tour.cost.total_ueur / UEUR_PER_CENT),
    }
    row = connection.execute(PLANNING["add_tour"], values).fetchone()
    assert row is not None
    stops = [
        _stop(position, step, assembled) | {"organisation": organisation_id, "tour": row[0]}
        for position, step in enumerate(tour.steps)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(PLANNING["add_stop"], stops)


def _stop(position: int, step: Step, assembled: Assembled) -> dict[str, Any]:
    start = assembled.problem.day_start
    longitude, latitude = assembled.points[step.location]
    task = assembled.tasks.get(step.subject) if step.kind == "collect" else None
    demand = assembled.problem.lookup.containers[step.subject] if task else None
    return {
        "position": position,
        "kind": KINDS[step.kind],
        "thing": int(step.subject) if step.kind == "collect" else None,
        "facility": int(step.subject) if step.kind in ("unload", "clean") else None,
        "depot": int(step.subject) if step.kind in ("depart", "return") and step.subject else None,
        "longitude": longitude,
        "latitude": latitude,
        "arrives_at": start + timedelta(seconds=step.arrival_s),
        "begins_at": start + timedelta(seconds=step.begin_s),
        "departs_at": start + timedelta(seconds=step.end_s),
        "distance_m": step.leg_m,
        "load_l": step.load_l,
        "load_kg": step.load_kg,
        "demand_l": demand.demand_l if demand else 0,
        "demand_kg": demand.demand_kg if demand else 0,
        "required": task.need.required if task else True,
    }


def _starts_before(now: datetime, assembled: Assembled, judged: PlanEvaluation) -> bool:
    """Whether a tour of this plan should have left already: shifts are planned whole, whenever it is asked for."""
    start = assembled.problem.day_start
    return any(start + timedelta(seconds=tour.steps[0].begin_s) < now for tour in judged.tours if tour.steps)


def _summary(
    assembled: Assembled, solution: PlanSolution, judged: PlanEvaluation, now: datetime
) -> dict[str, Any]:
    required = sum(1 for task in assembled.tasks.values() if task.need.required)
    return {
        **cents_of(judged.cost),
        "distance_m": sum(tour.distance_m for tour in judged.tours),
        "duration_s": sum(tour.duration_s for tour in judged.tours),
        "tours": sum(1 for tour in judged.tours if tour.steps),
        "starts_in_the_past": _starts_before(now, assembled, judged),
        "containers": sum(1 for tour in judged.tours for step in tour.steps if step.kind == "collect"),
        "required": required,
        "optional": len(assembled.tasks) - required,
        "left_optional": sum(1 for item in solution.unserved if not item.required),
        "unserved_mandatory": len(solution.unserved_required),
        "without_level": assembled.without_level,
        "not_due": assembled.untouched,
        "iterations": solution.iterations,
        "schedule": solution.schedule,
        "seed": solution.seed,
    }


def cents_of(cost: Cost) -> dict[str, int]:
    """The total and its components, rounded so that the components still add up to the total."""
    cents, sum_ueur = {"cost_cents": round(cost.total_ueur / UEUR_PER_CENT)}, 0
    for name, ueur in cost.components_ueur.items():
        before = round(sum_ueur / UEUR_PER_CENT)
        sum_ueur += ueur
        cents[f"{name}_cents"] = round(sum_ueur / UEUR_PER_CENT) - before
    return cents
