"""Running the service until it is told to stop."""

import asyncio
import errno
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import structlog
import uvicorn

from api.app import create_app
from api.config import ApiConfig
from domain.errors import LandpulsError, UsageError

log = structlog.get_logger(__name__)

MAX_SOCKET_MESSAGE_BYTES = 65_536
GRACE_S = 5
BACKLOG = 512


def serve(config: ApiConfig) -> int:
    """Serve until SIGTERM or SIGINT, finish the requests under way, and return 0.

    Raises
    ------
    UsageError
        If the address cannot be listened on.
    """
    with listening_socket(config.host, config.port) as listener, _signals_end_here():
        server = uvicorn.Server(uvicorn_config(config))
        host, port = listener.getsockname()[:2]
        log.info("serving", url=f"http://{f'[{host}]' if ':' in host else host}:{port}")
        asyncio.run(server.serve(sockets=[listener]))
    log.info("stopped")
    return 0 if server.started else 1


def uvicorn_config(config: ApiConfig) -> uvicorn.Config:
    """Return how uvicorn runs the service; a log line for each request is written by ourselves."""
    return uvicorn.Config(
        create_app(config),
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws_max_size=MAX_SOCKET_MESSAGE_BYTES,
        timeout_graceful_shutdown=GRACE_S,
        backlog=BACKLOG,
    )


@contextmanager
def listening_socket(host: str, port: int) -> Iterator[socket.socket]:
    """Listen on the address before anything else starts, so that a port in use is a clear message.

    Raises
    ------
    UsageError
        If the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise _cannot_listen(host, port, error) from error
    try:
        yield listener
    finally:
        listener.close()


def _cannot_listen(host: str, port: int, error: OSError) -> LandpulsError:
    if error.errno == errno.EADDRINUSE:
        return UsageError(
            f"Port {port} on {host} is in use by another program; stop it, or choose another with --port.",
            port=port,
        )
    if error.errno == errno.EACCES:
        return UsageError(f"Port {port} may not be opened by this user; choose one above 1023.", port=port)
    return UsageError(f"Cannot listen on {host}, port {port}: {error.strerror or error}.", port=port)


@contextmanager
def _signals_end_here() -> Iterator[None]:
    """Keep uvicorn from passing the signal on once it has stopped for it: being told to stop is no failure."""

    def heard(number: int, frame: FrameType | None) -> None:
        log.debug("signal", number=number)

    former = {number: signal.signal(number, heard) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
