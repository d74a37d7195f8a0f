"""Plan several days at once, drive the first, and plan again: what was planned before holds as far as wanted.

A plan of several days looks ahead, so that today's tours leave what tomorrow's pass anyway; but only its first day is
driven. In the meantime levels change and a further day comes into sight. Planning anew each day would tell drivers and
residents something else each time, so a plan starts from the one before it: its first day stands if it was given out,
announced visits stay on their days, and any other change has its price.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from domain.planning import (
    Collect,
    ContainerTask,
    Day,
    InvalidProblem,
    Occasion,
    PeriodicContainer,
    PlannedTour,
    PlanProblem,
    PlanSolution,
    SeveralDays,
    UsualVisit,
    Visit,
    evaluate,
    several_days,
)
from processing.routing.solve import solve
from processing.routing.stop import ProgressCallback, Stop


@dataclass(frozen=True, kw_only=True)
class Keep:
    """How much of the former plan holds; the prices of other vehicles, orders and hours are the region's habits.

    Attributes
    ----------
    first_day : bool
        The tours of the first day are driven exactly as planned before.
    promised_days : int
        On so many days from the first, who was to be visited is visited, by whatever vehicle.
    other_day_ueur : int
        Price of each visit on a day on which the former plan has none for the container, though it has both.
    """

    first_day: bool = False
    promised_days: int = 0
    other_day_ueur: int = 0


@dataclass(frozen=True, kw_only=True)
class RollingPlan:
    """A plan of several days, and what it was made for."""

    days: tuple[Day, ...]
    several: SeveralDays
    solution: PlanSolution

    @property
    def problem(self) -> PlanProblem:
        """What was solved."""
        return self.several.problem

    @cached_property
    def dates(self) -> dict[str, frozenset[date]]:
        """When each container is visited, by its own id."""
        found: dict[str, set[date]] = defaultdict(set)
        for tour in self.solution.tours:
            for name in tour.containers:
                occasion = self.several.occasions[name]
                found[occasion.container].add(occasion.date)
        return {name: frozenset(dates) for name, dates in found.items()}

    @cached_property
    def offered(self) -> frozenset[str]:
        """Containers that could be visited, by their own ids, whether or not they are."""
        return frozenset(occasion.container for occasion in self.several.occasions.values())

    def tours_on(self, day: date) -> tuple[PlannedTour, ...]:
        """The tours of one day; vehicles and containers have the names of the problem."""
        vehicles = self.problem.lookup.vehicles
        return tuple(
            tour for tour in self.solution.tours if self.days[vehicles[tour.vehicle].day].date == day
        )


def plan_days(
    region: PlanProblem,
    days: Sequence[Day],
    containers: Sequence[PeriodicContainer],
    stop: Stop,
    seed: int = 0,
    progress: ProgressCallback | None = None,
    *,
    former: RollingPlan | None = None,
    keep: Keep = Keep(),
) -> RollingPlan:
    """Plan some days together.

    Parameters
    ----------
    region : PlanProblem
        Depots, sites, ways and the prices of habits; see `domain.planning.several_days`.
    days : sequence of Day, (D,)
        In order, without gaps.
    containers : sequence of PeriodicContainer
        As known now: levels, and when each was really emptied.
    stop, seed, progress
        As for `processing.routing.solve.solve`.
    former : RollingPlan, optional
        A plan that was made before of some of the same days. Visits of containers that are not given any more are
        dropped from it.
    keep : Keep

    Returns
    -------
    RollingPlan
        Where nothing better is found, the former plan on its days, if that is still feasible.

    Raises
    ------
    InvalidProblem
        If the parts contradict each other, or the first day is to be kept and is not in the former plan.
    """
    first = days[0].date if days else None
    if keep.first_day and (former is None or first not in {day.date for day in former.days}):
        raise InvalidProblem(f"keep: no former plan has the first day ({first}); give one, or plan it anew")
    if former is None:
        several = several_days(region, days, containers)
        return RollingPlan(
            days=tuple(days), several=several, solution=solve(several.problem, stop, seed, progress)
        )
    several = _after(former, region, days, containers, keep)
    found = solve(several.problem, stop, seed, progress, start=_start(former, several))
    return RollingPlan(days=tuple(days), several=several, solution=found)


def roll(
    former: RollingPlan,
    new_day: Day,
    region: PlanProblem,
    containers: Sequence[PeriodicContainer],
    stop: Stop,
    seed: int = 0,
    progress: ProgressCallback | None = None,
    *,
    keep: Keep = Keep(),
) -> RollingPlan:
    """Drop the first day of a plan, add a last one, and plan again; see `plan_days`.

    ``containers`` say what happened on the day that is over; if it all went as planned, `carried_out` does.
    """
    days = (*former.days[1:], new_day)
    return plan_days(region, days, containers, stop, seed, progress, former=former, keep=keep)


def carried_out(former: RollingPlan, containers: Sequence[PeriodicContainer]) -> list[PeriodicContainer]:
    """The containers after the first day, emptied as planned; levels are to be given anew."""
    over = former.days[0].date
    return [
        replace(each, visited=each.visited | {over})
        if over in former.dates.get(each.task.id, frozenset())
        else each
        for each in containers
    ]


def _after(
    former: RollingPlan,
    region: PlanProblem,
    days: Sequence[Day],
    containers: Sequence[PeriodicContainer],
    keep: Keep,
) -> SeveralDays:
    """The problem, with what holds of the former plan."""
    promised = {day.date for day in days[: keep.promised_days]}
    containers = [
        replace(each, promised=each.promised | promised & former.dates.get(each.task.id, frozenset()))
        for each in containers
    ]
    settled = None
    if keep.first_day:
        settled = frozenset(name for name, dates in former.dates.items() if days[0].date in dates)
    several = several_days(region, days, containers, settled=settled)
    names = _names(several)
    problem = replace(
        several.problem,
        containers=tuple(_priced(former, several, task, keep) for task in several.problem.containers),
        habits=replace(region.habits, visits=tuple(_usual(former, several, names))),
        fixed=tuple(_first_day(former, several.problem, names, days[0].date)) if keep.first_day else (),
    )
    return replace(several, problem=problem)


def _names(several: SeveralDays) -> dict[Occasion, tuple[str, ...]]:
    """The tasks of each occasion."""
    found: dict[Occasion, tuple[str, ...]] = {}
    for name, occasion in several.occasions.items():
        found[occasion] = (*found.get(occasion, ()), name)
    return found


def _priced(former: RollingPlan, several: SeveralDays, task: ContainerTask, keep: Keep) -> ContainerTask:
    """The task with the price of a visit on another day than planned before, where it is one."""
    occasion = several.occasions[task.id]
    planned = former.dates.get(occasion.container, frozenset())
    known = occasion.container in former.offered and any(day.date == occasion.date for day in former.days)
    if not known or occasion.date in planned:
        return task
    return replace(task, serving_cost_ueur=task.serving_cost_ueur + keep.other_day_ueur)


def _usual(
    former: RollingPlan, several: SeveralDays, names: Mapping[Occasion, tuple[str, ...]]
) -> Iterator[UsualVisit]:
    """The former visits, for each task that one of them stands for; the one before as the same plan has it now."""
    shift_s = round((former.problem.day_start - several.problem.day_start).total_seconds())
    chosen = _chosen(former, several)
    for tour in evaluate(former.problem, former.solution).tours:
        before: str | None = None
        for step in tour.steps:
            if step.kind == "unload":
                before = None
            if step.kind != "collect":
                continue
            occasion = former.several.occasions[step.subject]
            now = names.get(occasion, ())
            for name in now:
                yield UsualVisit(
                    container=name, vehicle=tour.vehicle, after=before, arrival_s=step.begin_s + shift_s
                )
            before = chosen.get(occasion, now[0] if now else step.subject)


def _first_day(
    former: RollingPlan, problem: PlanProblem, names: Mapping[Occasion, tuple[str, ...]], day: date
) -> Iterator[PlannedTour]:
    """The former tours of this day; vehicles that had none stay at home."""
    tours = {tour.vehicle: tour for tour in former.tours_on(day)}
    idle = (vehicle.id for vehicle in problem.vehicles if vehicle.day == 0 and vehicle.id not in tours)
    chosen = {occasion: same[0] for occasion, same in names.items() if occasion.date == day}
    for tour in tours.values():
        yield replace(tour, visits=_visits(former, tour, chosen))
    for name in idle:
        yield PlannedTour(vehicle=name, visits=())


def _visits(former: RollingPlan, tour: PlannedTour, chosen: Mapping[Occasion, str]) -> tuple[Visit, ...]:
    """The visits of a former tour, containers by their present names, without those that have none."""
    found: list[Visit] = []
    for visit in tour.visits:
        if isinstance(visit, Collect):
            name = chosen.get(former.several.occasions[visit.container])
            if name is not None:
                found.append(Collect(container=name))
        else:
            found.append(visit)
    return tuple(found) if any(isinstance(visit, Collect) for visit in found) else ()


def _start(former: RollingPlan, several: SeveralDays) -> PlanSolution:
    """The former plan on its days, to begin with."""
    problem, chosen = several.problem, _chosen(former, several)
    fixed = {tour.vehicle for tour in problem.fixed}
    still = [
        replace(tour, visits=_visits(former, tour, chosen))
        for tour in former.solution.tours
        if tour.vehicle in problem.lookup.vehicles and tour.vehicle not in fixed
    ]
    return PlanSolution(tours=(*problem.fixed, *still))


def _chosen(former: RollingPlan, several: SeveralDays) -> dict[Occasion, str]:
    """The task of each occasion of the former plan: where there is a choice, of the option with the same days."""
    problem, occasions = several.problem, several.occasions
    chosen = {
        occasions[task.id]: task.id for task in problem.containers if task.id not in problem.lookup.choice_of
    }
    for choice in problem.choices:
        possible = {occasions[name].date for name in choice.containers}
        planned = former.dates.get(choice.id, frozenset()) & possible
        for option in choice.options:
            same = [occasions[name] for name in option]
            if {each.date for each in same} == planned:
                chosen.update(zip(same, option, strict=True))
    return chosen
