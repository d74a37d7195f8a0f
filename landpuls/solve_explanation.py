"""What a solution says about itself, in the terms of the file it solves: tables for people, plain data for programs.

Our own problems count in euros, metres and seconds. Others have units and a scale of their own, and the whole numbers
that they are computed with mean nothing outside.
"""

from numbers import Integral
from typing import TYPE_CHECKING, Any

from landpuls.output import print_table

if TYPE_CHECKING:
    from domain.planning import Explanation, TourExplanation
    from processing.routing.formats import Instance
    from processing.routing.formats.measures import Measure

CLASHING = {"leg_m": "leg_distance", "leg_s": "leg_time"}


def explanation_record(explanation: "Explanation", instance: "Instance") -> dict[str, Any]:
    """Return the explanation as plain data with its units.

    Our own problems' keys end in their units; those of other families are without, and the parts of a cost add up to
    the cost that is stated.
    """
    measures = instance.measures
    units = {
        "cost": instance.scale.unit,
        "distance": measures.distance.unit,
        "time": measures.time.unit,
        "load": measures.load.unit,
    }
    record = explanation.to_record()
    if measures.weight is not None:
        return {"units": units | {"cost": "µ€", "weight": measures.weight.unit}} | record
    own: dict[str, Any] = _in_terms_of(instance, record)
    own["cost"] = _parts(instance, explanation)
    for tour, written in zip(explanation.tours, own["tours"], strict=True):
        written["cost"] = _parts(instance, tour)
    return {"units": {name: unit or "the file's own" for name, unit in units.items()}} | own


def _parts(instance: "Instance", explained: "Explanation | TourExplanation") -> dict[str, float]:
    cost = explained.cost
    return instance.scale.parts(cost) | {"total": instance.cost(cost.total_ueur)}


def _in_terms_of(instance: "Instance", value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_in_terms_of(instance, each) for each in value]
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for key, each in value.items():
        found |= _term(instance, key, each)
    return found


def _term(instance: "Instance", key: str, value: Any) -> dict[str, Any]:
    """One member under the name without the unit that it has not got."""
    stem, _, unit = key.rpartition("_")
    measures: dict[str, Measure] = {
        "m": instance.measures.distance,
        "s": instance.measures.time,
        "l": instance.measures.load,
    }
    name = CLASHING.get(key, stem)
    if unit == "kg":
        return {}
    if unit == "ueur" and value is not None:
        vehicles, rest = instance.scale.amount(value)
        return {name: rest} | ({f"{name}_vehicles": vehicles} if instance.scale.vehicle_ueur else {})
    if unit == "ueur":
        return {name: None}
    if unit in measures and isinstance(value, Integral):
        return {name: measures[unit].of(int(value))}
    return {key: _in_terms_of(instance, value)}


def print_explanation(explanation: "Explanation", instance: "Instance") -> None:
    """Write costs, each tour's time line with its load, and why things are in or out, as tables."""
    costs = [[name, value] for name, value in _parts(instance, explanation).items()]
    print_table(("component", instance.scale.unit), costs, title="Cost")
    for tour in explanation.tours:
        _print_tour(tour, instance)
    if explanation.items:
        rows = [[item.id, "served" if item.served else "left", item.sentence] for item in explanation.items]
        print_table(("what", "", "why"), rows, title="Optional and left")


def _print_tour(tour: "TourExplanation", instance: "Instance") -> None:
    measures = instance.measures
    rows = [
        [
            step.kind,
            step.subject,
            *(_time(instance, each) for each in (step.arrival_s, step.begin_s, step.end_s)),
            measures.load.of(step.load_l),
            *([measures.weight.of(step.load_kg)] if measures.weight else []),
        ]
        for step in tour.steps
    ]
    weight = (measures.weight.unit,) if measures.weight else ()
    columns = ("", "where", "arrives", "begins", "ends", measures.load.unit or "load", *weight)
    distance = _with_unit(measures.distance, tour.distance_m)
    print_table(columns, rows, title=f"\n{tour.vehicle}: {distance}, {_spent(tour, measures.time)}")


def _spent(tour: "TourExplanation", time: "Measure") -> str:
    account = tour.account
    named = {
        "driving": account.drive_s,
        "set-up": account.setup_s,
        "waiting": account.wait_s,
        "service": account.serve_s,
        "unloading": account.unload_s,
        "cleaning": account.clean_s,
        "breaks": account.pause_s,
    }
    return ", ".join(f"{name} {_with_unit(time, spent)}" for name, spent in named.items() if spent)


def _with_unit(measure: "Measure", value: int) -> str:
    return f"{measure.of(value)} {measure.unit}".rstrip()


def _time(instance: "Instance", value: int) -> str:
    time = instance.measures.time.of(value)
    if not instance.measures.on_a_clock:
        return str(time)
    minutes, seconds = divmod(int(time), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}"
