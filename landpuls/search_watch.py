"""What is seen of a search while it runs: the trace of improvements, a progress line, and the wish to stop."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TaskID, TextColumn

from landpuls.output import notes

if TYPE_CHECKING:
    from processing.routing.stop import Progress as Told


@dataclass(kw_only=True)
class Watch:
    """Listens to a search.

    Attributes
    ----------
    cost : callable
        Turns micro-euros into the cost that is shown.
    trace : list of (float, float)
        Seconds of search and cost of each improving solution that serves all that is required.
    compile_s : float
        From the watch's beginning to the search's: kernels.
    """

    cost: Callable[[int], float]
    bar: Progress | None = None
    began: float = field(default_factory=time.monotonic)
    trace: list[tuple[float, float]] = field(default_factory=list)
    compile_s: float | None = None
    seconds: float = 0.0
    _least_ueur: int | None = None
    _task: TaskID | None = None

    def __call__(self, told: "Told") -> None:
        """Take in what the search tells."""
        if self.compile_s is None:
            self.compile_s = max(0.0, time.monotonic() - self.began - told.seconds)
        self.seconds = told.seconds
        least = self._least_ueur
        if not told.unserved_required and (least is None or told.cost_ueur < least):
            self._least_ueur = int(told.cost_ueur)
            self.trace.append((round(told.seconds, 3), self.cost(self._least_ueur)))
        if self.bar is not None:
            self._show(self.bar, told)

    def _show(self, bar: Progress, told: "Told") -> None:
        if self._task is None:
            self._task = bar.add_task("search", total=max(1, told.planned_iterations), cost="")
        missing = f", {told.unserved_required} required left" if told.unserved_required else ""
        cost = f"cost {self.cost(told.cost_ueur):,} after {told.seconds:.1f} s{missing}"
        total = max(1, told.planned_iterations)
        bar.update(self._task, completed=told.iterations, total=total, cost=cost)


@contextmanager
def progress_bar(wanted: bool) -> Iterator[Progress | None]:
    """Show a bar on standard error while the block runs, if wanted."""
    if not wanted:
        yield None
        return
    columns = (
        BarColumn(),
        TextColumn("{task.completed:,} of {task.total:,} iterations, {task.fields[cost]}"),
    )
    with Progress(*columns, console=notes()) as bar:
        yield bar


class StopWish:
    """Set by the first Ctrl-C or SIGTERM, which is answered by a sentence; the second Ctrl-C interrupts at once."""

    def __init__(self, answer: str = "Stopping with the best found so far.") -> None:
        self.wanted = False
        self._answer = answer

    def __call__(self) -> bool:
        """Whether the work is to end with what it has."""
        return self.wanted

    def _take(self, number: int, frame: FrameType | None) -> None:
        if self.wanted and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.wanted = True
        notes().print(self._answer)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take the signals while the block runs."""
        before = {number: signal.signal(number, self._take) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
