"""Devices: where they are installed, when they were last heard, and what became of their messages."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api import problems
from api.access import Reader
from api.clock import Now
from api.fields import Id, OrganisationFilter, Text, Time
from api.pages import Page, PageFilters, page, whole
from api.problems import ProblemError
from api.queries import load
from api.reads import Row, row, rows
from api.routes.ledger import LedgerDay, LedgerFilters, ledger_days

router = APIRouter(tags=["devices"])
QUERIES = load("devices.sql")


class Device(BaseModel):
    """A device that sends."""

    id: int
    key: str = Field(description="DevEUI in lower-case hex, or the organisation's own name for it.")
    name: str
    profile_key: str = Field(description="vendor/device.")
    organisation_id: int
    thing_id: int | None = Field(description="Where it is installed now.")
    last_seen_at: Time | None = Field(description="When its last message arrived.")
    retired_at: Time | None


class DeviceFilters(PageFilters):
    """Which devices."""

    organisation: OrganisationFilter = Field(default_factory=list)
    profile: Annotated[Text, Field(max_length=120)] | None = Field(
        None, description="Only with this device profile."
    )


@router.get("/devices", response_model=Page[Device])
async def list_devices(caller: Reader, now: Now, query: Annotated[DeviceFilters, Query()]) -> dict[str, Any]:
    """List devices."""
    keyset = query.keyset("devices", int)
    (after,) = keyset.decode(query.cursor)
    async with caller.transaction() as connection:
        found = await rows(
            connection,
            QUERIES["devices"],
            now=now,
            after=after,
            id=None,
            organisations=query.organisation or None,
            profile=query.profile,
            limit=query.limit + 1,
        )
    return page(found, query.limit, keyset, lambda item: [item["id"]])


@router.get("/devices/{device_id}", response_model=Device)
async def get_device(caller: Reader, now: Now, device_id: Annotated[Id, Path()]) -> Row:
    """Return one device."""
    filters = dict.fromkeys(("after", "organisations", "profile"))
    async with caller.transaction() as connection:
        found = await row(connection, QUERIES["devices"], now=now, id=device_id, limit=1, **filters)
    if found is None:
        raise _no_device(device_id)
    return found


@router.get("/devices/{device_id}/ledger", response_model=Page[LedgerDay])
async def get_device_ledger(
    caller: Reader, now: Now, device_id: Annotated[Id, Path()], query: Annotated[LedgerFilters, Query()]
) -> dict[str, Any]:
    """Say what became of each message of one device, by day."""
    filters = dict.fromkeys(("after", "organisations", "profile"))
    async with caller.transaction() as connection:
        if await row(connection, QUERIES["devices"], now=now, id=device_id, limit=1, **filters) is None:
            raise _no_device(device_id)
        return whole(await ledger_days(connection, query, now, device_id=device_id))


def _no_device(device_id: int) -> ProblemError:
    return ProblemError(problems.NOT_FOUND, f"There is no device {device_id} that you may see.")
