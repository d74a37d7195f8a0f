"""Tells whoever started the worker that it is subscribed, in the way systemd and supervisors understand."""

import os
import socket
from collections.abc import Mapping

VARIABLE = "NOTIFY_SOCKET"


def notify_ready(environment: Mapping[str, str] = os.environ) -> None:
    """Send ``READY=1`` to the datagram socket named in NOTIFY_SOCKET, as sd_notify(3) describes; nobody need listen.

    Messages that reach the broker before the very first subscription are in no session, hence lost to us: a fleet
    that is started together with the worker waits for this.
    """
    address = environment.get(VARIABLE, "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"READY=1", address)
    except OSError:
        return
