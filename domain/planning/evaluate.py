"""Judge a solution independently of whoever made it: simple code that is obviously right, not fast.

Each concept has a module of its own, which lists the names of the violations it finds: `domain.planning.loads` (trips,
capacities, fractions), `domain.planning.limits` (eligibility, windows, the vehicle's limits),
`domain.planning.breaks` (working and driving time) and `domain.planning.agreements` (what concerns the whole
plan). Here are ``unknown_container`` and ``unknown_facility``.
"""

from domain.planning.agreements import check_plan, cost_of_leaving_ueur
from domain.planning.breaks import check_breaks
from domain.planning.clock import begin_of, run, steps_of
from domain.planning.costs import cost_of_tour, overtime_s
from domain.planning.evaluation import Cost, PlanEvaluation, TourEvaluation, Violation
from domain.planning.fleet import Vehicle
from domain.planning.itinerary import Itinerary
from domain.planning.limits import check_eligible, check_lengths, check_times
from domain.planning.loads import Body, Job
from domain.planning.lookup import Lookup
from domain.planning.problem import PlanProblem
from domain.planning.solution import Collect, PlannedTour, PlanSolution, Unload
from domain.planning.tasks import ContainerTask


def evaluate(problem: PlanProblem, solution: PlanSolution) -> PlanEvaluation:
    """Time line, load, cost and violations of all tours, and of the plan as a whole.

    A vehicle under way that has no tour drives home; it comes after the tours given.
    """
    named = {tour.vehicle for tour in solution.tours}
    homeward = [
        PlannedTour(vehicle=vehicle.id, visits=())
        for vehicle in problem.vehicles
        if vehicle.underway is not None and vehicle.id not in named
    ]
    known = [tour for tour in solution.tours if tour.vehicle in problem.lookup.vehicles]
    tours = tuple(evaluate_tour(problem, tour) for tour in (*known, *homeward))
    violations = [violation for tour in tours for violation in tour.violations]
    violations += check_plan(problem, solution, tours)
    cost = sum((tour.cost for tour in tours), Cost(leaving_ueur=cost_of_leaving_ueur(problem, solution)))
    return PlanEvaluation(tours=tours, cost=cost, violations=tuple(violations))


def evaluate_tour(problem: PlanProblem, tour: PlannedTour) -> TourEvaluation:
    """Drive one tour from depot to depot; unknown visits are named and skipped."""
    lookup = problem.lookup
    vehicle = lookup.vehicles[tour.vehicle]
    if not tour.visits and vehicle.underway is None:
        return _at_home(vehicle)
    jobs, violations = _jobs_of(lookup, tour)
    tasks = [job for job in jobs if isinstance(job, ContainerTask)]
    body = Body(vehicle, jobs)
    stages = Itinerary(lookup, vehicle, jobs, body).stages
    begin_s = begin_of(vehicle, stages)
    times = run(stages, begin_s)
    steps = steps_of(stages, times)
    distance_m = sum(step.leg_m for step in steps)
    violations += check_eligible(vehicle, tasks)
    violations += body.violations
    violations += check_times(vehicle, stages, times, begin_s)
    violations += check_lengths(vehicle, distance_m, tasks)
    violations += check_breaks(vehicle, tasks, steps)
    return TourEvaluation(
        vehicle=vehicle.id,
        steps=steps,
        distance_m=distance_m,
        duration_s=steps[-1].end_s - begin_s,
        overtime_s=overtime_s(vehicle, begin_s, steps[-1].end_s),
        trips=body.trips,
        cost=cost_of_tour(lookup, problem.habits, vehicle, steps),
        violations=tuple(violations),
        deliveries=tuple(body.deliveries),
    )


def _at_home(vehicle: Vehicle) -> TourEvaluation:
    return TourEvaluation(
        vehicle=vehicle.id,
        steps=(),
        distance_m=0,
        duration_s=0,
        overtime_s=0,
        trips=0,
        cost=Cost(),
        violations=(),
    )


def _jobs_of(lookup: Lookup, tour: PlannedTour) -> tuple[list[Job], list[Violation]]:
    """What the visits name; those that name nothing known are left out and reported."""
    jobs: list[Job] = []
    unknown: list[Violation] = []
    for visit in tour.visits:
        job: Job | None
        if isinstance(visit, Collect):
            kind, name, job = "container", visit.container, lookup.containers.get(visit.container)
        elif isinstance(visit, Unload):
            kind, name, job = "facility", visit.facility, lookup.facilities.get(visit.facility)
        else:
            kind, name, job = "pause", "", visit
        if job is not None:
            jobs.append(job)
            continue
        message = f"{kind} {name} is not part of the problem"
        unknown.append(
            Violation(name=f"unknown_{kind}", vehicle=tour.vehicle, subjects=(name,), message=message)
        )
    return jobs, unknown
