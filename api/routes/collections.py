"""Collections: what was done at a container, told once or many times over a bad connection."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api import problems
from api.access import Caller, Collector, Reader
from api.clock import Now
from api.fields import Id, Instant, Text, Time
from api.pages import Page, PageFilters, page
from api.problems import ProblemError, invalid
from api.queries import load
from api.reads import Row, row, rows
from domain.time import MAX_DEVICE_LAG, MAX_DEVICE_LEAD
from storage.database import AsyncConnection

router = APIRouter(tags=["collections"])
QUERIES = load("collections.sql")

USUAL = timedelta(days=7)
LONGEST = timedelta(days=366)
IN_FORCE = ("published", "in_progress", "done", "superseded")


class Collection(BaseModel):
    """What was done at a container."""

    id: int
    organisation_id: int = Field(description="Whose container it is.")
    collector_id: int = Field(description="The organisation that drove.")
    thing_id: int
    stop_id: int | None
    collected_at: Time
    outcome: Literal["served", "skipped"]
    reason: str
    amount_l: float | None = Field(description="Litres.")
    weight_kg: float | None = Field(description="Kilograms.")
    source: str
    idempotency_key: UUID
    created_at: Time


class NewCollection(BaseModel):
    """What was done at a container, with a key that stays the same when it is sent again."""

    model_config = ConfigDict(extra="forbid")

    thing_id: Id = Field(description="The container.")
    stop_id: Id | None = Field(None, description="The stop of a published tour, if it was one.")
    collected_at: Instant = Field(description="Within the last 30 days.")
    outcome: Literal["served", "skipped"]
    reason: Annotated[Text, Field(max_length=500, description="Why it was skipped; needed then.")] = ""
    amount_l: float | None = Field(None, ge=0, le=100_000, description="Litres.")
    weight_kg: float | None = Field(None, ge=0, le=50_000, description="Kilograms.")
    idempotency_key: UUID = Field(description="Made by the client, one for each collection.")


class CollectionFilters(PageFilters):
    """Which collections."""

    from_: Instant | None = Field(
        None, alias="from", description="Included; seven days before `to` if not given."
    )
    to: Instant | None = Field(None, description="Not included; now if not given.")
    thing: Id | None = Field(None, description="Only at this container.")


@router.post(
    "/collections",
    response_model=Collection,
    status_code=201,
    responses={200: {"model": Collection, "description": "It was recorded already."}},
)
async def create_collection(caller: Collector, now: Now, new: NewCollection, response: Response) -> Row:
    """Record a collection; the same one sent again is answered with 200 and changes nothing."""
    _check(new, now)
    async with caller.transaction() as connection:
        owner = await _owner(connection, new.thing_id)
        caller.check_collectable(owner)
        plan_id = await _plan_of(connection, new)
        added = await row(
            connection, QUERIES["insert_collection"], **_values(caller, new), organisation=owner
        )
        if added is None:
            response.status_code = 200
            return await _recorded(connection, caller, new)
        if plan_id is not None:
            await connection.execute(QUERIES["advance_plan"], {"plan": plan_id})
        await connection.execute(QUERIES["hint"])
    return added


@router.get("/collections", response_model=Page[Collection])
async def list_collections(
    caller: Reader, now: Now, query: Annotated[CollectionFilters, Query()]
) -> dict[str, Any]:
    """List what was done at containers, the newest first."""
    end = query.to or now + MAX_DEVICE_LEAD
    begin = query.from_ or end - USUAL
    if not begin < end <= begin + LONGEST:
        raise invalid("from", f"must lie before `to`, and {LONGEST.days} days before it at most")
    keyset = query.keyset("collections", datetime, int)
    before, before_id = keyset.decode(query.cursor)
    async with caller.transaction() as connection:
        found = await rows(
            connection,
            QUERIES["collections"],
            thing=query.thing,
            before=before,
            before_id=before_id,
            limit=query.limit + 1,
            **{"from": begin, "to": end},
        )
    return page(found, query.limit, keyset, lambda item: [item["collected_at"], item["id"]])


def _check(new: NewCollection, now: datetime) -> None:
    if not now - MAX_DEVICE_LAG <= new.collected_at <= now + MAX_DEVICE_LEAD:
        raise invalid(
            "collected_at", "must lie within the last 30 days", location="body", hint="Check the clock."
        )
    if new.outcome == "skipped" and not new.reason.strip():
        raise invalid("reason", "must say why the container was skipped", location="body")


async def _owner(connection: AsyncConnection, thing_id: int) -> int:
    container = await row(connection, QUERIES["container_owner"], thing=thing_id)
    if container is None:
        raise ProblemError(problems.NOT_FOUND, f"There is no container {thing_id} that you may see.")
    return int(container["organisation_id"])


async def _plan_of(connection: AsyncConnection, new: NewCollection) -> int | None:
    """Return the plan of the stop, which must be one at this container that was ever in force."""
    if new.stop_id is None:
        return None
    stop = await row(connection, QUERIES["stop_of"], stop=new.stop_id)
    if stop is None:
        raise ProblemError(problems.NOT_FOUND, f"There is no stop {new.stop_id} that you may see.")
    if stop["thing_id"] != new.thing_id:
        raise invalid("stop_id", f"stop {new.stop_id} is not at container {new.thing_id}", location="body")
    if stop["status"] not in IN_FORCE:
        raise ProblemError(
            problems.CONFLICT,
            f"The tour of stop {new.stop_id} is not published; its plan is {stop['status']}.",
        )
    return int(stop["plan_id"])


async def _recorded(connection: AsyncConnection, caller: Caller, new: NewCollection) -> Row:
    """Return what was recorded with this key before, if it is the same."""
    known = await row(connection, QUERIES["collection_of_key"], **_values(caller, new))
    if known is None or not known.pop("same"):
        raise ProblemError(
            problems.CONFLICT,
            f"The idempotency_key {new.idempotency_key} was used for another collection; make a new one.",
        )
    return known


def _values(caller: Caller, new: NewCollection) -> dict[str, Any]:
    return {
        "collector": caller.principal.organisation_id,
        "thing": new.thing_id,
        "stop": new.stop_id,
        "collected_at": new.collected_at,
        "outcome": new.outcome,
        "reason": new.reason,
        "amount_l": new.amount_l,
        "weight_kg": new.weight_kg,
        "source": "driver" if new.stop_id else "api",
        "key": new.idempotency_key,
    }
