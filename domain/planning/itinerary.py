"""What a tour does one after the other, before any clock runs: ways, set-ups, windows, works.

Between two stops the crew first takes the pauses that are not ``at_next`` where it stands, then waits for the release
of the trip that begins, drives, and takes the pauses that are ``at_next`` on arrival. Pauses do not matter for set-ups:
the stop before is the last container, unloading or depot. A tour under way begins at no site.
"""

from dataclasses import dataclass

from domain.planning.evaluation import StepKind
from domain.planning.fleet import Lunch, Vehicle
from domain.planning.loads import Body, Job
from domain.planning.lookup import Lookup
from domain.planning.places import DisposalFacility, TimeWindow
from domain.planning.solution import Pause
from domain.planning.tasks import ContainerTask

FAR_S = 1 << 40
"""Later than any time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A `Step` without times: it begins within one of ``windows`` (none at all: any time; None: never)."""

    kind: StepKind
    subject: str
    location: int
    leg_m: int = 0
    leg_s: int = 0
    setup_s: int = 0
    windows: tuple[TimeWindow, ...] | None = ()
    service_s: int = 0
    load: tuple[int, int]


class Itinerary:
    """Lines up the stages of one tour."""

    def __init__(self, lookup: Lookup, vehicle: Vehicle, jobs: list[Job], body: Body) -> None:
        self.stages: list[Stage] = []
        self._lookup = lookup
        self._vehicle = vehicle
        self._metres, self._seconds = lookup.ways[vehicle.id]
        self._releases = _releases(jobs, body)
        self._trip: int | None = None
        self._site: str | None = None
        self._pauses: list[Pause] = []
        self._load = body.load_at_start
        self._begin()
        for index, job in enumerate(jobs):
            if isinstance(job, Pause):
                self._pauses.append(job)
            else:
                self._approach(job.location, body.trip_of[index])
                self._visit(job, body.loads[index])
                if index in body.cleaned and vehicle.cleaning_s:
                    self._stay("clean", job.id, service_s=vehicle.cleaning_s)
        depot = lookup.depots[vehicle.end_depot]
        self._approach(depot.location, None)
        self._arrive("return", depot.id, (), 0, 0)

    def _begin(self) -> None:
        underway, depot = self._vehicle.underway, self._lookup.depots[self._vehicle.start_depot]
        self._location = depot.location if underway is None else underway.location
        self._origin = depot.id if underway is None else ""
        self._leg = (0, 0)
        self._stay("depart", self._origin)

    def _approach(self, location: int, trip: int | None) -> None:
        """Pause, wait for the release of the trip that begins, drive, and pause again."""
        for pause in self._pauses:
            if not pause.at_next:
                self._pause(pause)
        if trip is not None and trip != self._trip:
            self._trip = trip
            release_s = self._releases.get(trip)
            if release_s is not None:
                self._stay("wait", self._origin, windows=(TimeWindow(open_s=release_s, close_s=FAR_S),))
        self._leg = (
            int(self._metres[self._location][location]),
            int(self._seconds[self._location][location]),
        )
        self._moved = location != self._location
        self._location = location
        for pause in self._pauses:
            if pause.at_next:
                self._pause(pause)
        self._pauses = []

    def _visit(self, job: ContainerTask | DisposalFacility, load: tuple[int, int]) -> None:
        self._load = load
        if isinstance(job, DisposalFacility):
            self._arrive("unload", job.id, opening_for_begin(job), 0, job.service_s)
            self._origin, self._site = job.id, None
        else:
            stays = job.site == self._site and not self._moved
            setup_s = 0 if stays else self._lookup.setup_s.get(job.site, 0)
            self._arrive("collect", job.id, job.windows, setup_s, job.service_s)
            self._site = job.site

    def _pause(self, pause: Pause) -> None:
        lunch = self._vehicle.breaks.lunch
        windows = (_window_of(lunch),) if pause.lunch and lunch is not None else ()
        self._stay("pause", "lunch" if pause.lunch else "rest", windows=windows, service_s=pause.duration_s)

    def _stay(
        self, kind: StepKind, subject: str, windows: tuple[TimeWindow, ...] = (), service_s: int = 0
    ) -> None:
        """Do something that is no stop, where the vehicle is; the way there, if it has just come, belongs to it."""
        self._arrive(kind, subject, windows, 0, service_s)

    def _arrive(
        self,
        kind: StepKind,
        subject: str,
        windows: tuple[TimeWindow, ...] | None,
        setup_s: int,
        service_s: int,
    ) -> None:
        leg_m, leg_s = self._leg
        self._leg = (0, 0)
        self.stages.append(
            Stage(
                kind=kind,
                subject=subject,
                location=self._location,
                leg_m=leg_m,
                leg_s=leg_s,
                setup_s=setup_s,
                windows=windows,
                service_s=service_s,
                load=self._load,
            )
        )


def opening_for_begin(facility: DisposalFacility) -> tuple[TimeWindow, ...] | None:
    """Windows within which an unloading may begin to end while open; None if none is long enough."""
    windows = tuple(
        TimeWindow(open_s=window.open_s, close_s=window.close_s - facility.service_s)
        for window in facility.opening
        if window.close_s - facility.service_s >= window.open_s
    )
    return None if facility.opening and not windows else windows


def _releases(jobs: list[Job], body: Body) -> dict[int, int]:
    """For each trip the latest release of its containers, where any has one."""
    found: dict[int, int] = {}
    for job, trip in zip(jobs, body.trip_of, strict=True):
        if isinstance(job, ContainerTask) and job.released_s is not None:
            found[trip] = max(found.get(trip, job.released_s), job.released_s)
    return found


def _window_of(lunch: Lunch) -> TimeWindow:
    return TimeWindow(open_s=lunch.earliest_begin_s, close_s=lunch.latest_begin_s)
