"""Judge a solution independently of whoever made it: simple code that is obviously right, not fast.

Names of violations: ``capacity_volume``, ``capacity_weight``, ``shift_end``, ``time_window``,
``facility_closed``, ``facility_fraction``, ``vehicle_fraction``, ``fraction_mix``, ``not_empty_at_end``,
``trips``, ``required_unserved``, ``served_twice``, ``vehicle_twice``, ``unknown_container``,
``unknown_facility``, ``unknown_vehicle``.
"""

from collections import Counter

from domain.planning.evaluation import Cost, PlanEvaluation, Step, TourEvaluation, Violation
from domain.planning.fleet import Vehicle
from domain.planning.places import DisposalFacility, TimeWindow
from domain.planning.problem import PlanProblem
from domain.planning.solution import Collect, PlannedTour, PlanSolution, Unload
from domain.planning.tasks import ContainerTask


def evaluate(problem: PlanProblem, solution: PlanSolution) -> PlanEvaluation:
    """Time line, load, cost and violations of all tours, and of the plan as a whole."""
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    tours = tuple(evaluate_tour(problem, tour) for tour in solution.tours if tour.vehicle in vehicles)
    violations = [violation for tour in tours for violation in tour.violations]
    violations += _unknown_or_repeated_vehicles(solution, vehicles)
    violations += _unserved_or_repeated_containers(problem, solution)
    served = {container for tour in solution.tours for container in tour.containers}
    left = [task for task in problem.containers if not task.required and task.id not in served]
    cost = sum(
        (tour.cost for tour in tours), Cost(leaving_ueur=sum(task.cost_of_leaving_ueur for task in left))
    )
    return PlanEvaluation(tours=tours, cost=cost, violations=tuple(violations))


def evaluate_tour(problem: PlanProblem, tour: PlannedTour) -> TourEvaluation:
    """Drive one tour from depot to depot; unknown visits are named and skipped."""
    vehicle = next(vehicle for vehicle in problem.vehicles if vehicle.id == tour.vehicle)
    drive = _Drive(problem, vehicle)
    if tour.visits:
        drive.depart()
        for visit in tour.visits:
            if isinstance(visit, Collect):
                drive.collect(visit.container)
            elif isinstance(visit, Unload):
                drive.unload(visit.facility)
        drive.finish()
    return drive.result()


