"""Settings: what an installation can be told, where it is read from, and where each value came from."""

from landpuls.settings.load import Loaded, load
from landpuls.settings.model import Settings

__all__ = ["Loaded", "Settings", "load"]
