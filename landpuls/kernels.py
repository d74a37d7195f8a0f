"""Where compiled kernels are kept: under the home folder, decided before Numba can be imported."""

import os
from pathlib import Path


def kernel_folder(home: Path) -> Path:
    """Return the folder below which each version and processor has its own."""
    return home / "kernels"


def use_cache(home: Path) -> Path:
    """Let this process and its children keep compiled kernels under `home`; return the folder in use.

    A folder that was chosen already, such as by the process that started this one, stays.
    """
    from processing.routing import warm

    chosen = os.environ.get(warm.VARIABLE)
    return Path(chosen) if chosen else warm.use_cache(kernel_folder(home))
