"""Long matrices in a JSON text become the arrays of what JSON itself reads."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processing.routing.formats import matrices

MATRIX = (
    st.integers(1, 4)
    .flatmap(
        lambda size: st.lists(
            st.lists(st.integers(1, 9999), min_size=size, max_size=size), min_size=1, max_size=5
        )
    )
    .map(lambda rows: [[int(str(number).replace("0", "1")) for number in row] for row in rows])
)
THINGS = st.recursive(
    MATRIX | st.text(alphabet='[]12,"\\ ', max_size=12) | st.just("[[1, 2], [3, 4]]"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "matrix"]), inner),
    max_leaves=6,
)


@pytest.fixture(autouse=True)
def long_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the shortest matrix for a long one."""
    monkeypatch.setattr(matrices, "LONG", 0)


def plain(thing: Any) -> Any:
    """The thing with lists for arrays."""
    if isinstance(thing, np.ndarray):
        return thing.tolist()
    if isinstance(thing, list):
        return [plain(each) for each in thing]
    return {key: plain(each) for key, each in thing.items()} if isinstance(thing, dict) else thing


def read(loads: Any, text: str) -> Any:
    """What is read, or why nothing is."""
    try:
        return plain(loads(text))
    except ValueError as error:
        return str(error)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    thing=THINGS,
    indent=st.sampled_from([None, 1]),
    at=st.integers(0, 200),
    cut=st.integers(0, 2),
    put=st.text(alphabet='[],12 -x"', max_size=2),
)
def test_whatever_the_text_it_is_read_as_json_does(
    thing: Any, indent: int | None, at: int, cut: int, put: str
) -> None:
    """With any few characters cut out or put in there is the same result, or the same complaint."""
    text = json.dumps(thing, indent=indent)
    text = text[:at] + put + text[at + cut :]
    assert read(matrices.loads, text) == read(json.loads, text)


def test_square_matrices_are_arrays() -> None:
    """Numbers keep their values in 64 bits; what is not square, or no matrix, stays as it was."""
    found = matrices.loads('{"a": [[1, 20], [3, 4]], "b": [[1, 2]], "c": "[[1, 2], [3, 4]]"}')
    assert found["a"].dtype == np.int64
    assert found["a"].tolist() == [[1, 20], [3, 4]]
    assert (found["b"], found["c"]) == ([[1, 2]], "[[1, 2], [3, 4]]")
