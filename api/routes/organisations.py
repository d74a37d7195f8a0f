"""Organisations that the caller may read."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.access import Reader
from api.pages import Page, PageFilters, page
from api.queries import load
from api.reads import rows

router = APIRouter(tags=["organisations"])
QUERIES = load("organisations.sql")


class Organisation(BaseModel):
    """A tenant: municipality, Amt, district, waste association or contractor."""

    id: int
    key: str = Field(description="The 12-digit ARS where there is one.")
    name: str
    kind: Literal["municipality", "amt", "district", "association", "contractor"]
    longitude: float | None = Field(description="Of its centre, degrees, WGS 84.")
    latitude: float | None
    invented: bool = Field(description="Whether it is demonstration data, to be labelled so.")


@router.get("/organisations", response_model=Page[Organisation])
async def list_organisations(caller: Reader, query: Annotated[PageFilters, Query()]) -> dict[str, Any]:
    """List the organisations that the caller may read, its own included."""
    keyset = query.keyset("organisations", int)
    (after,) = keyset.decode(query.cursor)
    async with caller.transaction() as connection:
        found = await rows(connection, QUERIES["organisations"], after=after, limit=query.limit + 1)
    return page(found, query.limit, keyset, lambda item: [item["id"]])
