"""Publishes with QoS 1, many under way at once, and loses nothing when the broker goes away.

A message leaves the publisher's hands when the broker has acknowledged it. After a broken connection everything not
acknowledged is sent again, in its order; the broker may then have had it twice, which is what `resent` counts.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Sequence
from math import inf
from random import Random

import aiomqtt
import structlog

from simulators.config import SimulationConfig
from simulators.fleet.draws import Draws
from simulators.fleet.link import Publication

log = structlog.get_logger(__name__)

_FIRST_WAIT_S = 0.2
_LONGEST_WAIT_S = 15.0
_QUEUED = 2_000


class Publisher:
    """Connections to the broker, and what is under way on them.

    Messages of one device always take the same connection, so that they keep their order.
    """

    def __init__(self, config: SimulationConfig) -> None:
        self._lines = [_Line(config, number) for number in range(config.connections)]

    @property
    def acknowledged(self) -> int:
        """Messages that the broker has acknowledged."""
        return sum(line.acknowledged for line in self._lines)

    @property
    def resent(self) -> int:
        """Messages that had to be sent again because a connection broke before their acknowledgement."""
        return sum(line.resent for line in self._lines)

    def unsent(self) -> list[Publication]:
        """What has been handed over and is not acknowledged yet."""
        return [one for line in self._lines for one in line.unsent()]

    async def put(self, publications: Sequence[Publication]) -> None:
        """Take all of them at once, then wait while too many are queued."""
        for one in publications:
            self._lines[one.device % len(self._lines)].put(one)
        for line in self._lines:
            await line.room()

    async def drained(self) -> None:
        """Wait until everything handed over is acknowledged."""
        for line in self._lines:
            await line.drained()

    async def run(self) -> None:
        """Keep the connections until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for line in self._lines:
                tasks.create_task(line.run())

    async def stop(self, patience_s: float) -> None:
        """Send no more, and wait for the acknowledgements of what is under way, but not for ever."""
        await asyncio.gather(*(line.stop(patience_s) for line in self._lines))


class _Line:
    """One connection with its queue."""

    def __init__(self, config: SimulationConfig, number: int) -> None:
        self._config = config
        self._line = number
        self._queue: deque[Publication] = deque()
        self._under_way: dict[int, Publication] = {}
        self._number = 0
        self._stopping = False
        self._filled = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._jitter = Random(Draws(config.seed, "publisher", str(number)).hex())
        self.acknowledged = 0
        self.resent = 0

    def unsent(self) -> list[Publication]:
        return [*self._under_way.values(), *self._queue]

    def put(self, one: Publication) -> None:
        self._queue.append(one)
        self._idle.clear()
        self._filled.set()
        if len(self._queue) >= _QUEUED:
            self._room.clear()

    async def room(self) -> None:
        await self._room.wait()

    async def drained(self) -> None:
        await self._idle.wait()

    async def stop(self, patience_s: float) -> None:
        self._stopping = True
        try:
            async with asyncio.timeout(patience_s):
                await self._quiet.wait()
        except TimeoutError:
            log.warning("unacknowledged", messages=len(self._under_way), hint="kept for the next start")

    async def run(self) -> None:
        wait_s = _FIRST_WAIT_S
        while True:
            before = self.acknowledged
            try:
                await self._connected()
            except* (aiomqtt.MqttError, OSError, ssl.SSLError) as error:
                reason = str(error.exceptions[0]) or type(error.exceptions[0]).__name__
                log.warning("broker_away", reason=reason, under_way=len(self._under_way))
            wait_s = _FIRST_WAIT_S if self.acknowledged > before else min(_LONGEST_WAIT_S, wait_s * 2)
            await asyncio.sleep(wait_s * self._jitter.uniform(0.5, 1.0))

    async def _connected(self) -> None:
        async with self._client() as client, asyncio.TaskGroup() as tasks:
            log.info("connected", host=self._config.host, port=self._config.port, line=self._line)
            self._take_back()
            tasks.create_task(self._watch(client))
            slots = asyncio.Semaphore(self._config.in_flight)
            while True:
                await self._filled.wait()
                await slots.acquire()
                if self._queue and not self._stopping:
                    tasks.create_task(self._publish(client, *self._next(), slots))
                else:
                    slots.release()
                    self._filled.clear()

    def _client(self) -> aiomqtt.Client:
        config = self._config
        context = None
        if config.tls:
            context = ssl.create_default_context(
                cafile=None if config.ca_file is None else str(config.ca_file)
            )
        client = aiomqtt.Client(
            config.host,
            config.port,
            username=config.username,
            password=config.password,
            identifier=f"{config.client_id}-{self._line}",
            keepalive=config.keepalive_s,
            max_inflight_messages=config.in_flight,
            tls_context=context,
        )
        client.pending_calls_threshold = config.in_flight + 1  # many under way are our way, no reason to warn
        return client

    def _take_back(self) -> None:
        """Put what was under way when the last connection broke before everything else."""
        self.resent += len(self._under_way)
        self._queue.extendleft(reversed(self._under_way.values()))
        self._under_way.clear()
        if self._queue:
            self._filled.set()

    async def _watch(self, client: aiomqtt.Client) -> None:
        """End with an error as soon as the connection breaks: publishing alone would wait for ever."""
        async for _ in client.messages:
            pass

    def _next(self) -> tuple[int, Publication]:
        one = self._queue.popleft()
        self._number += 1
        self._under_way[self._number] = one
        self._quiet.clear()
        if len(self._queue) < _QUEUED // 2:
            self._room.set()
        return self._number, one

    async def _publish(
        self, client: aiomqtt.Client, number: int, one: Publication, slots: asyncio.Semaphore
    ) -> None:
        await client.publish(one.topic, one.payload, qos=1, timeout=inf)
        del self._under_way[number]
        self.acknowledged += 1
        slots.release()
        if not self._under_way:
            self._quiet.set()
            if not self._queue:
                self._idle.set()
