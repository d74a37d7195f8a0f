"""The table of settings in ``docs/settings.md``, so that a test can hold the two together."""

from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from landpuls.settings.model import Settings
from landpuls.settings.sources import leaves, variable


def table(section: str) -> list[str]:
    """Return the Markdown rows of one section; the section ``""`` holds the settings that stand alone."""
    lines = ["| Setting | Variable | Default | Meaning |", "|---|---|---|---|"]
    for path, field in leaves(Settings).items():
        if (path[0] if len(path) > 1 else "") == section:
            shown = f"`{_default(path, field)}`" if _default(path, field) else "–"
            lines.append(f"| `{'.'.join(path)}` | `{variable(path)}` | {shown} | {field.description} |")
    return lines


def _default(path: tuple[str, ...], field: FieldInfo) -> str:
    value: Any = field.default
    if path == ("home",):
        return "~/.local/share/landpuls"
    if isinstance(value, SecretStr) or value in (None, ""):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(value)
    return value.as_posix() if isinstance(value, Path) else str(value)
