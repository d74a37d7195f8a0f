"""The report as Markdown tables."""

from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.routing.schedule import OURS, SOLVERS, WITHOUT_SEED
from domain.errors import UsageError

BEGIN, END = "<!-- latest figures -->", "<!-- end of latest figures -->"


def publish(document: str, report: dict[str, Any]) -> str:
    """Return the document with the report's summary between its two marks.

    Raises
    ------
    UsageError
        If the document has no such marks.
    """
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise UsageError(f"the document to publish in needs the lines {BEGIN} and {END}")
    parts = [_measured(report), _families(report), _kim(report), _rich_days(report)]
    summary = "\n".join(part.replace("\n## ", "\n### ") for part in parts if part)
    return f"{before}{BEGIN}\n\n{summary}\n{END}{after}"


def render(report: dict[str, Any]) -> str:
    """Return the whole document."""
    parts = [
        _head(report),
        _families(report),
        _kim(report),
        _rich_days(report),
        _instances(report),
        _oddities(report),
    ]
    return "\n".join(part for part in parts if part)


def _head(report: dict[str, Any]) -> str:
    return f"# Routing benchmark\n\n{_measured(report)}"


def _measured(report: dict[str, Any]) -> str:
    machine = report["machine"]
    versions = [f"{name} {', '.join(found)}" for name, found in report["versions"].items()]
    return (
        f"{machine['date']}, {machine['processor']}, one core, one thread, {machine['system']}, "
        f"Python {machine['python']}. {'; '.join(versions)}.\n"
    )


def _families(report: dict[str, Any]) -> str:
    found = report["families"]
    solvers = [name for name in SOLVERS if any(name in each["solvers"] for each in found)]
    peers = [name for name in solvers if name != OURS]
    header = ["Family", "Budget", "Seeds", *solvers, *(f"{OURS} / {peer}" for peer in peers), "iterations/s"]
    rows = [
        [
            each["family"],
            f"{each['seconds']:g} s{' CPU' if each['clock'] == 'cpu' else ''}",
            f"{each['seeds'] or '–'}{'' if each['in_turns'] else ' *'}",
            *(_cell(each["solvers"].get(name)) for name in solvers),
            *(_number(each["ratio_to"].get(peer)) for peer in peers),
            _pace(each["solvers"].get(OURS)),
        ]
        for each in found
    ]
    notes = (
        "Mean gap to the best-known cost in percent (of the instances' means over seeds); in brackets how many of the "
        "runs ended without a feasible solution. Ratios are over the instances that both solved: below 1 ours is "
        "nearer to the best known. VROOM takes no seed and ends by itself, after the time that is given.\n"
    )
    if not all(each["in_turns"] for each in found):
        notes += "\n\\* The solvers did not take turns on each instance: on the same core, but at different hours.\n"
    return f"{table(header, rows)}\n{notes}" if rows else ""


def _cell(cell: dict[str, Any] | None) -> str:
    if cell is None:
        return "–"
    if cell["gap_percent"] is None:
        return f"cannot state: {cell['reason']}" if not cell["not_feasible"] else f"none: {cell['reason']}"
    share = f" ({cell['not_feasible']} of {cell['runs']})" if cell["not_feasible"] else ""
    took = f" in {cell['wall_s']:.1f} s" if cell["solver"] in WITHOUT_SEED else ""
    return f"{cell['gap_percent']:.2f}{took}{share}"


def _pace(cell: dict[str, Any] | None) -> str:
    return "–" if cell is None or cell["iterations_per_s"] is None else f"{cell['iterations_per_s']:,.0f}"


def _kim(report: dict[str, Any]) -> str:
    rows = [
        [
            each["set"],
            f"{each['seconds']:g} s",
            str(each["seed"]),
            _fleet((each["vehicles"], each["miles"])) if each["status"] == "ok" else each["status"],
            *(_fleet(each["published"].get(paper)) for paper in ("kim", "benjamin", "buhrkal")),
            "yes" if each["reached"] else "no",
        ]
        for each in report["kim"]
    ]
    header = [
        *("Set", "Budget", "Seed", OURS, "Kim 2006", "Benjamin & Beasley 2010"),
        *("Buhrkal et al. 2012", "no more vehicles, fewer miles"),
    ]
    return f"\n## Kim 2006: vehicles / miles\n\n{table(header, rows)}" if rows else ""


def _fleet(figures: Sequence[float] | None) -> str:
    return "–" if figures is None else f"{figures[0]} / {figures[1]:.1f}"


def _rich_days(report: dict[str, Any]) -> str:
    rows = [
        [
            each["instance"],
            f"{each['seconds']:g} s",
            "–" if each["first_feasible_s"] is None else f"{each['first_feasible_s']:.2f} s",
            _number(each["gap_percent"]),
        ]
        for each in report["instances"]
        if each["family"] == "rich-day"
    ]
    header = ["Day", "Budget", "first feasible plan", "above the best seen, %"]
    return f"\n## Rich district days\n\n{table(header, rows)}" if rows else ""


def _instances(report: dict[str, Any]) -> str:
    found: dict[tuple[str, str, float], dict[str, dict[str, Any]]] = {}
    for each in report["instances"]:
        key = each["family"], each["instance"], each["seconds"]
        found.setdefault(key, {})[each["solver"]] = each
    solvers = [name for name in SOLVERS if any(name in each for each in found.values())]
    rows = [
        [
            family,
            name,
            f"{seconds:g} s",
            _plain(next(iter(each.values()))["best_known"]),
            *(_number(each[solver]["gap_percent"]) if solver in each else "–" for solver in solvers),
        ]
        for (family, name, seconds), each in found.items()
    ]
    header = ["Family", "Instance", "Budget", "best known", *solvers]
    return f"\n## Each instance: gap in percent\n\n{table(header, rows)}" if rows else ""


def _oddities(report: dict[str, Any]) -> str:
    lines = [
        f"- {each['family']} {each['instance']}: best-known states {_plain(each['stated'])}, the evaluator counts "
        f"{_plain(each['counted'])} ({each['status']}) {each['reason']}".rstrip()
        for each in report["best_known"]
        if not each["agrees"] and each["status"] != "cannot_state"
    ]
    lines += [
        f"- {_run(each)} claims {_plain(each['claimed'])}, the evaluator counts {_plain(each['counted'])}"
        for each in report["disagreements"]
    ]
    lines += [f"- {_run(each)} {each['status']}: {each['reason']}" for each in report["not_feasible"]]
    return "\n## What does not agree\n\n" + "\n".join([*lines, ""]) if lines else ""


def _run(each: dict[str, Any]) -> str:
    return (
        f"{each['family']} {each['instance']}, {each['solver']}, {each['seconds']:g} s, seed {each['seed']}:"
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _plain(value: float | None) -> str:
    return "–" if value is None else f"{value:.10g}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out a table."""
    lines = [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows), ""])
