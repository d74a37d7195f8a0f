"""The ``.sol`` layout: ``Route #1: 4 8 15``, one line for each vehicle, and the cost in the last line."""

import re
from dataclasses import dataclass, field
from typing import NoReturn

from domain.planning import Collect, Pause, PlannedTour, Unload, Visit
from processing.routing.formats.errors import BadInstance

_ROUTE = re.compile(r"\s*route\s*#?\s*(\d{1,9})\s*:(.*)", re.IGNORECASE)
_COST = re.compile(r"\s*cost\s*:?\s*([-+.\deE]+)\s*$", re.IGNORECASE)
_REMARK = re.compile(r"\s*(#.*|(?!route)[A-Za-z_][\w ]*([:\s].*)?)?", re.IGNORECASE | re.DOTALL)
_PAUSE = re.compile(r"(lunch|pause):(\d{1,9})(:next)?")


@dataclass(frozen=True, kw_only=True)
class RouteLayout:
    """Which word stands for which visit in a family's routes.

    Pauses are written ``pause:2700`` or ``lunch:3600`` (seconds of the problem's clock), with ``:next`` if they are
    taken on arrival at the next stop.

    Attributes
    ----------
    vehicles : tuple of str
        Route k is that of the k-th vehicle.
    words : dict of str to Visit
        Customers and facilities.
    own_words : dict of str to dict
        The same for each vehicle, where a word means another visit with another vehicle (on another day).
    final : dict of str to str
        The facility, by vehicle, where a tour's last trip ends without the routes saying so.
    every_vehicle : bool
        Whether vehicles that stay at home have a line, too; otherwise the used ones are numbered, as vehicles are
        alike.
    """

    vehicles: tuple[str, ...]
    words: dict[str, Visit] = field(default_factory=dict)
    own_words: dict[str, dict[str, Visit]] = field(default_factory=dict)
    final: dict[str, str] = field(default_factory=dict)
    every_vehicle: bool = False

    def write(self, tours: tuple[PlannedTour, ...]) -> str:
        """The routes, without the cost."""
        names = {vehicle: _reversed(words) for vehicle, words in self.own_words.items()}
        common = _reversed(self.words)
        by_vehicle = {tour.vehicle: tour for tour in tours if tour.visits}
        lines: list[str] = []
        for vehicle in self.vehicles:
            if self.every_vehicle or vehicle in by_vehicle:
                visits = by_vehicle[vehicle].visits if vehicle in by_vehicle else ()
                words = [_word(visit, names.get(vehicle, common)) for visit in self._stated(vehicle, visits)]
                lines.append(f"Route #{len(lines) + 1}: {' '.join(words)}".rstrip() + "\n")
        return "".join(lines)

    def _stated(self, vehicle: str, visits: tuple[Visit, ...]) -> tuple[Visit, ...]:
        implied = self.final.get(vehicle)
        if implied is not None and visits and visits[-1] == Unload(facility=implied):
            return visits[:-1]
        return visits

    def read(self, text: str, source: str) -> tuple[PlannedTour, ...]:
        """The tours in a solution's text.

        Raises
        ------
        BadInstance
            If a line is neither a route nor a remark, or names what is unknown.
        """
        tours: dict[str, PlannedTour] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            match = _ROUTE.fullmatch(line)
            if match:
                tour = self._tour(int(match[1]), match[2].split(), f"{source}, line {number}")
                if tour.vehicle in tours:
                    _fail(f"{source}, line {number}", f"route {match[1]} is given twice", "number each once")
                tours[tour.vehicle] = tour
            elif not _REMARK.fullmatch(line):
                _fail(f"{source}, line {number}", "this is no route", "write 'Route #1: 4 8 15'")
        return tuple(tour for tour in tours.values() if tour.visits)

    def _tour(self, number: int, words: list[str], where: str) -> PlannedTour:
        if not 1 <= number <= len(self.vehicles):
            _fail(where, f"there is no vehicle {number}", f"use 1 to {len(self.vehicles)}")
        vehicle = self.vehicles[number - 1]
        visits = [self._visit(vehicle, word, where) for word in words]
        implied = self.final.get(vehicle)
        if visits and implied is not None and not isinstance(visits[-1], Unload):
            visits.append(Unload(facility=implied))
        return PlannedTour(vehicle=vehicle, visits=tuple(visits))

    def _visit(self, vehicle: str, word: str, where: str) -> Visit:
        known = self.own_words.get(vehicle, self.words).get(word)
        if known is not None:
            return known
        pause = _PAUSE.fullmatch(word)
        if pause:
            return Pause(duration_s=int(pause[2]), at_next=bool(pause[3]), lunch=pause[1] == "lunch")
        return _fail(where, f"{word[:40]!r} is neither a stop nor a facility", "use the instance's numbers")


def stated_cost(text: str) -> str | None:
    """What a solution's text says it costs, as written."""
    found = [match[1] for line in text.splitlines() if (match := _COST.fullmatch(line))]
    return found[-1] if found else None


def numbered(collect: dict[str, str], unload: dict[str, str]) -> dict[str, Visit]:
    """Words of containers and facilities, each given with its id, as the visits that they stand for."""
    words: dict[str, Visit] = {word: Unload(facility=name) for word, name in unload.items()}
    words.update({word: Collect(container=name) for word, name in collect.items()})
    return words


def _reversed(words: dict[str, Visit]) -> dict[Visit, str]:
    return {visit: word for word, visit in words.items()}


def _word(visit: Visit, names: dict[Visit, str]) -> str:
    if not isinstance(visit, Pause):
        return names[visit]
    return f"{'lunch' if visit.lunch else 'pause'}:{visit.duration_s}{':next' if visit.at_next else ''}"


def _fail(where: str, problem: str, remedy: str) -> NoReturn:
    raise BadInstance(f"{where}: {problem}; {remedy}.")
