"""Around every request: an id, a log line, bounds, security headers, and a problem when nothing else answered."""

import re
import time
from urllib.parse import urlsplit
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.errors import as_problem
from api.problems import ProblemError, problem_response
from domain.errors import UsageError

log = structlog.get_logger(__name__)

MAX_BODY_BYTES = 65_536
MAX_QUERY_BYTES = 4_096
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
QUIET_PATHS = ("/healthz", "/readyz")

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=(), payment=(), usb=()",
}


def content_security_policy(base_map_url: str = "") -> str:
    """Return what the page may load: itself, MapLibre's workers from blobs, and a base map if one is configured."""
    map_hosts = f" {_origin(base_map_url)}" if base_map_url else ""
    directives = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",  # uPlot and MapLibre set style attributes
        "img-src": f"'self' data: blob:{map_hosts}",
        "font-src": f"'self'{map_hosts}",
        "connect-src": f"'self'{map_hosts}",
        "worker-src": "'self' blob:",
        "child-src": "'self' blob:",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def _origin(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[A-Za-z0-9.:\[\]-]+", parts.netloc):
        raise UsageError(f"The base map's address must begin with https:// and a host, unlike {url!r}.")
    return f"{parts.scheme}://{parts.netloc}"


class RequestMiddleware:
    """Outermost: nothing leaves without an id, security headers and a log line.

    Parameters
    ----------
    app : the application within
    base_map_url : the configured base map, whose host the content security policy lets the page ask
    """

    def __init__(self, app: ASGIApp, *, base_map_url: str = "") -> None:
        self._app = app
        self._headers = SECURITY_HEADERS | {"Content-Security-Policy": content_security_policy(base_map_url)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run one request."""
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        request_id = _request_id(Headers(scope=scope))
        scope["landpuls.request_id"] = request_id
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            if scope["type"] == "websocket":
                return await self._app(scope, receive, send)
            return await self._http(scope, receive, send, request_id)

    async def _http(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        status = 0
        began = time.monotonic()

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                headers.setdefault("Cache-Control", "no-store")
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._bounded(scope, receive, send_with_headers)
        except Exception as error:
            problem = as_problem(error)
            if problem.kind is problems.INTERNAL:
                log.exception("request_failed", method=scope["method"], path=scope["path"])
            if status:
                raise  # the response has begun: only closing the connection tells the client
            response = problem_response(problem, instance=scope["path"], request_id=request_id)
            await response(scope, receive, send_with_headers)
        finally:
            self._log(scope, status, time.monotonic() - began)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        check_bounds(scope)
        await self._app(scope, bounded(receive), send)

    def _log(self, scope: Scope, status: int, seconds: float) -> None:
        write = log.debug if scope["path"] in QUIET_PATHS else log.info
        write(
            "request",
            method=scope["method"],
            path=scope["path"],  # without the query, which is long and may be personal
            status=status,
            duration_ms=round(seconds * 1000, 1),
            organisation_id=scope.get("landpuls.organisation_id"),
        )


def _request_id(headers: Headers) -> str:
    """Return the caller's id of the request if it is a harmless one, else a new one."""
    given = headers.get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else uuid4().hex


def check_bounds(scope: Scope) -> None:
    """Refuse what is too long or not JSON before anything is read.

    Raises
    ------
    ProblemError
        Address too long, body too large, or of another media type.
    """
    if len(scope.get("query_string", b"")) > MAX_QUERY_BYTES:
        raise ProblemError(problems.URI_TOO_LONG, f"The query may have {MAX_QUERY_BYTES} bytes.")
    headers = Headers(scope=scope)
    length = headers.get("content-length", "0")
    if not length.isascii() or not length.isdigit():
        raise ProblemError(problems.BAD_REQUEST, "The header Content-Length must be a whole number.")
    if int(length) > MAX_BODY_BYTES:
        raise _too_large()
    has_body = int(length) > 0 or "transfer-encoding" in headers
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if has_body and media_type != "application/json":
        shown = media_type[:80] or "nothing"
        raise ProblemError(
            problems.UNSUPPORTED_MEDIA_TYPE, f"The body is declared as {shown}; send it as application/json."
        )


def bounded(receive: Receive) -> Receive:
    """Return a `receive` that ends the request once its body is larger than allowed, whatever it declared."""
    seen = 0

    async def receive_bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MAX_BODY_BYTES:
            raise HTTPException(413)
        return message

    return receive_bounded


def _too_large() -> ProblemError:
    return ProblemError(problems.TOO_LARGE, f"The body may have {MAX_BODY_BYTES} bytes.")