class _Drive:
    """A vehicle on its way: where it is, since when, and with what on board."""

    def __init__(self, problem: PlanProblem, vehicle: Vehicle) -> None:
        self.problem = problem
        self.vehicle = vehicle
        self.depots = {depot.id: depot for depot in problem.depots}
        self.facilities = {facility.id: facility for facility in problem.facilities}
        self.containers = {container.id: container for container in problem.containers}
        self.steps: list[Step] = []
        self.violations: list[Violation] = []
        self.location = self.depots[vehicle.start_depot].location
        self.now_s = vehicle.shift_begin_s
        self.load_l = 0
        self.load_kg = 0
        self.on_board: list[ContainerTask] = []
        self.unloadings = 0

    def depart(self) -> None:
        self._stop("depart", self.vehicle.start_depot, self.location, (), 0)

    def collect(self, name: str) -> None:
        task = self.containers.get(name)
        if task is None:
            self._broken("unknown_container", (name,), f"container {name} is not part of the problem")
            return
        in_time = self._stop("collect", name, task.location, task.windows, task.service_s, task)
        if not in_time:
            self._broken(
                "time_window", (name,), f"container {name} cannot be reached within its time windows"
            )
        if not self.vehicle.carries(task.fraction):
            self._broken("vehicle_fraction", (name,), f"{self.vehicle.id} does not collect {task.fraction}")
        self._check_trip(task)

    def _check_trip(self, task: ContainerTask) -> None:
        if any(other.fraction != task.fraction for other in self.on_board[:-1]):
            self._broken(
                "fraction_mix", (task.id,), f"{task.id} ({task.fraction}) joins a trip of another fraction"
            )
        on_board = tuple(other.id for other in self.on_board)
        if self.load_l > self.vehicle.capacity_l:
            limit_l = self.vehicle.capacity_l
            excess = f"{self.load_l} l on board of {self.vehicle.id}, which takes {limit_l} l"
            self._broken("capacity_volume", on_board, excess)
        if self.load_kg > self.vehicle.capacity_kg:
            limit_kg = self.vehicle.capacity_kg
            excess = f"{self.load_kg} kg on board of {self.vehicle.id}, which takes {limit_kg} kg"
            self._broken("capacity_weight", on_board, excess)

    def unload(self, name: str) -> None:
        facility = self.facilities.get(name)
        if facility is None:
            self._broken("unknown_facility", (name,), f"facility {name} is not part of the problem")
            return
        refused = tuple(task.id for task in self.on_board if task.fraction not in facility.fractions)
        if refused:
            self._broken(
                "facility_fraction",
                refused,
                f"facility {name} does not accept what {len(refused)} containers held",
            )
        if not self._unload_at(facility):
            self._broken(
                "facility_closed", (name,), f"facility {name} is not open when {self.vehicle.id} unloads"
            )

    def _unload_at(self, facility: DisposalFacility) -> bool:
        self.on_board = []
        self.load_l = self.load_kg = 0
        self.unloadings += 1
        return self._stop(
            "unload", facility.id, facility.location, opening_for_begin(facility), facility.service_s
        )

    def finish(self) -> None:
        vehicle = self.vehicle
        self._stop("return", vehicle.end_depot, self.depots[vehicle.end_depot].location, (), 0)
        if self.on_board:
            names = tuple(task.id for task in self.on_board)
            self._broken(
                "not_empty_at_end",
                names,
                f"{vehicle.id} returns with {len(names)} containers' waste on board",
            )
        if self.now_s > vehicle.latest_end_s:
            late = f"{vehicle.id} returns {self.now_s - vehicle.latest_end_s} s after its latest end"
            self._broken("shift_end", (), late)
        trips = self.unloadings + bool(self.on_board)
        if trips > vehicle.max_trips:
            self._broken("trips", (), f"{vehicle.id} makes {trips} trips, {vehicle.max_trips} are allowed")

    def _stop(
        self,
        kind: str,
        subject: str,
        location: int,
        windows: tuple[TimeWindow, ...] | None,
        service_s: int,
        task: ContainerTask | None = None,
    ) -> bool:
        """Drive there, wait for a window, work; False if no window is left (then work begins at once)."""
        leg_m = self.problem.distance_m[self.location][location] if self.steps else 0
        leg_s = self.problem.duration_s[self.location][location] if self.steps else 0
        arrival_s = self.now_s + leg_s
        begin_s = earliest_begin(windows, arrival_s)
        in_time = begin_s is not None
        begin_s = arrival_s if begin_s is None else begin_s
        if task is not None:
            self.on_board.append(task)
            self.load_l += task.demand_l
            self.load_kg += task.demand_kg
        self.location, self.now_s = location, begin_s + service_s
        self.steps.append(
            Step(
                kind=kind,
                subject=subject,
                location=location,
                leg_m=leg_m,
                leg_s=leg_s,
                arrival_s=arrival_s,
                wait_s=begin_s - arrival_s,
                begin_s=begin_s,
                end_s=self.now_s,
                load_l=self.load_l,
                load_kg=self.load_kg,
            )
        )
        return in_time

    def _broken(self, name: str, subjects: tuple[str, ...], message: str) -> None:
        self.violations.append(
            Violation(name=name, vehicle=self.vehicle.id, subjects=subjects, message=message)
        )

    def result(self) -> TourEvaluation:
        vehicle = self.vehicle
        used = bool(self.steps)
        distance_m = sum(step.leg_m for step in self.steps)
        duration_s = self.now_s - vehicle.shift_begin_s
        overtime_s = max(0, self.now_s - vehicle.regular_end_s) if used else 0
        cost = Cost(
            fixed_ueur=vehicle.fixed_cost_ueur if used else 0,
            distance_ueur=distance_m * vehicle.cost_per_m_ueur,
            time_ueur=duration_s * vehicle.cost_per_s_ueur,
            overtime_ueur=overtime_s * vehicle.overtime_cost_per_s_ueur,
        )
        return TourEvaluation(
            vehicle=vehicle.id,
            steps=tuple(self.steps),
            distance_m=distance_m,
            duration_s=duration_s,
            overtime_s=overtime_s,
            trips=self.unloadings,
            cost=cost,
            violations=tuple(self.violations),
        )


def earliest_begin(windows: tuple[TimeWindow, ...] | None, arrival_s: int) -> int | None:
    """When work can begin after this arrival; None if too late (``windows`` None: never, empty: any time)."""
    if windows is None:
        return None
    if not windows:
        return arrival_s
    return next((max(arrival_s, window.open_s) for window in windows if arrival_s <= window.close_s), None)


def opening_for_begin(facility: DisposalFacility) -> tuple[TimeWindow, ...] | None:
    """Windows within which an unloading may begin to end while open; None if none is long enough."""
    windows = tuple(
        TimeWindow(open_s=window.open_s, close_s=window.close_s - facility.service_s)
        for window in facility.opening
        if window.close_s - facility.service_s >= window.open_s
    )
    return None if facility.opening and not windows else windows


def _unknown_or_repeated_vehicles(solution: PlanSolution, vehicles: dict[str, Vehicle]) -> list[Violation]:
    counts = Counter(tour.vehicle for tour in solution.tours)
    found = []
    for name, count in counts.items():
        if name not in vehicles:
            message = f"vehicle {name} is not part of the problem"
            found.append(Violation(name="unknown_vehicle", vehicle=name, subjects=(), message=message))
        elif count > 1:
            message = f"vehicle {name} has {count} tours; a vehicle drives one a day"
            found.append(Violation(name="vehicle_twice", vehicle=name, subjects=(), message=message))
    return found


def _unserved_or_repeated_containers(problem: PlanProblem, solution: PlanSolution) -> list[Violation]:
    counts = Counter(container for tour in solution.tours for container in tour.containers)
    missing = tuple(task.id for task in problem.containers if task.required and not counts[task.id])
    twice = tuple(name for name, count in counts.items() if count > 1)
    found = []
    if missing:
        message = f"{len(missing)} required containers are in no tour"
        found.append(Violation(name="required_unserved", vehicle=None, subjects=missing, message=message))
    if twice:
        message = f"{len(twice)} containers are emptied more than once"
        found.append(Violation(name="served_twice", vehicle=None, subjects=twice, message=message))
    return found
