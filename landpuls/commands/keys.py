"""``landpuls keys``: API keys, each shown once, when it is made."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from domain.access import Role
from domain.errors import NotFound, UsageError
from landpuls.commands.options import Json
from landpuls.invocation import invocation_of
from landpuls.output import notes, print_json, print_table

app = typer.Typer(no_args_is_help=True, help="Make, list and revoke API keys.")
COLUMNS = (
    "id",
    "organisation",
    "name",
    "prefix",
    "role",
    "installation_wide",
    "created_at",
    "expires_at",
    "revoked_at",
)


@app.command(
    "add", epilog='Example: landpuls keys add --organisation 120660052052 --role planner --name "Depot desk"'
)
def add(
    context: typer.Context,
    organisation: Annotated[str, typer.Option(help="Key of the organisation that it belongs to.")],
    role: Annotated[Role, typer.Option(help="What it may do; an operator may do everything.")],
    name: Annotated[str, typer.Option(help="Who or what uses it, to tell keys apart.")],
    expires: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Day, in Berlin, from which it is refused; never if not given."
        ),
    ] = None,
    installation: Annotated[
        bool, typer.Option("--installation", help="Show it messages of devices that nobody registered, too.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make an API key and print it, this once: the database keeps only its hash."""
    from domain.time import day_bounds
    from landpuls.database import database
    from storage import accounts, registry
    from storage.database import connect

    expires_at = day_bounds(expires.date())[0] if expires else None
    if expires_at is not None and expires_at <= datetime.now(UTC):
        raise UsageError(f"A key that expires on {expires:%Y-%m-%d} opens nothing; give a later day.")
    settings = invocation_of(context).load().settings
    with database(settings) as url, connect(url, "owner") as connection:
        owner = accounts.organisation_id(connection, organisation)
        key = registry.create_api_key(
            connection, owner, name, role, expires_at, installation_wide=installation
        )
        connection.commit()
    if as_json:
        made = {"key": key, "organisation": organisation, "name": name, "role": role}
        print_json(made | {"installation_wide": installation, "expires_at": expires_at})
    else:
        notes().print("Keep this key; it is not shown again.")
        typer.echo(key)


@app.command("list", epilog="Example: landpuls keys list --organisation 120660052052")
def list_keys(
    context: typer.Context,
    organisation: Annotated[str | None, typer.Option(help="Only those of this organisation.")] = None,
    as_json: Json = False,
) -> None:
    """List API keys by their first characters, revoked ones included."""
    from landpuls.database import database
    from storage import accounts
    from storage.database import connect

    settings = invocation_of(context).load().settings
    with database(settings) as url, connect(url, "owner") as connection:
        if organisation is not None:
            accounts.organisation_id(connection, organisation)
        lines = [asdict(one) for one in accounts.list_api_keys(connection, organisation)]
    if as_json:
        print_json({"keys": lines})
    else:
        print_table(COLUMNS, [[line[column] for column in COLUMNS] for line in lines])


@app.command("revoke", epilog="Example: landpuls keys revoke 7")
def revoke(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help="Number of the key, as `keys list` shows it.")],
    as_json: Json = False,
) -> None:
    """Refuse an API key from now on, for good."""
    from landpuls.database import database
    from storage import registry
    from storage.database import connect

    settings = invocation_of(context).load().settings
    with database(settings) as url, connect(url, "owner") as connection:
        try:
            registry.revoke_api_key(connection, number)
        except NotFound:
            raise NotFound(
                f"There is no key {number} that could be revoked; `landpuls keys list` shows them."
            ) from None
        connection.commit()
    if as_json:
        print_json({"id": number, "revoked": True})
    else:
        notes().print(f"The key {number} is refused from now on.")
