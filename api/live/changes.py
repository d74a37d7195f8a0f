"""What one client has seen, and reading what was committed since."""

from datetime import datetime, timedelta
from typing import Any

from api.access import Caller
from api.live.ledger import LedgerCounter
from api.live.messages import LedgerNow, LiveChange, LiveSubscription
from api.queries import load
from api.reads import Row, row
from domain.time import berlin_day

QUERIES = load("live.sql")

LOOKBACK = 500
"""Collections before the newest that are looked at again: ids are given out before they are committed."""


class Watch:
    """The view of one client, moved on by each look.

    Plans are compared with what was sent of them; the other kinds are found by the transaction that changed them.
    """

    def __init__(
        self,
        caller: Caller,
        subscription: LiveSubscription,
        organisations: list[int] | None,
        ledger: LedgerCounter,
    ) -> None:
        self.caller = caller
        self._kinds = list(subscription.kinds)
        self._organisations = organisations
        self._ledger = ledger
        self._snapshot, _, newest = (subscription.since or "").partition("/")
        self._newest_collection = int(newest or 0)
        self._sent_ledger: LedgerNow | None = None
        self._sent_plans: dict[int, Row] = {}
        self._sent_collections: set[int] = set()

    @property
    def cursor(self) -> str:
        """Where another connection could go on."""
        return f"{self._snapshot}/{self._newest_collection}"

    async def begin(self, now: datetime) -> None:
        """Take what stands now as seen; a client that resumes has seen what its cursor says, and no plans."""
        async with self.caller.transaction() as connection:
            resumes = bool(self._snapshot)
            if resumes:
                await row(connection, QUERIES["check"], since=self._snapshot)
            else:
                start = await row(connection, QUERIES["begin"])
                assert start is not None
                self._snapshot = start["snapshot"]
                self._newest_collection = start["newest_collection"]
            seen = await row(connection, QUERIES["changes"], **self._parameters(now))
        assert seen is not None
        if not resumes:
            self._sent_plans = {plan["id"]: plan for plan in seen["plans"]}
        collections = {one["id"] for one in seen["collections"]}
        self._sent_collections = {one for one in collections if one <= self._newest_collection}

    async def look(self, now: datetime) -> LiveChange:
        """Return what was committed since the last look, and remember it as seen."""
        async with self.caller.transaction() as connection:
            found = await row(connection, QUERIES["changes"], **self._parameters(now))
        assert found is not None
        self._snapshot = found["snapshot"]
        change = {name: found[name] for name in ("containers", "counters", "latest")}
        change["plans"] = self._new_plans(found["plans"])
        change["collections"] = self._new_collections(found["collections"])
        return LiveChange(**change, ledger=await self._new_ledger(now), cursor=self.cursor, at=now)

    def _parameters(self, now: datetime) -> dict[str, Any]:
        return {
            "since": self._snapshot,
            "kinds": self._kinds,
            "organisations": self._organisations,
            "first_day": berlin_day(now) - timedelta(days=1),
            "collections_after": self._newest_collection - LOOKBACK,
        }

    def _new_plans(self, plans: list[Row]) -> list[Row]:
        new = [plan for plan in plans if self._sent_plans.get(plan["id"]) != plan]
        self._sent_plans = {plan["id"]: plan for plan in plans}
        return new

    def _new_collections(self, collections: list[Row]) -> list[Row]:
        new = [one for one in collections if one["id"] not in self._sent_collections]
        self._sent_collections = {one["id"] for one in collections}
        self._newest_collection = max([self._newest_collection, *self._sent_collections])
        return new

    async def _new_ledger(self, now: datetime) -> LedgerNow | None:
        if "ledger" not in self._kinds:
            return None
        ledger = await self._ledger.today(self.caller, now)
        if ledger == self._sent_ledger:
            return None
        self._sent_ledger = ledger
        return ledger
