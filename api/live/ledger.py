"""Today's ledger for the live stream: counted once for all clients that see the same, and not at every look."""

import asyncio
import time
from datetime import datetime

from api.access import Caller
from api.live.messages import LedgerNow
from api.routes.ledger import LedgerFilters, balanced, ledger_days, totals
from domain.time import berlin_day

View = tuple[tuple[int, ...], bool]

MOST_VIEWS = 256


class LedgerCounter:
    """Counts a day's messages; what was counted within the last `ledger_s` seconds is told again.

    Parameters
    ----------
    ledger_s : least seconds between two countings of the same view
    """

    def __init__(self, ledger_s: float) -> None:
        self._ledger_s = ledger_s
        self._counted: dict[View, tuple[float, LedgerNow]] = {}
        self._turn = asyncio.Lock()

    async def today(self, caller: Caller, now: datetime) -> LedgerNow:
        """Return the ledger of the Berlin day of `now`, as the caller sees it."""
        view = (caller.principal.readable, caller.principal.installation_wide)
        async with self._turn:
            counted_at, ledger = self._counted.get(view, (None, None))
            if (
                ledger is not None
                and counted_at is not None
                and time.monotonic() - counted_at < self._ledger_s
            ):
                return ledger
            ledger = await _count(caller, now)
            if len(self._counted) >= MOST_VIEWS:
                self._counted.clear()
            self._counted[view] = (time.monotonic(), ledger)
            return ledger


async def _count(caller: Caller, now: datetime) -> LedgerNow:
    async with caller.transaction() as connection:
        days = await ledger_days(connection, LedgerFilters(), now)
    return LedgerNow(day=berlin_day(now), balanced=balanced(days), **totals(days))
