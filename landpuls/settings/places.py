"""Where an installation keeps its data and its configuration file, before any setting is read."""

import os
from collections.abc import Mapping
from pathlib import Path

CONFIG_NAME = "landpuls.toml"


def default_home(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the platform's folder for a user's data, ``~/.local/share/landpuls`` unless XDG says otherwise."""
    base = environment.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "landpuls"


def config_file(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the configuration file: ``LANDPULS_CONFIG``, else ``landpuls.toml`` in this folder, else none."""
    named = environment.get("LANDPULS_CONFIG")
    if named:
        return Path(named).expanduser()
    here = Path(CONFIG_NAME)
    return here if here.is_file() else None
