"""``landpuls migrate``: bring the database to the schema of this version."""

from typing import Annotated

import typer

from landpuls.commands.options import Json
from landpuls.invocation import invocation_of
from landpuls.output import notes, print_json


def migrate(
    context: typer.Context,
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="Only say what would run; change nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring the database to the schema that this version needs."""
    from dataclasses import asdict

    from landpuls.database import database
    from storage.database import Role
    from storage.migrate import migrate as migrate_database

    settings = invocation_of(context).load().settings
    passwords: dict[Role, str] = {
        "ingest": settings.database.ingest_password.get_secret_value(),
        "worker": settings.database.worker_password.get_secret_value(),
        "api": settings.database.api_password.get_secret_value(),
    }
    console = notes()
    with database(settings) as url:
        report = migrate_database(
            url,
            rehearse=rehearse,
            progress=console.print,
            role_passwords={role: password for role, password in passwords.items() if password},
        )
    if as_json:
        print_json(asdict(report))
