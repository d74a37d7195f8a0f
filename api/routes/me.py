"""Who the caller is: for a page that wants to show what it may do."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.access import Reader
from api.queries import load
from api.reads import row
from domain.access import Role

router = APIRouter(tags=["access"])
QUERIES = load("organisations.sql")


class OwnOrganisation(BaseModel):
    """The organisation that the API key belongs to."""

    id: int
    key: str = Field(description="The 12-digit ARS where there is one.")
    name: str


class Me(BaseModel):
    """The caller."""

    organisation: OwnOrganisation
    role: Role
    readable: list[int] = Field(description="Ids of the organisations whose things the caller sees.")
    plannable: list[int] = Field(
        description="Ids of the organisations whose containers the caller may plan and empty."
    )


@router.get("/me", response_model=Me)
async def get_me(caller: Reader) -> dict[str, Any]:
    """Say who the API key stands for."""
    principal = caller.principal
    async with caller.transaction() as connection:
        organisation = await row(connection, QUERIES["organisation"], id=principal.organisation_id)
    return {
        "organisation": organisation,
        "role": principal.role,
        "readable": sorted(principal.readable),
        "plannable": sorted(principal.plannable),
    }
