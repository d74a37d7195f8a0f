"""Settings as rows that may be printed: every value with its origin, no secret ever."""

import re
from typing import Any, TypedDict

from pydantic import SecretStr

from landpuls.settings.load import Loaded
from landpuls.settings.model import Settings
from landpuls.settings.sources import leaves

HIDDEN = "********"


class Row(TypedDict):
    """One setting as it is shown."""

    name: str
    value: Any
    origin: str
    description: str


def rows(loaded: Loaded) -> list[Row]:
    """Return every setting in the order of the documentation."""
    return [
        Row(
            name=".".join(path),
            value=_shown(path, loaded.settings),
            origin=loaded.origins[".".join(path)],
            description=field.description or "",
        )
        for path, field in leaves(Settings).items()
    ]


def _shown(path: tuple[str, ...], settings: Settings) -> Any:
    value: Any = settings
    for name in path:
        value = getattr(value, name)
    if isinstance(value, SecretStr):
        return _masked(path, value.get_secret_value())
    return value if value is None or isinstance(value, bool | int | float) else _text(value)


def _text(value: Any) -> Any:
    return [str(item) for item in value] if isinstance(value, tuple) else str(value)


def _masked(path: tuple[str, ...], secret: str) -> str:
    if not secret:
        return ""
    if path != ("database", "url"):
        return HIDDEN
    without_userinfo = re.sub(r"(://[^:/@]*):.*@", rf"\1:{HIDDEN}@", secret)
    return re.sub(r"(password=)('[^']*'|[^&\s]*)", rf"\1{HIDDEN}", without_userinfo)
