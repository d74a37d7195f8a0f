"""Plans: asking for a day's tours, following the computation, publishing the result."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api import problems
from api.access import Caller, Planner, Reader
from api.clock import Now
from api.fields import Day, Id, Text, Time
from api.jobs import defer_draft
from api.pages import Page, PageFilters, page
from api.problems import ProblemError, invalid
from api.queries import load
from api.reads import Row, row, rows
from domain.time import berlin_day
from storage.database import AsyncConnection

router = APIRouter(tags=["plans"])
QUERIES = load("plans.sql")

FURTHEST = timedelta(days=366)


class PlanStatus(StrEnum):
    """How far a plan is."""

    REQUESTED = "requested"
    COMPUTING = "computing"
    DRAFT = "draft"
    PUBLISHED = "published"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    SUPERSEDED = "superseded"
    INFEASIBLE = "infeasible"
    FAILED = "failed"


class Vehicle(BaseModel):
    """Who drives."""

    id: int
    name: str | None = Field(
        description="Null if the vehicle belongs to an organisation that grants you nothing."
    )


class TourInBrief(BaseModel):
    """A tour without its stops."""

    id: int
    number: int
    vehicle: Vehicle
    begins_at: Time
    ends_at: Time
    distance_m: int
    stops: int = Field(description="Containers in it.")


class Diagnosis(BaseModel):
    """Why something cannot be planned."""

    model_config = ConfigDict(extra="allow")

    constraint: str = Field(description="Which constraint is violated.")
    containers: list[int] = Field(default_factory=list, description="Things that it concerns.")
    names: list[str] = Field(default_factory=list, description="Their names, in the same order.")
    fractions: list[str] = Field(default_factory=list, description="Waste fractions that it concerns.")
    needed: int | None = Field(None, description="How much is needed, in `unit`, where a figure says it.")
    available: int | None = Field(None, description="How much there is, in `unit`.")
    unit: str | None = Field(None, description="l, kg or s.")
    detail: str = Field("", description="The same as an English sentence.")


class Plan(BaseModel):
    """One day's tours of a planning organisation."""

    id: int
    organisation_id: int = Field(description="Who plans.")
    day: date = Field(description="Berlin day.")
    status: PlanStatus
    progress: float = Field(description="0 to 1.")
    feasible: bool | None = Field(description="Whether every required container is served within all limits.")
    publish: bool = Field(description="Whether it is published as soon as it is computed.")
    seed: int
    seconds: float | None = Field(description="Time allowed for the search, seconds.")
    iterations: int | None
    summary: dict[str, Any] = Field(description="Cost by component, distance, containers in and out.")
    diagnosis: list[Diagnosis] = Field(description="What stands against it, if anything.")
    author: str
    reason: str
    created_at: Time
    computed_at: Time | None
    published_at: Time | None
    tours: list[TourInBrief]


class NewPlan(BaseModel):
    """What to plan."""

    model_config = ConfigDict(extra="forbid")

    day: Day = Field(description="Berlin day to plan for, today or later.")
    publish: bool = Field(False, description="Publish it as soon as it is computed, if it is feasible.")
    seconds: float | None = Field(None, gt=0, le=600, description="Time allowed for the search.")
    iterations: int | None = Field(
        None, ge=1, le=1_000_000_000, description="Iterations allowed; reproducible, unlike seconds."
    )
    seed: int = Field(1, ge=0, le=2**63 - 1, description="The same seed and iterations give the same plan.")
    reason: Annotated[Text, Field(max_length=500, description="Why it is made; shown with it.")] = ""


class PlanFilters(PageFilters):
    """Which plans."""

    day: Day | None = Field(None, description="Only of this Berlin day.")
    status: PlanStatus | None = None


