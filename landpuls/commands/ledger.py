"""``landpuls ledger``: proof that every message received is accounted for."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import typer

from domain.errors import LandpulsError
from domain.time import berlin_day
from landpuls.commands.options import FromDay, Json, ToDay
from landpuls.invocation import invocation_of
from landpuls.output import print_json, print_table

COUNTS = ("received", "stored", "duplicate", "quarantined", "ignored", "readings")


def ledger(
    context: typer.Context,
    from_day: FromDay = None,
    to_day: ToDay = None,
    by_device: Annotated[bool, typer.Option("--by-device", help="One line for each device and day.")] = False,
    as_json: Json = False,
) -> None:
    """Recompute received = stored + duplicate + quarantined + ignored from the tables; exit 1 if it does not hold."""
    from landpuls.database import database
    from storage.database import connect
    from storage.ledger import recompute

    first, last = days(from_day, to_day)
    settings = invocation_of(context).load().settings
    with database(settings) as url, connect(url, "worker") as connection:
        lines = [asdict(row) for row in recompute(connection, first, last, by_device=by_device)]
    total = {name: sum(line[name] for line in lines) for name in COUNTS}
    balanced = total["received"] == sum(total[name] for name in COUNTS[1:5])
    if as_json:
        print_json({"from": first, "to": last, "days": lines, "total": total, "balanced": balanced})
    else:
        columns = ("day", *(["device"] if by_device else []), *COUNTS)
        print_table(columns, [[line.get(column, "") for column in columns] for line in lines])
        print_table(
            COUNTS, [list(total.values())], title="\nTotal: " + ("balanced" if balanced else "NOT balanced")
        )
    if not balanced:
        raise LandpulsError("The ledger is not balanced: messages are missing from the tables.")


def days(from_day: datetime | None, to_day: datetime | None) -> tuple[date, date]:
    """Return the range of Berlin days that was asked for, the last week if none was."""
    last = to_day.date() if to_day else berlin_day(datetime.now(UTC))
    first = from_day.date() if from_day else last - timedelta(days=7)
    return first, last
