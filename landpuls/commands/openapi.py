"""``landpuls openapi``: the API's description, and whether the committed one is up to date."""

from typing import Annotated

import typer

from domain.errors import LandpulsError
from landpuls.output import notes


def openapi(
    check: Annotated[
        bool, typer.Option("--check", help="Exit 1 if the committed document is another.")
    ] = False,
    write: Annotated[bool, typer.Option("--write", help="Write the document that is committed.")] = False,
) -> None:
    """Print the API's OpenAPI document."""
    from api import openapi as described

    if write:
        changed = described.write()
        notes().print(f"{described.COMMITTED} {'is written' if changed else 'was up to date'}.")
    elif check:
        if not described.is_current():
            raise LandpulsError(
                f"{described.COMMITTED} does not describe the API any more; "
                "run `landpuls openapi --write` and commit it."
            )
        notes().print(f"{described.COMMITTED} describes the API.")
    else:
        typer.echo(described.text(), nl=False)
