"""Who asks and what they may do: the API key of the request, its role, and its view of the database."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api import problems
from api.problems import ProblemError
from domain.access import Principal, Role
from storage.database import AsyncConnection, AsyncPool
from storage.tenancy import authenticate, tenant

KEY_FORM = re.compile(r"lp_[A-Za-z0-9_-]{16,128}")


class Action(StrEnum):
    """What a request does, as far as roles are concerned."""

    READ = "read"
    PLAN = "plan"
    COLLECT = "collect"


ROLE_FOR: dict[Action, Role] = {
    Action.READ: Role.VIEWER,
    Action.PLAN: Role.PLANNER,
    Action.COLLECT: Role.PLANNER,
}
"""The role that an action takes; an operator has all of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """An authenticated caller with its view of the database."""

    principal: Principal
    pool: AsyncPool

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that sees what the caller may see; committed at the end, rolled back on any error."""
        async with tenant(self.pool, self.principal) as connection:
            yield connection

    def check_plannable(self, organisation_id: int) -> None:
        """Refuse what only those may do who plan for the organisation.

        Raises
        ------
        ProblemError
            If the organisation has not granted it.
        """
        if organisation_id not in self.principal.plannable:
            raise ProblemError(
                problems.FORBIDDEN,
                f"The organisation {organisation_id} has not granted yours the permission to plan.",
            )

    def check_collectable(self, organisation_id: int) -> None:
        """Refuse what only those may do who plan or operate for the organisation.

        Raises
        ------
        ProblemError
            If the organisation has granted neither.
        """
        if organisation_id not in (*self.principal.plannable, *self.principal.operable):
            raise ProblemError(
                problems.FORBIDDEN,
                f"The organisation {organisation_id} has not granted yours the permission to plan or to operate.",
            )


_bearer = HTTPBearer(
    auto_error=False, scheme_name="api_key", description="An API key of an organisation, beginning with lp_."
)


async def caller_of_key(pool: AsyncPool, key: str) -> Caller | None:
    """Return the caller that an API key stands for, or None if it is unknown, expired or revoked."""
    if not KEY_FORM.fullmatch(key):
        return None
    async with pool.connection() as connection:
        principal = await authenticate(connection, key)
    return Caller(principal=principal, pool=pool) if principal else None


async def _caller(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Caller:
    if credentials is None:
        raise ProblemError(
            problems.UNAUTHENTICATED, "The API key is missing; send the header `Authorization: Bearer lp_…`."
        )
    caller = await caller_of_key(request.app.state.pool, credentials.credentials)
    if caller is None:
        raise ProblemError(problems.UNAUTHENTICATED, "The API key is unknown, expired or revoked.")
    request.scope["landpuls.organisation_id"] = caller.principal.organisation_id
    return caller


def allowed(action: Action) -> Callable[[Caller], Awaitable[Caller]]:
    """Return the dependency that lets only callers pass whose role allows the action."""
    needed = ROLE_FOR[action]

    async def check(caller: Annotated[Caller, Depends(_caller)]) -> Caller:
        if not caller.principal.role.includes(needed):
            raise ProblemError(
                problems.FORBIDDEN,
                f"This takes a key with the role {needed} or operator; yours is {caller.principal.role}.",
            )
        return caller

    return check


Reader = Annotated[Caller, Depends(allowed(Action.READ))]
Planner = Annotated[Caller, Depends(allowed(Action.PLAN))]
Collector = Annotated[Caller, Depends(allowed(Action.COLLECT))]
