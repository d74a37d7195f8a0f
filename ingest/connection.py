"""One connection to the broker, from CONNECT to its loss; a new one is made for each attempt.

A fresh client for each connection leaves no half-read packet or stale packet id behind, and makes the rule easy that
a message is acknowledged by the connection it came by, or by none.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import blake2b
from threading import Event
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from domain.errors import BrokerError, SessionTakenOver
from domain.messages import MAX_PAYLOAD_BYTES, Message
from ingest.config import IngestConfig
from ingest.inbox import Delivery, Inbox
from ingest.replay import Replay

QOS = 1
CONNECT_TIMEOUT_S = 10.0
ANSWER_S = 5.0
"""A broker that does not know MQTT 5 may say nothing at all to it."""
UNSUPPORTED_VERSION = 132
REFUSES_US = frozenset({133, 134, 135, 138, 140})
"""CONNACK: client id, user name or password, authorisation, ban, method. Trying again does not help."""
TAKEN_OVER = 142
ONLY_IF_NEW = SubscribeOptions.RETAIN_SEND_IF_NEW_SUB
"""A retained message comes once, when a filter is first subscribed to, not after each reconnect."""


class ProtocolRefused(BrokerError):
    """The broker does not speak this version of MQTT."""


class NoAnswer(BrokerError):
    """The broker accepts the connection and says nothing that we understand."""


class Unreachable(BrokerError):
    """The broker is away, or takes nobody now."""


class Refused(BrokerError):
    """The broker refuses this client for good."""


class Connection:
    """A client that puts what it receives into the inbox, and acknowledges when told to.

    Parameters
    ----------
    before_messages
        Called with "session present" before the first message of this connection is put.
    replay
        Told of each message that the broker will send again if it is not acknowledged.
    clock
        Gives the time of receipt, aware and in UTC.
    """

    def __init__(
        self,
        config: IngestConfig,
        inbox: Inbox,
        protocol: MQTTProtocolVersion,
        *,
        before_messages: Callable[[bool], None],
        replay: Replay,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._config = config
        self._inbox = inbox
        self._protocol = protocol
        self._before_messages = before_messages
        self._replay = replay
        self._clock = clock
        self._settled = Event()
        self._closing = False
        self.ended = Event()
        self.error: BrokerError | None = None
        self._client = self._make_client()

    def open(self) -> None:
        """Connect and subscribe; return once the broker has confirmed both.

        Raises
        ------
        ProtocolRefused, NoAnswer, Refused
            If trying again in the same way may not help.
        Unreachable
            If the broker is away or takes nobody now.
        """
        where = f"{self._config.host}:{self._config.port}"
        try:
            self._client.connect(
                self._config.host,
                self._config.port,
                keepalive=self._config.keepalive_s,
                **self._session_options(),
            )
        except (OSError, ValueError) as error:
            raise Unreachable(f"The MQTT broker at {where} cannot be reached: {error}.") from error
        self._client.loop_start()
        if not self._settled.wait(ANSWER_S):
            self.error = self.error or NoAnswer(f"The MQTT broker at {where} does not answer.")
        if self.error is not None:
            self.close()
            raise self.error

    def acknowledge(self, packet_id: int) -> None:
        """Acknowledge one message; does nothing after the connection has ended."""
        if not self.ended.is_set():
            self._client.ack(packet_id, QOS)

    def close(self) -> None:
        """Send what is still to be sent, then disconnect; the broker keeps the session."""
        self._closing = True
        self._client.disconnect()
        self._client.loop_stop()
        self.ended.set()

    def _make_client(self) -> Client:
        version_5 = self._protocol is MQTTProtocolVersion.MQTTv5
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._config.client_id,
            clean_session=None if version_5 else False,
            protocol=self._protocol,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        client.connect_timeout = CONNECT_TIMEOUT_S
        if self._config.username:
            client.username_pw_set(self._config.username, self._config.password)
        if self._config.tls:
            self._use_tls(client)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        return client

    def _use_tls(self, client: Client) -> None:
        config = self._config
        try:
            client.tls_set(
                ca_certs=str(config.ca_file) if config.ca_file else None,
                certfile=str(config.certificate_file) if config.certificate_file else None,
                keyfile=str(config.key_file) if config.key_file else None,
            )
        except (OSError, ValueError) as error:
            raise Refused(f"The certificates for the MQTT broker cannot be used: {error}.") from error

    def _session_options(self) -> dict[str, Any]:
        if self._protocol is not MQTTProtocolVersion.MQTTv5:
            return {}
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = self._config.session_expiry_s
        properties.ReceiveMaximum = self._config.receive_maximum
        return {"clean_start": False, "properties": properties}

    def _on_connect(
        self, client: Client, _: Any, flags: ConnectFlags, reason: ReasonCode, __: Properties | None
    ) -> None:
        if reason.is_failure:
            self._end(_refusal(reason))
            return
        self._replay.connected(flags.session_present)
        self._before_messages(flags.session_present)
        if self._protocol is MQTTProtocolVersion.MQTTv5:
            options = SubscribeOptions(qos=QOS, retainHandling=ONLY_IF_NEW)
            client.subscribe([(topic, options) for topic in self._config.topics])
        else:
            client.subscribe([(topic, QOS) for topic in self._config.topics])

    def _on_subscribe(
        self, _: Client, __: Any, ___: int, reasons: list[ReasonCode], ____: Properties | None
    ) -> None:
        refused = [
            topic for topic, reason in zip(self._config.topics, reasons, strict=False) if reason.is_failure
        ]
        if refused:
            self._end(
                Refused(
                    f"The broker does not let {self._config.client_id!r} subscribe to {', '.join(refused)}; "
                    "check its access rules."
                )
            )
        self._settled.set()

    def _on_message(self, _: Client, __: Any, message: MQTTMessage) -> None:
        topic, payload = topic_of(message), bytes(message.payload)
        again = message.qos > 0 and self._replay.repeats(topic, payload)
        self._inbox.put(
            Delivery(
                message=received(topic, payload, self._clock(), redelivered=message.dup or again),
                connection=self,
                packet_id=message.mid if message.qos else None,
            )
        )

    def _on_disconnect(
        self, _: Client, __: Any, flags: DisconnectFlags, reason: ReasonCode, ___: Properties | None
    ) -> None:
        if flags.is_disconnect_packet_from_server and reason.value == TAKEN_OVER:
            self._end(
                SessionTakenOver(
                    f"Another client connected to the broker as {self._config.client_id!r} and took over the "
                    "session; give each ingest worker a client id of its own."
                )
            )
        elif not self._closing:
            kind = BrokerError if self._settled.is_set() else NoAnswer
            self._end(kind(f"The connection to the MQTT broker was lost: {reason}."))

    def _end(self, error: BrokerError) -> None:
        if self.error is None:
            self.error = error
        self.ended.set()
        self._settled.set()
        self._inbox.wake()


def received(topic: str, payload: bytes, at: datetime, *, redelivered: bool) -> Message:
    """Return the message as it is kept in memory: no more of an over-long payload than shows that it is too long."""
    if len(payload) <= MAX_PAYLOAD_BYTES:
        return Message(topic=topic, payload=payload, received_at=at, redelivered=redelivered)
    return Message(
        topic=topic,
        payload=payload[: MAX_PAYLOAD_BYTES + 1],
        received_at=at,
        redelivered=redelivered,
        uncut_bytes=len(payload),
        uncut_digest=blake2b(payload, digest_size=16).digest(),
    )


def topic_of(message: MQTTMessage) -> str:
    r"""Return the topic; bytes that are no UTF-8 appear as ``\xff``, so that the message can be kept and shown."""
    try:
        return message.topic
    except UnicodeDecodeError:
        raw: bytes = message._topic  # no public way leads to the bytes
        return raw.decode("utf-8", errors="backslashreplace")


def _refusal(reason: ReasonCode) -> BrokerError:
    if reason.value == UNSUPPORTED_VERSION:
        return ProtocolRefused(f"The broker refuses the protocol version: {reason}.")
    if reason.value in REFUSES_US:
        return Refused(
            f"The MQTT broker refuses the connection: {reason}. Check user name, password and client id."
        )
    return Unreachable(f"The MQTT broker refuses the connection for now: {reason}.")
