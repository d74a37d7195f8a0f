"""One listener for each process: it hears the database's hint and rings for every client."""

import asyncio
from random import Random

import psycopg
import structlog

from api.queries import load
from storage.database import session

log = structlog.get_logger(__name__)
QUERIES = load("live.sql")

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 15.0
HEARTBEAT_S = 20.0


class Hub:
    """Counts hints; clients wait for the count to move.

    Parameters
    ----------
    url : the database
    random : spreads the reconnections of many processes
    """

    def __init__(self, url: str, random: Random) -> None:
        self.version = 0
        self.listening = False
        self.clients = 0
        self._url = url
        self._random = random
        self._bell = asyncio.Event()

    def ring(self) -> None:
        """Wake every client."""
        self.version += 1
        bell, self._bell = self._bell, asyncio.Event()
        bell.set()

    async def changed(self, seen: int, timeout_s: float) -> int:
        """Wait until there was a hint after `seen`, or for the time given; return the count now."""
        if self.version == seen:
            bell = self._bell
            try:
                async with asyncio.timeout(timeout_s):
                    await bell.wait()
            except TimeoutError:
                pass
        return self.version

    async def run(self) -> None:
        """Listen until cancelled; reconnect when the connection breaks, a little later each time."""
        wait_s = FIRST_WAIT_S
        while True:
            try:
                async with await self._connect() as connection:
                    wait_s = FIRST_WAIT_S
                    await self._listen(connection)
            except psycopg.Error as error:
                log.warning(
                    "live_listener_lost",
                    cause=str(error).strip().partition("\n")[0],
                    again_in_s=round(wait_s, 1),
                )
            finally:
                self.listening = False
            await asyncio.sleep(wait_s * (0.5 + self._random.random()))
            wait_s = min(LONGEST_WAIT_S, wait_s * 2)

    async def _connect(self) -> "psycopg.AsyncConnection[tuple[object, ...]]":
        arguments = session(self._url, "api")
        return await psycopg.AsyncConnection.connect(self._url, autocommit=True, **arguments)  # type: ignore[arg-type]

    async def _listen(self, connection: "psycopg.AsyncConnection[tuple[object, ...]]") -> None:
        await connection.execute(QUERIES["listen"])
        self.listening = True
        self.ring()  # whatever was hinted at while nobody listened
        while True:
            async for _ in connection.notifies(timeout=HEARTBEAT_S):
                self.ring()
            await connection.execute(QUERIES["alive"])
