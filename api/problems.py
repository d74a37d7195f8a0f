"""One shape for every error, RFC 9457 problem+json, and the closed list of problems that the service has.

>>> ProblemError(NOT_FOUND, "There is no tour 7 that you may see.").detail
'There is no tour 7 that you may see.'
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from domain.errors import LandpulsError

MEDIA_TYPE = "application/problem+json"
BASE = "/api/v1/problems"


class FieldError(BaseModel):
    """One thing that is wrong with the request."""

    location: str = Field(description="Where it stands: query, path, body or header.", examples=["query"])
    field: str = Field(description="Its name; parts of nested fields are joined by dots.", examples=["limit"])
    message: str = Field(description="What is wrong with it.")
    hint: str | None = Field(None, description="What would be right, where that can be said.")


class Problem(BaseModel):
    """What went wrong and how to mend it (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(
        description="Which problem it is: a reference relative to the request, where the problem is explained.",
        examples=[f"{BASE}/not-found"],
    )
    title: str = Field(description="The problem's name; the same for every occurrence.")
    status: int = Field(description="The HTTP status.", examples=[404])
    detail: str = Field(description="What is wrong this time, and how to mend it.")
    instance: str = Field(description="The path that was asked for.")
    request_id: str = Field(description="Finds the request in the service's log.")
    errors: list[FieldError] | None = Field(
        None, description="Each field that is wrong, for invalid requests."
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class ProblemKind:
    """A kind of problem: its name in `type`, its status, and what to do about it."""

    name: str
    status: int
    title: str
    mend: str


_KINDS: dict[str, ProblemKind] = {}


def _kind(name: str, status: int, title: str, mend: str) -> ProblemKind:
    _KINDS[name] = ProblemKind(name=name, status=status, title=title, mend=mend)
    return _KINDS[name]


BAD_REQUEST = _kind(
    "bad-request", 400, "The request cannot be read", "Send well-formed HTTP and JSON in UTF-8."
)
UNAUTHENTICATED = _kind(
    "unauthenticated",
    401,
    "No valid API key",
    "Send the header `Authorization: Bearer lp_…` with a key that is neither expired nor revoked.",
)
FORBIDDEN = _kind(
    "forbidden",
    403,
    "Not allowed",
    "Use a key with the role, or ask the owner for the grant, that the detail names.",
)
NOT_FOUND = _kind(
    "not-found",
    404,
    "Not found",
    "Check the address; what belongs to organisations that grant you nothing is not found either.",
)
METHOD_NOT_ALLOWED = _kind(
    "method-not-allowed", 405, "Method not allowed", "Use one of the methods in the header `Allow`."
)
CONFLICT = _kind(
    "conflict",
    409,
    "Conflict with what stands",
    "Read the resource again and decide anew; repeating will not help.",
)
TOO_LARGE = _kind("too-large", 413, "Request too large", "Send less at once; the detail states the limit.")
URI_TOO_LONG = _kind(
    "uri-too-long", 414, "Address too long", "Shorten the query; the detail states the limit."
)
UNSUPPORTED_MEDIA_TYPE = _kind(
    "unsupported-media-type", 415, "Unsupported media type", "Send the body as `application/json`."
)
INVALID = _kind(
    "invalid", 422, "Invalid request", "`errors` names each field, what is wrong, and what would be right."
)
INTERNAL = _kind(
    "internal", 500, "Our error", "Report it with the `request_id`; the cause stands in the service's log."
)
UNAVAILABLE = _kind(
    "unavailable", 503, "Not available now", "Try again after the seconds in the header `Retry-After`."
)
TOO_SLOW = _kind(
    "too-slow",
    503,
    "The query took too long",
    "Ask for a shorter range, a coarser resolution or fewer things.",
)

KINDS = dict(sorted(_KINDS.items()))
"""Every problem by its name."""


class ProblemError(LandpulsError):
    """The request cannot be fulfilled; becomes the response.

    Attributes
    ----------
    kind : the kind of problem
    detail : what is wrong this time and how to mend it
    errors : the fields that are wrong
    headers : headers of the response
    """

    def __init__(
        self,
        kind: ProblemKind,
        detail: str | None = None,
        *,
        errors: list[FieldError] | None = None,
        headers: dict[str, str] | None = None,
        **data: Any,
    ) -> None:
        super().__init__(detail or kind.mend, **data)
        self.kind = kind
        self.detail = detail or kind.mend
        self.errors = errors
        self.headers = headers or {}


def invalid(field: str, message: str, *, location: str = "query", hint: str | None = None) -> ProblemError:
    """Return the problem of one field that is wrong."""
    error = FieldError(location=location, field=field, message=message, hint=hint)
    return ProblemError(INVALID, f"{field}: {message}", errors=[error])


def problem_body(error: ProblemError, *, instance: str, request_id: str) -> dict[str, Any]:
    """Return the members of the problem document; what is unset is left out."""
    problem = Problem(
        type=f"{BASE}/{error.kind.name}",
        title=error.kind.title,
        status=error.kind.status,
        detail=error.detail,
        instance=instance,
        request_id=request_id,
        errors=error.errors,
    )
    return problem.model_dump(exclude_none=True) | error.data


def problem_response(error: ProblemError, *, instance: str, request_id: str) -> Response:
    """Return the response that tells of the problem."""
    import orjson

    headers = {"Cache-Control": "no-store"} | error.headers
    if error.kind is UNAUTHENTICATED:
        headers.setdefault("WWW-Authenticate", 'Bearer realm="landpuls"')
    if error.kind is UNAVAILABLE:
        headers.setdefault("Retry-After", "5")
    body = orjson.dumps(problem_body(error, instance=instance, request_id=request_id), default=str)
    return Response(body, status_code=error.kind.status, headers=headers, media_type=MEDIA_TYPE)


def kind_of_status(status: int) -> ProblemKind:
    """Return the kind that stands for a bare HTTP status, as the framework raises them."""
    kinds = {kind.status: kind for kind in (TOO_SLOW, *_KINDS.values()) if kind is not TOO_SLOW}
    fallback = (
        BAD_REQUEST if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR else INTERNAL
    )
    return kinds.get(status, fallback)
