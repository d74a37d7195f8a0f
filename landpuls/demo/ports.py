"""TCP ports of this machine: whether one is taken, and one that is not."""

import errno
import socket

from domain.errors import LandpulsError


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def check_free(host: str, port: int) -> None:
    """Make sure that the page can listen on its port.

    Raises
    ------
    LandpulsError
        If it is in use, or the address is none of this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            taken = "Another program listens there. " if error.errno == errno.EADDRINUSE else ""
            raise LandpulsError(
                f"Port {port} of {host} cannot be used ({error.strerror}). {taken}Choose another port: "
                f"landpuls demo --port {free_port()}."
            ) from error


def answers(host: str, port: int) -> bool:
    """Whether something accepts connections there."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True