@router.post("/plans", response_model=Plan, status_code=202)
async def create_plan(caller: Planner, now: Now, wanted: NewPlan, response: Response) -> Row:
    """Ask for a plan; it is computed by a job that began to wait in the same transaction. Follow `Location`."""
    _check_day(wanted.day, now)
    principal = caller.principal
    async with caller.transaction() as connection:
        added = await row(
            connection,
            QUERIES["insert_plan"],
            organisation=principal.organisation_id,
            author=principal.organisation_key,
            **wanted.model_dump(),
        )
        plan_id = int(added["id"]) if added else 0
        job_id = await defer_draft(connection, plan_id)
        await connection.execute(QUERIES["set_job"], {"id": plan_id, "job": job_id})
        await connection.execute(QUERIES["hint"])
        plan = await _plan(connection, plan_id)
    response.headers["Location"] = f"/api/v1/plans/{plan_id}"
    return plan


@router.get("/plans", response_model=Page[Plan])
async def list_plans(caller: Reader, query: Annotated[PlanFilters, Query()]) -> dict[str, Any]:
    """List plans, the newest first."""
    keyset = query.keyset("plans", int)
    (before,) = keyset.decode(query.cursor)
    async with caller.transaction() as connection:
        found = await rows(
            connection,
            QUERIES["plans"],
            before=before,
            id=None,
            day=query.day,
            status=query.status,
            limit=query.limit + 1,
        )
    return page(found, query.limit, keyset, lambda item: [item["id"]])


@router.get("/plans/{plan_id}", response_model=Plan)
async def get_plan(caller: Reader, plan_id: Annotated[Id, Path()]) -> Row:
    """Return a plan: its progress while it is computed, then its result."""
    async with caller.transaction() as connection:
        return await _plan(connection, plan_id)


@router.post("/plans/{plan_id}/publish", response_model=Plan)
async def publish_plan(caller: Planner, now: Now, plan_id: Annotated[Id, Path()]) -> Row:
    """Put a draft into force; the plan that was in force that day is superseded. Doing so twice changes nothing."""
    async with caller.transaction() as connection:
        await _publish(connection, caller, plan_id, now)
        return await _plan(connection, plan_id)


async def _publish(connection: AsyncConnection, caller: Caller, plan_id: int, now: datetime) -> None:
    await _plan(connection, plan_id)
    plan = await row(connection, QUERIES["lock_plan"], id=plan_id)
    if plan is None or plan["organisation_id"] not in caller.principal.plannable:
        raise ProblemError(
            problems.FORBIDDEN, "This plan belongs to an organisation that has not granted you to plan."
        )
    if plan["status"] in (PlanStatus.PUBLISHED, PlanStatus.IN_PROGRESS, PlanStatus.DONE):
        return
    if plan["status"] != PlanStatus.DRAFT:
        raise ProblemError(
            problems.CONFLICT,
            f"Only a draft can be published; this plan is {plan['status']}.",
            plan_status=plan["status"],
        )
    former = await row(connection, QUERIES["in_force"], organisation=plan["organisation_id"], day=plan["day"])
    if former is not None and former["status"] == PlanStatus.IN_PROGRESS:
        raise ProblemError(
            problems.CONFLICT,
            f"Plan {former['id']} of the same day is being driven already; it cannot be superseded.",
            plan_id=former["id"],
        )
    if former is not None:
        await connection.execute(QUERIES["supersede"], {"id": former["id"]})
    await connection.execute(QUERIES["publish"], {"id": plan_id, "now": now})
    await connection.execute(QUERIES["hint"])


async def _plan(connection: AsyncConnection, plan_id: int) -> Row:
    found = await row(connection, QUERIES["plans"], before=None, id=plan_id, day=None, status=None, limit=1)
    if found is None:
        raise ProblemError(problems.NOT_FOUND, f"There is no plan {plan_id} that you may see.")
    return found


def _check_day(day: date, now: datetime) -> None:
    today = berlin_day(now)
    if not today <= day <= today + FURTHEST:
        raise invalid(
            "day",
            f"must lie between today, {today}, and {today + FURTHEST}",
            location="body",
            hint="Tours of days that are over cannot be driven any more.",
        )
