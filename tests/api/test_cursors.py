"""Cursors: every item once, whatever is inserted meanwhile, and nothing but what was given out."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cursors import Keyset
from api.problems import ProblemError
from domain.things import ThingKind
from storage import registry
from tests.api.problem import check_problem

INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(
    st.integers(-(2**63), 2**63 - 1),
    INSTANTS,
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40),
)
def test_round_trip(number, instant, text):
    """A cursor brings back exactly the values that it was made of."""
    keyset = Keyset(name="list", types=(int, datetime, str), filters=(("kind", "x"),))
    assert keyset.decode(keyset.encode([number, instant, text])) == (number, instant, text)


@given(st.text(max_size=60))
def test_anything_else_is_refused(text):
    """No text that was not given out as a cursor is taken for one, and none fails in another way."""
    keyset = Keyset(name="list", types=(int,))
    with pytest.raises(ProblemError) as caught:
        keyset.decode(text)
    assert caught.value.kind.status == 422


def test_bound_to_list_and_filters():
    """A cursor of another list or of other filters is refused instead of skipping items."""
    made = Keyset(name="things", types=(int,), filters=(("kind", "container"),)).encode([7])
    for other in (
        Keyset(name="things", types=(int,)),
        Keyset(name="things", types=(int,), filters=(("kind", "counter"),)),
        Keyset(name="devices", types=(int,), filters=(("kind", "container"),)),
    ):
        with pytest.raises(ProblemError, match="other"):
            other.decode(made)


@pytest.mark.anyio
async def test_stable_under_inserts(calau, owner, region):
    """Turning pages while things are added shows each of the old ones once and the new ones at the end."""
    seen, cursor = [], None
    before = [one["id"] for one in (await calau.get("/api/v1/things")).json()["items"]]
    assert len(before) == 4
    for number in range(10):
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        body = (await calau.get("/api/v1/things", params=query)).json()
        seen += [one["id"] for one in body["items"]]
        cursor = body["next_cursor"]
        if cursor is None:
            break
        if number < 2:
            place = {"longitude": 13.9, "latitude": 51.7}
            registry.add_thing(
                owner,
                organisation_id=region.calau,
                key=f"new{number}",
                name="",
                kind=ThingKind.METER,
                **place,
            )
            owner.commit()
    assert seen[:4] == before
    assert len(seen) == len(set(seen)) == 6


@pytest.mark.anyio
async def test_cursor_with_other_filters(calau):
    """The service refuses a cursor that is used with other filters."""
    cursor = (await calau.get("/api/v1/things", params={"limit": 1})).json()["next_cursor"]
    response = await calau.get("/api/v1/things", params={"cursor": cursor, "kind": "counter"})
    assert check_problem(response, 422)["errors"][0]["field"] == "cursor"
