"""From exceptions to problems: what the framework, the database and our own code raise becomes one shape."""

from typing import Any

import psycopg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from psycopg_pool import PoolTimeout, TooManyRequests
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api import problems
from api.problems import FieldError, ProblemError, problem_response
from domain.errors import (
    AccessDenied,
    DatabaseUnavailable,
    LandpulsError,
    MigrationError,
    NaiveTimeError,
    NotFound,
    PlanningError,
    UsageError,
)

log = structlog.get_logger(__name__)

_OURS: tuple[tuple[type[LandpulsError], problems.ProblemKind], ...] = (
    (AccessDenied, problems.FORBIDDEN),
    (NotFound, problems.NOT_FOUND),
    (DatabaseUnavailable, problems.UNAVAILABLE),
    (UsageError, problems.INVALID),
    (NaiveTimeError, problems.INVALID),
    (PlanningError, problems.CONFLICT),
)

MOST_ERRORS = 20
MOST_CHARACTERS = 200

_HINTS = {
    "datetime": "An instant with its offset, such as 2026-05-04T06:00:00Z.",
    "timezone": "An instant with its offset, such as 2026-05-04T06:00:00Z.",
    "date": "A day, such as 2026-05-04.",
    "int": "A whole number.",
    "float": "A number, with a point for decimals.",
    "bool": "true or false.",
    "uuid": "A UUID, such as 6f1c9d0e-5f0e-4f52-9d0f-0d2a3c1b7e55.",
    "extra": "Leave it out; the names that exist stand in /api/v1/openapi.json.",
    "missing": "It must be given.",
}


def as_problem(error: BaseException) -> ProblemError:
    """Return the problem that an exception means; what nobody foresaw is our error and tells no detail."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, RequestValidationError):
        return validation_problem(error)
    if isinstance(error, HTTPException):
        return _of_status(error)
    if isinstance(error.__cause__ or error, psycopg.errors.QueryCanceled):
        return ProblemError(problems.TOO_SLOW)
    if isinstance(error, MigrationError):
        return ProblemError(
            problems.UNAVAILABLE, "The database has not the schema of this version; run `landpuls migrate`."
        )
    if isinstance(error, PoolTimeout | TooManyRequests):
        return ProblemError(
            problems.UNAVAILABLE, "All connections to the database are busy; try again shortly."
        )
    if isinstance(error, psycopg.OperationalError | DatabaseUnavailable):
        return ProblemError(problems.UNAVAILABLE, "The database cannot be reached now; try again shortly.")
    for kind, problem in _OURS:
        if isinstance(error, kind):
            return ProblemError(problem, str(error))
    return ProblemError(problems.INTERNAL)


def _of_status(error: HTTPException) -> ProblemError:
    kind = problems.kind_of_status(error.status_code)
    return ProblemError(kind, headers=dict(error.headers or {}))


def validation_problem(error: RequestValidationError) -> ProblemError:
    """Return the problem that lists every field that is wrong."""
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        reason = found[0].get("ctx", {}).get("error", "it is no JSON")
        return ProblemError(problems.BAD_REQUEST, f"The body is no JSON: {reason}.")
    errors = [_field_error(one) for one in found[:MOST_ERRORS]]
    summary = "; ".join(f"{one.field}: {one.message}" for one in errors[:3])
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return ProblemError(problems.INVALID, f"{summary}{more}.", errors=errors)


def _field_error(error: dict[str, Any]) -> FieldError:
    location, *path = error["loc"]
    kind = str(error["type"])
    hint = next((text for start, text in _HINTS.items() if kind.startswith(start)), None)
    message = str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    name = ".".join(map(str, path)) or str(location)
    return FieldError(location=str(location), field=_shown(name), message=_shown(message), hint=hint)


def _shown(text: str) -> str:
    """Return what can be told of a text from outside: no more than a line, and nothing that UTF-8 cannot hold."""
    return text[:MOST_CHARACTERS].encode("utf-8", "replace").decode("utf-8")


def install(app: FastAPI) -> None:
    """Let the application answer every foreseen exception with a problem."""

    async def answer(request: Request, error: Exception) -> Response:
        problem = as_problem(error)
        if problem.kind is problems.INTERNAL:
            log.error("request_failed", method=request.method, path=request.url.path, exc_info=error)
        elif problem.kind.status >= 500:
            log.warning("request_refused", problem=problem.kind.name, cause=_cause(error))
        return problem_response(
            problem, instance=request.url.path, request_id=request.scope.get("landpuls.request_id", "")
        )

    foreseen = (LandpulsError, RequestValidationError, HTTPException, psycopg.OperationalError, PoolTimeout)
    for kind in foreseen:
        app.add_exception_handler(kind, answer)


def _cause(error: BaseException) -> str:
    """Return one line for the log; connection errors may span several."""
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0] if text else ''}"
