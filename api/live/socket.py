"""One client of the live stream: who it is, what it hears, how it ends.

Close codes follow HTTP: 4400 bad message, 4401 key missing, wrong or revoked, 4408 said nothing in time, 4429 too slow
to take the messages, 4503 not available or too many clients; 1012 when the service restarts. After 4408, 4429, 4503
and 1012 connect anew with `since`, a little later each time.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import orjson
import structlog
from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from psycopg import DataError
from pydantic import BaseModel, ValidationError

from api import problems
from api.access import Caller, caller_of_key
from api.config import LiveConfig
from api.errors import as_problem
from api.live.changes import Watch
from api.live.hub import Hub
from api.live.messages import LiveHello, LiveSubscription
from api.problems import ProblemError, ProblemKind, problem_body
from api.queries import load
from api.reads import rows

log = structlog.get_logger(__name__)
router = APIRouter()
QUERIES = load("organisations.sql")

CODES: Mapping[ProblemKind, int] = {
    problems.BAD_REQUEST: 4400,
    problems.INVALID: 4400,
    problems.UNAUTHENTICATED: 4401,
    problems.UNAVAILABLE: 4503,
    problems.TOO_SLOW: 4503,
}
SAID_NOTHING = 4408
TOO_SLOW_CLIENT = 4429
MAX_MESSAGE_CHARACTERS = 16_384


class ClientTooSlow(Exception):
    """The client does not take what is sent to it."""


class ClientSilent(Exception):
    """The client does not say who it is."""


@router.websocket("/api/v1/live")
async def live(socket: WebSocket) -> None:
    """Stream what changes to one client until either side ends it."""
    config: LiveConfig = socket.app.state.config.live
    hub: Hub = socket.app.state.hub
    await socket.accept()
    hub.clients += 1
    try:
        if hub.clients > config.clients_max:
            raise ProblemError(problems.UNAVAILABLE, "Too many clients listen already; try again later.")
        await _serve(socket, config, hub)
    except WebSocketDisconnect:
        pass
    except ClientTooSlow:
        await _close(socket, TOO_SLOW_CLIENT, "too slow")
    except ClientSilent:
        await _close(socket, SAID_NOTHING, "said nothing")
    except Exception as error:
        await _refuse(socket, error)
    finally:
        hub.clients -= 1


async def _serve(socket: WebSocket, config: LiveConfig, hub: Hub) -> None:
    key, subscription = await _introduction(socket, config)
    caller = await _caller(socket, key)
    seen = hub.version
    watch = Watch(
        caller, subscription, await _organisations(caller, subscription), socket.app.state.live_ledger
    )
    await _begin(watch, socket)
    hello = LiveHello(
        organisation_id=caller.principal.organisation_id,
        kinds=subscription.kinds,
        cursor=watch.cursor,
        at=socket.app.state.clock(),
    )
    await _send(socket, hello, config)
    stream = asyncio.create_task(_stream(socket, config, hub, watch, key, seen))
    gone = asyncio.create_task(_until_gone(socket))
    try:
        await asyncio.wait({stream, gone}, return_when=asyncio.FIRST_COMPLETED)
        if stream.done():
            stream.result()
    finally:
        for task in (stream, gone):
            task.cancel()
        await asyncio.gather(stream, gone, return_exceptions=True)


async def _stream(socket: WebSocket, config: LiveConfig, hub: Hub, watch: Watch, key: str, seen: int) -> None:
    """Look, send, rest, wait for the next hint; a slow client gets fewer messages, never a longer queue."""
    checked = time.monotonic()
    while True:
        change = await watch.look(socket.app.state.clock())
        if change.says_anything():
            await _send(socket, change, config)
        await asyncio.sleep(config.interval_s)
        seen = await hub.changed(seen, config.idle_s)
        if time.monotonic() - checked >= config.recheck_s:
            watch.caller = await _caller(socket, key)
            checked = time.monotonic()


async def _introduction(socket: WebSocket, config: LiveConfig) -> tuple[str, LiveSubscription]:
    """Return the key and the subscription: from header and query, or from the first message."""
    scheme, _, key = socket.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key:
        query = {name: text.split(",") for name, text in socket.query_params.items() if name != "since"}
        since = {"since": socket.query_params["since"]} if "since" in socket.query_params else {}
        return key.strip(), _subscription({**query, **since})
    try:
        async with asyncio.timeout(config.auth_s):
            first = await _receive(socket)
    except TimeoutError:
        raise ClientSilent from None
    try:
        given = orjson.loads(first)
    except ValueError:
        raise ProblemError(problems.BAD_REQUEST, "The first message is no JSON.") from None
    subscription = _subscription(given)
    if subscription.api_key is None:
        raise ProblemError(
            problems.UNAUTHENTICATED, 'The first message must hold the key: {"api_key": "lp_…"}.'
        )
    return subscription.api_key.get_secret_value(), subscription


def _subscription(given: Any) -> LiveSubscription:
    try:
        return LiveSubscription.model_validate(given)
    except ValidationError as error:
        # Neither the input nor its context is told or logged: the key stands in there.
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:3])
        raise ProblemError(problems.INVALID, f"The subscription cannot be read. {wrong}.") from None


async def _caller(socket: WebSocket, key: str) -> Caller:
    caller = await caller_of_key(socket.app.state.pool, key)
    if caller is None:
        raise ProblemError(problems.UNAUTHENTICATED, "The API key is unknown, expired or revoked.")
    return caller


async def _begin(watch: Watch, socket: WebSocket) -> None:
    try:
        await watch.begin(socket.app.state.clock())
    except Exception as error:
        if isinstance(error.__cause__, DataError) or isinstance(error, DataError):
            raise ProblemError(problems.INVALID, "`since` is no cursor of this stream.") from None
        raise


async def _organisations(caller: Caller, subscription: LiveSubscription) -> list[int] | None:
    """Return the ids of the organisations asked for, which must all be readable; None for no filter."""
    if subscription.organisations is None:
        return None
    async with caller.transaction() as connection:
        readable = await rows(connection, QUERIES["organisations"], after=0, limit=10_000)
    by_name = {one["key"]: int(one["id"]) for one in readable} | {
        str(one["id"]): int(one["id"]) for one in readable
    }
    unknown = [name for name in subscription.organisations if name not in by_name]
    if unknown:
        raise ProblemError(problems.INVALID, f"You may read no organisation {', '.join(unknown)}.")
    return sorted({by_name[name] for name in subscription.organisations})


async def _receive(socket: WebSocket) -> str:
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    text = message.get("text") or ""
    if len(text) > MAX_MESSAGE_CHARACTERS:
        raise ProblemError(problems.BAD_REQUEST, f"A message may have {MAX_MESSAGE_CHARACTERS} characters.")
    return text


async def _until_gone(socket: WebSocket) -> None:
    """Take what the client says, which is nothing any more, until it leaves."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


async def _send(socket: WebSocket, message: BaseModel, config: LiveConfig) -> None:
    try:
        async with asyncio.timeout(config.send_s):
            await socket.send_text(message.model_dump_json())
    except TimeoutError:
        raise ClientTooSlow from None


async def _refuse(socket: WebSocket, error: Exception) -> None:
    problem = as_problem(error)
    if problem.kind is problems.INTERNAL:
        log.exception("live_failed")
    body = problem_body(
        problem, instance="/api/v1/live", request_id=socket.scope.get("landpuls.request_id", "")
    )
    with suppress(Exception):
        await socket.send_text(orjson.dumps({"type": "error", "problem": body}, default=str).decode())
    await _close(socket, CODES.get(problem.kind, 1011), problem.kind.name)


async def _close(socket: WebSocket, code: int, reason: str) -> None:
    with suppress(Exception):  # it may be gone already
        await socket.close(code, reason)
