"""No damage to a file ends in anything but a sentence that says what is wrong."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import LandpulsError
from domain.planning.record import to_record
from processing.routing.arrays import build_model
from processing.routing.formats import Instance, read_instance
from processing.routing.index import Index
from tests.domain.test_planning_sizes import PROBLEM
from tests.processing.routing.formats import periodic, texts

TEXTS = texts.TEXTS | periodic.TEXTS
JSON_TEXTS = {
    "pvrpif": TEXTS["pvrpif"],
    "landpuls": TEXTS["landpuls"],
    "rich": json.dumps(to_record(PROBLEM)),
}

WORDS = (
    "",
    "-1",
    "0",
    "1e400",
    "nan",
    "1.5",
    "999999999999",
    "999999999999999",
    "99999999999999999999",
    "9" * 5000,
    "x",
    "SECTION",
    ":",
    "[]",
    "null",
)


def refusal(read: Callable[[], object]) -> str | None:
    """Return what a refusal says; None if nothing is refused."""
    try:
        read()
    except LandpulsError as error:
        return str(error)
    return None


def refusal_of_file(path: Path) -> str | None:
    """Likewise of reading a file; what is read is turned into arrays, which may be refused but not fail."""
    read: list[Instance] = []
    said = refusal(lambda: read.append(read_instance(path)))
    if read:
        refusal(lambda: build_model(Index(read[0].problem)))
    return said


@st.composite
def damaged(draw: Callable, text: str) -> str:
    """A text with words exchanged, lines shuffled, or cut off."""
    words = text.split(" ")
    for _ in range(draw(st.integers(0, 3))):
        words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(WORDS) | st.text(max_size=5))
    lines = " ".join(words).split("\n")
    for _ in range(draw(st.integers(0, 3))):
        one, other = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        lines[one], lines[other] = lines[other], lines[one]
    found = "\n".join(lines)
    return found[: draw(st.integers(0, len(found)))] if draw(st.booleans()) else found


@pytest.mark.parametrize("name", TEXTS)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_damaged_files_are_refused_or_read(name: str, data: st.DataObject) -> None:
    """A damaged file is either still a problem, or refused with its name in the message."""
    text = data.draw(damaged(TEXTS[name]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.txt"
        path.write_text(text)
        said = refusal_of_file(path)
        assert said is None or str(path) in said


LARGE = [10**12, 2**28, 2**31, 2**40, 2**62, 2**63, 10**30]
VALUES = st.sampled_from([None, True, -1, 1.5, 1e300, "", "x", [], [[]], {}, {"kind": "x"}, *LARGE])


@pytest.mark.parametrize("name", JSON_TEXTS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_json_with_strange_values_is_refused_or_read(name: str, data: st.DataObject) -> None:
    """A value of any kind in any place is either still a problem, or refused with the file's name."""
    record = json.loads(JSON_TEXTS[name])
    found = record
    while isinstance(found, dict | list) and found:
        keys = list(found) if isinstance(found, dict) else list(range(len(found)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(found[key], dict | list) or not found[key] or data.draw(st.integers(0, 3)) == 0:
            found[key] = data.draw(VALUES)
            break
        found = found[key]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.txt"
        path.write_text(json.dumps(record))
        said = refusal_of_file(path)
        assert said is None or str(path) in said


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=300), packed=st.booleans())
def test_any_bytes_are_refused_or_read(data: bytes, packed: bool) -> None:
    """Whatever bytes a file holds, reading it ends in a problem or a sentence."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.write_bytes((b"\x1f\x8b\x08" if packed else b"") + data)
        with pytest.raises(LandpulsError, match="x"):
            read_instance(path)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_damaged_solutions_are_refused_or_read(data: st.DataObject) -> None:
    """A damaged solution is either still one, or refused with a sentence."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.vrp"
        path.write_text(texts.TIMED)
        instance = read_instance(path)
    text = data.draw(damaged("Route #1: 1 2 0 3\nRoute #2: lunch:30:next\nCost 4.5\n"))
    said = refusal(lambda: instance.read_solution(text))
    assert said is None or said.startswith("solution")
