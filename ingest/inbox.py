"""Between the network thread and the batches: what was delivered, still in the order of delivery."""

import time
from collections import deque
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from domain.messages import Message


class Acknowledger(Protocol):
    """The connection that a message came by; only it can acknowledge that message."""

    def acknowledge(self, packet_id: int) -> None:
        """Acknowledge, if the connection still lives; the broker delivers again what no one acknowledged."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """A message and the way to acknowledge it; `packet_id` is None for QoS 0, which knows no acknowledgement."""

    message: Message
    connection: Acknowledger
    packet_id: int | None


class Inbox:
    """Deliveries not yet in a batch; one thread puts, one takes.

    It has no bound of its own: an MQTT 5 broker keeps to our receive maximum, an older one to its own limit of
    messages under way. Blocking here instead would stop the keep-alive too, and cost the connection.
    """

    def __init__(self) -> None:
        self._deliveries: deque[Delivery] = deque()
        self._arrived = Event()

    def __len__(self) -> int:
        return len(self._deliveries)

    def put(self, delivery: Delivery) -> None:
        """Add a delivery."""
        self._deliveries.append(delivery)
        self._arrived.set()

    def wake(self) -> None:
        """Let a waiting `take` return early, so that it notices a stop."""
        self._arrived.set()

    def take(self, *, limit: int, window_s: float, patience_s: float) -> list[Delivery]:
        """Return up to `limit` deliveries, oldest first.

        Waits up to `patience_s` for a first one, then up to `window_s` for company, unless `limit` is there already.
        """
        if not self._deliveries:
            self._arrived.clear()
            if not self._deliveries:
                self._arrived.wait(patience_s)
        deadline = time.monotonic() + window_s
        while 0 < len(self._deliveries) < limit and (left_s := deadline - time.monotonic()) > 0:
            time.sleep(min(left_s, 0.02))
        return [self._deliveries.popleft() for _ in range(min(limit, len(self._deliveries)))]
