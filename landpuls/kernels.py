"""Where compiled kernels are kept: under the home folder, decided before Numba can be imported."""

from pathlib import Path


def kernel_folder(home: Path) -> Path:
    """Return the folder below which each version and processor has its own."""
    return home / "kernels"


def use_cache(home: Path) -> Path:
    """Let this process and its children keep compiled kernels under `home`; return the folder in use."""
    from processing.routing import warm

    return warm.use_cache(kernel_folder(home))
