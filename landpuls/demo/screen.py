"""The terminal while the demo runs: what lives, in one screen; plain lines where there is no terminal."""

import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from domain.time import BERLIN
from landpuls.demo.stats import Snapshot

FRACTIONS = {
    "residual": "Restmüll",
    "organic": "Bio",
    "paper": "Papier",
    "glass": "Glas",
    "packaging": "LVP",
}
BAR = 20
LINE_EVERY_S = 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What does not come from the database."""

    page: str
    api: str
    logs: str
    broker: str
    phase: str
    services: tuple[tuple[str, bool], ...] = ()
    """Each with whether it runs."""


@dataclass
class Screen:
    """Shows snapshots on the console, and remarks above them."""

    console: Console
    quiet: bool = False
    _live: Live | None = None
    _said_at: float = -LINE_EVERY_S
    _remarks: deque[str] = field(default_factory=lambda: deque(maxlen=4))

    def remark(self, text: str) -> None:
        """Say something once."""
        if not self.quiet:
            self.console.print(text, markup=False)

    def show(self, snapshot: Snapshot, facts: Facts) -> None:
        """Show the present state."""
        if self.quiet:
            return
        if not self.console.is_terminal:
            self._line(snapshot, facts)
            return
        if self._live is None:
            self._live = Live(console=self.console, auto_refresh=False, transient=True)
            self._live.start()
        self._live.update(render(snapshot, facts), refresh=True)

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _line(self, snapshot: Snapshot, facts: Facts) -> None:
        if time.monotonic() - self._said_at < LINE_EVERY_S:
            return
        self._said_at = time.monotonic()
        self.console.print(f"{facts.phase}: {ledger_line(snapshot)}; {plan_line(snapshot)}", markup=False)


def render(snapshot: Snapshot, facts: Facts) -> RenderableType:
    """Lay out one screen."""
    return Group(
        Text(""),
        Text.assemble(("Landpuls demo", "bold"), f"   {facts.phase}"),
        _links(facts),
        Text(""),
        Text(
            f"{snapshot.messages_per_s:8.0f} messages/s    {snapshot.ledger.readings:,} readings    "
            f"{snapshot.vehicles_per_h:,.0f} vehicles/h at {snapshot.counters} counters    "
            f"{snapshot.containers_known}/{snapshot.containers} containers report"
        ),
        Text(ledger_line(snapshot), style="" if snapshot.ledger.balanced else "bold red"),
        Text(plan_line(snapshot), style="bold"),
        Text(""),
        _fullest(snapshot),
        Text(""),
        _services(facts),
        Text("Ctrl-C stops everything; the data stay for the next start.", style="dim"),
    )


def ledger_line(snapshot: Snapshot) -> str:
    """Return the ledger's closing line."""
    one = snapshot.ledger
    sign = "=" if one.balanced else "≠"
    return (
        f"Ledger: {one.received:,} received {sign} {one.stored:,} stored + {one.duplicate:,} duplicate + "
        f"{one.quarantined:,} quarantined + {one.ignored:,} ignored"
    )


def plan_line(snapshot: Snapshot) -> str:
    """Return the state of the day's plan."""
    plan = snapshot.plan
    if plan is None:
        return "Today's plan: not requested yet"
    if plan.failed:
        return f"Today's plan: {plan.status}; {plan.diagnosis}"
    if not plan.stands:
        return f"Today's plan: {plan.status}"
    return f"Today's plan: {plan.status}, {plan.tours} tours, {plan.done} of {plan.stops} containers emptied"


def _links(facts: Facts) -> Text:
    return Text.assemble(
        ("  Page  ", "dim"),
        facts.page,
        "\n",
        ("  API   ", "dim"),
        facts.api,
        "\n",
        ("  Logs  ", "dim"),
        facts.logs,
    )


def _fullest(snapshot: Snapshot) -> Table:
    table = Table(
        box=None, pad_edge=False, header_style="bold", title="Fullest containers", title_justify="left"
    )
    for name in ("container", "place", "fraction", "fill", "full"):
        table.add_column(name, no_wrap=True)
    for one in snapshot.fullest:
        filled = max(0, min(BAR, round(one.fill_percent / 100 * BAR)))
        bar = Text("█" * filled, style="red" if one.fill_percent >= 80 else "green") + Text(
            "·" * (BAR - filled), style="dim"
        )
        table.add_row(
            Text(one.name),
            Text(one.place),
            Text(FRACTIONS.get(one.fraction, one.fraction)),
            Text.assemble(bar, f" {one.fill_percent:3.0f} %"),
            Text(_when(one.full_at)),
        )
    return table


def _when(instant: datetime | None) -> str:
    return "" if instant is None else instant.astimezone(BERLIN).strftime("%d.%m. %H:%M")


def _services(facts: Facts) -> Text:
    text = Text(f"{facts.broker}   ", style="dim")
    for name, runs in facts.services:
        text.append(f" {name} ", style="green" if runs else "bold red")
    return text
