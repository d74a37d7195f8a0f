"""What the simulation writes down: a file with its tally on top and the fleet's state below, always whole.

The tally is for people and supervisors: `published` (acknowledged in this run), `published_total` (in all runs),
`resent`, `history_done`, `progress` (0 to 1 of the history), `simulated_until`. The rest is for the next start.
"""

import os
from pathlib import Path
from typing import Any

import orjson

from domain.errors import UsageError

VERSION = 1


def read_memory(file: Path) -> dict[str, Any] | None:
    """Read what an earlier run wrote; None if there was none.

    Raises
    ------
    UsageError
        If the file is something else, or of another version.
    """
    try:
        content = orjson.loads(file.read_bytes())
    except FileNotFoundError:
        return None
    except orjson.JSONDecodeError as error:
        raise UsageError(f"{file} is no state of a simulation ({error}); delete it to begin anew") from None
    if not isinstance(content, dict) or content.get("version") != VERSION:
        raise UsageError(f"{file} is not the state of a simulation of this version; delete it to begin anew")
    return content


def write_memory(file: Path, tally: dict[str, Any], fleet: dict[str, Any]) -> None:
    """Write the file in one step: a reader sees the old one or the new one, never half of it.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as stream:
            stream.write(orjson.dumps({"version": VERSION, **tally, "fleet": fleet}))
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(file)
    except OSError as error:
        raise UsageError(
            f"{file} cannot be written ({error.strerror}); free the disk or choose another file"
        ) from None
