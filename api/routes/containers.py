"""Containers with where they stand, how full they are and when they will be full."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api import problems
from api.access import Reader
from api.fields import Id, Latitude, Longitude, OrganisationFilter, Time
from api.pages import Page, PageFilters, page
from api.problems import ProblemError
from api.queries import load
from api.reads import Row, row, rows
from domain.things import WasteFraction

router = APIRouter(tags=["containers"])
QUERIES = load("containers.sql")


class Site(BaseModel):
    """A collection site (Standplatz)."""

    id: int
    name: str
    address: str


class ContainerState(BaseModel):
    """What is known of a container's fill."""

    fill_percent: float | None = Field(description="0 to 100.")
    fill_time: Time | None = Field(description="When the fill was observed.")
    rate_percent_per_day: float | None = Field(description="How fast it fills.")
    full_at: Time | None = Field(description="When it will be full, going on like this.")
    emptied_at: Time | None = Field(description="When it was last emptied, as its fill shows.")


class Container(BaseModel):
    """A container in its slot."""

    thing_id: int
    key: str
    name: str
    organisation_id: int
    site: Site | None
    longitude: Longitude
    latitude: Latitude
    waste_fraction: WasteFraction
    volume_l: int = Field(description="Litres.")
    threshold_percent: float = Field(description="From this fill on it is to be emptied.")
    state: ContainerState | None = Field(description="Null while nothing is known.")


class ContainerFilters(PageFilters):
    """Which containers."""

    organisation: OrganisationFilter = Field(default_factory=list)
    fraction: WasteFraction | None = Field(None, description="Only of this waste fraction.")
    min_fill: float | None = Field(
        None, ge=0, le=100, description="Only those at least this full, in percent."
    )


@router.get("/containers", response_model=Page[Container])
async def list_containers(caller: Reader, query: Annotated[ContainerFilters, Query()]) -> dict[str, Any]:
    """List containers with their state."""
    keyset = query.keyset("containers", int)
    (after,) = keyset.decode(query.cursor)
    async with caller.transaction() as connection:
        found = await rows(
            connection,
            QUERIES["containers"],
            after=after,
            id=None,
            organisations=query.organisation or None,
            fraction=query.fraction,
            min_fill=query.min_fill,
            limit=query.limit + 1,
        )
    return page(found, query.limit, keyset, lambda item: [item["thing_id"]])


@router.get("/containers/{thing_id}", response_model=Container)
async def get_container(caller: Reader, thing_id: Annotated[Id, Path()]) -> Row:
    """Return one container with its state."""
    filters = dict.fromkeys(("after", "organisations", "fraction", "min_fill"))
    async with caller.transaction() as connection:
        found = await row(connection, QUERIES["containers"], id=thing_id, limit=1, **filters)
    if found is None:
        raise ProblemError(problems.NOT_FOUND, f"There is no container {thing_id} that you may see.")
    return found
