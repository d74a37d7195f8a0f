"""When something is served again and again: rhythms, and the sets of days of a plan that keep to one.

Days of a plan are numbered from 0; a plan's `Span` says which of them can be used at all. Where a rhythm is due on
none of these, it is served on the first of them after that: bins of a public holiday are emptied the day after.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from domain.planning.checks import require

Pattern = tuple[int, ...]
"""Days of one plan on which something is served, in order; empty: not within the plan."""

MOST_PATTERNS = 2_000
"""Patterns of one container; far more than a search makes use of."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """Successive days: the date of day 0, and of each day whether anything could be served on it."""

    first: date
    usable: tuple[bool, ...]

    def number_of(self, day: date) -> int:
        """Number of a date; negative before the span."""
        return (day - self.first).days

    def usable_from(self, number: int) -> int | None:
        """The first usable day that is not before this one; None if there is none within the span."""
        begin = max(0, number)
        return next((day for day, usable in enumerate(self.usable[begin:], begin) if usable), None)

    def between(self, earliest: int, latest: int | None) -> list[int | None]:
        """Usable days from ``earliest`` to ``latest`` (None: whenever), and None if later than the span will do.

        If there is neither, the first usable day after ``latest``, or None where that is later than the span.
        """
        days = len(self.usable)
        last = days - 1 if latest is None else min(latest, days - 1)
        found: list[int | None] = [day for day in range(max(0, earliest), last + 1) if self.usable[day]]
        if latest is None or latest >= days:
            found.append(None)
        return found or [self.usable_from(max(earliest, last + 1))]


@dataclass(frozen=True, kw_only=True)
class Interval:
    """At least ``least_days`` and at most ``most_days`` from one visit to the next.

    Both equal: every so many days. ``most_days`` None: whenever it pays. Something that was never visited may be
    visited on any of the first ``most_days`` days.
    """

    least_days: int = 1
    most_days: int | None = None

    def __post_init__(self) -> None:
        require(self.least_days >= 1, f"interval: least_days must be at least 1, it is {self.least_days}")
        require(
            self.most_days is None or self.most_days >= self.least_days,
            f"interval: most_days ({self.most_days}) must not be below least_days ({self.least_days})",
        )

    def patterns(self, span: Span, visited: frozenset[date]) -> Iterator[Pattern]:
        """Every set of days with such distances from each other, and from the last of the days visited before."""
        if visited:
            yield from self._after(span, span.number_of(max(visited)))
        else:
            latest = None if self.most_days is None else self.most_days - 1
            yield from self._beginning(span, span.between(0, latest))

    def _after(self, span: Span, last: int) -> Iterator[Pattern]:
        latest = None if self.most_days is None else last + self.most_days
        yield from self._beginning(span, span.between(last + self.least_days, latest))

    def _beginning(self, span: Span, begins: list[int | None]) -> Iterator[Pattern]:
        for day in begins:
            if day is None:
                yield ()
            else:
                yield from ((day, *rest) for rest in self._after(span, day))


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """One of some sets of days of a cycle that repeats: ``length_days`` 7 with {0, 3} or {1, 4}, Monday being 0.

    Day 0 of cycles of 7, 14 and so on days is a Monday. Who is served on the same days in each cycle learns them by
    heart: the days visited in the last cycle decide for the set that has most of them. What was due since the last
    visit is served on the first usable day.
    """

    length_days: int
    options: tuple[frozenset[int], ...]

    def __post_init__(self) -> None:
        require(
            bool(self.options) and all(self.options), "cycle: options must name days, in each at least one"
        )
        days = frozenset().union(*self.options)
        require(
            min(days) >= 0 and max(days) < self.length_days,
            f"cycle: days must lie from 0 to length_days - 1 ({self.length_days - 1})",
        )

    def patterns(self, span: Span, visited: frozenset[date]) -> Iterator[Pattern]:
        """The days of each set, from the day after the last visit on."""
        begin = max(-self.length_days, span.number_of(max(visited)) + 1) if visited else 0
        recent = {self._day(day) for day in visited if span.number_of(day) >= -self.length_days}
        fit = [len(recent & option) for option in self.options]
        for option, fits in zip(self.options, fit, strict=True):
            if fits == max(fit):
                due = (
                    number
                    for number in range(begin, len(span.usable))
                    if self._day(span.first + timedelta(days=number)) in option
                )
                yield tuple(sorted({day for each in due if (day := span.usable_from(each)) is not None}))

    def _day(self, day: date) -> int:
        return (day.toordinal() - 1) % self.length_days


@dataclass(frozen=True, kw_only=True)
class Once:
    """An order: one visit, on ``latest_on`` at the latest (None: whenever it pays)."""

    latest_on: date | None = None

    def patterns(self, span: Span, visited: frozenset[date]) -> Iterator[Pattern]:
        """Each day on which it may be carried out; none at all once it was."""
        latest = None if self.latest_on is None else span.number_of(self.latest_on)
        for day in [None] if visited else span.between(0, latest):
            yield () if day is None else (day,)


Rhythm = Interval | Cycle | Once


def permitted(
    rhythm: Rhythm,
    span: Span,
    *,
    visited: frozenset[date] = frozenset(),
    promised: frozenset[date] = frozenset(),
) -> tuple[Pattern, ...]:
    """Patterns of days that keep to a rhythm and to what was promised; at least one, each once.

    Parameters
    ----------
    rhythm : Rhythm
    span : Span
    visited : frozenset of date
        Days before the span on which it was served, as far as known.
    promised : frozenset of date
        Days on which it must be served whatever else; those outside the span do not matter. A promise outranks the
        rhythm: if no pattern keeps both, the promised days are the only pattern.

    Raises
    ------
    InvalidProblem
        If there are more than ``MOST_PATTERNS`` patterns.
    """
    before = frozenset(day for day in visited if day < span.first)
    found = set(islice(rhythm.patterns(span, before), MOST_PATTERNS + 1))
    require(
        len(found) <= MOST_PATTERNS,
        f"{rhythm} permits more than {MOST_PATTERNS} patterns of {len(span.usable)} days: narrow it, or plan fewer",
    )
    given = {span.number_of(day) for day in promised} & set(range(len(span.usable)))
    kept = sorted(pattern for pattern in found if given.issubset(pattern))
    return tuple(kept) or (tuple(sorted(given)),)
