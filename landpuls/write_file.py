"""A file that long work ends in: refused before it if it cannot be written, and written whole or not at all."""

import os
import stat
import tempfile
from pathlib import Path

from domain.errors import UsageError

STANDARD_STREAMS = (1, 2)


def check_target(path: Path, option: str) -> Path:
    """Return the file that is meant, symbolic links followed, if it can be written.

    Raises
    ------
    UsageError
        If it is there and no regular file, read-only, or where the command's own output goes; if its folder is missing
        or takes no files. ``option`` is what the message calls it.
    """
    remedy = f"name another file with {option}."
    target = Path(os.path.realpath(path))
    try:
        there = _status(path)
        if there is not None and not stat.S_ISREG(there.st_mode):
            raise UsageError(f"{path} is no regular file and would be replaced by one; {remedy}")
        with tempfile.TemporaryFile(dir=target.parent):
            pass
    except OSError as error:
        raise UsageError(f"Cannot write to {path.parent} ({path.name}: {error.strerror}); {remedy}") from None
    if there is not None and not os.access(target, os.W_OK):
        raise UsageError(f"{path} is read-only; {remedy}")
    if there is not None and any(_is_stream(there, number) for number in STANDARD_STREAMS):
        raise UsageError(f"{path} takes what this command prints; {remedy}")
    return target


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _is_stream(there: os.stat_result, number: int) -> bool:
    try:
        return os.path.samestat(there, os.fstat(number))
    except OSError:
        return False


def write_whole(target: Path, text: str) -> None:
    """Write a file whole or not at all; one that was there keeps its rights.

    Raises
    ------
    OSError
        If that fails; nothing is left of it then.
    """
    there = _status(target)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".landpuls-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(stat.S_IMODE(there.st_mode) if there is not None else 0o666 & ~_umask())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
