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
    from storage.ledger import check, recompute, total

    first, last = days(from_day, to_day)
    settings = invocation_of(context).load().settings
    with database(settings) as url, connect(url, "worker") as connection:
        verdict = check(connection, first, last)
        rows = recompute(connection, first, last, by_device=True) if by_device else verdict.rows
    lines = [asdict(row) for row in rows]
    sums = total(verdict.rows)
    if as_json:
        report = {"from": first, "to": last, "days": lines, "total": sums, "balanced": verdict.balanced}
        print_json(report | {"problems": verdict.problems})
    else:
        columns = ("day", *(["device"] if by_device else []), *sums)
        print_table(columns, [[line[column] for column in columns] for line in lines])
        balance = "balanced" if verdict.balanced else "NOT balanced"
        print_table(tuple(sums), [list(sums.values())], title=f"\nTotal: {balance}")
    if not verdict.balanced:
        raise LandpulsError(f"The ledger does not balance. {' '.join(verdict.problems)}")


def days(from_day: datetime | None, to_day: datetime | None) -> tuple[date, date]:
    """Return the range of Berlin days that was asked for, the last week if none was."""
    last = to_day.date() if to_day else berlin_day(datetime.now(UTC))
    first = from_day.date() if from_day else last - timedelta(days=7)
    return first, last
