"""The whole fleet in time order: advance it to a moment, and take what was published until then."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from heapq import heapify, heappop, heappush
from typing import Any

from device_profiles.registry import Profiles
from domain.time import check_aware
from simulators.fleet.cameras import CameraModel
from simulators.fleet.containers import ContainerModel, hand_over_s
from simulators.fleet.counters import RadarModel
from simulators.fleet.draws import Draws
from simulators.fleet.impairments import Impairments
from simulators.fleet.link import Link, Publication
from simulators.fleet.meters import MeterModel
from simulators.fleet.parking import ParkingModel
from simulators.fleet.report import Model
from simulators.region.model import Container, Counter, Meter, ParkingBay, Region, Thing

HISTORY_S = 3 * 3600.0
"""How often containers report within the history if nothing else is said."""


class Fleet:
    """Every device of a region, its thing and its radio.

    Parameters
    ----------
    born
        The moment from which it lives; the first reports come after it.
    now
        The moment at which this process begins: drivers, if there are any, take over from today's begin.
    drivers
        Whether drivers with a plan empty the containers from today on; else the fixed schedule goes on.
    """

    def __init__(
        self,
        region: Region,
        profiles: Profiles,
        *,
        seed: int,
        born: datetime,
        now: datetime,
        drivers: bool = False,
        impairments: Impairments | None = None,
    ) -> None:
        self.seed = seed
        self._born_s = check_aware(born).timestamp()
        self._reached_s = self._born_s
        self._hand_over_s = hand_over_s(now, drivers)
        self._waiting: list[Publication] = []
        self._characters = {site.key: site.character for site in region.sites}
        self._markets = {one.key: one.market_weekdays for one in region.organisations}
        things = {thing.key: thing for thing in region.things}
        self._devices = region.devices
        self._models: list[Model] = []
        self._links: list[Link] = []
        self._containers: dict[str, ContainerModel] = {}
        for number, device in enumerate(region.devices):
            self._models.append(self._model(things[device.thing_key], number))
            self._links.append(
                Link(
                    device,
                    profiles[device.profile_key],
                    number,
                    seed=seed,
                    session=Draws(seed, device.key, "session").hex(int(self._born_s)),
                    impairments=impairments or Impairments(),
                )
            )

    def _model(self, thing: Thing, number: int) -> Model:
        match thing:
            case Container():
                model = ContainerModel(
                    thing,
                    self._devices[number],
                    self._characters[thing.site_key],
                    self._markets[thing.organisation_key],
                    seed=self.seed,
                    born_s=self._born_s,
                    scheduled_until_s=self._hand_over_s,
                )
                self._containers[thing.key] = model
                return model
            case Counter(single_vehicle=True):
                return CameraModel(thing, seed=self.seed)
            case Counter():
                return RadarModel(thing, seed=self.seed)
            case Meter():
                return MeterModel(thing, seed=self.seed, born_s=self._born_s)
            case ParkingBay():
                return ParkingModel(thing, seed=self.seed)

    @property
    def reached_s(self) -> float:
        """Up to when it has lived, in seconds since 1970."""
        return self._reached_s

    @property
    def containers(self) -> Mapping[str, ContainerModel]:
        """The containers by the key of their thing."""
        return self._containers

    def advance(self, until_s: float, report_every_s: float = HISTORY_S) -> list[Publication]:
        """Live on to a moment, and return what is published until then in the order of time.

        `report_every_s` is the rhythm of containers, and of meters within their bounds.
        """
        for model, link in zip(self._models, self._links, strict=True):
            for report in model.reports(self._reached_s, until_s, report_every_s):
                for publication in link.publications(report):
                    heappush(self._waiting, publication)
        self._reached_s = max(self._reached_s, until_s)
        return self._due(until_s)

    def _due(self, until_s: float) -> list[Publication]:
        due = []
        while self._waiting and self._waiting[0].publish_at_s <= until_s:
            due.append(heappop(self._waiting))
        return due

    def skip_to(self, time_s: float) -> None:
        """Live on to a moment of which nobody will hear: what was to be published until then is lost."""
        for model in self._models:
            for _ in model.reports(self._reached_s, time_s, HISTORY_S):
                pass
        self._reached_s = time_s
        self._waiting = [one for one in self._waiting if one.publish_at_s > time_s]
        heapify(self._waiting)

    def empty(self, thing_key: str, at_s: float) -> float | None:
        """Empty a container and return the litres taken; None if it is none of ours."""
        model = self._containers.get(thing_key)
        return None if model is None else model.empty(max(at_s, self._reached_s))

    def state(self, unsent: Iterable[Publication] = ()) -> dict[str, Any]:
        """What must be known to go on later, as JSON; `unsent` has left the fleet and not reached the broker."""
        return {
            "seed": self.seed,
            "born_s": self._born_s,
            "reached_s": self._reached_s,
            "waiting": [(*one[:5], one.payload.decode()) for one in sorted((*unsent, *self._waiting))],
            "devices": {
                device.key: {"model": model.state(), "link": link.state()}
                for device, model, link in zip(self._devices, self._models, self._links, strict=True)
            },
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what `state` said; devices it does not know begin anew."""
        self._reached_s = float(state["reached_s"])
        for at_s, device, f_cnt, copy, topic, payload in state["waiting"]:
            heappush(self._waiting, Publication(at_s, device, f_cnt, copy, topic, payload.encode()))
        for device_known, model, link in zip(self._devices, self._models, self._links, strict=True):
            known = state["devices"].get(device_known.key)
            if known is not None:
                model.restore(known["model"])
                link.restore(known["link"])
