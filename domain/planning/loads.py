"""What a vehicle carries along a tour: chambers, trips, what is delivered where, and when the body is cleaned.

Names of violations: ``vehicle_fraction``, ``fraction_mix``, ``capacity_volume``, ``capacity_weight``,
``chamber_volume``, ``chamber_weight``, ``facility_fraction``, ``not_empty_at_end``, ``trips``, ``day_volume``,
``day_weight``.

Without chambers every unloading empties the vehicle and ends the trip. With chambers it empties only the fractions
that the facility accepts; the trip ends when nothing is left. A body without chambers is cleaned directly after the
last unloading before a container of another fraction than the one unloaded last.
"""

from dataclasses import dataclass

from domain.planning.evaluation import Delivery, Violation
from domain.planning.fleet import Vehicle
from domain.planning.places import DisposalFacility
from domain.planning.solution import Pause
from domain.planning.tasks import ContainerTask

Job = ContainerTask | DisposalFacility | Pause
"""A visit with what it names."""


@dataclass(frozen=True, kw_only=True)
class _Held:
    """What is on board, and the container it comes from; None if it was on board when the tour was taken up."""

    fraction: str
    volume_l: int
    weight_kg: int
    container: str | None


class Body:
    """The vehicle's body along a tour; ``loads`` and ``trip_of`` have an entry for each job.

    ``loads`` is what is on board after the job, ``trip_of`` the number of the trip it belongs to, ``cleaned`` names
    the jobs (unloadings) after which the body is cleaned.
    """

    def __init__(self, vehicle: Vehicle, jobs: list[Job]) -> None:
        self.vehicle = vehicle
        self.violations: list[Violation] = []
        self.deliveries: list[Delivery] = []
        self.loads: list[tuple[int, int]] = []
        self.trip_of: list[int] = []
        self.cleaned: set[int] = set()
        self.trips = 0
        self._on_board = [
            _Held(fraction=each.fraction, volume_l=each.volume_l, weight_kg=each.weight_kg, container=None)
            for each in (vehicle.underway.on_board if vehicle.underway else ())
        ]
        self._fractions = {held.fraction for held in self._on_board}
        self._load_l = sum(held.volume_l for held in self._on_board)
        self._load_kg = sum(held.weight_kg for held in self._on_board)
        self._last_unloading: tuple[int, str] | None = None
        self.load_at_start = (self._load_l, self._load_kg)
        for index, job in enumerate(jobs):
            self.trip_of.append(self.trips)
            if isinstance(job, ContainerTask):
                self._collect(job)
            elif isinstance(job, DisposalFacility):
                self._unload(index, job)
            self.loads.append((self._load_l, self._load_kg))
        self._check_end()
        self._check_day([job for job in jobs if isinstance(job, ContainerTask)])

    def _collect(self, task: ContainerTask) -> None:
        vehicle = self.vehicle
        if not vehicle.carries(task.fraction):
            self._broken("vehicle_fraction", (task.id,), f"{vehicle.id} does not collect {task.fraction}")
        if not vehicle.chambers:
            self._check_fraction(task)
        self._fractions.add(task.fraction)
        self._on_board.append(
            _Held(
                fraction=task.fraction,
                volume_l=task.demand_l,
                weight_kg=task.demand_kg,
                container=task.id,
            )
        )
        self._load_l += task.demand_l
        self._load_kg += task.demand_kg
        takes = (vehicle.capacity_l, vehicle.capacity_kg)
        self._check_capacity("capacity", vehicle.id, self._on_board, (self._load_l, self._load_kg), takes)
        self._check_chamber(task.fraction)

    def _check_fraction(self, task: ContainerTask) -> None:
        """One fraction a trip; another one than before needs a clean body."""
        if self._fractions - {task.fraction}:
            message = f"{task.id} ({task.fraction}) joins a trip of another fraction"
            self._broken("fraction_mix", (task.id,), message)
        if not self._on_board and self._last_unloading is not None:
            index, fraction = self._last_unloading
            if fraction != task.fraction:
                self.cleaned.add(index)

    def _check_chamber(self, fraction: str) -> None:
        number = self.vehicle.chamber_of(fraction)
        if number is None:
            return
        chamber = self.vehicle.chambers[number]
        inside = [held for held in self._on_board if self.vehicle.chamber_of(held.fraction) == number]
        load = (sum(held.volume_l for held in inside), sum(held.weight_kg for held in inside))
        where = f"chamber {number + 1} of {self.vehicle.id}"
        self._check_capacity("chamber", where, inside, load, (chamber.capacity_l, chamber.capacity_kg))

    def _check_capacity(
        self, name: str, where: str, held: list[_Held], load: tuple[int, int], takes: tuple[int, int]
    ) -> None:
        if load[0] > takes[0]:
            message = f"{load[0]} l on board of {where}, which takes {takes[0]} l"
            self._broken(f"{name}_volume", _containers(held), message)
        if load[1] > takes[1]:
            message = f"{load[1]} kg on board of {where}, which takes {takes[1]} kg"
            self._broken(f"{name}_weight", _containers(held), message)

    def _unload(self, index: int, facility: DisposalFacility) -> None:
        accepted = [held for held in self._on_board if held.fraction in facility.fractions]
        refused = [held for held in self._on_board if held.fraction not in facility.fractions]
        if refused and not self.vehicle.chambers:
            message = f"facility {facility.id} does not accept what {len(refused)} containers held"
            self._broken("facility_fraction", _containers(refused), message)
        volume_l = sum(held.volume_l for held in accepted)
        weight_kg = sum(held.weight_kg for held in accepted)
        self.deliveries.append(Delivery(facility=facility.id, volume_l=volume_l, weight_kg=weight_kg))
        if self._on_board:
            self._last_unloading = (index, self._on_board[0].fraction)
        elif self._last_unloading is not None:
            self._last_unloading = (index, self._last_unloading[1])
        self._on_board = refused if self.vehicle.chambers else []
        self._fractions = {held.fraction for held in self._on_board}
        self._load_l = sum(held.volume_l for held in self._on_board)
        self._load_kg = sum(held.weight_kg for held in self._on_board)
        self.trips += not self._on_board

    def _check_end(self) -> None:
        vehicle = self.vehicle
        if self._on_board:
            message = f"{vehicle.id} returns with {len(self._on_board)} containers' waste on board"
            self._broken("not_empty_at_end", _containers(self._on_board), message)
        before = vehicle.underway.unloadings if vehicle.underway else 0
        trips = before + self.trips + bool(self._on_board)
        if trips > vehicle.max_trips:
            self._broken("trips", (), f"{vehicle.id} makes {trips} trips, {vehicle.max_trips} are allowed")

    def _check_day(self, tasks: list[ContainerTask]) -> None:
        vehicle, before = self.vehicle, self.vehicle.underway
        collected_l = sum(task.demand_l for task in tasks) + (before.collected_l if before else 0)
        collected_kg = sum(task.demand_kg for task in tasks) + (before.collected_kg if before else 0)
        names = tuple(task.id for task in tasks)
        most_l, most_kg = vehicle.day_capacity_l, vehicle.day_capacity_kg
        if most_l is not None and collected_l > most_l:
            message = f"{vehicle.id} collects {collected_l} l in the day, {most_l} l are allowed"
            self._broken("day_volume", names, message)
        if most_kg is not None and collected_kg > most_kg:
            message = f"{vehicle.id} collects {collected_kg} kg in the day, {most_kg} kg are allowed"
            self._broken("day_weight", names, message)

    def _broken(self, name: str, subjects: tuple[str, ...], message: str) -> None:
        self.violations.append(
            Violation(name=name, vehicle=self.vehicle.id, subjects=subjects, message=message)
        )


def _containers(held: list[_Held]) -> tuple[str, ...]:
    return tuple(each.container for each in held if each.container is not None)
