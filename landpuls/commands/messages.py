"""``landpuls messages``: what became of each message."""

from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landpuls.commands.ledger import days
from landpuls.commands.options import FromDay, Json, ToDay
from landpuls.invocation import invocation_of
from landpuls.output import print_json, print_table

if TYPE_CHECKING:
    from storage.messages import StoredMessage

app = typer.Typer(
    no_args_is_help=True,
    help="See what became of each message.",
    epilog="Example: landpuls messages list --outcome quarantined",
)
COLUMNS = ("id", "received_at", "outcome", "device_key", "reading_count", "passage_count", "reason", "detail")


class Outcome(StrEnum):
    """What a message can have become."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    IGNORED = "ignored"
    DISCARDED = "discarded"


@app.command("list", epilog="Example: landpuls messages list --outcome quarantined --limit 20")
def list_messages(
    context: typer.Context,
    device: Annotated[str | None, typer.Option(help="Only those of this device.")] = None,
    outcome: Annotated[Outcome | None, typer.Option(help="Only those with this outcome.")] = None,
    reason: Annotated[str | None, typer.Option(help="Only those with this reason.")] = None,
    from_day: FromDay = None,
    to_day: ToDay = None,
    before: Annotated[
        int | None, typer.Option(help="Only those with smaller numbers: the next page.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50,
    as_json: Json = False,
) -> None:
    """List messages, the newest first."""
    from domain.messages import OutcomeKind
    from domain.time import day_bounds
    from landpuls.database import database
    from storage import messages
    from storage.database import connect

    first, last = days(from_day, to_day)
    settings = invocation_of(context).load().settings
    with database(settings) as url, connect(url, "worker") as connection:
        found = messages.list_messages(
            connection,
            device=device,
            outcome=OutcomeKind[outcome.name] if outcome else None,
            reason=reason,
            begin=day_bounds(first)[0],
            end=day_bounds(last)[1],
            before=before,
            limit=limit,
        )
    lines = [_line(message) for message in found]
    if as_json:
        print_json({"messages": lines})
    else:
        print_table(COLUMNS, [[line[column] for column in COLUMNS] for line in lines])


@app.command("show", epilog="Example: landpuls messages show 4711")
def show(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="Number of the message, as `messages list` shows it.")],
    as_json: Json = False,
) -> None:
    """Show one message with its payload, and what it led to."""
    from landpuls.database import database
    from storage import messages
    from storage.database import connect

    settings = invocation_of(context).load().settings
    with database(settings) as url, connect(url, "worker") as connection:
        line = _line(messages.show_message(connection, number))
    if as_json:
        print_json(line)
    else:
        print_table(("field", "value"), [(name, value) for name, value in line.items() if value is not None])


@app.command("quarantine", epilog="Example: landpuls messages quarantine")
def quarantine(context: typer.Context, as_json: Json = False) -> None:
    """Sum up what could not be read, by reason and device."""
    from landpuls.database import database
    from storage import messages
    from storage.database import connect

    settings = invocation_of(context).load().settings
    with database(settings) as url, connect(url, "worker") as connection:
        groups = [asdict(group) for group in messages.quarantine(connection)]
    if as_json:
        print_json({"quarantine": groups})
    else:
        columns = ("count", "reason", "device_key", "profile_key", "last_at", "detail")
        print_table(columns, [[group[column] for column in columns] for group in groups])


def _line(message: "StoredMessage") -> dict[str, Any]:
    line = asdict(message) | {"outcome": message.outcome.name.lower(), "quality": int(message.quality)}
    payload = line.pop("payload")
    if payload is not None:
        try:
            line["payload"] = payload.decode("utf-8")
        except UnicodeDecodeError:
            line["payload_hex"] = payload.hex()
    return line
