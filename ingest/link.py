"""Keeps a connection to the broker, whatever happens to it, for as long as the worker runs."""

import time
from collections.abc import Callable
from datetime import datetime
from random import Random
from threading import Event, Thread

import structlog
from paho.mqtt.enums import MQTTProtocolVersion

from domain.errors import BrokerError, SessionTakenOver
from ingest.backoff import Backoff
from ingest.config import IngestConfig
from ingest.connection import Connection, NoAnswer, ProtocolRefused, Refused, Unreachable
from ingest.inbox import Inbox
from ingest.ready import notify_ready
from ingest.replay import Replay

log = structlog.get_logger(__name__)

STEADY_S = 5.0
SHORT_LIVED_AT_MOST = 5
FULL_POLL_S = 0.2


class Link:
    """Connects in a thread of its own, with jittered backoff, from MQTT 5 down to 3.1.1 where the broker is old.

    It gives up only where waiting cannot help: the session was taken over, or the broker has refused the very first
    connection by name. `failure` says why.
    """

    def __init__(
        self, config: IngestConfig, inbox: Inbox, *, random: Random, clock: Callable[[], datetime]
    ) -> None:
        self._config = config
        self._inbox = inbox
        self._clock = clock
        self._backoff = Backoff(random)
        self._replay = Replay()
        self._protocol = MQTTProtocolVersion.MQTTv5
        self._connection: Connection | None = None
        self._was_connected = False
        self._short_lived = 0
        self._broker_was_away = False
        self._stop = Event()
        self._thread = Thread(target=self._run, name="mqtt-link", daemon=True)
        self.failure: BrokerError | None = None

    def start(self) -> None:
        """Begin to connect, and return at once."""
        self._thread.start()

    def pause(self) -> None:
        """Make no further connection; the present one stays open for acknowledgements."""
        self._stop.set()

    def close(self) -> None:
        """Disconnect after the acknowledgements so far; the broker keeps the session for us."""
        self._stop.set()
        if self._connection is not None:
            self._connection.close()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                if self._has_room():
                    self._connect_and_wait()
            except (ProtocolRefused, NoAnswer) as error:
                self._other_protocol()
                self._retry_after(error)
            except SessionTakenOver as error:
                self._give_up(error)
            except Refused as error:
                if self._was_connected:
                    self._retry_after(error)
                else:
                    self._give_up(error)
            except BrokerError as error:
                self._retry_after(error)

    def _has_room(self) -> bool:
        """Wait a moment while the inbox holds as much as one connection may bring: each one would bring it again."""
        if len(self._inbox) < self._config.receive_maximum:
            return True
        self._stop.wait(FULL_POLL_S)
        return False

    def _connect_and_wait(self) -> None:
        connection = Connection(
            self._config,
            self._inbox,
            self._protocol,
            before_messages=self._look_at_session,
            replay=self._replay,
            clock=self._clock,
        )
        self._connection = connection
        try:
            connection.open()
        except Unreachable:
            self._short_lived, self._broker_was_away = 0, True
            raise
        if self._broker_was_away:
            self._backoff.reset()
            self._broker_was_away = False
        log.info(
            "connected to the broker",
            host=self._config.host,
            port=self._config.port,
            client_id=self._config.client_id,
            mqtt="5" if self._protocol is MQTTProtocolVersion.MQTTv5 else "3.1.1",
        )
        if not self._was_connected:
            notify_ready()
        self._was_connected = True
        began = time.monotonic()
        connection.ended.wait()
        self._judge(time.monotonic() - began)
        if connection.error is not None:
            connection.close()
            raise connection.error

    def _judge(self, lasted_s: float) -> None:
        """Notice from short-lived connections what some brokers do not say: that another has our client id.

        Mosquitto 2.0 closes the older connection without the DISCONNECT that MQTT 5 asks for, and 3.1.1 has none. Two
        workers would then throw each other out for ever. A broker that restarts is away in between, and is not meant.
        """
        if lasted_s >= STEADY_S:
            self._backoff.reset()
            self._short_lived = 0
            return
        self._short_lived += 1
        if self._short_lived >= SHORT_LIVED_AT_MOST and not self._stop.is_set():
            raise SessionTakenOver(
                f"The broker ended our connection {self._short_lived} times in a row, each time within seconds: "
                f"another client connects as {self._config.client_id!r}. Give each ingest worker its own client id."
            )

    def _look_at_session(self, session_present: bool) -> None:
        """Keep what waits from earlier connections, whatever the broker still has.

        A broker that was killed comes back with an older store: it has our session, and not the newest messages in it.
        What it does send again is recognised by its key.
        """
        if not session_present and self._was_connected:
            log.warning("the broker has lost our session; what it had queued for us is gone")

    def _other_protocol(self) -> None:
        """Try the other version next, until one has been understood."""
        if not self._was_connected:
            is_5 = self._protocol is MQTTProtocolVersion.MQTTv5
            self._protocol = MQTTProtocolVersion.MQTTv311 if is_5 else MQTTProtocolVersion.MQTTv5

    def _retry_after(self, error: BrokerError) -> None:
        delay_s = self._backoff.next_s()
        log.warning("not connected to the broker", reason=str(error), retry_in_s=round(delay_s, 2))
        self._stop.wait(delay_s)

    def _give_up(self, error: BrokerError) -> None:
        self.failure = error
        self._stop.set()
        self._inbox.wake()
