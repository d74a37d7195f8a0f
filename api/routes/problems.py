"""The kinds of problems, explained where their `type` points."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from api import problems
from api.pages import Page, whole
from api.problems import ProblemError

router = APIRouter(tags=["problems"])


class ProblemKind(BaseModel):
    """A kind of problem."""

    type: str = Field(description="As it stands in the member `type` of the problem.")
    status: int = Field(description="The HTTP status.")
    title: str
    mend: str = Field(description="What to do about it.")


@router.get("/problems", response_model=Page[ProblemKind])
async def list_problems() -> dict[str, Any]:
    """List every kind of problem; needs no key."""
    return whole([_shown(kind) for kind in problems.KINDS.values()])


@router.get("/problems/{name}", response_model=ProblemKind)
async def get_problem(name: Annotated[str, Path(max_length=40)]) -> dict[str, Any]:
    """Explain one kind of problem; needs no key."""
    kind = problems.KINDS.get(name)
    if kind is None:
        raise ProblemError(problems.NOT_FOUND, f"There are the problems {', '.join(problems.KINDS)}.")
    return _shown(kind)


def _shown(kind: problems.ProblemKind) -> dict[str, Any]:
    return {
        "type": f"{problems.BASE}/{kind.name}",
        "status": kind.status,
        "title": kind.title,
        "mend": kind.mend,
    }
