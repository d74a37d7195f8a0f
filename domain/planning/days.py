"""The days of a plan on one axis of time: each day's vehicles and opening hours, moved to where the day lies.

Times of a day count from its noon less twelve hours: that is midnight but on the two days on which clocks change, and
wall times of the working day stay right on these as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, pairwise

from domain.planning.checks import require
from domain.planning.fleet import BreakRules, Vehicle
from domain.planning.limits import why_not
from domain.planning.places import DisposalFacility, TimeWindow
from domain.planning.rhythm import Span
from domain.planning.tasks import ContainerTask
from domain.time import BERLIN

NOON = time(12)


@dataclass(frozen=True, kw_only=True)
class Day:
    """What drives and is open on one day; all times in seconds of that day, names as on any other day.

    A facility that is not named is closed all day; all but its opening hours is as on the first day that names it.
    """

    date: date
    vehicles: tuple[Vehicle, ...]
    facilities: tuple[DisposalFacility, ...]


def on(name: str, day: date) -> str:
    """The name that a vehicle of a `Day` has in a plan of several days."""
    return f"{name} on {day.isoformat()}"


class Calendar:
    """Successive days.

    Parameters
    ----------
    days : sequence of Day, (D,)
        In order, without gaps.

    Attributes
    ----------
    day_start : datetime
        Where the axis begins: the first day's noon less twelve hours.
    offsets_s : list of int, (D + 1,)
        Where each day begins on the axis, and at last where all of them end.
    """

    def __init__(self, days: Sequence[Day]) -> None:
        require(bool(days), "days: give at least one")
        for earlier, later in pairwise(days):
            require(
                later.date == earlier.date + timedelta(days=1),
                f"days: {earlier.date} is followed by {later.date}; give every day, in order",
            )
        self.days = tuple(days)
        begins = [_begin(days[0].date + timedelta(days=number)) for number in range(len(days) + 1)]
        self.day_start = begins[0]
        self.offsets_s = [round((begin - begins[0]).total_seconds()) for begin in begins]

    def vehicles(self) -> Iterator[Vehicle]:
        """Every vehicle of every day, named ``"<vehicle> on <date>"``."""
        for number, day in enumerate(self.days):
            for vehicle in day.vehicles:
                require(
                    vehicle.underway is None or number == 0,
                    f"vehicle {vehicle.id}: only a tour of the first day can be under way",
                )
                yield self._moved(vehicle, number)

    def facilities(self) -> Iterator[DisposalFacility]:
        """Each facility once, open as on each day; one that never closes stays so."""
        given = [(each, number) for number, day in enumerate(self.days) for each in day.facilities]
        given.sort(key=lambda one: one[0].id)
        for _, same in groupby(given, key=lambda one: one[0].id):
            found = list(same)
            always = len(found) == len(self.days) and not any(each.opening for each, _ in found)
            opening = () if always else (w for each, number in found for w in self._opening(each, number))
            yield replace(found[0][0], opening=tuple(opening))

    def windows(self, windows: Sequence[TimeWindow], number: int) -> tuple[TimeWindow, ...]:
        """Windows of a day on the common axis."""
        offset_s = self.offsets_s[number]
        return tuple(
            TimeWindow(open_s=each.open_s + offset_s, close_s=each.close_s + offset_s) for each in windows
        )

    def span(self, task: ContainerTask, begin: int) -> Span:
        """The days from this one on, usable where some vehicle may serve the container."""
        usable = (
            any(each.carries(task.fraction) and why_not(each, task) is None for each in day.vehicles)
            for day in self.days[begin:]
        )
        first = self.days[0].date + timedelta(days=begin)
        return Span(first=first, usable=tuple(usable))

    def _moved(self, vehicle: Vehicle, number: int) -> Vehicle:
        offset_s = self.offsets_s[number]
        return replace(
            vehicle,
            id=on(vehicle.id, self.days[number].date),
            day=number,
            shift_begin_s=vehicle.shift_begin_s + offset_s,
            regular_end_s=vehicle.regular_end_s + offset_s,
            latest_end_s=vehicle.latest_end_s + offset_s,
            breaks=_breaks_moved(vehicle.breaks, offset_s),
        )

    def _opening(self, facility: DisposalFacility, number: int) -> tuple[TimeWindow, ...]:
        length_s = self.offsets_s[number + 1] - self.offsets_s[number]
        return self.windows(facility.opening or (TimeWindow(open_s=0, close_s=length_s - 1),), number)


def _breaks_moved(breaks: BreakRules, offset_s: int) -> BreakRules:
    if breaks.lunch is None:
        return breaks
    lunch = replace(
        breaks.lunch,
        earliest_begin_s=breaks.lunch.earliest_begin_s + offset_s,
        latest_begin_s=breaks.lunch.latest_begin_s + offset_s,
    )
    return replace(breaks, lunch=lunch)


def _begin(day: date) -> datetime:
    return datetime.combine(day, NOON, BERLIN).astimezone(UTC) - timedelta(hours=12)
