"""All drivers of today: as soon as a plan is published its tours are driven, each by its own driver, at the same time.

A stop takes `driver_stop_s`, whatever the plan says: a demonstration does not last a working day. What was collected
before (by this driver, before a restart, or by somebody else) is not collected again.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import httpx
import structlog

from simulators.config import SimulationConfig
from simulators.driver.phone import Phone
from simulators.fleet.draws import Draws
from simulators.fleet.fleet import Fleet
from simulators.region.model import Region

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 2.0
DRIVABLE = ("published", "in_progress")
_NAMESPACE = UUID("6f3c1f0e-7a0d-5a59-9d6a-0d6e1c7c2b11")
_REASONS = (
    "Zufahrt zugeparkt",
    "Baustelle, kein Durchkommen",
    "Tor verschlossen",
    "Behälter defekt",
)


class Crew:
    """The drivers of one association, who empty the containers of a fleet.

    Parameters
    ----------
    clock
        Gives the time at which something is reported as collected.
    """

    def __init__(
        self, config: SimulationConfig, region: Region, fleet: Fleet, clock: Callable[[], datetime]
    ) -> None:
        assert config.api_url is not None
        assert config.api_key is not None
        self._stop_s = config.driver_stop_s
        self._blocked_share = config.blocked_share
        self._fleet = fleet
        self._clock = clock
        self._phone = Phone(config.api_url, config.api_key)
        self._luck = Draws(config.seed, "drivers", "luck")
        self._densities = {one.key: one.density_kg_l for one in region.containers}
        self._keys: dict[int, str] = {}
        self._begun: set[int] = set()
        self._in_force: set[int] = set()

    async def run(self) -> None:
        """Drive what is published, until cancelled."""
        try:
            async with asyncio.TaskGroup() as drivers:
                while True:
                    await self._look(drivers)
                    await asyncio.sleep(LOOK_EVERY_S)
        finally:
            await self._phone.close()

    async def _look(self, drivers: asyncio.TaskGroup) -> None:
        """Set out on new tours, each once; those no longer in force are broken off before their next stop."""
        try:
            tours = {
                int(one["id"]): one for one in await self._phone.tours() if one["plan_status"] in DRIVABLE
            }
            await self._learn_keys(tours.values())
        except (httpx.HTTPStatusError, ValueError, KeyError) as error:
            log.warning("tours_unreadable", reason=str(error)[:300])
            return
        self._in_force = set(tours)
        for tour_id, tour in tours.items():
            if tour_id not in self._begun and any(_is_open(stop) for stop in tour["stops"]):
                self._begun.add(tour_id)
                drivers.create_task(self._drive_safely(tour))

    async def _learn_keys(self, tours: Any) -> None:
        wanted = {stop["thing_id"] for tour in tours for stop in tour["stops"] if _is_open(stop)}
        if not wanted <= self._keys.keys():
            self._keys = await self._phone.container_keys()

    async def _drive_safely(self, tour: Mapping[str, Any]) -> None:
        """Drive a tour; what is wrong with one tour stops no other driver."""
        try:
            await self._drive(tour)
        except (httpx.HTTPError, KeyError, ValueError, TypeError) as error:
            log.warning("tour_broken_off", tour=tour["id"], reason=f"{type(error).__name__}: {error}"[:300])

    async def _drive(self, tour: Mapping[str, Any]) -> None:
        stops = [stop for stop in tour["stops"] if _is_open(stop)]
        log.info("tour_begins", tour=tour["number"], vehicle=tour["vehicle"]["name"], stops=len(stops))
        for stop in stops:
            await asyncio.sleep(self._stop_s)
            if tour["id"] not in self._in_force:
                log.info("tour_called_back", tour=tour["number"])
                return
            await self._phone.report(self._collect(stop))
        log.info("tour_ends", tour=tour["number"])

    def _collect(self, stop: Mapping[str, Any]) -> dict[str, Any]:
        """Empty the container, or find the way blocked, and say so."""
        now, u = self._clock(), self._luck.at(int(stop["id"]))
        told: dict[str, Any] = {
            "thing_id": stop["thing_id"],
            "stop_id": stop["id"],
            "collected_at": now.isoformat(),
            # The same for a stop however often it is told; a later plan has other stops.
            "idempotency_key": str(
                uuid5(_NAMESPACE, f"{stop['id']}/{stop['thing_id']}/{stop['arrives_at']}")
            ),
        }
        if u[0] < self._blocked_share:
            return {**told, "outcome": "skipped", "reason": _REASONS[int(u[1] * len(_REASONS))]}
        key = self._keys.get(stop["thing_id"], "")
        amount_l = self._fleet.empty(key, now.timestamp())
        if amount_l is None:
            return {**told, "outcome": "served"}
        weight_kg = amount_l * self._densities[key]
        return {**told, "outcome": "served", "amount_l": round(amount_l, 1), "weight_kg": round(weight_kg, 1)}


def _is_open(stop: Mapping[str, Any]) -> bool:
    """Whether a stop is a container at which nothing was done yet."""
    return stop["kind"] == "container" and stop["collection"] is None
