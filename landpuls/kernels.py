"""Where Numba keeps compiled kernels: decided before Numba is imported, or every process compiles for itself."""

import hashlib
import os
import sys
from pathlib import Path

from domain.errors import LandpulsError
from landpuls import __version__

VARIABLE = "NUMBA_CACHE_DIR"


def cache_folder(home: Path) -> Path:
    """Return the folder for this version, this Python and this processor, under `home`."""
    python = f"py{sys.version_info.major}{sys.version_info.minor}"
    return home / "cache" / "numba" / f"{__version__}-{python}-{_processor()}"


def use_cache(home: Path) -> Path:
    """Point Numba to the cache, unless the variable is set already; child processes inherit it.

    Raises
    ------
    LandpulsError
        If Numba has been imported already, or the folder cannot be written.
    """
    folder = Path(os.environ.get(VARIABLE) or cache_folder(home))
    if "numba" in sys.modules and os.environ.get(VARIABLE) != str(folder):
        raise LandpulsError(
            "Numba was imported before its cache folder was chosen; this is a defect of Landpuls."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LandpulsError(
            f"The folder for compiled kernels, {folder}, cannot be made: {error.strerror}."
        ) from error
    os.environ[VARIABLE] = str(folder)
    return folder


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        lines = []
    described = sorted({line for line in lines if line.startswith(("model name", "flags", "Features"))})
    return hashlib.sha256("\n".join(described).encode()).hexdigest()[:8]
