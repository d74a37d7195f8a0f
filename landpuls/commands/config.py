"""``landpuls config show``: each setting, its value, and where that came from."""

from typing import Annotated

import typer

from landpuls.commands.options import Json
from landpuls.invocation import invocation_of
from landpuls.output import print_json, print_table

app = typer.Typer(no_args_is_help=True, help="Look at the settings.", epilog="Example: landpuls config show")


@app.command("show", epilog="Example: landpuls config show --json | jq .settings")
def show(
    context: typer.Context,
    as_json: Json = False,
    describe: Annotated[bool, typer.Option("--describe", help="Say what each setting means.")] = False,
) -> None:
    """Show each setting with its origin; secrets are hidden."""
    from landpuls.settings.show import rows

    loaded = invocation_of(context).load()
    shown = rows(loaded)
    if as_json:
        print_json(
            {
                "config_file": loaded.config_file,
                "settings": {row["name"]: {"value": row["value"], "origin": row["origin"]} for row in shown},
            }
        )
        return
    columns = ("name", "value", "origin", "description") if describe else ("name", "value", "origin")
    print_table(columns, ([row[column] for column in columns] for row in shown))  # type: ignore[literal-required]
