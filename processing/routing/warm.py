"""Where compiled kernels are kept, and how to compile them all ahead of time.

Numba reads its cache folder when kernels are declared, so it is chosen here before anything else is imported. The
folder's name holds the versions, the processor and a digest of the kernels' source: Numba itself does not notice
that a kernel called by another one has changed.
"""

import hashlib
import os
import platform
import stat
import sys
import tempfile
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

VARIABLE = "NUMBA_CACHE_DIR"


def use_cache(folder: Path) -> Path:
    """Keep compiled kernels below this folder; to be called before `processing.routing.solve` is imported.

    Returns
    -------
    Path
        The folder in use, made if needed; a temporary one that is ours alone if ``folder`` cannot be written.
    """
    target = folder / _fingerprint()
    if not _writable(target):
        target = _temporary_folder() / _fingerprint()
        target.mkdir(exist_ok=True)
    os.environ[VARIABLE] = str(target)
    if "numba" in sys.modules:
        sys.modules["numba"].config.CACHE_DIR = str(target)
    return target


def ensure_cache() -> None:
    """Choose the cache folder if nobody did: `LANDPULS_HOME`, else the user's own cache folder."""
    if not os.environ.get(VARIABLE):
        home = os.environ.get("LANDPULS_HOME")
        caches = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
        use_cache(Path(home) / "kernels" if home else Path(caches) / "landpuls" / "kernels")


def warm() -> None:
    """Compile every kernel by solving a tiny problem that reaches them all; quick if the cache has them."""
    from processing.routing.sample import sample_problem
    from processing.routing.solve import solve
    from processing.routing.stop import Stop

    solve(sample_problem(), stop=Stop(iterations=50), seed=1)


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def _temporary_folder() -> Path:
    """A folder of our own in the shared temporary one.

    What is in it will be run as machine code: one that somebody else made, or may write to, gives way to a new one.
    """
    folder = Path(tempfile.gettempdir()) / f"landpuls-kernels-{os.getuid()}"
    with suppress(OSError):
        folder.mkdir(mode=0o700)
    return folder if _only_ours(folder) else Path(tempfile.mkdtemp(prefix=f"{folder.name}-"))


def _only_ours(folder: Path) -> bool:
    """Whether this is a folder, not a link to one, that nobody else may write to."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    others = stat.S_IWGRP | stat.S_IWOTH
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & others


def _fingerprint() -> str:
    digest = hashlib.sha256(platform.processor().encode() + _processor_model())
    for source in sorted((Path(__file__).parent / "kernels").glob("*.py")):
        digest.update(source.read_bytes())
    python = f"py{sys.version_info[0]}{sys.version_info[1]}"
    return f"{_version('landpuls')}-numba{_version('numba')}-{python}-{digest.hexdigest()[:12]}"


def _processor_model() -> bytes:
    try:
        lines = Path("/proc/cpuinfo").read_bytes().splitlines()
    except OSError:
        return platform.machine().encode()
    return next((line for line in lines if line.startswith(b"model name")), b"")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "0"
