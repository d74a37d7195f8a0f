"""Several days in one problem: containers that are visited in a rhythm, fill from day to day, and cost while they wait.

Each visit that some pattern of days makes of a container is a `ContainerTask` tied to its day, and the patterns are
the options of a `Choice`. What a visit takes away depends on the visit before: where that differs between patterns, a
day has several tasks, of which a plan carries out one at most. The cost of the days on which the container waits before
a visit is part of that visit's serving cost, so that the evaluator counts it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import pairwise

from domain.planning.checks import check_not_negative, check_unique, require
from domain.planning.days import Calendar, Day, on
from domain.planning.problem import PlanProblem
from domain.planning.rhythm import Pattern, Rhythm, permitted
from domain.planning.tasks import Choice, ContainerTask


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What a day costs that leaves at least ``from_l`` in a container: an overflow's price times its probability."""

    from_l: int
    ueur_per_day: int

    def __post_init__(self) -> None:
        check_not_negative("waiting", self, ("from_l", "ueur_per_day"))


_FREE = Waiting(from_l=0, ueur_per_day=0)


@dataclass(frozen=True, kw_only=True)
class PeriodicContainer:
    """A container over several days.

    Attributes
    ----------
    task : ContainerTask
        What all of its visits have in common; windows and release in seconds of a day, vehicles by their names in
        `Day`. If it is not ``required``, no visit at all costs its ``cost_of_leaving_ueur`` beside the waiting.
    rhythm : Rhythm
        When it is visited.
    filled_l, filled_kg : tuple of int, (D,)
        What is in it as the tours pass on each day of the plan if nobody empties it before: never less than the day
        before. A visit takes away what has come since the visit before. Empty: each visit takes the task's demand.
    waiting : tuple of Waiting
        Prices of a day without a visit, by what is in it; that of the highest ``from_l`` reached counts.
    visited : frozenset of date
        When it was emptied before, as far as known.
    promised : frozenset of date
        Days on which it will be emptied, whatever the rhythm says.
    """

    task: ContainerTask
    rhythm: Rhythm
    filled_l: tuple[int, ...] = ()
    filled_kg: tuple[int, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    visited: frozenset[date] = frozenset()
    promised: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        owner = f"container {self.task.id}"
        for name, amounts in (("filled_l", self.filled_l), ("filled_kg", self.filled_kg)):
            require(
                all(earlier <= later for earlier, later in pairwise((0, *amounts))),
                f"{owner}: {name} must not be negative nor fall from one day to the next",
            )
        require(
            bool(self.filled_l) or not self.waiting, f"{owner}: waiting needs filled_l, by which it is priced"
        )
        require(self.task.days is None, f"{owner}: leave days to its rhythm")

    def demand(self, day: int, before: int | None) -> tuple[int, int]:
        """Litres and kilograms that a visit on this day takes away, the one before having been on ``before``."""
        task = self.task
        return (
            _since(self.filled_l, day, before) if self.filled_l else task.demand_l,
            _since(self.filled_kg, day, before) if self.filled_kg else task.demand_kg,
        )

    def waiting_ueur(self, days: range, before: int | None) -> int:
        """What it costs that nobody comes on these days, the last visit having been on ``before``."""
        return sum(self._price(_since(self.filled_l, day, before)) for day in days) if self.waiting else 0

    def _price(self, content_l: int) -> int:
        reached = (each for each in self.waiting if content_l >= each.from_l)
        return max(reached, key=lambda each: each.from_l, default=_FREE).ueur_per_day


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """What a container of a problem of several days stands for: emptying a container on a day."""

    container: str
    date: date


@dataclass(frozen=True, kw_only=True)
class SeveralDays:
    """A problem of several days and what it stands for.

    Attributes
    ----------
    problem : PlanProblem
    occasions : mapping
        The occasion that each of its containers stands for, by its id.
    out_of_reach : tuple of str
        Containers that are due, but on none of the days a vehicle drives that may serve them. They are no part of the
        problem, nor are those that are not due, nor what it costs that these wait.
    """

    problem: PlanProblem
    occasions: Mapping[str, Occasion]
    out_of_reach: tuple[str, ...] = ()


def several_days(
    region: PlanProblem,
    days: Sequence[Day],
    containers: Sequence[PeriodicContainer],
    *,
    settled: frozenset[str] | None = None,
) -> SeveralDays:
    """Put days and containers into one problem.

    Parameters
    ----------
    region : PlanProblem
        Depots, sites, ways and the prices of habits; nothing else of it is used.
    days : sequence of Day, (D,)
        In order, without gaps.
    containers : sequence of PeriodicContainer
    settled : frozenset of str, optional
        The containers that are served on the first day if that is decided: their visits of that day are required, there
        are no others on it, and the cost of waiting counts from the second day on.

    Returns
    -------
    SeveralDays
        Vehicles are named ``"<vehicle> on <date>"``, tasks likewise, with ``" #2"`` and so on where a day has several.

    Raises
    ------
    InvalidProblem
        If days are missing or have gaps, a container has not as many amounts as there are days, or something else
        about the parts contradicts itself.
    """
    calendar = Calendar(days)
    check_unique("container", (each.task.id for each in containers))
    plans = [_Visits(calendar, each, settled) for each in containers]
    problem = replace(
        region,
        day_start=calendar.day_start,
        vehicles=tuple(calendar.vehicles()),
        facilities=tuple(calendar.facilities()),
        containers=tuple(plan.tasks[key] for plan in plans for key in sorted(plan.tasks)),
        choices=tuple(plan.choice for plan in plans if plan.choice is not None),
        sequences=(),
        fixed=(),
        habits=replace(region.habits, visits=()),
    )
    occasions = {name: occasion for plan in plans for name, occasion in plan.occasions.items()}
    beyond = tuple(each.task.id for each, plan in zip(containers, plans, strict=True) if plan.out_of_reach)
    return SeveralDays(problem=problem, occasions=occasions, out_of_reach=beyond)


class _Visits:
    """The tasks of one container, and the choice between its patterns where there is one."""

    def __init__(
        self, calendar: Calendar, container: PeriodicContainer, settled: frozenset[str] | None
    ) -> None:
        self.tasks: dict[tuple[int, int, int, int], ContainerTask] = {}
        self.occasions: dict[str, Occasion] = {}
        self.choice: Choice | None = None
        self.out_of_reach = False
        self._calendar = calendar
        self._container = container
        self._days = len(calendar.days)
        self._check_amounts()
        self._begin = 0 if settled is None else 1
        self._before = 0 if settled is not None and container.task.id in settled else None
        if self._before is not None:
            self._visit(0, None, 0)
        self._choose(self._patterns())

    def _check_amounts(self) -> None:
        for name in ("filled_l", "filled_kg"):
            count = len(getattr(self._container, name))
            require(
                count in (0, self._days),
                f"container {self._container.task.id}: {name} has {count} amounts, the plan {self._days} days",
            )

    def _patterns(self) -> tuple[Pattern, ...]:
        """Sets of the days that are still open."""
        container, begin = self._container, self._begin
        visited = container.visited
        if self._before is not None:
            visited |= {self._calendar.days[0].date}
        span = self._calendar.span(container.task, begin)
        permit = partial(permitted, container.rhythm, visited=visited, promised=container.promised)
        if not any(span.usable):
            every_day = replace(span, usable=(True,) * len(span.usable))
            self.out_of_reach = container.task.required and () not in permit(every_day)
        found = permit(span)
        return tuple(tuple(day + begin for day in pattern) for pattern in found)

    def _choose(self, patterns: tuple[Pattern, ...]) -> None:
        task = self._container.task
        may_wait = () in patterns
        options = tuple(tuple(self._option(pattern)) for pattern in patterns if pattern)
        if not options or (len(patterns) == 1 and task.required):
            return
        leaving_ueur = self._waiting_ueur(self._days, self._before)
        self.choice = Choice(
            id=task.id,
            options=options,
            required=task.required and not may_wait,
            cost_of_leaving_ueur=leaving_ueur + (0 if may_wait else task.cost_of_leaving_ueur),
        )

    def _option(self, pattern: Pattern) -> Iterator[str]:
        """The tasks of a pattern; each visit pays for the days waited before it, the last also for those after."""
        before = self._before
        for day in pattern:
            cost_ueur = self._waiting_ueur(day, before)
            if day == pattern[-1]:
                cost_ueur += self._waiting_ueur(self._days, day)
            yield self._visit(day, before, cost_ueur)
            before = day

    def _waiting_ueur(self, day: int, before: int | None) -> int:
        """Cost of the open days between the visit before and this day."""
        begin = self._begin if before is None else max(self._begin, before + 1)
        return self._container.waiting_ueur(range(begin, day), before)

    def _visit(self, day: int, before: int | None, waiting_ueur: int) -> str:
        """The task of a visit: the one that is there already if nothing about it differs."""
        litres, kilograms = self._container.demand(day, before)
        key = (day, litres, kilograms, self._container.task.serving_cost_ueur + waiting_ueur)
        if key not in self.tasks:
            variant = 1 + sum(1 for other in self.tasks if other[0] == day)
            self.tasks[key] = self._make(variant, *key)
        return self.tasks[key].id

    def _make(self, variant: int, number: int, litres: int, kilograms: int, cost_ueur: int) -> ContainerTask:
        task, day = self._container.task, self._calendar.days[number]
        name = on(task.id, day.date) + (f" #{variant}" if variant > 1 else "")
        self.occasions[name] = Occasion(container=task.id, date=day.date)
        drives = {vehicle.id for vehicle in day.vehicles}
        released_s = task.released_s
        return replace(
            task,
            id=name,
            demand_l=litres,
            demand_kg=kilograms,
            serving_cost_ueur=cost_ueur,
            required=True,
            cost_of_leaving_ueur=0,
            windows=self._calendar.windows(task.windows, number),
            vehicles=None if task.vehicles is None else _named(task.vehicles & drives, day.date),
            forbidden_vehicles=_named(task.forbidden_vehicles & drives, day.date),
            days=frozenset({number}),
            released_s=None if released_s is None else released_s + self._calendar.offsets_s[number],
        )


def _named(vehicles: frozenset[str], day: date) -> frozenset[str]:
    return frozenset(on(each, day) for each in vehicles)


def _since(filled: tuple[int, ...], day: int, before: int | None) -> int:
    return filled[day] - (0 if before is None else filled[before])
