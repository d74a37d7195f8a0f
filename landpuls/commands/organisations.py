"""``landpuls organisations``: the tenants of an installation."""

import re
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from domain.errors import LandpulsError, UsageError
from landpuls.commands.options import Json
from landpuls.invocation import invocation_of
from landpuls.output import notes, print_json, print_table

app = typer.Typer(no_args_is_help=True, help="Add and list the organisations that share this installation.")
KEY = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")
COLUMNS = ("id", "key", "name", "kind", "replanning", "invented")


class Kind(StrEnum):
    """What an organisation is."""

    MUNICIPALITY = "municipality"
    AMT = "amt"
    DISTRICT = "district"
    ASSOCIATION = "association"
    CONTRACTOR = "contractor"


class Replanning(StrEnum):
    """How much of a day's former plan holds when the day is planned again."""

    ANEW = "anew"
    START = "start"
    KEEP = "keep"
    KEEP_HOURS = "keep_hours"


@app.command(
    "add",
    epilog='Example: landpuls organisations add 120660052052 "Stadt Calau" --kind municipality',
)
def add(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="The 12-digit ARS where there is one, else a short word.")],
    name: Annotated[str, typer.Argument(help="Its name, as people know it.")],
    kind: Annotated[Kind, typer.Option(help="What it is.")],
    longitude: Annotated[
        float | None, typer.Option(min=-180, max=180, help="Where its map begins: degrees east.")
    ] = None,
    latitude: Annotated[
        float | None, typer.Option(min=-90, max=90, help="Where its map begins: degrees north.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Add an organisation."""
    from landpuls.database import database
    from storage import accounts, registry
    from storage.database import connect

    if not KEY.fullmatch(key):
        raise UsageError(
            f"{key!r} cannot be an organisation's key: it takes 2 to 63 lower-case letters, digits and hyphens."
        )
    settings = invocation_of(context).load().settings
    with database(settings) as url, connect(url, "owner") as connection:
        if accounts.has_organisation(connection, key):
            raise LandpulsError(f"There is an organisation {key!r} already; choose another key.")
        number = registry.add_organisation(
            connection, key=key, name=name, kind=kind, longitude=longitude, latitude=latitude
        )
        connection.commit()
    if as_json:
        print_json({"id": number, "key": key, "name": name, "kind": kind})
    else:
        notes().print(f"Added the organisation {key}. Next: landpuls keys add --organisation {key} …")


@app.command("change", epilog="Example: landpuls organisations change 120660052052 --replanning keep_hours")
def change(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="Its key.")],
    replanning: Annotated[
        Replanning,
        typer.Option(
            help="When a day is planned again: anew; start from its plan; keep its vehicles and orders if changes "
            "are not worth it; keep its hours as well."
        ),
    ],
) -> None:
    """Change what an organisation wants."""
    from landpuls.database import database
    from storage import accounts
    from storage.database import connect

    settings = invocation_of(context).load().settings
    with database(settings) as url, connect(url, "owner") as connection:
        accounts.set_replanning(connection, key, replanning)
        connection.commit()
    notes().print(f"{key} plans a day again with {replanning}.")


@app.command("list", epilog="Example: landpuls organisations list --json")
def list_organisations(context: typer.Context, as_json: Json = False) -> None:
    """List the organisations."""
    from landpuls.database import database
    from storage import accounts
    from storage.database import connect

    settings = invocation_of(context).load().settings
    with database(settings) as url, connect(url, "owner") as connection:
        lines = [asdict(one) for one in accounts.list_organisations(connection)]
    if as_json:
        print_json({"organisations": lines})
    else:
        print_table(COLUMNS, [[line[column] for column in COLUMNS] for line in lines])
