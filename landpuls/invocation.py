"""What was said before the sub-command, and the settings that follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from landpuls.settings import Loaded


@dataclass(slots=True)
class Invocation:
    """The options that every sub-command shares."""

    config: Path | None = None
    home: Path | None = None
    debug: bool = False

    def load(self, arguments: Mapping[str, Any] | None = None) -> "Loaded":
        """Read the settings, the arguments of the sub-command before all others."""
        from landpuls.settings import load

        return load({"home": self.home} | dict(arguments or {}), config=self.config)


def invocation_of(context: typer.Context) -> Invocation:
    """Return the shared options of the running command."""
    found = context.find_object(Invocation)
    return found if found is not None else Invocation()
