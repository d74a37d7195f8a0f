"""Which format a file has, and the way to its reader."""

from collections.abc import Callable
from pathlib import Path

from domain.errors import UsageError
from domain.planning import InvalidProblem
from processing.routing.formats.errors import BadInstance, sentence
from processing.routing.formats.instance import Instance
from processing.routing.formats.kim import read_kim
from processing.routing.formats.landpuls import read_landpuls
from processing.routing.formats.pvrpif import read_pvrpif
from processing.routing.formats.text import Source, read_source
from processing.routing.formats.vrplib import read_ortec, read_vrplib

READERS: dict[str, Callable[[Source, Path], Instance]] = {
    "vrplib": read_vrplib,
    "ortec": read_ortec,
    "kim": read_kim,
    "pvrpif": read_pvrpif,
    "landpuls": read_landpuls,
}
FORMATS = tuple(READERS)


def read_instance(path: Path, format: str | None = None) -> Instance:  # noqa: A002
    """Read a problem from a file, gzipped or not.

    Parameters
    ----------
    path : Path
    format : str, optional
        One of `FORMATS`; guessed from the content if not given.

    Raises
    ------
    BadInstance
        If the content is not what the format promises; names file, line or section, and how to mend it.
    UsageError
        If there is no such format.
    OSError
        If the file cannot be read.
    """
    source = read_source(path)
    name = format or guess_format(source)
    if name not in READERS:
        raise UsageError(f"There is no format {name!r}; use one of {', '.join(FORMATS)}.")
    try:
        return READERS[name](source, path)
    except InvalidProblem as error:
        raise BadInstance(sentence(f"{path}: {error}")) from error


def guess_format(source: Source) -> str:
    """The format that the content looks like; ORTEC's is one of those of VRPLIB.

    Raises
    ------
    BadInstance
        If it looks like none.
    """
    text = source.text.lstrip()
    if text.startswith("{"):
        return "pvrpif" if '"FeatureCollection"' in text[:100_000] else "landpuls"
    head = text[:10_000]
    if "DIMENSION" in head or "_SECTION" in head:
        return "vrplib"
    if "//" in text.partition("\n")[0]:
        return "kim"
    return source.fail("beginning", "the content looks like no known format", "name it with --format")
