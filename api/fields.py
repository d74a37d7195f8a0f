"""Fields that many requests and responses share, each documented once."""

from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from api.problems import invalid
from domain.time import check_aware

EARLIEST = date(2000, 1, 1)
LATEST = date(2100, 1, 1)


def _plausible_instant(instant: datetime) -> datetime:
    if not EARLIEST <= instant.date() < LATEST:
        raise ValueError(f"must lie between {EARLIEST} and {LATEST}")
    return check_aware(instant)


def _plausible_day(day: date) -> date:
    if not EARLIEST <= day < LATEST:
        raise ValueError(f"must lie between {EARLIEST} and {LATEST}")
    return day


def _storable(text: str) -> str:
    """Refuse what Python and JSON can hold and neither UTF-8 nor PostgreSQL can."""
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("must contain neither NUL nor half of a surrogate pair")
    return text


Id = Annotated[int, Field(ge=1, le=2**31 - 1)]
BigId = Annotated[int, Field(ge=1, le=2**63 - 1)]
Text = Annotated[str, AfterValidator(_storable)]
Instant = Annotated[AwareDatetime, AfterValidator(_plausible_instant)]
"""An instant that is asked for."""
Time = AwareDatetime
"""An instant that is told, in UTC."""
Day = Annotated[date, AfterValidator(_plausible_day)]
Longitude = Annotated[float, Field(description="Degrees, WGS 84.")]
Latitude = Annotated[float, Field(description="Degrees, WGS 84.")]
OrganisationFilter = Annotated[
    list[Annotated[Text, Field(max_length=63)]],
    Field(max_length=50, description="Only things of these organisations, by key or id; may be repeated."),
]


def day_range(first: date | None, last: date | None, *, today: date, most_days: int) -> tuple[date, date]:
    """Return a range of Berlin days, both included; by default the day `today`.

    Raises
    ------
    ProblemError
        If it ends before it begins, or is longer than `most_days`.
    """
    end = last or max(today, first or today)
    begin = first or min(today, end)
    if begin > end:
        raise invalid("from", f"{begin} is after `to`, {end}")
    if end - begin >= timedelta(days=most_days):
        raise invalid("from", f"the range may have {most_days} days at most", hint="Ask in several requests.")
    return begin, end
