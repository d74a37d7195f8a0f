"""The best solution published for an instance: the ``.sol`` file beside it, if its family has such files."""

from dataclasses import dataclass
from pathlib import Path

from processing.routing.formats.errors import BadInstance
from processing.routing.formats.routes import stated_cost
from processing.routing.formats.text import read_source


@dataclass(frozen=True, kw_only=True)
class BestKnown:
    """What is published of an instance.

    Attributes
    ----------
    path : Path or None
        Where the solution lies or would lie; None where there can be none.
    cost : str or None
        What it costs, as written: with or without decimals.
    remark : str or None
        Why it is passed over, if it is there and cannot be used.
    """

    path: Path | None = None
    cost: str | None = None
    remark: str | None = None

    @property
    def value(self) -> float | None:
        """The cost as a number."""
        return None if self.cost is None else float(self.cost)


def path_beside(path: Path) -> Path | None:
    """Where an instance's solution is looked for: ``a.sol`` for ``a.vrp`` as for ``a.txt.gz``."""
    plain = path.with_suffix("") if path.suffix == ".gz" else path
    found = plain.with_suffix(".sol")
    return None if found == path else found


def solution_beside(path: Path) -> Path | None:
    """The ``.sol`` file of an instance, if there is one."""
    found = path_beside(path)
    return found if found is not None and found.is_file() else None


def best_known_beside(path: Path, *, needed: bool = False) -> BestKnown:
    """What the ``.sol`` file beside an instance states.

    Parameters
    ----------
    needed : bool
        Whether the instance cannot be understood without it, if it is there.

    Raises
    ------
    BadInstance
        If it is needed, and states no cost.
    """
    beside = path_beside(path)
    if beside is None or not beside.is_file():
        return BestKnown(path=beside)
    try:
        return BestKnown(path=beside, cost=_stated(beside))
    except (BadInstance, OSError) as error:
        if needed:
            raise
        return BestKnown(
            path=beside, remark=f"{error} Until then there is no best-known cost to compare with."
        )


def _stated(path: Path) -> str:
    source = read_source(path)
    stated = stated_cost(source.text)
    if stated is None:
        source.fail("last line", "no cost is stated", "end it with a line 'Cost 1234' or remove the file")
    source.number(stated, "last line", "the cost")
    return stated
