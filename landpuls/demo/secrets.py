"""The demo's passwords and API keys: made once, at random, and kept where only their user can read them."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Self

from domain.errors import LandpulsError

INGEST_USER = "ingest"
FLEET_USER = "fleet"


@dataclass(frozen=True, kw_only=True, slots=True)
class Secrets:
    """Passwords at the broker, and API keys of the page and of the simulated driver (empty until created)."""

    ingest_password: str = field(repr=False)
    fleet_password: str = field(repr=False)
    page_key: str = field(default="", repr=False)
    driver_key: str = field(default="", repr=False)

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read the secrets, or make new ones where there are none.

        Raises
        ------
        LandpulsError
            If the file is damaged.
        """
        if not file.exists():
            return cls(ingest_password=secrets.token_urlsafe(24), fleet_password=secrets.token_urlsafe(24))
        try:
            return cls(**json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise LandpulsError(
                f"{file} cannot be read ({type(error).__name__}); begin anew with `landpuls demo --fresh`."
            ) from error

    def with_keys(self, *, page_key: str, driver_key: str) -> Self:
        """Return a copy that holds the API keys."""
        return replace(self, page_key=page_key, driver_key=driver_key)

    def save(self, file: Path) -> None:
        """Write the secrets for nobody else to read, whole or not at all."""
        draft = file.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            json.dump(asdict(self), stream)
        draft.replace(file)
