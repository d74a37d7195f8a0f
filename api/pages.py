"""Lists: one shape for all of them, {"items": […], "next_cursor": …}."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from api.cursors import MAX_LENGTH, Keyset

T = TypeVar("T")

Limit = Annotated[int, Field(ge=1, le=1000, description="Items on a page at most.")]
Cursor = Annotated[
    str | None,
    Field(max_length=MAX_LENGTH, description="`next_cursor` of the page before; none for the first."),
]


class Page(BaseModel, Generic[T]):
    """Some items of a list, and where the next ones begin."""

    items: list[T]
    next_cursor: str | None = Field(
        None, description="Give it as `cursor` for the next page; null on the last."
    )


class Filters(BaseModel):
    """The query of a request; a name that does not exist is refused, never silently ignored."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class PageFilters(Filters):
    """The query of a list."""

    limit: Limit = 100
    cursor: Cursor = None

    def keyset(self, name: str, *types: type) -> Keyset:
        """Return the sort key of the list `name` with these filters."""
        filters = tuple(self.model_dump(exclude={"limit", "cursor"}, exclude_unset=True).items())
        return Keyset(name=name, types=types, filters=filters)


def page(
    rows: Sequence[dict[str, Any]], limit: int, keyset: Keyset, key: Callable[[dict[str, Any]], Sequence[Any]]
) -> dict[str, Any]:
    """Return a page of rows that were read with one more than `limit`, which tells whether there are more."""
    kept = rows[:limit]
    more = len(rows) > limit
    return {"items": kept, "next_cursor": keyset.encode(key(kept[-1])) if more else None}


def whole(rows: Sequence[Any]) -> dict[str, Any]:
    """Return a list that is bounded by its nature as its only page."""
    return {"items": rows, "next_cursor": None}
