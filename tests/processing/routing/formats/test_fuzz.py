"""No damage to a file ends in anything but a sentence that says what is wrong."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import LandpulsError
from processing.routing.formats import read_instance
from tests.processing.routing.formats import texts

WORDS = (
    "",
    "-1",
    "0",
    "1e400",
    "nan",
    "1.5",
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


@pytest.mark.parametrize("name", texts.TEXTS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_files_are_refused_or_read(name: str, data: st.DataObject) -> None:
    """A damaged file is either still a problem, or refused with its name in the message."""
    text = data.draw(damaged(texts.TEXTS[name]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.txt"
        path.write_text(text)
        said = refusal(lambda: read_instance(path))
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
